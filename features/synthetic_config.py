"""What a made-up region is asked to be: its size, its calendar and the figures it must meet."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from features.vocabulary import Onderwijssoort

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

SOORTEN = (
    Onderwijssoort.PRO,
    Onderwijssoort.VSO,
    Onderwijssoort.VAVO,
    Onderwijssoort.ENTREE,
    Onderwijssoort.MBO_2,
    Onderwijssoort.MBO_3,
    Onderwijssoort.MBO_4,
)
"""Kinds of education in the region; their place in this tuple is their code in arrays."""
PRO, VSO, VAVO, ENTREE, MBO_2, MBO_3, MBO_4 = range(len(SOORTEN))
OUT = -1
"""Code of a jongere who is not enrolled."""

AUGUST, JULY, JUNE = 8, 7, 6
HOLIDAYS = ((29, 36), (43, 43), (52, 53), (1, 1), (8, 8), (18, 18))
"""Weeks without lessons, as ISO week numbers, both ends inclusive; invented."""


@dataclass(frozen=True)
class RegionConfig:
    """Size, period and seed of a made-up region.

    Parameters
    ----------
    jongeren, leerbedrijven, leerwerkplekken : int
        How many there are; at least 1 each.
    begin : date
        First day of the history: the first of August of a year.
    peildatum : date
        Last day of the history: the first of a month. What is known later is left out.
    seed : int
        The same seed gives the same region.
    leren : bool
        Whether judgements of werkprocessen before and after stages are written down as well; all
        other rows stay as they are.
    verstrengeld : bool
        Whether people choose places by what is near, popular and fits, with all they know of a
        jongere, so that history alone misleads; else they take any of those they have in mind.

    Raises
    ------
    ValueError
        A number is below 1, or a day is no first of (August, a month).
    """

    jongeren: int = 6000
    leerbedrijven: int = 400
    leerwerkplekken: int = 1200
    begin: date = date(2022, 8, 1)
    peildatum: date = date(2026, 11, 1)
    seed: int = 1
    leren: bool = False
    verstrengeld: bool = True

    def __post_init__(self) -> None:
        if min(self.jongeren, self.leerbedrijven, self.leerwerkplekken) < 1:
            raise ValueError("a region has at least one jongere, leerbedrijf and leerwerkplek")
        if (self.begin.month, self.begin.day) != (AUGUST, 1) or self.peildatum.day != 1:
            raise ValueError("begin is a first of August and peildatum a first of a month")
        if self.peildatum <= self.begin:
            raise ValueError("peildatum must come after begin")

    @property
    def months(self) -> int:
        """Number of months from begin to peildatum."""
        return self.month_of(self.peildatum)

    def month_of(self, day: date) -> int:
        """Return the number of the month of a day; the month of begin is 0."""
        return (day.year - self.begin.year) * 12 + day.month - self.begin.month

    def rng(self, stream: int) -> np.random.Generator:
        """Return a stream of random numbers of its own, so that parts do not shift each other."""
        return np.random.default_rng((self.seed, stream))


def calendar_month(month: int) -> int:
    """Return the month of the year (1-12) of a month counted from a first of August.

    Examples
    --------
    >>> calendar_month(0), calendar_month(5)
    (8, 1)
    """
    return (AUGUST - 1 + month) % 12 + 1


def first_days(config: RegionConfig, months: Ints) -> Days:
    """Return the first day of each month, as datetime64[D]."""
    base = np.datetime64(config.begin, "M")
    return (base + months.astype("timedelta64[M]")).astype("datetime64[D]")


def school_weeks(config: RegionConfig) -> Days:
    """Return the Mondays of the weeks with lessons from begin to peildatum, in order."""
    monday = config.begin + timedelta(days=-config.begin.weekday() % 7)
    weeks = []
    while monday + timedelta(days=6) < config.peildatum:
        number = monday.isocalendar().week
        if not any(first <= number <= last for first, last in HOLIDAYS):
            weeks.append(monday)
        monday += timedelta(days=7)
    return np.array(weeks, dtype="datetime64[D]")


def sigmoid(x: npt.ArrayLike) -> Floats:
    """Return the logistic function of log-odds."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x, dtype=np.float64)))


def choose(weights: npt.NDArray[Any], uniform: Floats) -> Ints:
    """Draw a column per row of weights, given one uniform number per row.

    Parameters
    ----------
    weights : ndarray of shape (n, k) or (k,)
        Nonnegative, not all zero in a row.
    uniform : ndarray of shape (n,)
        In [0, 1).

    Examples
    --------
    >>> choose(np.array([1.0, 0.0, 1.0]), np.array([0.2, 0.8])).tolist()
    [0, 2]
    """
    total = np.cumsum(np.atleast_2d(weights), axis=1)
    total = total / total[:, -1:]
    picked: Ints = (uniform[:, None] >= total).sum(axis=1)
    return picked
