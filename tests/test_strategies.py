"""The strategies keep their promise, else every test that uses them proves nothing."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.contract import check_table
from features.tables import TABLES
from tests.checks import check_tables
from tests.strategies import datasets, frames


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=10)
@given(data=st.data())
def test_a_drawn_frame_satisfies_its_contract(name: str, data: st.DataObject) -> None:
    check_table(data.draw(frames(TABLES[name])), TABLES[name])


@settings(max_examples=10)
@given(tables=datasets("stage", "leerwerkplek_eis"))
def test_in_a_drawn_data_set_every_reference_is_found(tables: dict[str, pl.DataFrame]) -> None:
    assert list(tables) == [
        name
        for name in TABLES
        if name
        in {"jongere", "stage", "leerbedrijf", "leerwerkplek", "competentie", "leerwerkplek_eis"}
    ]
    check_tables(tables, TABLES)


@settings(max_examples=10)
@given(data=st.data())
def test_a_newer_version_has_keys_of_the_older(data: st.DataObject) -> None:
    older = data.draw(frames(TABLES["stage"], min_size=1))
    newer = data.draw(frames(TABLES["stage"], keys=older))
    check_table(newer, TABLES["stage"])
    assert set(newer["stage_id"]) <= set(older["stage_id"])


@pytest.mark.parametrize("name", ["verzuim", "stage", "inschrijving", "voorkeur"])
def test_most_drawn_rows_survive_the_rules_of_their_table(name: str) -> None:
    sizes: list[int] = []

    @settings(max_examples=30, database=None)
    @given(frame=frames(TABLES[name], min_size=3, max_size=3))
    def draw(frame: pl.DataFrame) -> None:
        sizes.append(frame.height)

    draw()
    assert sum(sizes) >= len(sizes)
