"""A new organisation, from an empty store to the first list of its coach, with scripts off."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from service.rechten.begrippen import Rol
from service.serving import app_of
from service.storage.engine import unit_of_work
from tests.browser.conftest import running
from tests.databases import open_migrated
from tests.service.conftest import WACHTWOORD, make_settings
from tests.service.mensen import REGIO, add_account, add_regio

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BAAS, COACH = "baas", "lot"
GOLDEN = Path(__file__).parents[1] / "golden" / "ro_pipe.csv"
HEADS = "BSN leerling;Roepnaam;Achternaam;Woonplaats"
GOOD = ["999990007;Noor;Jansen;Doetinchem", "999990019;Sam;de Vries;Zelhem"]
BAD = "12345;Onbekend;Persoon;Doetinchem"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A service with one beheerder of one region, and nothing else."""
    settings = make_settings(tmp_path).model_copy(update={"tweede_factor": False})
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        add_regio(session, gemeenten=())
        add_account(session, BAAS, WACHTWOORD, [Rol.BEHEERDER], [REGIO])
    engine.dispose()
    with running(app_of(settings)) as found:
        yield found


@contextmanager
def somebody(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, locale="nl-NL", java_script_enabled=False)
    yield context.new_page()
    context.close()


def enter(page: Page, naam: str) -> None:
    page.goto("/inloggen")
    page.get_by_label("Naam").fill(naam)
    page.get_by_label("Wachtwoord").fill(WACHTWOORD)
    page.get_by_role("button", name="Inloggen").click()


def step(page: Page, link: str) -> None:
    """Go on from the steps to the one that a button names."""
    page.goto("/begin")
    page.get_by_role("link", name=link).click()


def send(page: Page, name: str, text: str) -> None:
    """Choose a file and ask what it would change."""
    page.goto("/importen")
    file = FilePayload(name=name, mimeType="text/csv", buffer=text.encode())
    page.get_by_label("Bestanden", exact=True).set_input_files([file])
    page.get_by_role("button", name="Kijk wat er verandert").click()


def read_in(page: Page) -> None:
    """Read the files that were tried."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit zou veranderen")
    page.get_by_role("button", name="Lees in").click()
    expect(page.get_by_text("De bestanden zijn ingelezen.")).to_be_visible()


def invite(page: Page, naam: str, rol: str) -> str:
    """Make an account for a colleague; returns the link to hand over."""
    step(page, "Nodig collega's uit")
    page.get_by_label("Naam om mee in te loggen").fill(naam)
    page.get_by_label(rol).check()
    page.get_by_label(REGIO).check()
    page.get_by_role("button", name="Maak account").click()
    return page.locator("code.secret").inner_text()


def say_what_columns_mean(page: Page) -> None:
    """Take what is proposed for the columns of the file that waits."""
    page.get_by_role("link", name="Wat betekenen de kolommen?").click()
    expect(page.get_by_label("BSN leerling")).to_have_value("bsn")
    expect(page.get_by_label("Roepnaam")).to_have_value("voornamen")
    page.get_by_role("button", name="Bewaar en kijk opnieuw").click()


def marked_rows(page: Page) -> list[str]:
    """Download the file with what is wrong beside each row; returns the bad rows."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download leerlingen.csv met fouten").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    return [line.split(";")[0] for line in lines if "elfproef" in line]


def test_a_beheerder_and_a_coach_go_from_nothing_to_the_first_list(
    browser: Browser, address: str
) -> None:
    with somebody(browser, address) as page:
        enter(page, BAAS)
        page.get_by_role("link", name="Zo begint u met Vangnet").click()
        expect(page.get_by_text("1 van 8 stappen klaar")).to_be_visible()
        expect(page.get_by_text("vangnet demo --data demo")).to_be_visible()
        link = invite(page, COACH, "Loopbaancoach")
        step(page, "Kies een bestand")
        send(page, "RO_00AA_20240801_20260324.csv", GOLDEN.read_text())
        read_in(page)
        send(page, "leerlingen.csv", "\n".join([HEADS, *GOOD, BAD]))
        say_what_columns_mean(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Er zijn fouten")
        assert marked_rows(page) == ["12345"]
        page.get_by_role("button", name="Gooi de bestanden weg").click()
        send(page, "leerlingen.csv", "\n".join([HEADS, *GOOD]))
        read_in(page)
        step(page, "Kies wie erbij hoort")
        page.get_by_label("00AA").check()
        page.get_by_role("button", name="Zet ze in onze regio").click()
        expect(page.get_by_text("De organisaties staan erin.")).to_be_visible()
        expect(page.get_by_text("6 van 8 stappen klaar")).to_be_visible()
    with somebody(browser, address) as page:
        page.goto(link)
        page.get_by_label("Nieuw wachtwoord").fill(WACHTWOORD)
        page.get_by_label("Nog een keer").fill(WACHTWOORD)
        page.get_by_role("button", name="Bewaar wachtwoord").click()
        enter(page, COACH)
        expect(page.get_by_role("heading", level=1)).to_have_text("Jongeren")
        expect(
            page.get_by_text("Er is nu geen kans op uitval. De lijst staat op naam.")
        ).to_be_visible()
        page.get_by_role("link", name="Sam de Vries").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sam de Vries")
    with somebody(browser, address) as page:
        enter(page, BAAS)
        page.goto("/begin")
        expect(page.get_by_text("7 van 8 stappen klaar")).to_be_visible()
        expect(page.get_by_text("U hebt geen analisten, er zijn er twee nodig.")).to_be_visible()
