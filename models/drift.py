"""Whether what a model sees now is still what it saw when it was made: the stability index.

The rows of today are held beside those of the same day of the year in the last year that the model
knew (`models.drift_rows`): what is counted over the last weeks differs after a holiday, and that is
no drift. What is unknown has a bin of its own. The population stability index (PSI) sums, over the
bins, the difference of the shares times the log of their ratio.

Two samples of one population differ by chance: without drift the index is about (1/n + 1/m) times
a chi-square with one degree of freedom less than there are bins. So beside each index stands what
chance alone gives on average, and where chance could reach the border of an alarm nothing is said.

References
----------
Siddiqi (2006), Credit Risk Scorecards: below 0.1 no change, above 0.25 a great one. We call at 0.2
(TRUST F12).
Yurdakul, Naranjo (2020), Statistical properties of the population stability index, Journal of Risk
Model Validation 14(4).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import chi2

from models.small_numbers import SMALLEST_GROUP

Vector = NDArray[np.float64]
Ints = NDArray[np.int64]

ALARM: Final = 0.2
"""A greater index raises an alarm (TRUST F12)."""
NOTED: Final = 0.1
BINS: Final = 10
"""At most so many bins of what is known."""
NIGHTS: Final = 1000
"""Where chance alone reaches the border oftener than once in so many runs, nothing is said."""
HALF: Final = 0.5
"""Rows added to each bin, so that an empty one does not make the index endless."""
STILL: Final = 0.8
"""Share of the rows of a day that must still be there to say that it was rewritten."""
NEAR: Final = 0.002
"""Part of the range of a column within which two values are the same."""
SCORE: Final = "score"
"""Name of the score among the features."""
KEYS: Final = ("jongere_id", "leerwerkplek_id")
"""Rows of one of these are alike."""
SHARED: Final = "klas_"
"""Names of features that are the same for a whole class begin so: classes are counted there."""


@dataclass(frozen=True)
class Verschuiving:
    """How far one feature, or the score, has moved.

    Parameters
    ----------
    naam : str
        The feature; `SCORE` for the score.
    psi : float
        The index.
    toeval : float
        What the index is on average when nothing moved: (bins - 1) * (1/n + 1/m).
    n : int
        Rows of now.
    onbekend, onbekend_eerst : float
        Share of which the value is not known, now and then.
    genoeg : bool
        Whether there are rows enough to say anything.
    herschreven : bool
        Whether it is what was known when the model was made, that changed.
    bron : str
        The source without which it would not have been noted; empty when there is no such.
    """

    naam: str
    psi: float
    toeval: float
    n: int
    onbekend: float
    onbekend_eerst: float
    genoeg: bool
    bron: str = ""
    herschreven: bool = False

    @property
    def alarm(self) -> bool:
        """Whether it moved so far that somebody has to look."""
        return self.genoeg and self.psi > ALARM

    @property
    def opvallend(self) -> bool:
        """Whether it moved, not yet so far."""
        return self.genoeg and NOTED < self.psi <= ALARM


def edges_of(values: Vector) -> list[float]:
    """Return the borders of bins of about equal size, each a little above a value that occurs.

    So a value that is nearly the same, as a term in months in a leap year, stays in its bin.

    Examples
    --------
    >>> edges_of(np.array([0.0, 1.0, 1.0, np.nan]))
    [0.002]
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return []
    single = np.unique(known)
    cuts = single
    if single.size > BINS:
        shares = np.linspace(0, 1, BINS + 1)[1:-1]
        cuts = np.unique(np.quantile(known, shares, method="lower"))
    near = NEAR * float(single[-1] - single[0])
    found: list[float] = []
    for one in cuts:
        if one + near < single[-1] and (not found or one > found[-1]):
            found.append(float(one) + near)
    return found


def counts_of(values: Vector, edges: Sequence[float]) -> Ints:
    """Return how many values lie in each bin; the last one holds what is unknown.

    Examples
    --------
    >>> counts_of(np.array([0.0, 1.0, 7.0, np.nan]), [0.002]).tolist()
    [1, 2, 1]
    """
    unknown = np.isnan(values)
    places = np.searchsorted(np.asarray(edges), values[~unknown], side="left")
    counts = np.bincount(places, minlength=len(edges) + 1)
    return np.append(counts, int(unknown.sum())).astype(np.int64)


def psi(first: Ints, now: Ints) -> float:
    """Return the population stability index of two rows of counts in the same bins.

    Examples
    --------
    >>> half, most = np.array([50, 50]), np.array([90, 10])
    >>> psi(half, half), round(psi(half, most), 2)
    (0.0, 0.85)
    """
    one, other = (counts + HALF for counts in (first, now))
    share, later = one / one.sum(), other / other.sum()
    return float(((later - share) * np.log(later / share)).sum())


def stand_of(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, Any]:
    """Return the counts of each column in its bins, ready for a model card.

    With them the watch sees later whether what was known then was rewritten since.

    Parameters
    ----------
    frame : DataFrame
        Rows of the day on which a model was made: ``jongere_id`` and these columns.
    columns : sequence of str
        Features that the model uses, and `SCORE`.
    """
    found = {}
    for name in columns:
        values = values_of(frame, name)
        edges = edges_of(values)
        found[name] = {"grenzen": edges, "aantallen": counts_of(values, edges).tolist()}
    return {"rijen": frame.height, "kenmerken": found}


def rewritten(stand: Mapping[str, Any], again: pl.DataFrame) -> dict[str, float]:
    """Return the index of each column between what a day was, and what it is made again now.

    Nothing where a fifth of the rows is gone, as by retention: those who stay are others.
    """
    if again.height < STILL * stand["rijen"]:
        return {}
    return {
        name: psi(np.asarray(one["aantallen"]), counts_of(values_of(again, name), one["grenzen"]))
        for name, one in stand["kenmerken"].items()
        if name in again.columns
    }


def verschuivingen(
    then: pl.DataFrame, now: pl.DataFrame, columns: Sequence[str], bronnen: pl.Series | None = None
) -> list[Verschuiving]:
    """Return how far each column has moved, in the order of the columns.

    Parameters
    ----------
    then, now : DataFrame
        Rows with ``jongere_id``, perhaps ``leerwerkplek_id``, and these columns.
    columns : sequence of str
        Features that the model uses, and `SCORE`.
    bronnen : Series of text, optional
        Where each row of now comes from, to say which source moved.
    """
    people = [_people(frame) for frame in (then, now)]
    return [_moved(name, then, now, people, len(columns), bronnen) for name in columns]


def _moved(
    name: str,
    then: pl.DataFrame,
    now: pl.DataFrame,
    people: Sequence[int],
    together: int,
    bronnen: pl.Series | None,
) -> Verschuiving:
    """Return how far one column moved; `together` are looked at in one run."""
    before, after = (values_of(frame, name) for frame in (then, now))
    edges = edges_of(before)
    first, later = counts_of(before, edges), counts_of(after, edges)
    m, n = (
        _units(name, values, known) for values, known in zip((before, after), people, strict=True)
    )
    used = int(((first > 0) | (later > 0)).sum())
    noise = 1 / max(n, 1) + 1 / max(m, 1)
    found = psi(first, later)
    # rows of one jongere are alike: people are counted, not rows
    surely = chi2.ppf(1 - 1 / (NIGHTS * together), max(used - 1, 1)) * noise
    enough = min(n, m) >= SMALLEST_GROUP and bool(surely < ALARM)
    return Verschuiving(
        name,
        found,
        (used - 1) * noise,
        n,
        _unknown(later),
        _unknown(first),
        enough,
        _source(first, after, edges, bronnen) if enough and found > ALARM else "",
    )


def values_of(frame: pl.DataFrame, name: str) -> Vector:
    """Return a column as floats, NaN where unknown."""
    return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _people(frame: pl.DataFrame) -> int:
    """Return how many people, or places where those are fewer, the rows are about."""
    keys = [key for key in KEYS if key in frame.columns]
    return min(frame[key].n_unique() for key in keys)


def _units(name: str, values: Vector, people: int) -> int:
    """Return how many say something of their own: people, or classes."""
    if not name.startswith(SHARED):
        return people
    return int(np.unique(values[~np.isnan(values)]).size)


def _unknown(counts: Ints) -> float:
    return float(counts[-1] / counts.sum()) if counts.sum() else 0.0


def _source(first: Ints, values: Vector, edges: Sequence[float], bronnen: pl.Series | None) -> str:
    """Return the source without which the column lies below what is noted; empty for none."""
    for one, own in _sources(bronnen):
        rest = values[~own]
        told = min(own.sum(), rest.size) >= SMALLEST_GROUP
        if told and psi(first, counts_of(rest, edges)) <= NOTED:
            return one
    return ""


def _sources(bronnen: pl.Series | None) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    if bronnen is not None:
        for one in bronnen.drop_nulls().unique().sort():
            yield one, (bronnen == one).fill_null(value=False).to_numpy()
