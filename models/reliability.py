"""What a model said beside what came of it: the points of a calibration plot."""

import numpy as np
from numpy.typing import NDArray

FEWEST_ROWS = 50
"""A bin with fewer rows says too little, and too much of somebody (TRUST P8)."""


def reliability(
    labels: NDArray[np.float64], scores: NDArray[np.float64], bins: int = 10
) -> list[dict[str, float]]:
    """Return the mean score and the share of outcomes of bins of equal size, by rising score.

    Parameters
    ----------
    labels, scores : array of shape (n_rows,)
        0 or 1, and the probability.
    bins : int
        At most so many; fewer where they would hold fewer than `FEWEST_ROWS`.

    Returns
    -------
    list of dict
        ``gezegd``, ``uitgekomen`` and ``n``, ready for JSON. Equal scores share a bin.
    """
    count = min(bins, len(labels) // FEWEST_ROWS)
    if not count:
        return []
    edges = np.quantile(scores, np.linspace(0, 1, count + 1)[1:-1], method="lower")
    place = np.searchsorted(edges, scores, side="left")
    return [
        {
            "gezegd": round(float(scores[place == one].mean()), 4),
            "uitgekomen": round(float(labels[place == one].mean()), 4),
            "n": int((place == one).sum()),
        }
        for one in range(count)
        if (place == one).sum() >= FEWEST_ROWS
    ]
