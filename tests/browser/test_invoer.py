"""Entering a place in a real browser with scripts off."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from features.tables import COMPETENTIE, KWALIFICATIE, WERKPROCES
from service.rechten.begrippen import Rol
from service.storage import CanonicalRepository, unit_of_work
from tests.browser.conftest import running
from tests.service.matchtafel.conftest import fill
from tests.service.rechten.wereld import EIGEN_BEDRIJF, Wereld, make_wereld
from tests.service.storage.imports import start_import

pytestmark = pytest.mark.browser


@contextmanager
def without_scripts(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, locale="nl-NL", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("invoer"))
    with unit_of_work(made.engine) as session:
        canonical, run = CanonicalRepository(session), start_import(session)
        canonical.merge(
            "kwalificatie", fill(KWALIFICATIE, opleidingcode="25748", titel="Logistiek"), run
        )
        row = fill(
            WERKPROCES,
            werkproces_id="25748-B1-K1-W1",
            opleidingcode="25748",
            titel="Pakt goederen in",
        )
        canonical.merge("werkproces", row, run)
        row = fill(
            COMPETENTIE,
            competentie_id="WV-01",
            titel="Op tijd komen",
            soort="werknemersvaardigheid",
        )
        canonical.merge("competentie", row, run)
    yield made
    made.engine.dispose()


def test_a_leerbedrijf_enters_a_place_in_its_own_words(browser: Browser, wereld: Wereld) -> None:
    with running(wereld.app) as address, without_scripts(browser, address) as page:
        cookies = wereld.enter(Rol.LEERBEDRIJF).items()
        page.context.add_cookies([{"name": k, "value": v, "url": address} for k, v in cookies])
        page.goto("/leerwerkplekken")
        page.get_by_role("link", name="Nieuwe plek").click()
        expect(page.get_by_text(f"Bij Bedrijf {EIGEN_BEDRIJF}")).to_be_visible()
        page.get_by_label("Wat doet iemand hier?").fill("Helpen in de loods")
        page.get_by_label("Soort plek").select_option("leerbaan")
        page.get_by_label("Minste uren per week").fill("16")
        page.get_by_label("Meeste uren per week").fill("32")
        page.get_by_label("Welke taken doet iemand?").fill("goederen inpakken\nvegen")
        page.get_by_label("Wat moet iemand al kunnen?").fill("op tijd komen")
        page.get_by_role("button", name="Zoek wat erbij past").first.click()

        expect(page.get_by_text("Er is nog niets bewaard")).to_be_visible()
        page.get_by_label("Pakt goederen in").check()
        page.get_by_role("group", name="Op tijd komen").get_by_label("moet").check()
        page.get_by_label("Hoe goed: Op tijd komen").select_option("onder toezicht")
        page.get_by_role("button", name="Bewaar de plek").click()

        expect(page.get_by_text("De plek staat erin en telt mee.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("Helpen in de loods")
        expect(page.get_by_text("Pakt goederen in")).to_be_visible()
        page.get_by_role("link", name="Wijzig").click()
        page.get_by_label("Hoeveel jongeren tegelijk?").fill("3")
        page.get_by_role("button", name="Bewaar de plek").click()
        expect(page.get_by_text("De plek is gewijzigd.")).to_be_visible()
