"""PostgreSQL itself hides rows, also from a query that was made without the row rule (TRUST S6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from features.tables import INSCHRIJVING
from service.errors import StoreError
from service.matchtafel.agenda import Agendaregel
from service.matchtafel.tafel import plan, promises, taken_places
from service.privacy.vrijgave import Van, release
from service.rechten.begrippen import Actor, Doel, OrganisatieSoort, Rol
from service.rechten.rijen import rijen
from service.rechten.toegang import GEEN, Toegang, looking_as
from service.storage import CanonicalRepository, open_engine, unit_of_work
from service.storage.organisatie import OrganisatieRepository
from service.storage.tables import CANONICAL, METADATA
from tests.service.matchtafel.conftest import fill
from tests.service.matchtafel.test_beloofd import promise
from tests.service.mensen import add_account, add_regio, settle
from tests.service.rechten.row_rule import is_about_persons
from tests.service.rechten.wereld import NOW, WACHTWOORD
from tests.service.storage.imports import start_import

pytestmark = pytest.mark.postgres

APP, OWNER = "vangnet_app", "vangnet_owner"
ABOUT_PERSONS = [table for table in METADATA.sorted_tables if is_about_persons(table)]
MANY = 20
"""Rows that somebody sees for one purpose or another, at least: so the test can fail."""
TODAY = date(2026, 11, 2)
BEDRIJF, SCHOOL = "100000001", "97MA"
JONGERE = CANONICAL["jongere"]
LEFT = {"J4": TODAY - timedelta(days=100), "J5": TODAY - timedelta(days=800)}
"""Who left the school, and when."""


@pytest.fixture
def app_engine(postgres_url: str) -> Iterator[Engine]:
    """The store of a role that owns no table and is no superuser."""
    engine = _open_as(postgres_url, APP)
    yield engine
    engine.dispose()


def _open_as(url: str, role: str) -> Engine:
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        known = connection.scalars(sa.text("SELECT rolname FROM pg_roles"))
        if role not in set(known):
            connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
        for what in ("TABLES", "SEQUENCES"):
            connection.exec_driver_sql(f"GRANT ALL ON ALL {what} IN SCHEMA public TO {role}")
    admin.dispose()
    address = sa.make_url(url).set(username=role)
    return open_engine(address.render_as_string(hide_password=False))


@pytest.fixture
def actors(app_engine: Engine) -> dict[str, Actor]:
    """Two regions with jongeren and a table each, and people who work there."""
    with unit_of_work(app_engine) as session:
        add_regio(session, "Achterhoek", ["Doetinchem"])
        add_regio(session, "Twente", ["Enschede"])
        settle(session, ["J1", "J2", "J3", "J6"])
        settle(session, ["J3", "J4", "J5"], "Enschede")
        canonical, run = CanonicalRepository(session), start_import(session)
        for jongere, einde in LEFT.items():
            row = fill(
                INSCHRIJVING,
                jongere_id=jongere,
                instelling=SCHOOL,
                volgnummer="1",
                onderwijssoort="mbo-2",
                begindatum=date(2023, 8, 1),
                einddatum=einde,
                einde_bekend_op=einde,
            )
            canonical.merge("inschrijving", row, run)
        organisaties = OrganisatieRepository(session)
        for soort, code in (
            (OrganisatieSoort.SCHOOL, SCHOOL),
            (OrganisatieSoort.LEERBEDRIJF, BEDRIJF),
        ):
            organisaties.add(naam=code, soort=soort, code=code, regio="Achterhoek")
        at = {"regio": "Achterhoek", "school": SCHOOL, "gemeente": "Enschede", "bedrijf": BEDRIJF}
        found = {}
        for naam, organisatie in at.items():
            one = add_account(session, naam, WACHTWOORD, tuple(Rol), [organisatie])
            found[naam] = Actor(one, naam, tuple(Rol), organisaties.of(one))
        organisaties.assign(found["school"].gebruiker_id, "J6", op=NOW)
        for van in Van:
            release(session, "J2", BEDRIJF, van, door="systeem:test", op=NOW)
        for regio, jongere in (("Achterhoek", "J1"), ("Twente", "J3")):
            plan(
                session,
                regio=regio,
                datum=TODAY,
                deelnemers=[],
                agenda=[Agendaregel(jongere, ("zoekt",), aselect=False, trekkans=0.0)],
                plekken=[],
                momentopname={},
                door=found["regio"].gebruiker_id,
                op=NOW,
            )
    return found


def ask(engine: Engine, statement: str) -> list[object]:
    """Return a column by SQL as somebody writes it who forgot every rule."""
    with unit_of_work(engine, read_only=True) as session:
        return list(session.scalars(sa.text(statement)))


def test_a_place_that_another_region_promised_counts_though_its_rows_are_hidden(
    app_engine: Engine, actors: dict[str, Actor]
) -> None:
    with unit_of_work(app_engine) as session:
        promise(session, "Twente", "P1", ("J3",))

    ours = Toegang(actors["regio"], Doel.MATCHTAFEL)
    with looking_as(ours), unit_of_work(app_engine, read_only=True) as session:
        assert promises(session) == {}
        assert taken_places(session) == {"P1": 1}


def test_sql_without_any_rule_sees_exactly_what_the_row_rule_shows(
    app_engine: Engine, actors: dict[str, Actor]
) -> None:
    seen = 0
    for actor, doel in product(actors.values(), Doel):
        toegang = Toegang(actor, doel)
        for table in ABOUT_PERSONS:
            key = next(iter(table.primary_key))
            with looking_as(toegang):
                by_the_rule = rijen(table, key)
                hidden = ask(app_engine, f"SELECT {key.name} FROM {table.name}")  # noqa: S608  # constants
            with unit_of_work(app_engine, read_only=True) as session:
                expected = sorted(session.scalars(by_the_rule), key=str)
            assert sorted(hidden, key=str) == expected, (actor.naam, doel, table.name)
            seen += len(hidden)
    assert seen > MANY


def test_a_connection_that_says_nothing_sees_and_writes_nobody(
    app_engine: Engine, actors: dict[str, Actor]
) -> None:
    del actors
    bare = sa.create_engine(app_engine.url)
    with bare.connect() as connection:
        for table in ("jongere", "inschrijving", "matchtafel", "agendapunt", "toewijzing"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0  # noqa: S608  # a constant
        assert connection.exec_driver_sql("SELECT count(*) FROM leerwerkplek").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM organisatie").scalar() == 6
    bare.dispose()
    with (
        looking_as(GEEN),
        pytest.raises((StoreError, sa.exc.ProgrammingError)),
        unit_of_work(app_engine) as session,
    ):
        settle(session, ["J9"])


def test_the_owner_of_the_tables_is_held_back_as_well(
    postgres_url: str, app_engine: Engine, actors: dict[str, Actor]
) -> None:
    del app_engine, actors
    engine = _open_as(postgres_url, OWNER)
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"ALTER TABLE jongere OWNER TO {OWNER}")
    with looking_as(GEEN):
        assert ask(engine, "SELECT jongere_id FROM jongere") == []
    assert len(ask(engine, "SELECT jongere_id FROM jongere")) == 6
    with admin.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE jongere OWNER TO postgres")
    admin.dispose()
    engine.dispose()


def test_every_table_about_persons_has_row_security_also_against_its_owner(
    postgres_url: str,
) -> None:
    engine = sa.create_engine(postgres_url)
    with engine.connect() as connection:
        guarded = set(
            connection.exec_driver_sql(
                "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
            ).scalars()
        )
    engine.dispose()
    assert {table.name for table in ABOUT_PERSONS} - guarded == set()
