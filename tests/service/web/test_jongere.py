"""The pages of a coach about one jongere: paspoort, contact, comparing, map, plan."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from service.rechten.begrippen import Rol
from service.storage.contact_tables import CONTACTMOMENT, DELING
from service.storage.engine import open_engine, unit_of_work
from service.storage.organisatie import OrganisatieRepository
from tests.service.conftest import NAAM, OWN_SITE, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import add_account
from tests.service.web.conftest import PageClient, log_in, make_client, text_of
from tests.service.web.feiten import TODAY, tell_of_j1, tell_of_places
from tests.service.web.html import read

WACHTWOORD = "een ander lang en goed wachtwoord"
CONTACT = "/jongeren/J1/contact"
BELLETJE = {
    "datum": TODAY.isoformat(),
    "kanaal": "telefoon",
    "met": "de jongere",
    "gelukt": "nee",
    "tekst": "Geen gehoor.",
    "vervolg": "Bel nog eens na vier uur",
    "vervolg_op": TODAY.isoformat(),
    "vervolg_door": NAAM,
}
TODAY_AT = datetime.now(UTC)
TEGELS = "https://tegels.example/{z}/{x}/{y}.png"


@dataclass
class Plek:
    """A coach and a matchtafeldeelnemer on one service, and its store."""

    coach: PageClient
    tafel: PageClient
    engine: Engine

    def post(self, path: str, **data: object) -> str:
        answer = self.coach.post(path, data=data, headers=OWN_SITE)
        assert answer.status_code in {200, 303, 400}, answer.text
        return text_of(read(answer.text)) if answer.status_code != 303 else ""

    def rows(self, table: sa.Table) -> list[sa.RowMapping]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(table)).mappings())

    def text(self, path: str) -> str:
        return text_of(self.coach.read(path))


def open_plek(folder: Path, **settings: object) -> Iterator[Plek]:
    made = make_settings(folder).model_copy(update=settings)
    app = make_app(made, FakeRegio)
    engine = open_engine(made.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        tell_of_j1(session)
        tell_of_places(session)
        add_account(session, "tafel", WACHTWOORD, [Rol.MATCHTAFELDEELNEMER])
    with make_client(app) as coach:
        log_in(coach)
        other = make_client(app)
        other.app_state.update(coach.app_state)
        form = {"naam": "tafel", "wachtwoord": WACHTWOORD}
        assert other.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        yield Plek(coach, other, engine)
    engine.dispose()


@pytest.fixture(scope="module")
def plek(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plek]:
    yield from open_plek(tmp_path_factory.mktemp("jongere"))


def test_a_paspoort_says_what_somebody_wants_can_did_and_needs(plek: Plek) -> None:
    text = plek.text("/jongeren/J1")

    for shown in (
        "Werken in handel Uren 16 tot 24 uur per week Reizen hoogstens 45 minuten, met fiets",
        "Behaald: Praktijkverklaring",
        "sinds 7 september 2026 loopt nu Stage bij Voorbeeld Logistiek 16 uur per week",
        "sinds 1 augustus 2025 loopt nu Entree school 24ZZ, naar school, met stage (BOL)",
        "Op de plek jobcoach Liever niet hoogte Kan aan hoogstens 24 uur per week",
        "Van 1 vraag om hulp is er geen toestemming.",
        "Van 40 lesuren zijn er 9 gemist zonder toestemming en 2 met toestemming.",
        "Cijfers van “Gemiste lesuren per week”",
    ):
        assert shown in text
    assert "lezen en schrijven" not in text
    assert "Werkt met de kassa leert anderen, al 14 maanden oud" in plek.text("/jongeren/J2")


def test_of_whom_nothing_is_known_the_paspoort_says_what_to_ask(plek: Plek) -> None:
    text = plek.text("/jongeren/J3")

    assert "Nog niet gevraagd. Vraag welk werk, hoeveel uren en hoe ver reizen." in text
    assert "Er zijn nog geen gegevens over school of stage." in text
    assert "Er zijn geen weken met les bekend in het laatste halfjaar." in text


def test_a_contact_comes_back_on_its_day_until_it_is_done(plek: Plek) -> None:
    plek.post(CONTACT, **BELLETJE)

    shown = plek.text(CONTACT)
    assert "Niet bereikt: telefoon, de jongere Geen gehoor." in shown
    assert "Bel nog eens na vier uur" in plek.text("/afspraken").split("Vandaag", 1)[1]
    assert "1 afspraak wacht op u." in plek.text("/jongeren")
    assert "coach, vandaag" in plek.text("/jongeren/J1")

    number = plek.rows(CONTACTMOMENT)[0]["id"]
    plek.post(f"{CONTACT}/{number}/klaar")
    assert "Vandaag staat er niets open" in plek.text("/afspraken")
    assert "Bel nog eens na vier uur, coach" in plek.text(CONTACT)


def test_a_step_that_cannot_be_is_no_error_of_the_service(plek: Plek) -> None:
    answer = plek.coach.post(f"{CONTACT}/{10**20}/klaar", headers=OWN_SITE)
    assert answer.status_code in {400, 404}

    plek.post(CONTACT, **(BELLETJE | {"klaar": ["9" * 20, "-1", "x"]}))
    assert plek.rows(CONTACTMOMENT)[-1]["vervolg"] == BELLETJE["vervolg"]


def test_a_wrong_contact_is_shown_again_with_all_that_is_wrong(plek: Plek) -> None:
    before = len(plek.rows(CONTACTMOMENT))
    tomorrow = (TODAY + timedelta(days=2)).isoformat()

    empty = plek.post(CONTACT, tekst="blijft staan", vervolg_op="overmorgen")
    later = plek.post(CONTACT, **(BELLETJE | {"datum": tomorrow}))

    for zin in ("Kies de dag van het gesprek.", "Kies hoe u contact zocht.", "Kies met wie."):
        assert zin in empty
    assert "Schrijf wat de volgende stap is." in empty
    assert "blijft staan" in empty
    assert "Deze dag ligt in de toekomst." in later
    assert len(plek.rows(CONTACTMOMENT)) == before


def test_notes_are_for_the_coaches_and_for_nobody_at_the_table(plek: Plek) -> None:
    plek.post(CONTACT, **(BELLETJE | {"tekst": "Alleen voor coaches."}))

    assert "Alleen voor coaches." in plek.text("/jongeren/J1")
    assert "Alleen voor coaches." not in text_of(plek.tafel.read("/jongeren/J1"))
    assert plek.tafel.get(CONTACT).status_code == 403
    assert plek.tafel.get("/afspraken").status_code == 403
    assert plek.tafel.get("/jongeren/J1/plan").status_code == 403


def test_a_coach_begins_with_the_own_jongeren(plek: Plek) -> None:
    everybody = plek.text("/jongeren")
    assert "60 jongeren" in everybody
    with unit_of_work(plek.engine) as session:
        found = session.execute(sa.text("SELECT id FROM gebruiker WHERE naam = 'coach'"))
        wie = found.scalar_one()
        OrganisatieRepository(session).assign(wie, "J4", op=TODAY_AT)

    mine = plek.text("/jongeren")
    assert "1 jongere die u begeleidt" in mine
    assert "mijn jongeren (1)" in mine
    assert "60 jongeren" in plek.text("/jongeren?wie=alle")
    nobody = plek.coach.read("/jongeren?zoek=Noor")
    links = {link.text: link.attributes["href"] for link in nobody.all("a")}
    assert links["Zoek in alle jongeren die u mag zien."] == "/jongeren?zoek=Noor&wie=alle"
    with unit_of_work(plek.engine) as session:
        OrganisatieRepository(session).unassign(wie, "J4")


def test_two_places_stand_next_to_each_other_with_what_pleads_and_what_blocks(plek: Plek) -> None:
    text = plek.text("/jongeren/J1/vergelijken?plek=P0&plek=P5")

    for shown in (
        "Assistent magazijn Voorbeeld Logistiek in Doetinchem Kans van slagen ongeveer 67",
        "Valt nu buiten",
        "gevraagd: zelfstandig nu: met hulp",
        "Als de jongere voor 'Op tijd komen' op 'onder toezicht' staat",
        "niets: geen enkele vaste regel",
        "Bespreek met",
    ):
        assert shown in text


@pytest.mark.parametrize(
    "asked", ["", "?plek=P0", "?plek=P0&plek=P0", "?plek=P0&plek=P1&plek=P2&plek=P3"]
)
def test_comparing_asks_for_two_or_three_places(plek: Plek, asked: str) -> None:
    answer = plek.coach.get(f"/jongeren/J1/vergelijken{asked}")

    assert answer.status_code == 400
    assert "Vink twee of drie plekken aan." in answer.text


def test_a_place_that_is_not_there_cannot_be_compared(plek: Plek) -> None:
    assert plek.coach.get("/jongeren/J1/vergelijken?plek=P0&plek=X").status_code == 404


def test_the_map_holds_home_rings_and_places_and_the_list_says_the_same(plek: Plek) -> None:
    answer = plek.coach.get("/jongeren/J1/kaart")
    box = next(one for one in read(answer.text).all("div") if one.attributes.get("id") == "kaart")
    data = json.loads(unescape(box.attributes["data-kaart"]))

    assert data["thuis"] == [51.965, 6.289]
    assert [ring["minuten"] for ring in data["ringen"]] == [15, 30, 45]
    assert data["ringen"][0]["meter"] < data["ringen"][1]["meter"] < data["ringen"][2]["meter"]
    assert {one["nummer"] for one in data["plekken"]} == {1, 2, 3}
    assert [one["naam"] for one in data["plaatsen"]] == ["Doetinchem", "Zelhem"]
    assert [one["naam"] for one in data["gemeenten"]] == ["Doetinchem"]
    assert data["tegels"] is None
    text = text_of(read(answer.text))
    assert "Tot 15 minuten (3)" in text
    assert "Reistijd niet bekend (1)" in text
    assert "img-src" not in answer.headers["Content-Security-Policy"]


def test_without_a_home_there_is_a_list_and_no_map(plek: Plek) -> None:
    page = plek.coach.read("/jongeren/J3/kaart")

    assert "We weten niet waar Milan Wessels woont" in text_of(page)
    assert not [one for one in page.all("div") if one.attributes.get("id") == "kaart"]


def test_tiles_of_the_organisation_let_in_images_of_their_host_alone(tmp_path: Path) -> None:
    for plek in open_plek(tmp_path, kaarttegels=TEGELS, kaartbron="Kaart van Voorbeeld"):
        answer = plek.coach.get("/jongeren/J1/kaart")

        rules = answer.headers["Content-Security-Policy"].split("; ")
        assert "img-src 'self' data: https://tegels.example" in rules
        assert "default-src 'self'" in rules
        assert "tegels.example/{z}/{x}/{y}.png" in answer.text


def test_a_plan_holds_what_was_chosen_and_nothing_else(plek: Plek) -> None:
    text = plek.post(
        "/jongeren/J1/plan",
        onderdeel=["wil", "gedaan"],
        plek=["P0"],
        bericht="Hoi Noor",
    )

    assert "Jouw plan Dit is voor Noor Jansen, van coach." in text
    assert "Je wilt werken in: handel." in text
    assert "Stage bij Voorbeeld Logistiek (vanaf 7 september 2026)" in text
    assert "Praktijkverklaring (1 juni 2026)" in text
    assert (
        "Assistent magazijn bij Voorbeeld Logistiek in Doetinchem: 16 tot 32 uur per week" in text
    )
    assert "Hier leer je nog: Op tijd komen, Hulp vragen als iets niet lukt." in text
    for kept_back in (
        "van de 100",
        "risico",
        "Geen gehoor",
        "Wat je nodig hebt",
        "Medewerker groen",
    ):
        assert kept_back not in text
    told = plek.rows(DELING)[-1]
    assert (told["onderdelen"], told["leerwerkplekken"], told["vorm"]) == (
        ["gedaan", "wil", "plekken", "bericht"],
        ["P0"],
        "scherm",
    )


def test_nothing_is_shared_before_somebody_chose(plek: Plek) -> None:
    before = len(plek.rows(DELING))
    choice = plek.coach.read("/jongeren/J1/plan")

    assert not [one for one in choice.all("input") if "checked" in one.attributes]
    assert "Kies eerst wat u wilt delen." in plek.post("/jongeren/J1/plan")
    assert len(plek.rows(DELING)) == before


def test_a_plan_is_given_as_a_file_and_that_is_recorded(plek: Plek) -> None:
    chosen = {"onderdeel": ["kan"], "route": ["1"]}
    answer = plek.coach.post("/jongeren/J1/plan.pdf", data=chosen, headers=OWN_SITE)

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in answer.content
    assert plek.rows(DELING)[-1]["vorm"] == "pdf"
    assert "als PDF: kan" in plek.text("/jongeren/J1/plan")
