"""The screens of privacy and oversight: no fault that axe-core finds, and nothing that overlaps."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from service.privacy.correctie import correct
from service.rechten.begrippen import Rol
from service.storage.engine import open_engine, unit_of_work
from tests.browser.conftest import FIND_OVERLAPS, OUTPUT, running
from tests.service.conftest import WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import add_account

pytestmark = pytest.mark.browser

TOEZICHT = (
    Rol.FUNCTIONARIS_GEGEVENSBESCHERMING,
    Rol.ANALIST,
    Rol.LOOPBAANCOACH,
    Rol.BEHEERDER,
)
SCREENS = {
    "fg": {
        "privacy": "/privacy",
        "inzage": "/privacy/J1",
        "mijn-account": "/mijn-account",
        "logboek": "/toezicht/logboek",
        "modelstops": "/toezicht/modellen",
        "volggedrag": "/toezicht/volggedrag",
        "herziening": "/toezicht/herziening?model=uitvalrisico&versie=1",
        "doel": "/doel",
        "instructie": "/instructie",
    },
    "bedrijf": {"profielen": "/profielen"},
    "coach": {"jongere": "/jongeren/J1"},
}
NARROW, WIDE = 360, 1440


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service with an account of oversight and one of a leerbedrijf."""
    settings = make_settings(tmp_path_factory.mktemp("schermen"))
    settings = settings.model_copy(update={"tweede_factor": False})
    app = make_app(settings, FakeRegio)
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        add_account(session, "fg", WACHTWOORD, TOEZICHT)
        add_account(session, "bedrijf", WACHTWOORD, [Rol.LEERBEDRIJF])
        correct(
            session,
            "J1",
            tabel="jongere",
            sleutel={},
            kolom="geboortedatum",
            waarde="2008-05-04",
            reden="stond verkeerd",
            door="gebruiker:1",
            op=datetime.now(UTC),
        )
    engine.dispose()
    with running(app) as found:
        yield found


@pytest.mark.parametrize("naam", SCREENS)
def test_axe_finds_nothing_and_nothing_overlaps_or_scrolls_sideways(
    browser: Browser, address: str, naam: str
) -> None:
    context = browser.new_context(base_url=address, locale="nl-NL")
    page = context.new_page()
    page.goto("/inloggen")
    page.get_by_label("Naam").fill(naam)
    page.get_by_label("Wachtwoord").fill(WACHTWOORD)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url(lambda url: "inloggen" not in url)
    found = {}
    for name, path in SCREENS[naam].items():
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            found[name, width] = faults(page, path)
            page.screenshot(path=OUTPUT / f"{name}-{width}.png", full_page=True)
    context.close()
    assert {screen: told for screen, told in found.items() if told} == {}


def faults(page: Page, path: str) -> list[str]:
    """Return what is wrong with a screen as it is now."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == HTTPStatus.OK, path
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    broken = Axe().run(page).response["violations"]
    told = [f"{one['id']}: {one['nodes'][0]['html']}" for one in broken]
    told += page.evaluate(FIND_OVERLAPS)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        told.append("scrolls sideways")
    return told
