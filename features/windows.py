"""Sums over rolling windows before many peildata at once, of what was known on each.

A row that happened on day *d* and was known on day *k* counts in a window of *w* days on every
peildatum from max(*d*, *k*) until *d* + *w*. So a sum is the running total by the first of these
days minus the running total by the last: two look-ups in sorted arrays, however many rows a
window holds and however many peildata are asked. Totals are whole numbers, so they are exact and
the order of rows does not matter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from features.contract import Tables
from features.peildatum import table

Ints = npt.NDArray[np.int64]

FOREVER = None
"""A window without a begin: everything known so far."""
PARTS = 1_000_000
"""Quantities are counted in millionths, which is finer than any register writes them."""
DAY_BITS = 22
"""Days since 1970 stay below this many bits until the year 9999."""
MOST_DAY = 1 << DAY_BITS


@dataclass(frozen=True)
class Events:
    """Dated facts of the jongeren of a spine, ready to be summed over windows.

    Parameters
    ----------
    datum, sichtbaar : array of int
        When each fact happened, and from which day it counts, as jongere and day in one number.
    values : mapping of str to array of int
        What is summed, in `PARTS`.
    nu : array of int
        Jongere and peildatum of each spine row, in one number.
    """

    datum: Ints
    sichtbaar: Ints
    values: Mapping[str, Ints]
    nu: Ints

    @classmethod
    def of(
        cls,
        rows: pl.LazyFrame,
        spine: pl.DataFrame,
        *,
        day: str,
        values: Mapping[str, pl.Expr],
    ) -> Self:
        """Take the rows of the jongeren of a spine.

        Parameters
        ----------
        rows : LazyFrame
            ``jongere_id``, ``bekend_op``, the day, and what the values are made of.
        spine : DataFrame
            ``jongere_id`` and ``peildatum``.
        day : str
            Column with the day on which a row happened.
        values : mapping of str to expression
            A quantity, or a condition that is counted; null adds nothing.
        """
        codes = spine.lazy().select("jongere_id").unique().sort("jongere_id").with_row_index("code")
        both = spine.lazy().join(codes, on="jongere_id", how="left", maintain_order="left")
        found = rows.join(codes, on="jongere_id").select(
            _key(pl.col(day)).alias("datum"),
            _key(pl.max_horizontal(day, "bekend_op")).alias("sichtbaar"),
            *(
                (value.cast(pl.Float64).fill_null(0) * PARTS).round().cast(pl.Int64).alias(name)
                for name, value in values.items()
            ),
        )
        events, asked = pl.collect_all([found, both.select(_key(pl.col("peildatum")).alias("nu"))])
        return cls(
            datum=events["datum"].to_numpy(),
            sichtbaar=events["sichtbaar"].to_numpy(),
            values={name: events[name].to_numpy() for name in values},
            nu=asked["nu"].to_numpy(),
        )

    def sums(self, windows: Sequence[int | None]) -> pl.DataFrame:
        """Return the sum of each value over each window, one row per spine row.

        Parameters
        ----------
        windows : sequence of int or None
            Lengths in days, the peildatum included; `FOREVER` counts everything before.

        Returns
        -------
        DataFrame
            Float64 columns ``{value}_{days}``, or ``{value}_alles``.
        """
        every = _Order.of(self.sichtbaar, self.datum)
        until, begin = every.until(self.nu), every.until((self.nu & -MOST_DAY) - 1)
        lengths = [days for days in windows if days is not FOREVER]
        gone = {days: every.fallen(self.nu - days) for days in lengths}
        late = {days: self._late(days) for days in lengths}
        found = {}
        for name, value in self.values.items():
            seen, happened = every.running(value)
            counted = seen[until]
            for days in windows:
                if days is FOREVER:
                    found[f"{name}_alles"] = (counted - seen[begin]) / PARTS
                else:
                    total = counted - happened[gone[days]] - late[days](value)
                    found[f"{name}_{days}"] = total / PARTS
        return pl.DataFrame(found)

    def _late(self, days: int) -> Callable[[Ints], Ints | int]:
        """Return how to sum the facts that were known only after they had left a window."""
        rows = self.sichtbaar - self.datum >= days
        if not rows.any():
            return lambda value: 0
        order = _Order.of(self.sichtbaar[rows], self.datum[rows])
        until, gone = order.until(self.nu), order.fallen(self.nu - days)

        def total(value: Ints) -> Ints:
            seen, happened = order.running(value[rows])
            return seen[until] - happened[gone]

        return total

    def latest(self) -> pl.Series:
        """Return the days since the latest fact of each spine row, null where there was none."""
        seen = np.argsort(self.sichtbaar, kind="stable")
        until = np.searchsorted(self.sichtbaar[seen], self.nu, side="right")
        newest = np.concatenate([[-MOST_DAY], np.maximum.accumulate(self.datum[seen])])[until]
        ago = self.nu - newest
        own = (newest & -MOST_DAY) == (self.nu & -MOST_DAY)
        return pl.Series(ago, dtype=pl.Float64).set(pl.Series(~own), None)


@dataclass(frozen=True)
class _Order:
    """Facts in the order in which they were seen, and in which they happened."""

    by_seen: Ints
    by_happened: Ints
    seen: Ints
    happened: Ints

    @classmethod
    def of(cls, seen: Ints, happened: Ints) -> Self:
        # tables are mostly in order already, which a stable sort makes use of
        first, second = (np.argsort(one, kind="stable") for one in (seen, happened))
        return cls(first, second, seen[first], happened[second])

    def until(self, moment: Ints) -> Ints:
        """Return how many were seen by each moment."""
        return np.searchsorted(self.seen, moment, side="right")

    def fallen(self, moment: Ints) -> Ints:
        """Return how many happened by each moment."""
        return np.searchsorted(self.happened, moment, side="right")

    def running(self, value: Ints) -> tuple[Ints, Ints]:
        """Return the running totals of a value in both orders."""
        return _running(value, self.by_seen), _running(value, self.by_happened)


def window_sums(
    tables: Tables,
    name: str,
    spine: pl.DataFrame,
    *,
    day: str,
    values: Mapping[str, pl.Expr],
    windows: Sequence[int | None],
) -> pl.DataFrame:
    """Return sums over windows of one canonical table; see `Events`."""
    return Events.of(table(tables, name).lazy(), spine, day=day, values=values).sums(windows)


def _key(day: pl.Expr) -> pl.Expr:
    """Return jongere and day in one number, ordered by jongere, then day."""
    return pl.col("code").cast(pl.Int64) * MOST_DAY + day.to_physical().cast(pl.Int64)


def _running(values: Ints, order: Ints) -> Ints:
    """Return running totals in an order, with the empty total first."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values[order])])
