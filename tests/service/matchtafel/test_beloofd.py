"""A place that a table of one region promised is taken for the tables of every region."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.matchtafel.agenda import Agendaregel
from service.matchtafel.begrippen import Keuze, Status, TafelPlek
from service.matchtafel.besluiten import NieuwBesluit, decide
from service.matchtafel.tafel import NieuweDeelnemer, move_on, plan, promises, taken_places
from service.matchtafel.zicht import plan_from
from service.rechten.begrippen import Actor, Doel, Rol
from service.rechten.toegang import Toegang, looking_as
from service.storage import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.storage.organisatie import OrganisatieRepository
from tests.service.mensen import SMALL_IDS, add_account, add_regio, settle
from tests.service.region import small_regio

HIER, ELDERS = "Achterhoek", "Twente"
HIER_IDS, ELDERS_IDS = SMALL_IDS[:800], SMALL_IDS[800:]
DAG = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def promise(session: Session, regio: str, plek_id: str, jongeren: tuple[str, ...]) -> None:
    """Let a table of a region choose one place for these jongeren."""
    door = add_account(session, f"voorzitter {regio}", "een lang en goed wachtwoord", (), [regio])
    table = plan(
        session,
        regio=regio,
        datum=DAG,
        deelnemers=[NieuweDeelnemer("Anna", "ROC", "school", door)],
        agenda=[Agendaregel(one, ("zoekt",), aselect=False, trekkans=0.0) for one in jongeren],
        plekken=[TafelPlek(0, plek_id, len(jongeren), None, None)],
        momentopname={},
        door=door,
        op=NOW,
    )
    move_on(session, table, Status.OPEN, versie=1, op=NOW)
    tables = MatchtafelRepository(session)
    owner = tables.deelnemers(table)[0].id
    for line in tables.agendapunten(table):
        wanted = NieuwBesluit(
            line.id, line.versie, Keuze.VOORSTELLEN, "past goed bij de wens", owner, DAG, plek_id
        )
        decide(session, wanted, door=door, op=NOW)


@pytest.fixture
def ons(engine: Engine) -> Toegang:
    """Somebody who looks on at the tables of this region alone."""
    with unit_of_work(engine) as session:
        add_regio(session, HIER, ["Doetinchem"])
        add_regio(session, ELDERS, ["Enschede"])
        settle(session, HIER_IDS)
        settle(session, ELDERS_IDS, "Enschede")
        own = add_account(session, "anna", "een lang en goed wachtwoord", (), [HIER])
        organisaties = OrganisatieRepository(session).of(own)
    return Toegang(Actor(own, "anna", (Rol.MATCHTAFELDEELNEMER,), organisaties), Doel.MATCHTAFEL)


@pytest.mark.parametrize("elders", [False, True])
def test_a_place_that_another_region_promised_is_not_promised_again(
    engine: Engine, ons: Toegang, *, elders: bool
) -> None:
    zicht = small_regio().tafel
    plek = zicht.plekken()[0]
    people = ELDERS_IDS[: plek.vrij]
    with unit_of_work(engine) as session:
        if elders:
            promise(session, ELDERS, plek.leerwerkplek_id, people)

    with looking_as(ons), unit_of_work(engine) as session:
        seen, taken = promises(session), taken_places(session)
        table = plan_from(
            session,
            zicht,
            regio=HIER,
            datum=DAG,
            aantal=5,
            deelnemers=(),
            door=ons.actor.gebruiker_id,
            op=NOW,
        )
        offered = {one.leerwerkplek_id for one in MatchtafelRepository(session).plekken(table)}

    assert seen == {}
    assert taken == ({plek.leerwerkplek_id: plek.vrij} if elders else {})
    assert (plek.leerwerkplek_id in offered) is not elders
    assert len(offered) > 10


def test_one_jongere_whom_two_regions_promise_a_place_counts_at_both(
    engine: Engine, ons: Toegang
) -> None:
    one, other = small_regio().tafel.plekken()[:2]
    with unit_of_work(engine) as session:
        promise(session, ELDERS, one.leerwerkplek_id, ELDERS_IDS[:1])
        promise(session, HIER, other.leerwerkplek_id, ELDERS_IDS[:1])

    with looking_as(ons), unit_of_work(engine, read_only=True) as session:
        assert taken_places(session) == {one.leerwerkplek_id: 1, other.leerwerkplek_id: 1}
