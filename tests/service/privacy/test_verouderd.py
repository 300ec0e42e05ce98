"""A correction scores the jongere again, and marks what was suggested before, within a minute."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from time import monotonic, sleep

import polars as pl
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from features.tables import TABLES
from service.app import RENEW_SECONDS
from service.regio import Regio
from service.settings import Settings
from service.storage import CanonicalRepository, ImportRepository, unit_of_work
from service.storage.engine import open_engine
from service.storage.suggestielog_tables import SUGGESTIE
from service.storage.verouderd import outdated_suggesties
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.mensen import SMALL_IDS, settle
from tests.service.region import CONFIG, small_models, small_regio, small_region
from tests.service.storage.imports import merge_all
from tests.service.web.conftest import text_of
from tests.service.web.html import read

pytestmark = pytest.mark.slow
MINUTE = 60.0
OLD, NEW = "verouderd: ja", "verouderd: nee"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path).model_copy(update={"tweede_factor": False})


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    found = open_engine(settings.database, synchronous="OFF")
    yield found
    found.dispose()


@pytest.fixture
def coach(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    """Somebody who is logged in on the small region, read again as a running service does."""

    def stamp() -> tuple[int, int]:
        with unit_of_work(engine, read_only=True) as session:
            return ImportRepository(session).state()

    def load() -> Regio:
        uitvalrisico, plaatsing = small_models()
        with unit_of_work(engine, read_only=True) as session:
            repository = CanonicalRepository(session)
            tables: Mapping[str, pl.DataFrame] = {name: repository.read(name) for name in TABLES}
            _, run = ImportRepository(session).state()
        return Regio(
            tables,
            peildatum=CONFIG.peildatum,
            uitvalrisico=uitvalrisico,
            plaatsing=plaatsing,
            namen={},
            importrun=run,
        )

    app = make_app(settings, load, regio_stamp=stamp, renew_seconds=RENEW_SECONDS)
    with unit_of_work(engine) as session:
        merge_all(session, small_region().tables)
        settle(session, SMALL_IDS)  # as the account sees them
    with TestClient(app, follow_redirects=False, headers=OWN_SITE) as client:
        form = {"naam": NAAM, "wachtwoord": WACHTWOORD}
        assert client.post("/inloggen", data=form).status_code == 303
        yield client


def absent() -> tuple[str, date]:
    """Return somebody with a score who missed lessons lately, and the week of it."""
    scored = {one.jongere.jongere_id for one in small_regio().jongeren(aantal=1000)[0]}
    weeks = (
        small_region()
        .tables["verzuim"]
        .filter(pl.col("bekend_op") <= CONFIG.peildatum, pl.col("uren_ongeoorloofd") > 1)
    )
    newest = weeks.filter(pl.col("jongere_id").is_in(scored)).sort("week", "jongere_id")
    row = newest.row(-1, named=True)
    return row["jongere_id"], row["week"]


def page_of(coach: TestClient, who: str) -> str:
    found = coach.get(f"/privacy/{who}")
    assert found.status_code == 200, found.text
    return text_of(read(found.text))


def test_a_correction_marks_what_was_suggested_and_scores_again_within_a_minute(
    coach: TestClient, engine: Engine
) -> None:
    who, week = absent()
    page_of(coach, who)  # shows a score, which the next look finds on record
    assert OLD not in (before := page_of(coach, who))
    assert NEW in before
    form = {
        "gegeven": "verzuim.uren_ongeoorloofd",
        "sleutel": week.isoformat(),
        "waarde": "0",
        "reden": "Het was geoorloofd.",
    }
    assert coach.post(f"/privacy/{who}/correctie", data=form).status_code == 303
    begun = monotonic()
    assert OLD in page_of(coach, who)

    while NEW not in page_of(coach, who):
        assert monotonic() - begun < MINUTE
        sleep(0.2)
    seconds = monotonic() - begun
    with unit_of_work(engine, read_only=True) as session:
        old = {one.lijst_sha256 for one in outdated_suggesties(session)}
        known = set(session.scalars(sa.select(SUGGESTIE.c.lijst_sha256)))

    assert seconds < MINUTE
    assert len(old) == 1
    assert len(known) == 2
    assert OLD in page_of(coach, who)
