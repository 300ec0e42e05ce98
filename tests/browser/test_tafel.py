"""A meeting in a real browser: with scripts off from plan to besluit, and news with scripts on."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OUTPUT
from tests.browser.faults import layout_faults
from tests.browser.test_screens import EXPECTED
from tests.service.conftest import NAAM, WACHTWOORD

pytestmark = pytest.mark.browser


def log_in(page: Page) -> None:
    page.goto("/inloggen")
    page.get_by_label("Naam").fill(NAAM)
    page.get_by_label("Wachtwoord").fill(WACHTWOORD)
    page.get_by_role("button", name="Inloggen").click()


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A tab without scripts of somebody who is logged in."""
    context = browser.new_context(base_url=address, locale="nl-NL", java_script_enabled=False)
    tab = context.new_page()
    log_in(tab)
    yield tab
    context.close()


def plan_and_open(page: Page) -> str:
    """Return the address of an open table with a proposal."""
    page.goto("/matchtafels")
    if not page.get_by_label("Dag").is_visible():
        page.get_by_role("heading", name="Plan een matchtafel").click()
    page.get_by_label("Dag").fill("2026-12-03")
    page.get_by_label("Regio").fill("Achterhoek")
    page.get_by_label("Hoeveel jongeren").fill("6")
    page.get_by_label("Deelnemers").fill("Anna, ROC, school\nBert, UWV, UWV")
    page.get_by_role("button", name="Plan de matchtafel").click()
    page.get_by_role("button", name="Open de matchtafel").click()
    page.get_by_role("button", name="Maak een voorstel").click()
    expect(page.get_by_role("heading", name="Voorstel 1")).to_be_visible()
    return page.url.split("#")[0]


def decide(page: Page, reden: str) -> None:
    """Decide on the first line of the agenda."""
    line = page.locator("li.line").first
    line.get_by_text("Neem een besluit").click()
    line.get_by_label("aangehouden").check()
    line.get_by_label("Wie pakt het op?").select_option(label="Anna, ROC")
    line.get_by_label("Wanneer terugkomen?").fill("2026-12-10")
    line.get_by_label("Reden").fill(reden)
    line.get_by_role("button", name="Bewaar het besluit").click()


def test_a_whole_meeting_needs_no_script(plain: Page) -> None:
    address = plan_and_open(plain)
    line = plain.locator("li.line").first

    line.get_by_text("Neem een besluit").click()
    line.get_by_role("button", name="Bewaar het besluit").click()
    expect(line.get_by_text("Kies wat de tafel besluit.")).to_be_visible()
    expect(line.get_by_role("alert")).to_be_in_viewport()

    plain.goto(address)
    decide(plain, "Eerst bellen met de school.")
    expect(line.get_by_text("Anna pakt dit op en komt terug op 10 december 2026.")).to_be_visible()

    offered = plain.get_by_role("link", name="Wat als het een andere plek wordt?").first
    offered.press("Enter")
    expect(plain.get_by_role("button", name="Zet vast en reken opnieuw")).to_be_visible()
    plain.get_by_role("button", name="Zet vast en reken opnieuw").click()
    expect(plain.get_by_role("heading", name="Voorstel 2")).to_be_visible()
    expect(plain.get_by_text("vastgezet door de tafel")).to_be_visible()

    plain.get_by_role("link", name="Opvolgen", exact=True).last.click()
    plain.get_by_text("Is dit opgepakt?").first.click()
    plain.get_by_label("opgepakt").check()
    plain.get_by_role("button", name="Bewaar het antwoord").click()
    expect(plain.get_by_role("heading", name=re.compile("Beantwoord"))).to_be_visible()


@pytest.mark.parametrize("width", [1440, 720, 320])
def test_the_table_can_be_looked_at(logged_in: Page, messages: list[str], width: int) -> None:
    address = plan_and_open(logged_in)
    logged_in.set_viewport_size({"width": width, "height": 900})
    punt = logged_in.locator("li.line").first.get_attribute("id")
    other = f"{address}/anders?punt={str(punt).removeprefix('punt-')}"
    paths = {"tafels": "/matchtafels", "tafel": address, "anders": other, "op": "/opvolgingen"}
    for name, path in paths.items():
        logged_in.goto(path)
        logged_in.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        logged_in.screenshot(path=OUTPUT / f"{name}-{width}.png", full_page=True)
        assert layout_faults(logged_in) == [], name
    assert [message for message in messages if not message.startswith(EXPECTED)] == []


def test_who_looks_on_sees_a_besluit_and_who_types_is_not_interrupted(
    logged_in: Page, plain: Page
) -> None:
    address = plan_and_open(plain)
    logged_in.goto(address)
    decide(plain, "De school belt eerst zelf.")
    expect(logged_in.get_by_text("De school belt eerst zelf.")).to_be_visible()

    other = logged_in.locator("li.line").nth(1)
    other.get_by_text("Neem een besluit").click()
    other.get_by_label("Reden").fill("Half getypt")
    plain.get_by_role("button", name="Maak een nieuw voorstel").click()

    news = logged_in.locator("#nieuws")
    expect(news).to_contain_text("Er is iets veranderd: er is een nieuw voorstel.")
    expect(other.get_by_label("Reden")).to_have_value("Half getypt")
    news.get_by_role("link", name="Ververs").click()
    expect(logged_in.get_by_role("heading", name="Voorstel 2")).to_be_visible()


def tab_to(page: Page, name: str, limit: int = 400) -> None:
    """Press Tab until what has the focus bears this name, as somebody without a mouse does."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(() => { const e = document.activeElement;"
            " return `${e.labels?.[0]?.textContent ?? ''} ${e.textContent}`; })()"
        )
        if name in " ".join(str(here).split()):
            return
    pytest.fail(f"{name} is not reached by Tab")


def test_keyboard_alone_goes_from_login_to_a_besluit(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, locale="nl-NL")
    page = context.new_page()
    page.goto("/inloggen")
    tab_to(page, "Naam")
    page.keyboard.type(NAAM)
    tab_to(page, "Wachtwoord")
    page.keyboard.type(WACHTWOORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Inloggen")
    path = plan_and_open(page)
    page.goto(path)

    tab_to(page, "Neem een besluit")
    page.keyboard.press("Enter")
    tab_to(page, "voorstellen aan leerbedrijf")
    page.keyboard.press("ArrowDown")  # the next of the choices: aangehouden
    tab_to(page, "Wie pakt het op?")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Reden")
    page.keyboard.type("Eerst bellen met de school.")
    tab_to(page, "Bewaar het besluit")
    page.keyboard.press("Enter")

    line = page.locator("li.line").first
    expect(line).to_contain_text("Anna pakt dit op en komt terug op")
    expect(line.locator(":focus")).to_have_count(1)  # once htmx has settled the line
    expect(page.locator("#nieuws")).to_contain_text("heeft besloten over regel 1")
    assert page.evaluate("document.activeElement.closest('li.line') !== null")
    context.close()


def test_a_price_comes_in_the_line_and_the_focus_stays(logged_in: Page) -> None:
    path = plan_and_open(logged_in)
    logged_in.goto(path)
    offered = logged_in.get_by_role("link", name="Wat als het een andere plek wordt?").first
    offered.focus()
    logged_in.keyboard.press("Enter")

    line = logged_in.locator("li.line").filter(has=logged_in.locator(".price")).first
    expect(line.get_by_role("button", name="Zet vast en reken opnieuw")).to_be_visible()
    expect(line.get_by_role("button", name="Wat kost dit?")).to_be_visible()
    assert logged_in.url.split("#")[0] == path
    expect(offered).to_be_focused()


def test_the_beamer_goes_by_keys_and_opens_a_name_when_asked(logged_in: Page) -> None:
    path = plan_and_open(logged_in)
    logged_in.goto(f"{path}/beamer")
    logged_in.keyboard.press("j")
    expect(logged_in.get_by_role("heading", name="Jongere 1")).to_be_visible()
    logged_in.keyboard.press("ArrowRight")
    expect(logged_in.get_by_role("heading", name="Jongere 2")).to_be_visible()
    logged_in.keyboard.press("n")
    expect(logged_in.get_by_role("link", name="Verberg de naam")).to_be_visible()
    expect(logged_in.get_by_role("heading", name="Jongere 2")).to_have_count(0)
    logged_in.get_by_label("Letters als toets").uncheck()
    logged_in.locator("body").press("k")
    expect(logged_in.get_by_role("link", name="Verberg de naam")).to_be_visible()


def test_on_paper_the_agenda_fits_a4_and_tells_no_risk(logged_in: Page) -> None:
    plan_and_open(logged_in)
    assert logged_in.pdf(format="A4").startswith(b"%PDF")
    logged_in.set_viewport_size({"width": 718, "height": 1000})
    logged_in.emulate_media(media="print")

    assert logged_in.evaluate("document.documentElement.scrollWidth") <= 718
    expect(logged_in.locator("li.line").first).to_be_visible()
    assert "risico op uitval" not in logged_in.locator("#regels").inner_text()
    for hidden in (".line-actions", ".order-form", ".site-nav"):
        expect(logged_in.locator(hidden).first).to_be_hidden()
