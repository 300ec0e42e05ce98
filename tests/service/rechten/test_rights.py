"""Who sees whom, and how fast that changes."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.tables import INSCHRIJVING
from service.api.problems import API_PATH
from service.errors import NotAllowedError, NotFoundError
from service.rechten.begrippen import Actor, Doel, Handeling, OrganisatieSoort, Rol
from service.rechten.inrichten import Aanstelling, appoint, organisaties_from_data
from service.rechten.matrix import MATRIX, doelen_of
from service.rechten.regio import MOST_KEPT, Zicht
from service.rechten.rijen import NAZORG, check_regio, zichtbare_jongeren
from service.rechten.toegang import GEEN, SYSTEEM, Toegang, current, grant, looking_as
from service.storage import CanonicalRepository, unit_of_work
from service.storage.organisatie import OrganisatieRepository
from tests.service.conftest import NAAM
from tests.service.matchtafel.conftest import fill
from tests.service.mensen import add_account, add_regio, settle
from tests.service.rechten.wereld import NOW, WACHTWOORD
from tests.service.storage.imports import start_import

TODAY = date(2026, 11, 2)
SCHOOL = "97MA"


def enrol(session: Session, jongere_id: str, einddatum: date | None) -> None:
    row = fill(
        INSCHRIJVING,
        jongere_id=jongere_id,
        instelling=SCHOOL,
        volgnummer="1",
        onderwijssoort="mbo-2",
        begindatum=date(2023, 8, 1),
        einddatum=einddatum,
        einde_bekend_op=einddatum,
    )
    CanonicalRepository(session).merge("inschrijving", row, start_import(session))


def make_actor(session: Session, naam: str, organisatie: str) -> Actor:
    made = add_account(session, naam, WACHTWOORD, tuple(Rol), [organisatie])
    return Actor(made, naam, tuple(Rol), OrganisatieRepository(session).of(made))


def seen(engine: Engine, actor: Actor, doel: Doel) -> set[str]:
    with unit_of_work(engine, read_only=True) as session:
        return set(session.scalars(zichtbare_jongeren(actor, doel, vandaag=TODAY)))


@pytest.fixture
def actors(engine: Engine) -> dict[str, Actor]:
    with unit_of_work(engine) as session:
        add_regio(session, "Achterhoek", ["Doetinchem"])
        add_regio(session, "Twente", ["Enschede"])
        settle(session, ["J1", "J2"])
        settle(session, ["J3", "J4", "J5", "J6"], "Enschede")
        enrol(session, "J3", None)
        enrol(session, "J4", TODAY - NAZORG)
        enrol(session, "J5", TODAY - NAZORG - timedelta(days=1))
        OrganisatieRepository(session).add(
            naam="ROC", soort=OrganisatieSoort.SCHOOL, code=SCHOOL, regio="Achterhoek"
        )
        at = ("ROC", "Doetinchem", "Achterhoek", "Twente")
        return {naam: make_actor(session, f"van {naam}", naam) for naam in at}


def test_a_coach_of_a_school_sees_who_is_enrolled_there_or_left_it_in_the_last_year(
    engine: Engine, actors: dict[str, Actor]
) -> None:
    assert seen(engine, actors["ROC"], Doel.BEGELEIDING) == {"J3", "J4"}


def test_a_coach_of_a_gemeente_sees_who_lives_there(
    engine: Engine, actors: dict[str, Actor]
) -> None:
    assert seen(engine, actors["Doetinchem"], Doel.BEGELEIDING) == {"J1", "J2"}


def test_a_regional_body_sees_its_gemeenten_and_its_schools(
    engine: Engine, actors: dict[str, Actor]
) -> None:
    assert seen(engine, actors["Achterhoek"], Doel.BEGELEIDING) == {"J1", "J2", "J3", "J4"}


@pytest.mark.parametrize("doel", [Doel.MATCHTAFEL, Doel.TOEZICHT])
def test_at_the_table_and_for_oversight_the_whole_own_region_is_seen(
    engine: Engine, actors: dict[str, Actor], doel: Doel
) -> None:
    assert seen(engine, actors["ROC"], doel) == {"J1", "J2", "J3", "J4"}
    assert seen(engine, actors["Twente"], doel) == {"J3", "J4", "J5", "J6"}


@pytest.mark.parametrize("doel", [Doel.ANALYSE, Doel.BEHEER, Doel.GEEN, Doel.WERVING])
def test_for_other_purposes_nobody_is_seen(
    engine: Engine, actors: dict[str, Actor], doel: Doel
) -> None:
    assert seen(engine, actors["Achterhoek"], doel) == set()


def test_who_works_nowhere_sees_nobody(engine: Engine, actors: dict[str, Actor]) -> None:
    nowhere = Actor(actors["ROC"].gebruiker_id, "nergens", tuple(Rol))

    for doel in set(Doel) - {Doel.SYSTEEM}:
        assert seen(engine, nowhere, doel) == set()


def test_who_is_assigned_is_seen_until_that_ends(engine: Engine, actors: dict[str, Actor]) -> None:
    coach = actors["ROC"]
    with unit_of_work(engine) as session:
        OrganisatieRepository(session).assign(coach.gebruiker_id, "J6", op=NOW)
    assert seen(engine, coach, Doel.BEGELEIDING) == {"J3", "J4", "J6"}
    with unit_of_work(engine) as session:
        OrganisatieRepository(session).unassign(coach.gebruiker_id, "J6")
    assert seen(engine, coach, Doel.BEGELEIDING) == {"J3", "J4"}


def test_what_is_kept_of_who_sees_whom_ends_with_any_change(
    engine: Engine, actors: dict[str, Actor]
) -> None:
    zicht, coach = Zicht(), Toegang(actors["Doetinchem"], Doel.BEGELEIDING)
    first = zicht.zichtbaar(engine, coach)
    assert zicht.zichtbaar(engine, coach) is first

    with unit_of_work(engine) as session:
        settle(session, ["J7"])
    second = zicht.zichtbaar(engine, coach)
    with unit_of_work(engine) as session:
        OrganisatieRepository(session).assign(coach.actor.gebruiker_id, "J6", op=NOW)
    third = zicht.zichtbaar(engine, coach)

    assert [sorted(one.jongeren) for one in (first, second, third)] == [
        ["J1", "J2"],
        ["J1", "J2", "J7"],
        ["J1", "J2", "J6", "J7"],
    ]
    assert len(zicht._sets) == 1


def test_no_more_sets_are_kept_than_there_is_room_for(sqlite_engine: Engine) -> None:
    zicht = Zicht()
    for number in range(MOST_KEPT + 5):
        zicht.zichtbaar(sqlite_engine, Toegang(Actor(number, "", ()), Doel.BEGELEIDING))

    assert len(zicht._sets) == MOST_KEPT


def test_no_role_has_the_purpose_of_the_system_and_none_is_without_purpose() -> None:
    assert {Doel.SYSTEEM, Doel.GEEN}.isdisjoint(doel for _, doel in MATRIX)
    assert all(doelen_of([rol]) for rol in Rol)


def test_a_named_purpose_goes_before_a_wish_and_a_wish_before_the_first() -> None:
    both = Actor(1, "x", (Rol.LOOPBAANCOACH, Rol.MATCHTAFELDEELNEMER))
    what = Handeling.RISICO_LEZEN

    assert grant(both, what).doel is Doel.BEGELEIDING
    assert grant(both, what, wished="matchtafel").doel is Doel.MATCHTAFEL
    assert grant(both, what, named="begeleiding", wished="matchtafel").doel is Doel.BEGELEIDING
    assert grant(both, what, wished="toezicht").doel is Doel.BEGELEIDING
    for named in ("toezicht", "systeem", "geen", "iets anders"):
        with pytest.raises(NotAllowedError):
            grant(both, what, named=named)


def test_a_token_does_no_more_than_its_scopes() -> None:
    actor = Actor(1, "x", (Rol.LOOPBAANCOACH,), scopes=frozenset({Handeling.JONGEREN_LEZEN}))

    assert grant(actor, Handeling.JONGEREN_LEZEN).doel is Doel.BEGELEIDING
    for handeling in (Handeling.RISICO_LEZEN, Handeling.EIGEN_ACCOUNT):
        with pytest.raises(NotAllowedError):
            grant(actor, handeling)


def test_a_command_looks_as_the_system_and_a_block_as_somebody_else_only_inside() -> None:
    assert current() is SYSTEEM
    with looking_as(GEEN):
        assert current() is GEEN
        with pytest.raises(NotFoundError):
            check_regio("Achterhoek")
    check_regio("Achterhoek")


def test_organisations_come_from_the_data_once(engine: Engine, actors: dict[str, Actor]) -> None:
    del actors
    with unit_of_work(engine) as session:
        settle(session, ["J8"], "Aalten")

    made = organisaties_from_data(engine, "Achterhoek")

    assert [(one.soort, one.code) for one in made][1:] == [(OrganisatieSoort.GEMEENTE, "Aalten")]
    assert len(organisaties_from_data(engine, "Achterhoek")) == 1


def test_who_works_in_two_regions_plans_a_table_of_one_of_them(
    engine: Engine, actors: dict[str, Actor]
) -> None:
    both = Actor(
        1, "x", tuple(Rol), actors["Achterhoek"].organisaties + actors["Twente"].organisaties
    )
    with (
        looking_as(Toegang(both, Doel.MATCHTAFEL)),
        unit_of_work(engine, read_only=True) as session,
    ):
        people = OrganisatieRepository(session)
        assert sorted(people.jongeren_of("Twente") or ()) == ["J3", "J4", "J5", "J6"]
        assert people.jongeren_of("Elders") is None


@pytest.fixture
def coach(logged_in: TestClient, app_store: Engine) -> Iterator[TestClient]:
    """The account of the tests, which gets its own rights back afterwards."""
    yield logged_in
    with unit_of_work(app_store) as session:
        appoint(session, NAAM, Aanstelling(organisaties=["Achterhoek"]))


@pytest.fixture
def app_store(logged_in: TestClient) -> Engine:
    state = logged_in.app_state["installation"]
    engine: Engine = state.engine
    return engine


def test_a_right_that_is_taken_away_is_gone_at_the_next_request(
    coach: TestClient, app_store: Engine
) -> None:
    path = f"{API_PATH}/jongeren/J1/uitvalrisico"
    before = coach.get(path).status_code
    with unit_of_work(app_store) as session:
        appoint(session, NAAM, Aanstelling(organisaties=[]))

    assert before == 200
    assert coach.get(path).status_code == 404
    assert coach.get(f"{API_PATH}/jongeren").json()["totaal"] == 0
