"""A region that is built on the one before it equals one that is built from nothing."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.contract import Tables
from service.regio import Regio
from service.snapshot.crowds import crowd_after
from tests.service.region import CONFIG, small_models, small_region

DAY = CONFIG.peildatum
Change = Callable[[dict[str, pl.DataFrame], int], None]


def build(
    tables: Tables,
    former: Regio | None = None,
    *,
    ongescoord: frozenset[str] = frozenset(),
    beloofd: dict[str, str] | None = None,
) -> Regio:
    uitvalrisico, plaatsing = small_models()
    regio = Regio(
        tables,
        peildatum=DAY,
        uitvalrisico=uitvalrisico,
        plaatsing=plaatsing,
        namen={},
        ongescoord=ongescoord,
        beloofd=beloofd or {},
        former=former,
    )
    regio.prepare(former)
    return regio


@cache
def first() -> Regio:
    return build(small_region().tables)


def row_of(
    tables: dict[str, pl.DataFrame], name: str, place: int, column: str, how: pl.Expr
) -> None:
    frame = tables[name]
    chosen = pl.int_range(pl.len()) == place % frame.height
    tables[name] = frame.with_columns(
        pl.when(chosen).then(how).otherwise(pl.col(column)).alias(column)
    )


def raise_hours(tables: dict[str, pl.DataFrame], place: int) -> None:
    row_of(tables, "voorkeur", place, "uren_max", pl.col("uren_max") + 4)


def close(tables: dict[str, pl.DataFrame], place: int) -> None:
    row_of(tables, "leerwerkplek", place, "sluit_op", pl.lit(DAY - timedelta(days=1)))


def widen(tables: dict[str, pl.DataFrame], place: int) -> None:
    row_of(tables, "leerwerkplek", place, "capaciteit", pl.col("capaciteit") + 3)


def remove_plek(tables: dict[str, pl.DataFrame], place: int) -> None:
    frame = tables["leerwerkplek"]
    gone = frame["leerwerkplek_id"][place % frame.height]
    for name in ("leerwerkplek", "leerwerkplek_eis", "leerwerkplek_werkproces"):
        tables[name] = tables[name].filter(pl.col("leerwerkplek_id") != gone)


def add_plek(tables: dict[str, pl.DataFrame], place: int) -> None:
    frame = tables["leerwerkplek"]
    new = frame[place % frame.height].with_columns(leerwerkplek_id=pl.lit(f"A{place:04}"))
    tables["leerwerkplek"] = pl.concat([frame, new]).unique(
        "leerwerkplek_id", keep="first", maintain_order=True
    )


def remove_jongere(tables: dict[str, pl.DataFrame], place: int) -> None:
    frame = tables["jongere"]
    gone = frame["jongere_id"][place % frame.height]
    for name, rows in tables.items():
        if "jongere_id" in rows:
            tables[name] = rows.filter(pl.col("jongere_id") != gone)


def judge(tables: dict[str, pl.DataFrame], place: int) -> None:
    row_of(tables, "competentiemeting", place, "niveau", 4 - pl.col("niveau"))


def miss_school(tables: dict[str, pl.DataFrame], place: int) -> None:
    row_of(tables, "verzuim", place, "uren_ongeoorloofd", pl.col("lesuren"))


def end_stage(tables: dict[str, pl.DataFrame], place: int) -> None:
    frame = tables["stage"].with_row_index("rij")
    runs = frame.filter(pl.col("einddatum").is_null())["rij"]
    if runs.len():
        row = runs[place % runs.len()]
        for column in ("einddatum", "einde_bekend_op"):
            row_of(tables, "stage", row, column, pl.col("begindatum"))


CHANGES: tuple[Change, ...] = (
    raise_hours,
    close,
    widen,
    remove_plek,
    add_plek,
    remove_jongere,
    judge,
    miss_school,
    end_stage,
)


def changed(changes: list[tuple[Change, int]]) -> dict[str, pl.DataFrame]:
    tables = dict(small_region().tables)
    for change, place in changes:
        change(tables, place)
    return tables


def assert_same(one: Regio, other: Regio) -> None:
    """Everything that is asked of both is equal, to the last bit of a chance."""
    assert one.scores.equals(other.scores)
    crowds = one.matching.paren.crowd(), other.matching.paren.crowd()
    for name in ("times", "best", "kansen", "open_places"):
        assert np.array_equal(getattr(crowds[0], name), getattr(crowds[1], name)), name
    assert one.matching.paren.plekken == other.matching.paren.plekken
    assert one.matching.paren.zoekend == other.matching.paren.zoekend
    assert one.jongeren(aantal=3) == other.jongeren(aantal=3)
    jongere_id = one.matching.paren.zoekend[7]
    assert one.matching.suggesties(jongere_id) == other.matching.suggesties(jongere_id)
    plek_id = one.matching.paren.plekken[5].leerwerkplek_id
    assert one.matching.kandidaten(plek_id) == other.matching.kandidaten(plek_id)
    assert one.tafel.plekken() == other.tafel.plekken()


@pytest.mark.parametrize("change", CHANGES)
def test_a_region_built_on_the_former_one_equals_one_built_from_nothing(change: Change) -> None:
    tables = changed([(change, 11)])

    assert_same(build(tables, first()), build(tables))


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(
    changes=st.lists(
        st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 800)), max_size=4), max_size=3
    ),
    zonder=st.lists(st.integers(0, 500), max_size=3),
    beloofd=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 140)), max_size=4),
)
def test_any_steps_from_region_to_region_lead_to_what_one_step_leads_to(
    changes: list[list[tuple[Change, int]]], zonder: list[int], beloofd: list[tuple[int, int]]
) -> None:
    ids = small_region().tables["jongere"]["jongere_id"]
    plekken = small_region().tables["leerwerkplek"]["leerwerkplek_id"]
    ongescoord = frozenset(ids[place] for place in zonder)
    promised = {ids[who]: plekken[plek] for who, plek in beloofd}
    regio, done = first(), list[tuple[Change, int]]()
    for step in changes:
        done += step
        regio = build(changed(done), regio, ongescoord=ongescoord, beloofd=promised)

    if changes:
        whole = build(changed(done), ongescoord=ongescoord, beloofd=promised)
        assert_same(regio, whole)


def test_what_was_made_of_the_same_tables_is_taken_over() -> None:
    regio = build(changed([(raise_hours, 3)]), first())

    assert regio.scores is first().scores
    assert regio.matching.paren.scorer is first().matching.paren.scorer
    assert regio.matching.paren.context is not first().matching.paren.context


def test_another_model_ranks_everybody_anew() -> None:
    paren = first().matching.paren
    other = build(small_region().tables).matching.paren

    assert paren.scorer is not other.scorer
    assert crowd_after(paren, other) is other.crowd()


def test_a_promised_place_is_taken_for_others_and_not_for_whom_it_was_promised_to() -> None:
    paren = first().matching.paren
    open_pairs = paren.score(paren.zoekend[:50])
    free = np.array([plek.vrij for plek in paren.plekken])
    place = next(plek for plek in open_pairs.plek if free[plek] == 1)
    who = [paren.zoekend[one] for one in np.flatnonzero(open_pairs.blokkades[:, place] == 0)]
    promised = build(
        small_region().tables, first(), beloofd={who[0]: paren.plekken[place].leerwerkplek_id}
    ).matching.paren

    assert promised.plekken[place].vrij == 0
    assert promised.score(who[:1], plekken=[place]).plek.tolist() == [place]
    assert not len(promised.score(who[1:], plekken=[place]).plek)
