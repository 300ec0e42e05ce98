"""Shares of groups beside those of the rest, with intervals over resampled jongeren."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.fairness import DRAWS, LEVEL, interval, resampled
from models.small_numbers import SMALLEST_GROUP

Vector = NDArray[np.float64]
Parts = tuple[Vector, Vector]
"""What is counted of each row, and out of what."""
FIGURES = ("aandeel", "verhouding")
ENDS = ("_low", "_high")


def rates(
    counted: Mapping[str, Parts],
    jongeren: NDArray[np.int64],
    attributes: pl.DataFrame,
    *,
    seed: int,
    draws: int = DRAWS,
    at_once: int = 0,
) -> pl.DataFrame:
    """Return of every group of every attribute its share, and that beside the rest.

    Parameters
    ----------
    counted : mapping of str to two arrays of shape (n_rows,)
        By name of the measure: the share is the sum of the first over the sum of the second.
    jongeren : array of int of shape (n_rows,)
        Who each row is about: they are resampled, not rows.
    attributes : DataFrame of shape (n_rows, n_attributes)
        Text; null where not known, and then the row counts for no group of that attribute.
    seed : int
        The same seed and rows give the same draws, so that two tables can be compared.
    draws : int
        Resamples.
    at_once : int
        Where so many lines are judged together, ``verhouding`` gets ``_sure_low`` and
        ``_sure_high``: bounds that hold for all of them (Bonferroni).

    Returns
    -------
    DataFrame
        ``kenmerk``, ``waarde``, ``maat``, ``n``, ``jongeren``, and with ``_low`` and ``_high``
        ``aandeel`` and ``verhouding`` (the share of the group over that of the other groups of the
        attribute); NaN where there is nothing to divide by, or where the others are so few that it
        would tell of them. Groups of fewer than `SMALLEST_GROUP` jongeren are left out.
    """
    who, weights = resampled(jongeren, seed=seed, draws=draws)
    lines: list[dict[str, object]] = []
    for kenmerk in attributes.columns:
        column = attributes[kenmerk].cast(pl.String)
        for waarde in column.drop_nulls().unique().sort():
            own = (column == waarde).fill_null(value=False).to_numpy()
            rest = (column != waarde).fill_null(value=False).to_numpy()
            size = np.unique(jongeren[own]).size
            if size < SMALLEST_GROUP:
                continue
            group = {"kenmerk": kenmerk, "waarde": waarde, "n": int(own.sum()), "jongeren": size}
            for maat, parts in counted.items():
                here, there = (_share(parts, rows, who, weights) for rows in (own, rest))
                there = (
                    there if np.unique(jongeren[rest]).size >= SMALLEST_GROUP else there * np.nan
                )
                lines.append({**group, "maat": maat} | _figures(here, there, at_once))
    return pl.DataFrame(lines, infer_schema_length=None)


def _share(
    parts: Parts, rows: NDArray[np.bool_], who: NDArray[np.int64], weights: Vector
) -> Vector:
    """Return the share over some rows: of all, and then of every draw."""
    n = weights.shape[1]
    top, out_of = (
        weights @ np.bincount(who[rows], weights=part[rows], minlength=n) for part in parts
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(top / out_of)


def _figures(here: Vector, there: Vector, at_once: int) -> dict[str, float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (here, here / there)
    told: dict[str, float] = {}
    for name, drawn in zip(FIGURES, both, strict=True):
        ends = ("", "_low", "_high")
        told |= {f"{name}{end}": float(x) for end, x in zip(ends, interval(drawn), strict=True)}
    if at_once:
        _, *sure = interval(both[1], 1 - (1 - LEVEL) / at_once)
        told |= {f"verhouding_sure{end}": float(x) for end, x in zip(ENDS, sure, strict=True)}
    return told
