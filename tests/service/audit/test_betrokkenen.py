"""At an incident the list of who is affected is there within minutes, not days (TRUST R12)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import polars as pl
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from service.audit.betrokkenen import affected
from service.audit.opening import open_log
from service.audit.spoor import Spoor
from service.cli import app
from service.identity import IDENTITEIT
from service.privacy.verwijdering import Grond, erase
from service.settings import Settings, open_settings
from service.storage import CanonicalRepository, IdentiteitRepository, unit_of_work
from service.storage.audit import AuditRepository, Regelvraag
from service.storage.engine import open_engine
from tests.service.storage.imports import jongeren, start_import

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
JONGERE = "GET /api/v1/jongeren/{jongereId}"
LIJST = "GET /jongeren"
FOUR_HOURS = 4 * 3600.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return open_settings(tmp_path)


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store with J0 up to J5, of whom J1 has a name."""
    row = {"jongere_id": "J1", "voornamen": "Anna", "bron": "test"}
    with unit_of_work(engine) as session:
        run = start_import(session)
        CanonicalRepository(session).merge("jongere", jongeren(6), run)
        IdentiteitRepository(session).merge(pl.DataFrame([row], schema=IDENTITEIT.schema), run)
    return engine


def look(
    engine: Engine,
    settings: Settings,
    actor: str,
    actie: str,
    *who: str,
    at: datetime,
    status: int = 200,
) -> None:
    """Write the line of a request as the service does."""
    spoor = Spoor(actie, oorsprong="test")
    spoor.actor, spoor.begin, spoor.doel = actor, at, "begeleiding"
    if status < 400:
        spoor.about(*who)
    else:
        spoor.note("jongere", *who)
    happened = spoor.close(status)
    assert happened is not None
    with unit_of_work(engine) as session:
        open_log(engine, settings).write(session, [happened])


def who(engine: Engine, settings: Settings, **asked: object) -> list[str]:
    vraag = Regelvraag(**asked)  # type: ignore[arg-type]  # as the test says
    return affected(engine, settings, vraag).lijst["jongere_id"].to_list()


def test_everybody_whom_an_account_saw_between_two_moments_is_listed(
    store: Engine, settings: Settings
) -> None:
    look(store, settings, "gebruiker:1", JONGERE, "J0", at=NOON - HOUR)
    look(store, settings, "gebruiker:1", JONGERE, "J1", at=NOON)
    look(store, settings, "gebruiker:1", LIJST, "J1", "J2", at=NOON + HOUR)
    look(store, settings, "gebruiker:2", LIJST, "J3", at=NOON)
    look(store, settings, "gebruiker:1", JONGERE, "J4", at=NOON, status=404)
    look(store, settings, "gebruiker:1", JONGERE, "J4", at=NOON, status=403)
    look(store, settings, "gebruiker:1", JONGERE, "J5", at=NOON + 2 * HOUR)
    between = {"van": NOON, "tot": NOON + 2 * HOUR}

    assert who(store, settings, **between) == ["J1", "J2", "J3"]
    assert who(store, settings, **between, actor="gebruiker:1") == ["J1", "J2"]
    assert who(store, settings, **between, actie="{jongereId}") == ["J1"]
    first = affected(store, settings, Regelvraag(van=NOON, tot=NOON + 2 * HOUR)).lijst.row(
        0, named=True
    )
    assert (first["naam"], first["keren"], first["actoren"]) == ("Anna", 2, "gebruiker:1")
    assert (first["eerste"], first["laatste"]) == (NOON, NOON + HOUR)
    assert first["acties"] == f"{JONGERE}, {LIJST}"


def test_who_was_erased_since_is_counted_but_cannot_be_named(
    store: Engine, settings: Settings
) -> None:
    look(store, settings, "gebruiker:1", LIJST, "J1", "J2", at=NOON)
    erase(store, settings, "J2", grond=Grond.BEZWAAR, door="test", op=NOON)
    found = affected(store, settings, Regelvraag(van=NOON))
    assert found.lijst["jongere_id"].to_list() == ["J1"]
    assert (found.regels, found.gewist) == (1, 1)


def test_who_copied_the_whole_store_is_told_of_though_no_line_names_anybody(
    store: Engine, settings: Settings
) -> None:
    look(store, settings, "gebruiker:1", JONGERE, "J1", at=NOON)
    spoor = Spoor("vangnet backup", oorsprong="test")
    spoor.actor, spoor.begin = "opdrachtregel", NOON
    spoor.about_everybody()
    happened = spoor.close(0)
    assert happened is not None
    with unit_of_work(store) as session:
        open_log(store, settings).write(session, [happened])

    found = affected(store, settings, Regelvraag(van=NOON, tot=NOON + HOUR))
    assert found.lijst["jongere_id"].to_list() == ["J1"]
    assert (found.regels, found.gewist, found.iedereen) == (1, 0, 1)


def test_the_command_writes_the_list_and_records_that_it_did(
    tmp_path: Path, sqlite_template: Path
) -> None:
    (tmp_path / "vangnet.db").write_bytes(sqlite_template.read_bytes())
    settings, out = open_settings(tmp_path), tmp_path / "lijst.csv"
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        CanonicalRepository(session).merge("jongere", jongeren(2), start_import(session))
    look(engine, settings, "gebruiker:1", JONGERE, "J1", at=NOON)

    words = ["audit", "betrokkenen", "--van", "2026-03-02T12:00", "--tot", "2026-03-03"]
    done = CliRunner().invoke(app, [*words, "--naar", str(out), "--data", str(tmp_path)])
    with unit_of_work(engine, read_only=True) as session:
        last = list(AuditRepository(session).lines())[-1]
    engine.dispose()

    assert done.exit_code == 0, done.output
    assert "1 jongeren uit 1 regels staan in" in done.output
    assert pl.read_csv(out)["jongere_id"].to_list() == ["J1"]
    assert last.actie == "vangnet audit betrokkenen"
    assert last.objecten.count("jongere:") == 1


@pytest.mark.slow
def test_a_log_of_many_days_gives_the_list_within_four_hours(
    sqlite_engine: Engine, settings: Settings
) -> None:
    everybody = [f"J{number}" for number in range(5000)]
    with unit_of_work(sqlite_engine) as session:
        CanonicalRepository(session).merge("jongere", jongeren(5000), start_import(session))
    made = []
    for number in range(8_000):
        spoor = Spoor(LIJST, oorsprong="test")
        spoor.actor, spoor.doel = f"gebruiker:{number % 50}", "begeleiding"
        spoor.about(*(everybody[(number * 7 + at) % 5000] for at in range(25)))
        made.append(spoor.close(200))
    with unit_of_work(sqlite_engine) as session:
        open_log(sqlite_engine, settings).write(session, [one for one in made if one])

    begun = perf_counter()
    found = affected(sqlite_engine, settings, Regelvraag(actor="gebruiker:1"))
    seconds = perf_counter() - begun
    # two hundred thousand showings here; a region of that size makes some ten thousand lines a day
    assert found.regels == 160
    assert found.lijst.height > 1000
    assert seconds < FOUR_HOURS / 1000
