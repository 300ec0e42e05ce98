"""Who sees the good places high in the list, beside what was open to them (TRUST F6).

A place is good when it is paid (leerbaan, ontwikkelbaan, beschut werk: with a contract of
employment), when one can do BBL there (leerbaan), or when it is at the niveau of the jongere.
Groups differ in what is open to them, by age and by the rules of the law. So what is shown is
counted in the share that was open.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, Final

import polars as pl

from features.contract import Tables
from features.vocabulary import SoortLeerwerkplek
from models.fairness import DRAWS
from models.rates import rates

BETAALD: Final = (
    SoortLeerwerkplek.LEERBAAN,
    SoortLeerwerkplek.ONTWIKKELBAAN,
    SoortLeerwerkplek.BESCHUT,
)
"""Kinds of places with a contract of employment."""
BBL: Final = (SoortLeerwerkplek.LEERBAAN,)
MATEN: Final = ("betaald", "bbl", "niveau")


def kinds_of(places: pl.DataFrame) -> pl.DataFrame:
    """Return ``leerwerkplek_id``, ``betaald`` and ``bbl`` of every place."""
    soort = pl.col("soort")
    return places.select(
        "leerwerkplek_id",
        betaald=soort.is_in([str(one) for one in BETAALD]),
        bbl=soort.is_in([str(one) for one in BBL]),
    )


def goede_plekken(
    pairs: pl.DataFrame,
    tables: Tables,
    attributes: pl.DataFrame,
    *,
    seed: int,
    draws: int = DRAWS,
) -> pl.DataFrame:
    """Return of each group what is shown high of the good places, beside what was open.

    Parameters
    ----------
    pairs : DataFrame
        Every open place of each list: ``keuze`` (number of the list, nondecreasing),
        ``jongere_id``, ``leerwerkplek_id``, ``niveau`` (bool: at the niveau of the jongere) and
        ``nieuw`` (part of the top that the place is; 0 below it, and 1 over a list).
    tables : mapping of name to DataFrame
        Canonical tables, for the kind of each place.
    attributes : DataFrame
        One row per list, by rising ``keuze``.
    seed, draws : int
        Of the intervals.

    Returns
    -------
    DataFrame
        As `models.rates.rates`, of each of `MATEN`. ``aandeel`` is the share of good places in the
        top over that among the open ones; ``verhouding`` is that beside the other groups.
    """
    found = pairs.join(
        kinds_of(tables["leerwerkplek"]), on="leerwerkplek_id", how="left", maintain_order="left"
    )
    told = [pl.col(maat).fill_null(value=False).cast(pl.Float64) for maat in MATEN]
    lists = found.group_by("keuze", maintain_order=True).agg(
        pl.col("jongere_id").first(),
        *((one * pl.col("nieuw")).sum().name.suffix("_top") for one in told),
        *(one.mean().name.suffix("_open") for one in told),
    )
    counted = {
        maat: (lists[f"{maat}_top"].to_numpy(), lists[f"{maat}_open"].to_numpy()) for maat in MATEN
    }
    jongeren = lists["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()
    return rates(counted, jongeren, attributes, seed=seed, draws=draws)


def carded(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines for a card: no counts, four decimals, None for what has no meaning."""
    return [
        {
            key: (round(value, 4) if isfinite(value) else None)
            if isinstance(value, float)
            else value
            for key, value in row.items()
            if key not in ("n", "jongeren")
        }
        for row in found
    ]
