"""Keeping leerwerkplekken on the screens: entered, changed by two, copied, closed, and whose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from httpx2 import Response

from features.tables import COMPETENTIE, COMPETENTIEMETING, KWALIFICATIE, LEERBEDRIJF, WERKPROCES
from service.rechten.begrippen import Rol
from service.rechten.toegang import SYSTEEM, looking_as
from service.registratie.leerwerkplekken import Plek, read_plek
from service.storage import CanonicalRepository, unit_of_work
from tests.service.conftest import OWN_SITE
from tests.service.matchtafel.conftest import fill
from tests.service.rechten.wereld import ANDER_BEDRIJF, EIGEN_BEDRIJF, Wereld, make_wereld
from tests.service.storage.imports import start_import
from tests.service.web.conftest import PageClient, make_client, text_of
from tests.service.web.html import read

NIEUW = f"/leerwerkplekken/nieuw?leerbedrijf={EIGEN_BEDRIJF}"
INPAKKEN, OP_TIJD, LASSEN = "25748-B1-K1-W1", "WV-01", "WV-02"
PLEK: dict[str, str | list[str]] = {
    "titel": "Helpen in het magazijn",
    "soort": "leerbaan",
    "capaciteit": "2",
    "uren_min": "16",
    "uren_max": "32,5",
    "begindatum": "2026-12-01",
    "omstandigheid": ["tillen", "rijbewijs"],
    "begeleiding": ["jobcoach"],
    "werkproces": [INPAKKEN],
    "eis_0": OP_TIJD,
    "hoe_0": "moet",
    "niveau_0": "2",
    "eis_1": LASSEN,
    "hoe_1": "wens",
    "niveau_1": "3",
}
BEWAAR: dict[str, str | list[str]] = {"stap": "bewaar"}


@dataclass
class Places:
    """Somebody of each role before the screens of places."""

    wereld: Wereld
    client: PageClient

    def enter(self, rol: Rol) -> "Places":
        self.client.cookies.clear()
        self.client.cookies.update(self.wereld.enter(rol))
        return self

    def send(self, path: str, form: dict[str, str | list[str]]) -> Response:
        return self.client.post(path, data=form, headers=OWN_SITE)

    def add(self, **other: str) -> str:
        """Enter a place and return its id."""
        answer = self.send(NIEUW, {**PLEK, **BEWAAR, **other})
        assert answer.status_code == 303, text_of(read(answer.text))
        return answer.headers["location"].split("/")[2]

    def stored(self, leerwerkplek_id: str) -> Plek:
        with looking_as(SYSTEEM), unit_of_work(self.wereld.engine, read_only=True) as session:
            return read_plek(session, leerwerkplek_id)


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("plekken"))
    with unit_of_work(made.engine) as session:
        canonical, run = CanonicalRepository(session), start_import(session)
        canonical.merge(
            "kwalificatie", fill(KWALIFICATIE, opleidingcode="25748", titel="Logistiek"), run
        )
        for code, titel in ((INPAKKEN, "Pakt goederen in"), ("25748-B1-K1-W2", "Rijdt heftruck")):
            row = fill(WERKPROCES, werkproces_id=code, opleidingcode="25748", titel=titel)
            canonical.merge("werkproces", row, run)
        for code, titel in ((OP_TIJD, "Op tijd komen"), (LASSEN, "Lassen met gas")):
            soort = "werknemersvaardigheid"
            row = fill(COMPETENTIE, competentie_id=code, titel=titel, soort=soort)
            canonical.merge("competentie", row, run)
        for jongere, niveau in (("J1", 2), ("J2", 1), ("J50", 4)):
            row = fill(
                COMPETENTIEMETING,
                jongere_id=jongere,
                competentie_id=OP_TIJD,
                datum=date(2026, 9, 1),
                niveau=niveau,
                bron="school",
            )
            canonical.merge("competentiemeting", row, run)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def client(wereld: Wereld) -> Iterator[PageClient]:
    with make_client(wereld.app) as made:
        yield made


@pytest.fixture
def coach(wereld: Wereld, client: PageClient) -> Places:
    return Places(wereld, client).enter(Rol.LOOPBAANCOACH)


@pytest.fixture
def bedrijf(wereld: Wereld, client: PageClient) -> Places:
    return Places(wereld, client).enter(Rol.LEERBEDRIJF)


@pytest.mark.parametrize("field", ["capaciteit", "uren_min", "uren_max"])
@pytest.mark.parametrize("typed", ["9" * 30, "1e400", "oneindig"])
def test_a_number_that_no_place_has_is_refused_in_words(
    coach: Places, field: str, typed: str
) -> None:
    answer = coach.send(NIEUW, {**PLEK, **BEWAAR, field: typed})

    assert answer.status_code == 400
    assert "Vul een getal in, zoals 24 of 7,5." in text_of(read(answer.text))


def test_what_is_typed_is_stored_and_shown(coach: Places) -> None:
    made = coach.add()

    stored = coach.stored(made)
    assert stored.plek["uren_max"] == 32.5
    assert stored.plek["omstandigheden"] == ["tillen", "rijbewijs"]
    assert [(one["competentie_id"], one["niveau"], one["hard"]) for one in stored.eisen] == [
        (OP_TIJD, 2, True),
        (LASSEN, 3, False),
    ]
    text = text_of(coach.client.read(f"/leerwerkplekken/{made}/gegevens?klaar=nieuw"))
    for shown in ("De plek staat erin", "leerbaan (bbl)", "Pakt goederen in", "Bedrijf 100000001"):
        assert shown in text
    assert (
        f'href="/leerwerkplekken/{made}"'
        in coach.client.get(f"/leerwerkplekken/{made}/gegevens").text
    )


def test_the_page_says_what_nobody_of_those_one_may_see_has(coach: Places) -> None:
    text = text_of(coach.client.read(f"/leerwerkplekken/{coach.add()}/gegevens"))

    # J1 and J2 were judged on it and J1 reaches it; J50 lives in another region
    assert "Op tijd komen onder toezicht moet 1 2" in text
    assert "Dit heeft nu niemand: Lassen met gas" in text
    assert "Deze plek telt nog niet mee in de lijsten" in text
    known = text_of(coach.client.read("/leerwerkplekken/P1/gegevens"))
    assert "vallen buiten" in known or "valt buiten" in known


def test_tasks_in_own_words_bring_proposals_that_one_ticks_and_nothing_is_stored(
    coach: Places,
) -> None:
    before = text_of(coach.client.read("/leerwerkplekken"))
    answer = coach.send(
        NIEUW, {"taken": "goederen inpakken", "vragen": "op tijd komen", "stap": "zoek"}
    )

    reader = read(answer.text)
    ticks = {
        one.attributes["value"]
        for one in reader.all("input")
        if one.attributes.get("name") == "werkproces"
    }
    assert INPAKKEN in ticks
    assert "Op tijd komen" in text_of(reader)
    assert not [
        one
        for one in reader.all("input")
        if "checked" in one.attributes and one.attributes["name"] == "werkproces"
    ]
    assert text_of(coach.client.read("/leerwerkplekken")) == before


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(coach: Places) -> None:
    answer = coach.send(NIEUW, {**PLEK, **BEWAAR, "uren_max": "veel", "titel": ""})
    assert answer.status_code == 400
    text = answer.text
    assert 'href="#uren_max"' in text
    assert 'href="#titel"' in text
    assert 'value="veel"' in text

    answer = coach.send(NIEUW, {**PLEK, **BEWAAR, "uren_max": "8", "niveau_0": "9"})
    assert answer.status_code == 400
    assert 'href="#uren_max"' in answer.text


def test_of_two_who_change_a_place_the_second_sees_both_versions_and_may_go_on(
    coach: Places,
) -> None:
    made = coach.add()
    path, versie = f"/leerwerkplekken/{made}/wijzigen", coach.stored(made).versie
    first = coach.send(path, {**PLEK, **BEWAAR, "versie": versie, "titel": "Eerste"})
    second = coach.send(path, {**PLEK, **BEWAAR, "versie": versie, "titel": "Tweede"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Eerste" in second.text
    assert "Tweede" in second.text
    assert coach.stored(made).plek["titel"] == "Eerste"

    hidden = [one.attributes for one in read(second.text).all("input")]
    again: dict[str, str | list[str]] = {}
    for one in hidden:
        again[one["name"]] = [*again.get(one["name"], []), one["value"]]
    assert coach.send(path, again).status_code == 303
    assert coach.stored(made).plek["titel"] == "Tweede"
    assert len(coach.stored(made).eisen) == 2


def test_a_copy_begins_with_all_of_the_place_and_stores_nothing(coach: Places) -> None:
    made = coach.add()
    page = coach.client.get(f"/leerwerkplekken/nieuw?van={made}").text

    assert "Helpen in het magazijn" in page
    assert OP_TIJD in page
    assert f'action="{NIEUW}"' in page


def test_a_closed_place_leaves_the_list_until_one_asks_for_it(coach: Places) -> None:
    made = coach.add(titel="Straks dicht", begindatum="2026-01-05")
    path = f"/leerwerkplekken/{made}/sluiten"
    assert coach.send(path, {"versie": "oud", "sluit_op": "2026-02-01"}).status_code == 409
    versie = coach.stored(made).versie
    assert coach.send(path, {"versie": versie, "sluit_op": ""}).status_code == 400
    assert coach.send(path, {"versie": versie, "sluit_op": "2025-01-01"}).status_code == 400

    assert coach.send(path, {"versie": versie, "sluit_op": "2026-02-01"}).status_code == 303

    assert made not in coach.client.get("/leerwerkplekken?zoek=straks").text
    assert made in coach.client.get("/leerwerkplekken?zoek=straks&gesloten=ja").text


def test_a_leerbedrijf_keeps_its_own_places_and_sees_no_numbers_of_jongeren(
    bedrijf: Places,
) -> None:
    # with one leerbedrijf there is nothing to choose
    assert "Wat doet iemand hier?" in text_of(bedrijf.client.read("/leerwerkplekken/nieuw"))
    made = bedrijf.add(titel="Van ons")

    text = text_of(bedrijf.client.read(f"/leerwerkplekken/{made}/gegevens"))
    assert "Jongeren die dit kunnen" not in text
    assert "Wie past hier?" not in text


@pytest.mark.parametrize("path", ["P2/gegevens", "P2/wijzigen", "nieuw?van=P2"])
def test_a_place_of_elsewhere_is_as_if_it_were_not_there(
    coach: Places, bedrijf: Places, path: str
) -> None:
    for one in (coach, bedrijf):
        assert one.client.get(f"/leerwerkplekken/{path}").status_code == 404


@pytest.mark.parametrize("rol", [Rol.LOOPBAANCOACH, Rol.LEERBEDRIJF])
def test_nobody_enters_a_place_for_a_leerbedrijf_of_elsewhere(
    wereld: Wereld, client: PageClient, rol: Rol
) -> None:
    who = Places(wereld, client).enter(rol)
    path = f"/leerwerkplekken/nieuw?leerbedrijf={ANDER_BEDRIJF}"

    assert who.send(path, {**PLEK, **BEWAAR}).status_code == 404
    assert f"Bedrijf {ANDER_BEDRIJF}" not in client.get("/leerwerkplekken/nieuw").text


def test_the_leerbedrijf_is_found_by_its_name_first(coach: Places) -> None:
    with unit_of_work(coach.wereld.engine) as session:
        row = fill(LEERBEDRIJF, leerbedrijf_id="100000009", naam="Kwekerij Groen")
        CanonicalRepository(session).merge("leerbedrijf", row, start_import(session))

    found = coach.client.get("/leerwerkplekken/nieuw?bedrijf=kwek").text
    assert "/leerwerkplekken/nieuw?leerbedrijf=100000009" in found
    assert EIGEN_BEDRIJF not in found
    assert (
        "Geen leerbedrijf gevonden" in coach.client.get("/leerwerkplekken/nieuw?bedrijf=zzz").text
    )


def test_who_may_only_read_changes_nothing(wereld: Wereld, client: PageClient) -> None:
    analist = Places(wereld, client).enter(Rol.ANALIST)
    assert "Nieuwe plek" not in client.get("/leerwerkplekken").text
    assert analist.send(NIEUW, {**PLEK, **BEWAAR}).status_code == 403
    assert client.get("/leerwerkplekken/P1/wijzigen").status_code == 403
