"""No small number is shown, and none follows from the numbers that are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.optimize import linprog

from service.privacy.kleine_aantallen import KLEINSTE, Tabel, hide_counts, hide_table, share

TABLES = arrays.arrays(
    np.int64,
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    elements=st.one_of(st.integers(0, 12), st.integers(0, 400)),
)


def flat(table: Tabel) -> list[int | None]:
    rows = [[*cells, total] for cells, total in zip(table.cellen, table.rijen, strict=True)]
    return [one for row in [*rows, [*table.kolommen, table.totaal]] for one in row]


def sums(shape: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return what a reader of the table knows: which cells add up to which."""
    rows, columns = shape[0] + 1, shape[1] + 1
    found = []
    for row in range(rows):
        line = np.zeros((rows, columns))
        line[row, :-1], line[row, -1] = 1, -1
        found.append(line.ravel())
    for column in range(columns):
        line = np.zeros((rows, columns))
        line[:-1, column], line[-1, column] = 1, -1
        found.append(line.ravel())
    return np.array(found)


def width_for_a_reader(shown: list[int | None], shape: tuple[int, int], cell: int) -> float:
    """Return how far apart the least and greatest value lie that agree with what is shown."""
    bounds = [(0, None) if one is None else (one, one) for one in shown]
    ends: list[float] = []
    for sign in (1, -1):
        goal = np.zeros(len(shown))
        goal[cell] = sign
        solved = linprog(goal, A_eq=sums(shape), b_eq=np.zeros(sum(shape) + 2), bounds=bounds)
        ends.append(np.inf if solved.status == 3 else sign * float(solved.fun or 0.0))
    return float(abs(ends[1] - ends[0])) if np.inf not in ends else np.inf


@settings(max_examples=1000)
@given(TABLES)
def test_no_number_below_ten_is_shown_in_a_thousand_tables(
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]],
) -> None:
    shown = flat(hide_table(counts))
    assert all(one is None or one >= KLEINSTE for one in shown)
    # one hidden cell in a sum of shown ones is no secret: the reader subtracts
    for line in sums(counts.shape):
        parts = [shown[at] for at in np.flatnonzero(line)]
        assert parts.count(None) != 1


@settings(max_examples=40)
@given(TABLES)
def test_a_reader_who_solves_the_sums_finds_no_hidden_number(
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]],
) -> None:
    shown = flat(hide_table(counts))
    for cell, value in enumerate(shown):
        if value is None:
            assert width_for_a_reader(shown, counts.shape, cell) >= 1 - 1e-6


@settings(max_examples=100)
@given(TABLES)
def test_what_is_shown_is_true(
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]],
) -> None:
    table = hide_table(counts)
    for (row, column), value in np.ndenumerate(counts):
        assert table.cellen[row][column] in {None, int(value)}
    assert table.totaal in {None, int(counts.sum())}


def test_a_table_of_large_numbers_is_shown_whole() -> None:
    table = hide_table([[10, 20, 30], [40, 50, 60]])
    assert None not in flat(table)
    assert table.rijen == (60, 150)
    assert table.kolommen == (50, 70, 90)


def test_no_more_is_hidden_than_it_takes() -> None:
    table = hide_table([[5, 100, 200], [100, 100, 100], [100, 100, 300]])
    assert flat(table).count(None) == 4


def test_a_group_is_not_betrayed_by_the_total() -> None:
    found = hide_counts({"a": 3, "b": 12, "c": 90})
    assert (found.cellen, found.totaal) == ({"a": None, "b": None, "c": 90}, 105)
    assert hide_counts({}).totaal is None


@pytest.mark.parametrize(("deel", "geheel"), [(0, 9), (9, 9), (0, 0)])
def test_a_share_of_a_small_group_is_not_shown(deel: int, geheel: int) -> None:
    assert share(deel, geheel) is None


@given(st.integers(10, 500), st.data())
def test_a_share_never_tells_a_small_part(geheel: int, data: st.DataObject) -> None:
    deel = data.draw(st.integers(0, geheel))
    found = share(deel, geheel)
    assert found is not None
    assert found.laag <= deel / geheel <= found.hoog
    if min(deel, geheel - deel) < KLEINSTE:
        assert round(found.hoog * geheel) - round(found.laag * geheel) >= min(KLEINSTE, geheel)
