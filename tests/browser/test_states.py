"""What a page looks like after something happened: failed, refused, sent, opened, swapped."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from service.rechten.begrippen import Rol
from service.storage.engine import unit_of_work
from tests.browser.conftest import running
from tests.browser.faults import NARROWEST, axe_faults, layout_faults
from tests.browser.test_every_page import MIDDLE, NARROW, WIDE, Visitor, faults_at, visiting
from tests.service.rechten.wereld import Wereld, make_wereld
from tests.service.web.feiten import EIGEN, tell_of_own_words
from tests.service.web.paginas import first_of

pytestmark = pytest.mark.browser

FIRST_VIEW_BYTES = 150_000
MOST_SHIFT = 0.01
FAILED = "Failed to load resource: the server responded with a status of"
SEND = """([place, text]) => {
  const form = document.querySelectorAll('main form')[place];
  form.noValidate = true;
  for (const one of form.elements) {
    if (['checkbox', 'radio'].includes(one.type)) one.checked = false;
    else if (!['hidden', 'submit', 'file'].includes(one.type)) one.value = text;
  }
  const button = 'button:not([type=button])';
  form.requestSubmit(form.querySelector(`${button}[value=bewaar]`) ?? form.querySelector(button));
}"""
EMPTY, NONSENSE = "", "xx"
"""Every field empty; and, where that is right, every text wrong."""
FILLED_IN = """() => {
  const seen = new Set();
  const asks = form => form.method === 'post'
    && form.querySelector('input:not([type=hidden]):not([hidden]), select, textarea');
  const same = form => [form.action.replace(/\\d+/g, '#'), ...[...form.elements].map(e => e.name)];
  return [...document.querySelectorAll('main form')].map((form, place) => [place, form])
    .filter(([, form]) => asks(form))
    .filter(([, form]) => !seen.has(`${same(form)}`) && seen.add(`${same(form)}`))
    .map(([place]) => place);
}"""
"""Forms in which somebody enters something; of those that ask the same, the first."""
SHIFT = """() => new Promise(told => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value; }))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => told(sum), 300);
})"""
PLAN = "main form[action='/matchtafels']"
MAKE_HTMX = """([selector, address, target, select]) => {
  const form = document.querySelector(selector);
  form.setAttribute('hx-post', address);
  form.setAttribute('hx-target', target);
  form.setAttribute('hx-select', select);
  htmx.process(form);
}"""


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("standen"))
    with unit_of_work(made.engine) as session:
        tell_of_own_words(session)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def address(wereld: Wereld) -> Iterator[str]:
    with running(wereld.app) as found:
        yield found


@pytest.fixture
def coach(browser: Browser, address: str, wereld: Wereld) -> Iterator[Visitor]:
    with visiting(browser, address, wereld, Rol.LOOPBAANCOACH) as visitor:
        yield visitor


@pytest.fixture
def tafel(browser: Browser, address: str, wereld: Wereld) -> Iterator[Visitor]:
    """A tab on the form that plans a meeting."""
    with visiting(browser, address, wereld, Rol.MATCHTAFELDEELNEMER) as visitor:
        visitor.visit("/matchtafels")
        visitor.page.get_by_role("heading", name="Plan een matchtafel").click()
        yield visitor


@pytest.mark.parametrize(
    ("path", "status"),
    [("/jongeren/onbekend", 404), ("/beheer/gebruikers", 403), ("/jongeren?pagina=0", 400)],
)
def test_a_failure_says_what_one_can_do(coach: Visitor, path: str, status: int) -> None:
    assert coach.visit(path) == status

    expect(coach.page.get_by_role("heading", name="Wat u kunt doen")).to_be_visible()
    assert [faults_at(coach, width, axe=True) for width in (WIDE, NARROW)] == [[], []]
    assert [one for one in coach.messages if not one.startswith(FAILED)] == []


SETTLED = 300
"""Milliseconds after an answer in which htmx puts it in its place."""
ALERT = "main [role=alert]"
FOCUS_ON_ALERT = """(where) => {
  const alert = document.querySelector(where);
  return alert === null || alert.contains(document.activeElement);
}"""
"""Whoever cannot see the page hears first what is wrong."""
ALSO: dict[Rol | None, list[str]] = {
    Rol.MATCHTAFELDEELNEMER: [
        "/matchtafels/1/plekken?plek=P1",
        "/matchtafels/1/erbij?zoek=a",
    ],
    Rol.BEHEERDER: ["/importen", f"/koppelingen?{urlencode({'woord': EIGEN})}"],
}
"""Forms on no page of `first_of`: behind a search, or not for who sees the page first."""


@pytest.mark.slow
@pytest.mark.parametrize("rol", [None, *Rol], ids=str)
def test_every_form_that_is_sent_wrong_answers_with_a_sound_page(
    browser: Browser, address: str, wereld: Wereld, rol: Rol | None
) -> None:
    found = {}
    with visiting(browser, address, wereld, rol) as visitor:
        paths = [path for _, path in first_of(wereld, rol)] + ALSO.get(rol, [])
        for path in paths:
            visitor.visit(path)
            for place in visitor.page.evaluate(FILLED_IN):
                found[path, place] = send_wrong(visitor, path, place)

    assert {form: told for form, told in found.items() if told} == {}


def send_wrong(visitor: Visitor, path: str, place: int) -> list[str]:
    """Return what is wrong with the answer to a form that was sent empty, or with nonsense."""
    page = visitor.page
    for text in (EMPTY, NONSENSE):
        page.set_viewport_size({"width": NARROW, "height": 900})
        visitor.visit(path)
        visitor.messages.clear()
        # a whole page, or a part of it that htmx asks for
        with page.expect_response(lambda one: one.request.resource_type in {"document", "xhr"}):
            page.evaluate(SEND, [place, text])
        page.wait_for_timeout(SETTLED)
        page.wait_for_load_state()
        if page.locator(ALERT).count():
            break
    found = [one for one in visitor.messages if not one.startswith(FAILED)]
    if not page.evaluate(FOCUS_ON_ALERT, ALERT):
        found.append("the focus is not on what is wrong")
    for width in (WIDE, MIDDLE, NARROW):
        found += faults_at(visitor, width, axe=True)
    return found


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_opens_on_a_phone_and_fits(
    browser: Browser, address: str, wereld: Wereld, scripts: bool
) -> None:
    with visiting(browser, address, wereld, Rol.MATCHTAFELDEELNEMER, scripts=scripts) as visitor:
        visitor.page.set_viewport_size({"width": NARROWEST, "height": 700})
        visitor.visit("/jongeren")
        menu = visitor.page.get_by_role("navigation", name="Hoofdmenu")
        expect(menu).to_be_hidden()

        visitor.page.get_by_role("button", name="Menu").press("Enter")
        expect(menu.get_by_role("link", name="Jongeren")).to_be_visible()
        expect(menu.get_by_role("link", name="Jongeren")).to_have_attribute("aria-current", "page")
        expect(visitor.page.get_by_role("button", name="Uitloggen")).to_be_in_viewport()
        assert layout_faults(visitor.page) == []
        assert not scripts or axe_faults(visitor.page) == []
        visitor.page.keyboard.press("Escape")
        expect(menu).to_be_hidden()


@pytest.mark.parametrize("path", ["/jongeren", "/matchtafels", "/jongeren/J1"])
def test_the_first_view_is_light_and_stands_still(coach: Visitor, path: str) -> None:
    sizes: list[int] = []
    coach.page.on(
        "requestfinished",
        lambda one: sizes.append(
            one.sizes()["responseBodySize"] + one.sizes()["responseHeadersSize"]
        ),
    )
    coach.visit(path)
    shifted = coach.page.evaluate(SHIFT)

    assert 10_000 < sum(sizes) < FIRST_VIEW_BYTES
    assert shifted < MOST_SHIFT
    assert coach.page.locator("script:not([defer])").count() == 0


def test_a_wrong_answer_that_is_swapped_in_gets_the_focus(tafel: Visitor) -> None:
    page = tafel.page
    page.evaluate(MAKE_HTMX, [PLAN, "/matchtafels", "#inhoud", "#inhoud > *"])
    page.get_by_label("Regio").fill("Nergens")
    page.get_by_role("button", name="Plan de matchtafel").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Regio")).to_have_value("Nergens")
    expect(page.locator("#wacht")).to_be_empty()
    assert [one for one in tafel.messages if not one.startswith(FAILED)] == []


def test_a_page_that_fails_as_a_whole_takes_the_place_of_the_page(tafel: Visitor) -> None:
    tafel.page.evaluate(MAKE_HTMX, [PLAN, "/matchtafels/999/status", "form", "form"])
    tafel.page.get_by_role("button", name="Plan de matchtafel").click()

    expect(tafel.page.get_by_role("heading", level=1)).to_have_text("Niet gevonden")
    expect(tafel.page.get_by_role("heading", level=1)).to_be_focused()


def test_who_is_no_longer_signed_in_is_asked_to_sign_in(tafel: Visitor) -> None:
    tafel.page.evaluate(MAKE_HTMX, [PLAN, "/matchtafels", "#inhoud", "#inhoud > *"])
    tafel.page.context.clear_cookies()
    tafel.page.get_by_role("button", name="Plan de matchtafel").click()

    expect(tafel.page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    assert tafel.page.url.endswith("/inloggen?volgende=/matchtafels")


def test_what_takes_long_says_so(coach: Visitor) -> None:
    coach.visit("/jongeren")
    coach.page.evaluate("document.dispatchEvent(new Event('htmx:beforeRequest'))")

    expect(coach.page.get_by_role("status")).to_have_text("Even geduld, we zijn bezig.")
    coach.page.evaluate("document.dispatchEvent(new Event('htmx:afterRequest'))")
    expect(coach.page.locator("#wacht")).to_be_empty()


def test_a_jongere_prints_without_menu_and_buttons(coach: Visitor) -> None:
    coach.visit("/jongeren/J1")
    coach.page.emulate_media(media="print")

    hidden: Page = coach.page
    expect(hidden.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    assert hidden.locator(".utrecht-button-link:visible").count() == 0
