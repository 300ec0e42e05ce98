"""Which pairs are open, and in which order they stand: one order for lists, files and proposals."""

import polars as pl

from features.blokkade import Blokkade, column

BLOCKED = pl.any_horizontal(column(blokkade) for blokkade in Blokkade)
"""Whether any rule blocks a pair."""

RANKING = {"kans": True, "reistijd_minuten": False, "leerwerkplek_id": False, "jongere_id": False}
"""Order of a ranked list, with whether it descends: chance, then the shorter journey, then id."""

NO_PAIRS = pl.DataFrame(
    schema={
        "jongere_id": pl.String,
        "leerwerkplek_id": pl.String,
        "reistijd_minuten": pl.Float64,
        "kans": pl.Float64,
    }
)
"""No scored pairs at all, with their columns."""


def ranked(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return scored pairs, the best first; equal pairs lie in one fixed order."""
    return pairs.sort(*RANKING, descending=list(RANKING.values()), nulls_last=True)


def best_places(pairs: pl.DataFrame, top: int) -> pl.DataFrame:
    """Return the best pairs of each jongere with their ``rang``, ordered by jongere and rang."""
    return (
        ranked(pairs)
        .group_by("jongere_id", maintain_order=True)
        .head(top)
        .sort("jongere_id", maintain_order=True)
        .select(
            "jongere_id",
            "leerwerkplek_id",
            pl.int_range(1, pl.len() + 1).over("jongere_id").alias("rang"),
            "kans",
        )
    )
