"""Learning a werkproces: the calibrated probability that it is mastered in the hours given to it.

The chance is of a jongere who stays; that a plaatsing holds is another model
(`models.leerwerkplek`). Werkprocessen of one stage succeed together more often than chance would
have it, so the model also keeps how strongly, for what is said of a whole set.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from features.registry import Feature
from features.werkproces import KEYS, WERKPROCES_FEATURES
from models.booster import BoosterConfig
from models.fallback import STRAY
from models.interval import Spread
from models.registered import Labelled, RegisteredModel
from models.stack import StackConfig

Floats = NDArray[np.float64]

SAMENHANG_FILE = "samenhang.json"
MOST_SAMENHANG: Final = 0.9
DRIFT: Final = 0.03
"""Variance on the log-odds scale added for later time, which rows of one time cannot show."""
FEWEST_HOURS_SHARE: Final = 0.05
"""Share of the examples that may have fewer hours than the fewest that are planned with."""
FEWEST_PAIRS = 50
"""With fewer pairs of outcomes of one stage, no dependence is told from chance."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_STAGE = ("jongere_id", "leerwerkplek_id", "peildatum", "beoordeeld")


@dataclass(frozen=True)
class WerkprocesModel(RegisteredModel):
    """Calibrated P(werkproces is judged zelfstandig at the planned end | it is stayed for).

    Parameters
    ----------
    samenhang : float
        Correlation, in [0, 0.9], of the latent results of two werkprocessen of one stage.
    spreiding : float
        Variance on the log-odds scale with which hundreds of sets stray beyond chance.
    uren_minst : float
        Fewest hours for one werkproces of which there are examples enough: of less the model
        knows nothing.
    """

    name: ClassVar[str] = "werkproces"
    features: ClassVar[tuple[Feature, ...]] = WERKPROCES_FEATURES
    carried: ClassVar[frozenset[str]] = frozenset(KEYS)
    smallest: ClassVar[float] = 2.5
    """In a region of 6,000 jongeren a column of chance moved up to 2.4 of the hundred."""

    samenhang: float = 0.0
    spreiding: float = STRAY
    uren_minst: float = 0.0

    @classmethod
    def fit(
        cls,
        frame: pl.DataFrame,
        labels: NDArray[np.float64],
        *,
        calibration: Labelled,
        config: StackConfig | BoosterConfig,
        seed: int,
        **more: Any,  # noqa: ANN401  # whatever else the base takes, passed on
    ) -> Self:
        """Fit as every registered model, and learn from the later rows what goes together."""
        model = super().fit(
            frame, labels, calibration=calibration, config=config, seed=seed, **more
        )
        later, outcome = calibration
        kansen, stages = model.predict(later), stages_of(later)
        found = estimate_samenhang(kansen, outcome, stages)
        said, happened = sets_of(kansen, outcome, stages, found)
        spread = Spread.fit(said, happened).variance + DRIFT
        fewest = frame["uren"].quantile(FEWEST_HOURS_SHARE) or 0.0
        return replace(model, samenhang=found, spreiding=spread, uren_minst=fewest)

    def chance_of_set(self, kansen: Floats) -> float:
        """Return the chance that at least half of a set is mastered, each with its own chance."""
        return chance_at_least(kansen, half(len(kansen)), self.samenhang)

    def bounds_of_set(self, kans: float) -> tuple[float, float]:
        """Return between which shares of a hundred sets with this chance it will be (90%)."""
        bounds = Spread(self.spreiding).bounds(np.array([kans]))
        return float(bounds.low[0]), float(bounds.high[0])

    def save(self, folder: Path) -> None:
        """Write the model as data into a folder, which is made when absent."""
        super().save(folder)
        described = {
            "samenhang": self.samenhang,
            "spreiding": self.spreiding,
            "uren_minst": self.uren_minst,
        }
        (folder / SAMENHANG_FILE).write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote; errors as `RegisteredModel.load`."""
        described = json.loads((folder / SAMENHANG_FILE).read_text(encoding="utf-8"))
        return replace(super().load(folder), **described)


def half(n: int) -> int:
    """Return how many of so many werkprocessen are at least a half."""
    return (n + 1) // 2


def chance_at_least(kansen: Floats, nodig: int, samenhang: float) -> float:
    """Return the chance that at least so many of a set are mastered, each with its own chance.

    The results share one normal factor (a Gaussian copula), so that each chance by itself stays
    as it was; without dependence this is the Poisson-binomial distribution.

    References
    ----------
    Vasicek (2002), The distribution of loan portfolio value, Risk 15.

    Examples
    --------
    >>> round(chance_at_least(np.array([0.5, 0.5]), 1, 0.0), 6)
    0.75
    """
    given = _given_factor(kansen, samenhang)
    counts = np.zeros((len(_NODES), len(kansen) + 1))
    counts[:, 0] = 1.0
    for chance in given.T[:, :, None]:
        moved = np.zeros_like(counts)
        moved[:, 1:] = counts[:, :-1] * chance
        counts = counts * (1 - chance) + moved
    return float(min(_WEIGHTS @ counts[:, nodig:].sum(axis=1), 1.0))


def estimate_samenhang(kansen: Floats, labels: Floats, stages: NDArray[np.int64]) -> float:
    """Return the correlation with which pairs of one stage succeed together as much as they did.

    By moments: of the products of what was above the chance, which a wrong level hardly moves.

    Parameters
    ----------
    kansen, labels : array of shape (n_rows,)
        Calibrated chances of rows that the model was not grown on, and what happened.
    stages : array of int of shape (n_rows,)
        Rows of one stage have one number.
    """
    first, second = _pairs(stages)
    if len(first) < FEWEST_PAIRS:
        return 0.0
    above = labels - kansen
    seen = float((above[first] * above[second]).sum())
    apart = float((kansen[first] * kansen[second]).sum())

    def too_many(samenhang: float) -> float:
        given = _given_factor(kansen, samenhang)
        both = (given[:, first] * given[:, second]).sum(axis=1)
        return float(_WEIGHTS @ both) - apart - seen

    if too_many(0.0) >= 0:
        return 0.0
    if too_many(MOST_SAMENHANG) <= 0:
        return MOST_SAMENHANG
    return float(brentq(too_many, 0.0, MOST_SAMENHANG, xtol=1e-4))


def _given_factor(kansen: Floats, samenhang: float) -> Floats:
    """Return the chances given each value of the shared factor, of shape (nodes, n)."""
    border = ndtri(np.clip(kansen, 1e-9, 1 - 1e-9))
    shifted = border + np.sqrt(samenhang) * _NODES[:, None]
    return np.asarray(ndtr(shifted / np.sqrt(1 - samenhang)))


def sets_of(
    kansen: Floats, labels: Floats, stages: NDArray[np.int64], samenhang: float
) -> tuple[Floats, Floats]:
    """Return, per stage, the chance that at least half is mastered, and whether it was."""
    _, place = np.unique(stages, return_inverse=True)
    rows = [np.flatnonzero(place == number) for number in range(place.max(initial=-1) + 1)]
    said = [chance_at_least(kansen[part], half(len(part)), samenhang) for part in rows]
    happened = [float(labels[part].sum() >= half(len(part))) for part in rows]
    return np.array(said), np.array(happened)


def stages_of(frame: pl.DataFrame) -> NDArray[np.int64]:
    """Return a number per row, the same for rows of one stage that are seen in one way."""
    judged = frame.with_columns(beoordeeld=pl.col("startniveau").is_not_null())
    return judged.select(pl.struct(_STAGE).rank("dense").cast(pl.Int64)).to_series().to_numpy()


def _pairs(stages: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the row numbers of all pairs of rows of one stage."""
    rows = pl.DataFrame({"stage": stages}).with_row_index("rij")
    both = rows.join(rows, on="stage", suffix="_ander").filter(pl.col("rij") < pl.col("rij_ander"))
    return (
        both["rij"].cast(pl.Int64).to_numpy(),
        both["rij_ander"].cast(pl.Int64).to_numpy(),
    )
