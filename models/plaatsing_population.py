"""The pairs that a suggestion may be asked for, with as much known of the jongere as is usual.

History shows chosen pairs, and who chose often knew what was never written down: that the journey
was short enough, that the hours could be carried. So an unknown limit looks harmless in history,
and is not. Here jongeren of whom it is written down stand beside any place, once as they are known
and once with it hidden as often as it is unknown of jongeren like them: what holds on average over
all that may be hidden, a model of the full pairs can tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from features.blokkade import Blokkade, column
from features.contract import Tables
from features.passendheid import pair_features
from features.peildatum import numbered
from features.risicoprofiel import population
from features.voorkeur import jongere_conditions

JONGEREN = 800
"""Most jongeren looked at per peildatum."""
PLEKKEN = 40
"""Places beside each jongere, on average."""
BLOCKED_SHARE = 0.25
"""Share of the blocked pairs that is kept."""


@dataclass(frozen=True)
class Offered:
    """Pairs of the same rows twice.

    Parameters
    ----------
    full : DataFrame
        Pair features with all that is known.
    seen : DataFrame
        Pair features with wishes, limits or home of some jongeren hidden. Of the pairs that a rule
        blocks on what is left, few are kept: past stages are among them, no suggestion is.
    """

    full: pl.DataFrame
    seen: pl.DataFrame


def offered_pairs(tables: Tables, peildata: Sequence[date], *, seed: int) -> Offered:
    """Draw pairs of jongeren of whom wishes and home are known, and any place.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    peildata : sequence of date
        Days from which to look; nothing known later counts.
    seed : int
        Draws jongeren, places and what is hidden.

    Returns
    -------
    Offered
        Jongeren are drawn so that kinds (niveau of the opleiding, whether there was an earlier
        stage) occur as often as among all; possibly without rows.
    """
    rng = np.random.default_rng(seed)
    parts = [_on_a_day(tables, day, rng) for day in peildata]
    return Offered(
        pl.concat([part.full for part in parts]), pl.concat([part.seen for part in parts])
    )


def _on_a_day(tables: Tables, peildatum: date, rng: np.random.Generator) -> Offered:
    donors = _donors(tables, peildatum, rng)
    wishes = donors.filter(pl.Series(rng.random(donors.height)) < pl.col("wens_onbekend"))
    home = donors.filter(pl.Series(rng.random(donors.height)) < pl.col("thuis_onbekend"))
    places = tables["leerwerkplek"].select("leerwerkplek_id").sort("leerwerkplek_id")
    pairs = donors.select("jongere_id", "peildatum").join(places, how="cross")
    share = PLEKKEN / max(places.height, 1)
    pairs = pairs.filter(pl.Series(rng.random(pairs.height) < share))
    hidden = _hidden(tables, wishes["jongere_id"], home["jongere_id"])
    seen = pair_features(hidden, pairs)
    blocked = seen.select(pl.any_horizontal(column(rule) for rule in Blokkade)).to_series()
    kept = ~blocked | pl.Series(rng.random(pairs.height) < BLOCKED_SHARE)
    return Offered(pair_features(tables, pairs.filter(kept)), seen.filter(kept))


def _donors(tables: Tables, peildatum: date, rng: np.random.Generator) -> pl.DataFrame:
    """Return drawn jongeren, with how often their kind has no wishes and no home written down."""
    spine = population(tables, [peildatum]).sort("jongere_id")
    kind = ["opleiding_niveau", "begon_eerder"]
    known = (
        jongere_conditions(tables, numbered(spine))
        .with_columns(
            wens=pl.any_horizontal(
                pl.col("reistijd_max", "uren_max", "vervoer", "vermijdt").is_not_null()
            ),
            thuis=pl.col("breedtegraad").is_not_null(),
            begon_eerder=pl.col("afgebroken").is_not_null(),
        )
        .with_columns(
            wens_onbekend=1 - pl.col("wens").mean().over(kind),
            thuis_onbekend=1 - pl.col("thuis").mean(),
            gewicht=pl.len().over(kind),
        )
        .filter("wens", "thuis")
        .with_columns(pl.col("gewicht") / pl.len().over(kind))
    )
    if known.is_empty():
        return known
    weight = known["gewicht"].to_numpy()
    n = min(JONGEREN, known.height)
    drawn = np.sort(rng.choice(known.height, n, replace=False, p=weight / weight.sum()))
    return known.with_row_index("rij_nummer").filter(pl.col("rij_nummer").is_in(drawn.tolist()))


def _hidden(tables: Tables, wishes: pl.Series, home: pl.Series) -> dict[str, pl.DataFrame]:
    """Return the tables without the wishes of some jongeren and without the homes of some."""
    hidden = dict(tables)
    if "voorkeur" in hidden:
        silent = pl.col("jongere_id").is_in(wishes.implode())
        hidden["voorkeur"] = hidden["voorkeur"].filter(~silent)
    without = pl.col("jongere_id").is_in(home.implode())
    hidden["jongere"] = hidden["jongere"].with_columns(
        pl.when(~without).then(pl.col(name)).alias(name) for name in ("postcode4", "woonplaats")
    )
    return hidden
