"""Hiding small numbers: no count of a group below ten is shown, nor one that can be computed.

Hiding only the small cells is not enough: in a row with its total, one hidden cell is the total
less the others. So more cells are hidden until every hidden one could have another value that
agrees with all that is shown (complementary suppression). Every statistic goes through here; a
count of who sits at one matchtafel is no statistic, for everybody there sees the names.

References
----------
TRUST P8. A. Hundepool and others, Statistical Disclosure Control (Wiley 2012), section 4.3:
primary and secondary cell suppression.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.small_numbers import SMALLEST_GROUP

KLEINSTE = SMALLEST_GROUP
"""The smallest group of which a number is shown; the same as on the card of a model."""
TINY = 1e-9

Sleutel = TypeVar("Sleutel", bound=Hashable)
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Geteld(Generic[Sleutel]):
    """Counts by group as they may be shown; None is hidden."""

    cellen: Mapping[Sleutel, int | None]
    totaal: int | None


@dataclass(frozen=True)
class Tabel:
    """A table of counts with its totals as they may be shown; None is hidden."""

    cellen: tuple[tuple[int | None, ...], ...]
    rijen: tuple[int | None, ...]
    kolommen: tuple[int | None, ...]
    totaal: int | None


@dataclass(frozen=True)
class Aandeel:
    """A share between two bounds, both in [0, 1]; they are equal where it may be shown exactly."""

    laag: float
    hoog: float


def hide_counts(counts: Mapping[Sleutel, int], *, total: bool = True) -> Geteld[Sleutel]:
    """Return counts by group as they may be shown.

    Parameters
    ----------
    counts : mapping to int
        Persons by group; a person counts in one group only.
    total : bool
        Whether the total is shown too, so that it may betray a group.

    Examples
    --------
    >>> hide_counts({"school": 4, "uwv": 31, "gemeente": 12})
    Geteld(cellen={'school': None, 'uwv': 31, 'gemeente': None}, totaal=47)
    >>> hide_counts({"school": 4, "uwv": 31, "gemeente": 12}, total=False)
    Geteld(cellen={'school': None, 'uwv': 31, 'gemeente': 12}, totaal=None)
    """
    if not counts:
        return Geteld({}, None)
    values = np.array([*counts.values(), sum(counts.values())], dtype=np.int64)
    hidden = (
        _protect(values, np.array([[1.0] * len(counts) + [-1.0]])) if total else values < KLEINSTE
    )
    shown = [_number(one, hidden=bool(off)) for one, off in zip(values, hidden, strict=True)]
    return Geteld(dict(zip(counts, shown, strict=False)), shown[-1] if total else None)


def hide_table(counts: ArrayLike) -> Tabel:
    """Return a table of counts and its totals as they may be shown.

    Parameters
    ----------
    counts : array of shape (n_rows, n_columns)
        Persons by two groupings; at least one row and one column.

    Examples
    --------
    >>> hide_table([[3, 40], [50, 60]]).cellen
    ((None, None), (None, None))
    >>> hide_table([[30, 40], [50, 60]]).totaal
    180
    """
    whole = _with_totals(np.asarray(counts, dtype=np.int64))
    hidden = _protect(whole.ravel(), _equations(whole.shape)).reshape(whole.shape)
    shown = [
        tuple(_number(value, hidden=bool(off)) for value, off in zip(values, offs, strict=True))
        for values, offs in zip(whole, hidden, strict=True)
    ]
    return Tabel(
        cellen=tuple(row[:-1] for row in shown[:-1]),
        rijen=tuple(row[-1] for row in shown[:-1]),
        kolommen=shown[-1][:-1],
        totaal=shown[-1][-1],
    )


def share(deel: int, geheel: int) -> Aandeel | None:
    """Return a share as it may be shown; None when the whole is too small.

    Where the part or the rest is small, only that it is small is told: bounds instead of the share.

    Examples
    --------
    >>> share(30, 50), share(48, 50), share(2, 9)
    (Aandeel(laag=0.6, hoog=0.6), Aandeel(laag=0.8, hoog=1.0), None)
    """
    if geheel < KLEINSTE:
        return None
    if geheel - deel < KLEINSTE:
        return Aandeel(max(0.0, 1 - KLEINSTE / geheel), 1.0)
    if deel < KLEINSTE:
        return Aandeel(0.0, KLEINSTE / geheel)
    return Aandeel(deel / geheel, deel / geheel)


def _with_totals(counts: Counts) -> Counts:
    """Return a table with a column and a row of totals at its end."""
    rows = np.column_stack([counts, counts.sum(axis=1)])
    return np.vstack([rows, rows.sum(axis=0)])


def _protect(values: Counts, sums: NDArray[np.float64]) -> Mask:
    """Return which cells, totals included, must be hidden.

    Parameters
    ----------
    values : array of shape (n_cells,)
        Every cell of the table and every total.
    sums : array of shape (n_sums, n_cells)
        A row per sum: +1 for each part, -1 for its total.
    """
    hidden = values < KLEINSTE
    while not hidden.all():
        betrayed = _betrayed(values, hidden, sums)
        if betrayed is None:
            break
        hidden[_next_to_hide(values, hidden, sums, betrayed)] = True
    return hidden


def _equations(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return a row per sum: +1 for each part, -1 for its total, over all cells in order."""
    rows, columns = shape
    cells = np.zeros((rows + columns, rows, columns))
    for row in range(rows):
        cells[row, row, :-1], cells[row, row, -1] = 1, -1
    for column in range(columns):
        cells[rows + column, :-1, column], cells[rows + column, -1, column] = 1, -1
    return cells.reshape(rows + columns, rows * columns)


def _betrayed(values: Counts, hidden: Mask, sums: NDArray[np.float64]) -> int | None:
    """Return a hidden cell that follows from what is shown, the first found; None when none does.

    A cell is safe when it can be raised and lowered along with hidden cells that hold somebody: a
    cell of nobody cannot be lowered, so the others may not lean on it.
    """
    filled = hidden & (values > 0)
    for cell in np.flatnonzero(hidden):
        free = filled.copy()
        free[cell] = True
        if not _can_move(sums[:, free], int(free[:cell].sum())):
            return int(cell)
    return None


def _can_move(columns: NDArray[np.float64], cell: int) -> bool:
    """Whether the equations leave a cell free: its column depends on the other columns."""
    others = np.delete(columns, cell, axis=1)
    if not others.shape[1]:
        return bool(np.abs(columns[:, cell]).max() < TINY)
    solved, *_ = np.linalg.lstsq(others, columns[:, cell], rcond=None)
    return bool(np.abs(others @ solved - columns[:, cell]).max() < TINY)


def _next_to_hide(values: Counts, hidden: Mask, sums: NDArray[np.float64], betrayed: int) -> int:
    """Return a shown cell that helps: part of most sums with one hidden cell, and the smallest.

    A total is hidden only when no part is left to hide.
    """
    member = sums != 0
    lonely = member[(member & hidden).sum(axis=1) == 1]
    beside = (lonely if len(lonely) else member[member[:, betrayed]]).any(axis=0) & ~hidden
    candidates = np.flatnonzero(beside if beside.any() else ~hidden)
    is_total = np.any(sums[:, candidates] < 0, axis=0)
    helps = lonely[:, candidates].sum(axis=0)
    rank = np.lexsort((values[candidates], -helps, is_total))
    return int(candidates[rank[0]])


def _number(value: np.int64, *, hidden: bool) -> int | None:
    return None if hidden else int(value)
