"""Besluit, plaatsing, outcome: what the table chose comes back with how it was chosen."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from features.tables import TABLES
from models.plaatsing_history import plaatsing_stages
from service.bewaken.opvolging import standgehouden, teruggekomen, trekkansen
from service.matchtafel.begrippen import Keuze
from service.storage.bewaken import BewakenRepository
from service.storage.bewaking import TE_WEINIG
from service.storage.engine import unit_of_work
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT
from service.storage.suggestielog_tables import LIJST, SUGGESTIE
from service.suggestielog.lijst import Soort
from tests.databases import open_migrated
from tests.service.mensen import add_account, add_regio
from tests.service.suggestielog.test_volggedrag import DAY, decide

LATER = DAY + timedelta(days=400)
BEGIN = DAY + timedelta(days=14)
KANS = 0.25


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_migrated(f"sqlite:///{tmp_path / 'v.db'}")
    with unit_of_work(engine) as session:
        add_regio(session)
        add_account(session, "coach", "een lang en goed wachtwoord")
    yield engine
    engine.dispose()


def stages(n: int, *, broken: int) -> dict[str, pl.DataFrame]:
    """Return tables in which these jongeren began where the table sent them; some broke off."""
    planned = BEGIN + timedelta(days=120)
    rows = [
        {
            "stage_id": f"S{one}",
            "jongere_id": f"J{one}",
            "leerwerkplek_id": "P1",
            "begindatum": BEGIN,
            "geplande_einddatum": planned,
            "einddatum": BEGIN + timedelta(days=20) if one < broken else planned,
            "bekend_op": BEGIN,
            "einde_bekend_op": planned,
        }
        for one in range(n)
    ]
    empty = {name: pl.DataFrame(schema=table.schema) for name, table in TABLES.items()}
    schema = dict(TABLES["stage"].schema)
    return empty | {
        "stage": pl.DataFrame(rows, schema_overrides=schema).select(
            *(
                pl.col(name) if name in rows[0] else pl.lit(None, kind).alias(name)
                for name, kind in schema.items()
            )
        )
    }


def test_what_the_table_chose_comes_back_with_its_rank_its_chance_and_its_outcome(
    store: Engine,
) -> None:
    decide(store, 30, followed=30, seconds=60.0)
    with unit_of_work(store) as session:
        session.execute(sa.update(AGENDAPUNT).values(trekkans=KANS, aselect=True))
    tables = stages(20, broken=5)

    with unit_of_work(store, read_only=True) as session:
        back = teruggekomen(session, tables, LATER)

    assert back.height == 30
    assert back["trekkans"].unique().to_list() == [KANS]
    assert back["rang"].unique().to_list() == [1]
    assert back["geslaagd"].sum() == 15
    assert back.filter(pl.col("stage_id").is_null())["geslaagd"].to_list() == [False] * 10
    # and the next training learns from the same stages
    learned = plaatsing_stages(tables, observed_until=LATER)
    assert set(back["stage_id"].drop_nulls()) == set(learned["stage_id"])


def test_the_next_training_knows_how_likely_it_was_that_a_stage_came_about(store: Engine) -> None:
    decide(store, 30, followed=30, seconds=60.0)
    drawn, held = AGENDAPUNT.c.id <= 10, AGENDAPUNT.c.id > 20
    with unit_of_work(store) as session:
        session.execute(sa.update(AGENDAPUNT).values(trekkans=0.02))
        session.execute(sa.update(AGENDAPUNT).where(drawn).values(aselect=True))
        session.execute(sa.update(AGENDAPUNT).where(held).values(trekkans=0.0))

    with unit_of_work(store, read_only=True) as session:
        found = trekkansen(session, stages(25, broken=5), LATER)

    by_stage = dict(zip(found["stage_id"], found["kans"], strict=True))
    # of who was put off before, and of who got no stage, nothing is known
    assert set(by_stage) == {f"S{one}" for one in range(20)}
    assert {by_stage[f"S{one}"] for one in range(10)} == {0.02}
    assert {round(by_stage[f"S{one}"], 9) for one in range(10, 20)} == {0.82}
    # ten waited, each as likely
    assert found["doel"].to_list() == pytest.approx([0.1] * 20)


def test_before_the_time_is_over_nothing_is_said_of_who_has_no_stage(store: Engine) -> None:
    decide(store, 12, followed=12, seconds=60.0)

    with unit_of_work(store, read_only=True) as session:
        back = teruggekomen(session, stages(1, broken=0), DAY + timedelta(days=30))

    assert back["geslaagd"].null_count() == 12


@pytest.mark.parametrize(("n", "shown"), [(9, False), (40, True)])
def test_the_share_that_lasted_is_shown_from_ten_on(store: Engine, n: int, shown: bool) -> None:
    decide(store, n, followed=n, seconds=60.0)

    with unit_of_work(store, read_only=True) as session:
        first = next(standgehouden(session, stages(n, broken=n // 2), LATER))

    assert first.onderwerp == "eerste plek"
    assert (first.niveau == TE_WEINIG) is not shown
    assert (first.waarde == 0.5) is shown


def test_a_besluit_that_was_replaced_counts_for_nothing(store: Engine) -> None:
    decide(store, 2, followed=2, seconds=60.0)
    first = sa.select(BESLUIT).where(BESLUIT.c.id == 1)
    with unit_of_work(store) as session:
        row = dict(session.execute(first).mappings().one())
        held = {"id": 3, "vervangt_id": 1, "keuze": Keuze.AANHOUDEN, "leerwerkplek_id": None}
        session.execute(sa.insert(BESLUIT).values(row | held))

    with unit_of_work(store, read_only=True) as session:
        repository = BewakenRepository(session)
        assert [one.besluit_id for one in repository.voorgesteld()] == [2]
        assert [one.jongere_id for one in repository.gekozen()] == ["J1"]


@pytest.mark.parametrize(
    ("soort", "rang"),
    [
        (Soort.LEERWERKPLEKKEN, [7]),
        (Soort.VOORSTEL, [1]),
        (Soort.KEUZES, [8]),
        (Soort.KANDIDATEN, []),
    ],
)
def test_a_rank_is_that_of_the_place_for_the_jongere(
    store: Engine, soort: Soort, rang: list[int]
) -> None:
    decide(store, 1, followed=1, seconds=60.0)
    with unit_of_work(store) as session:
        session.execute(sa.update(LIJST).values(soort=soort))
        session.execute(sa.update(SUGGESTIE).values(rang=7))

    with unit_of_work(store, read_only=True) as session:
        assert [one.rang for one in BewakenRepository(session).voorgesteld()] == rang
