"""Cuts in time: what a model is fitted on was known before the first day it is tested on.

An example looks from its peildatum at what happens later, and its label is known only after the
horizon and the reporting delay have passed (`known_by`). So an example may be used for fitting only
when it was known before the test begins; then no label window overlaps the test, and the
calibration is later than the trees. A jongere may stand on both sides, at an earlier and a later
peildatum, as in use: the same person is scored again next month, with the past known. An interval
over test rows therefore resamples jongeren, not rows.
"""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

TEST_SHARE = 0.25
CALIBRATION_SHARE = 0.3
REFIT_CALIBRATION_SHARE = 0.1
REFIT_CALIBRATION_MONTHS = 3


@dataclass(frozen=True)
class TemporalSplit:
    """Which rows grow the trees, calibrate them, and test them; a row has at most one use."""

    training: Mask
    calibration: Mask
    test: Mask
    test_start: date | None

    @property
    def fitting(self) -> Mask:
        """Rows known before the test begins."""
        return self.training | self.calibration


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month.

    Examples
    --------
    >>> add_months(date(2025, 1, 31), 1)
    datetime.date(2025, 2, 28)
    >>> add_months(date(2025, 1, 31), -2)
    datetime.date(2024, 11, 30)
    """
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def peildata_between(first: date, last: date, *, months: int) -> tuple[date, ...]:
    """Return peildata every so many months, counted back from the last one, in order."""
    found: list[date] = []
    while (day := add_months(last, -len(found) * months)) >= first:
        found.append(day)
    return tuple(reversed(found))


def temporal_split(
    peildatum: pl.Series,
    known_by: pl.Series,
    *,
    test_share: float = TEST_SHARE,
    calibration_share: float = CALIBRATION_SHARE,
) -> TemporalSplit:
    """Cut examples in three, so that nothing used to fit was unknown when the test begins.

    Parameters
    ----------
    peildatum : Series of Date
        Day from which each example looks, in any order.
    known_by : Series of Date
        Day on which its label is known, never before the peildatum.
    test_share : float
        Share of the rows, the newest, to test on. Rows of one peildatum stay together.
    calibration_share : float
        Share of the rows that were known in time, the newest, for the calibration.

    Returns
    -------
    TemporalSplit
        Rows that are neither known before the test nor in it have no use. Any part may be empty
        when the history is short: whoever fits must count.
    """
    days = _days(peildatum)
    if not len(days):
        return _unused(0)
    start = _newest(days, test_share)
    fitting = _days(known_by) <= start
    calibration = fitting & (days >= _newest(days[fitting], calibration_share))
    return TemporalSplit(fitting & ~calibration, calibration, days >= start, start.astype(object))


def backtests(
    peildatum: pl.Series, known_by: pl.Series, *, windows: int = 3, months: int = 4
) -> tuple[TemporalSplit, ...]:
    """Cut examples several times: each window of months is tested on what was known before it.

    Parameters
    ----------
    peildatum, known_by : Series of Date
        Day from which each example looks, and day on which its label is known.
    windows : int
        Number of test windows, the newest last; they do not overlap.
    months : int
        Length of a window.

    Returns
    -------
    tuple of TemporalSplit
        In order of time. A window without rows to test or to fit is left out.
    """
    days = _days(peildatum)
    if not len(days):
        return ()
    known, last = _days(known_by), days.max().astype(object)
    found = []
    for back in reversed(range(windows)):
        end = np.datetime64(add_months(last, -back * months), "D")
        start = np.datetime64(add_months(last, -(back + 1) * months), "D") + np.timedelta64(1, "D")
        test = (days >= start) & (days <= end)
        fitting = known <= start
        if not test.any() or not fitting.any():
            continue
        calibration = fitting & (days >= _newest(days[fitting], CALIBRATION_SHARE))
        training = fitting & ~calibration
        found.append(TemporalSplit(training, calibration, test, start.astype(object)))
    return tuple(found)


def without_groups(split: TemporalSplit, groups: pl.Series, held: Collection[str]) -> TemporalSplit:
    """Return the split in which the held groups are tested only, and the others fitted only.

    Parameters
    ----------
    split : TemporalSplit
        A cut in time.
    groups : Series
        Group of each row: the instelling for "a new school", the jongere for "a new person".
    held : collection of str
        Groups of which nothing may be used to fit.
    """
    out = groups.is_in(list(held)).fill_null(value=False).to_numpy()
    return TemporalSplit(
        split.training & ~out, split.calibration & ~out, split.test & out, split.test_start
    )


def deal_groups(groups: pl.Series, parts: int, rng: np.random.Generator) -> tuple[set[str], ...]:
    """Return the groups dealt at random over so many parts, each group in one part."""
    names = np.asarray(sorted(groups.drop_nulls().unique().to_list()), dtype=object)
    order = rng.permutation(len(names))
    return tuple(set(names[order[place::parts]].tolist()) for place in range(parts))


def refit_split(peildatum: pl.Series) -> TemporalSplit:
    """Cut examples in two for the final model: the newest quarter of a year calibrates.

    That part grows until it holds a tenth of the rows, because stages begin in few months.

    Parameters
    ----------
    peildatum : Series of Date
        Day from which each example looks; all labels are known.
    """
    days = _days(peildatum)
    if not len(days):
        return _unused(0)
    quarter = add_months(days.max().astype(object), -REFIT_CALIBRATION_MONTHS)
    border = min(
        np.datetime64(quarter) + np.timedelta64(1, "D"), _newest(days, REFIT_CALIBRATION_SHARE)
    )
    return TemporalSplit(days < border, days >= border, np.zeros(len(days), dtype=np.bool_), None)


def _unused(n_rows: int) -> TemporalSplit:
    nothing = np.zeros(n_rows, dtype=np.bool_)
    return TemporalSplit(nothing, nothing, nothing, None)


def _days(series: pl.Series) -> NDArray[np.datetime64]:
    return series.cast(pl.Date).to_numpy().astype("datetime64[D]")


def _newest(days: NDArray[np.datetime64], share: float) -> np.datetime64:
    """Return the day from which on (about) this share of the rows lies, at least one row."""
    if not len(days):
        return np.datetime64("9999-12-31")
    first = min(int(len(days) * (1 - share)), len(days) - 1)
    return np.datetime64(np.sort(days)[first], "D")
