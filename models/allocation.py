"""One joint proposal within all capacities: a jongere gets at most one leerwerkplek."""

import polars as pl

from features.blokkade import Blokkade, column

PROPOSAL = pl.Schema({"jongere_id": pl.String, "leerwerkplek_id": pl.String, "kans": pl.Float64})
"""Columns of a proposal."""


def greedy(pairs: pl.DataFrame, capaciteit: pl.DataFrame) -> pl.DataFrame:
    """Give the best remaining pair its place until nobody or nothing is left.

    Pairs are taken by falling `kans`; at equal `kans` by jongere_id, then leerwerkplek_id, so that
    the order of rows never decides.

    Parameters
    ----------
    pairs : DataFrame
        ``jongere_id``, ``leerwerkplek_id``, ``kans``. A pair without `kans`, and a pair for which
        a Boolean column of `features.blokkade.column` (if there) is true, is never proposed.
    capaciteit : DataFrame
        ``leerwerkplek_id``, ``vrij``: places left. A leerwerkplek that is absent has none.

    Returns
    -------
    DataFrame of `PROPOSAL`
        At most one row per jongere and at most `vrij` per leerwerkplek, ordered by jongere_id.
    """
    free = dict(capaciteit.select("leerwerkplek_id", pl.col("vrij").cast(pl.Int64)).iter_rows())
    ordered = _eligible(pairs).sort(
        ["kans", "jongere_id", "leerwerkplek_id"], descending=[True, False, False]
    )
    placed: set[str] = set()
    chosen = []
    for row in ordered.iter_rows():
        jongere, leerwerkplek, _ = row
        if jongere not in placed and free.get(leerwerkplek, 0) > 0:
            placed.add(jongere)
            free[leerwerkplek] -= 1
            chosen.append(row)
    return pl.DataFrame(chosen, schema=PROPOSAL, orient="row").sort("jongere_id")


def _eligible(pairs: pl.DataFrame) -> pl.DataFrame:
    blocking = [column(rule) for rule in Blokkade if column(rule) in pairs.columns]
    blocked = pl.any_horizontal(pl.lit(value=False), *(pl.col(name) for name in blocking))
    return pairs.filter(pl.col("kans").is_not_null() & ~blocked.fill_null(value=False)).select(
        PROPOSAL.names()
    )
