from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features.passendheid import PAIR_FEATURES, missing_competenties, pair_features
from features.peildatum import END_COLUMNS, cut_to_peildatum
from features.registry import names
from features.risicoprofiel import population, risicoprofiel
from features.tables import TABLES
from features.vaardigheidsprofiel import vaardigheidsprofiel
from tests.checks import check_tables
from tests.features.facts import DAYS, FIRST_DAY, JONGEREN, PLEKKEN, World, rows, spine

seeds = st.integers(0, 2**32 - 1)
peildata = st.integers(100, DAYS - 100).map(lambda days: FIRST_DAY + timedelta(days=days))
examples = settings(max_examples=12)


def known_parts(tables: dict[str, pl.DataFrame], days: list[date]) -> dict[str, pl.DataFrame]:
    """Everything that features say of everybody on some days."""
    everybody = spine(*[(name, day) for day in days for name in JONGEREN])
    pairs = everybody.join(pl.DataFrame({"leerwerkplek_id": PLEKKEN}), how="cross")
    return {
        "population": population(tables, days),
        "risicoprofiel": risicoprofiel(tables, everybody, klas_van=1),
        "vaardigheidsprofiel": vaardigheidsprofiel(tables, everybody),
        "pair_features": pair_features(tables, pairs),
        "missing": missing_competenties(tables, pairs),
    }


def same(left: dict[str, pl.DataFrame], right: dict[str, pl.DataFrame]) -> None:
    for name, frame in left.items():
        assert_frame_equal(frame, right[name], check_exact=True)


def with_another_future(
    tables: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame], peildatum: date
) -> dict[str, pl.DataFrame]:
    """Keep what was known; let all that was known later be that of another world."""
    future = dict(tables)
    for name, frame in tables.items():
        if "bekend_op" not in frame.columns:
            continue
        now = frame.filter(pl.col("bekend_op") <= peildatum)
        if "einde_bekend_op" in frame.columns:
            now = _other_ends(now, peildatum)
        later = other[name].with_columns(pl.lit(peildatum + timedelta(days=1)).alias("bekend_op"))
        keys = list(TABLES[name].key)
        future[name] = pl.concat([later.join(now, on=keys, how="anti"), now])
    return future


def _other_ends(frame: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    unknown = (pl.col("einde_bekend_op") > peildatum) | pl.col("einde_bekend_op").is_null()
    return frame.with_columns(
        pl.when(unknown).then(pl.col("begindatum")).otherwise("einddatum").alias("einddatum"),
        pl.when(unknown)
        .then(pl.lit(peildatum + timedelta(days=3)))
        .otherwise("einde_bekend_op")
        .alias("einde_bekend_op"),
        *(
            pl.when(unknown).then(pl.lit(nonsense)).otherwise(pl.col(name)).alias(name)
            for name, nonsense in (
                ("reden_uitschrijving", "01"),
                ("reden_einde", "niet gestart"),
                ("beoordeling", 0.0),
            )
            if name in frame.columns
        ),
    )


def test_the_worlds_of_these_tests_satisfy_the_contract() -> None:
    for seed in range(20):
        check_tables(World(seed).tables(), TABLES)


@examples
@given(seeds, peildata)
def test_what_is_not_yet_known_changes_no_feature(seed: int, peildatum: date) -> None:
    tables = World(seed).tables()
    future = with_another_future(tables, World(seed + 1).tables(), peildatum)

    same(known_parts(tables, [peildatum]), known_parts(future, [peildatum]))


@examples
@given(seeds, peildata)
def test_cut_tables_give_the_same_features_as_whole_ones(seed: int, peildatum: date) -> None:
    tables = World(seed).tables()

    same(
        known_parts(tables, [peildatum]),
        known_parts(cut_to_peildatum(tables, peildatum), [peildatum]),
    )


@examples
@given(seeds, st.lists(peildata, min_size=2, max_size=4, unique=True))
def test_many_peildata_at_once_give_what_each_gives_alone(seed: int, days: list[date]) -> None:
    tables = World(seed).tables()
    together = known_parts(tables, days)

    for day in days:
        alone = known_parts(tables, [day])
        same(
            {name: frame.filter(pl.col("peildatum") == day) for name, frame in together.items()},
            alone,
        )


@examples
@given(seeds, peildata, seeds)
def test_the_order_of_rows_does_not_matter(seed: int, peildatum: date, shuffle: int) -> None:
    tables = World(seed).tables()
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=shuffle) for name, frame in tables.items()
    }

    same(known_parts(tables, [peildatum]), known_parts(shuffled, [peildatum]))


def test_features_change_when_something_becomes_known_in_time() -> None:
    """The properties above would hold for features that look at nothing at all."""
    changed = set()
    for seed in range(15):
        tables, other = World(seed).tables(), World(seed + 100).tables()
        day = FIRST_DAY + timedelta(days=500)
        mixed = {
            name: frame if "bekend_op" not in frame.columns else other[name]
            for name, frame in tables.items()
        }
        before, after = known_parts(tables, [day]), known_parts(mixed, [day])
        for part in ("risicoprofiel", "pair_features"):
            for column in before[part].columns:
                if not before[part][column].equals(after[part][column], null_equal=True):
                    changed.add(column)

    assert set(names(PAIR_FEATURES)) <= changed
    assert changed >= set(risicoprofiel({}, spine()).columns[2:])


def test_a_row_counts_from_the_day_on_which_it_is_known() -> None:
    tables = {
        "resultaat": rows(
            "resultaat",
            {"datum": date(2025, 1, 10), "waarde": 0.5, "bekend_op": date(2025, 1, 20)},
        )
    }

    assert cut_to_peildatum(tables, date(2025, 1, 19))["resultaat"].height == 0
    assert cut_to_peildatum(tables, date(2025, 1, 20))["resultaat"].height == 1


def test_an_end_that_is_reported_late_looks_as_if_the_period_lasts() -> None:
    stage = rows(
        "stage",
        {
            "begindatum": date(2025, 1, 6),
            "einddatum": date(2025, 2, 3),
            "reden_einde": "gestopt door jongere",
            "beoordeling": 0.4,
            "einde_bekend_op": date(2025, 4, 1),
        },
    )

    before = cut_to_peildatum({"stage": stage}, date(2025, 3, 31))["stage"]
    after = cut_to_peildatum({"stage": stage}, date(2025, 4, 1))["stage"]

    assert before.select(name for name in END_COLUMNS if name in stage.columns).row(0) == (
        (None,) * 4
    )
    assert_frame_equal(after, stage)


def test_an_end_without_a_day_on_which_it_was_known_never_counts() -> None:
    inschrijving = rows(
        "inschrijving",
        {
            "begindatum": date(2025, 1, 6),
            "einddatum": date(2025, 2, 3),
            "einde_bekend_op": None,
        },
    )

    cut = cut_to_peildatum({"inschrijving": inschrijving}, date(2030, 1, 1))["inschrijving"]

    assert cut["einddatum"].to_list() == [None]


def test_tables_without_a_day_of_knowing_pass_whole() -> None:
    leerbedrijf = rows("leerbedrijf", {})

    assert_frame_equal(
        cut_to_peildatum({"leerbedrijf": leerbedrijf}, date(2000, 1, 1))["leerbedrijf"],
        leerbedrijf,
    )


def test_every_table_of_the_contract_can_be_cut() -> None:
    empty = {name: contract.empty() for name, contract in TABLES.items()}

    for name, frame in cut_to_peildatum(empty, date(2025, 1, 1)).items():
        assert frame.schema == TABLES[name].schema
