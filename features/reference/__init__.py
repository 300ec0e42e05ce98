"""Facts of the field with their source: mbo qualifications by crebo."""

from functools import cache
from pathlib import Path

import polars as pl

from features.tables import KWALIFICATIE

KWALIFICATIES = Path(__file__).parent / "kwalificaties.csv"


@cache
def kwalificatie_facts() -> pl.DataFrame:
    """Return the mbo qualifications whose code, title and niveau are known.

    Returns
    -------
    DataFrame with the columns of `features.tables.KWALIFICATIE`
        One row per crebo, ordered by crebo. `niveau` is null where the sources do not tell it;
        `sector` is always null, since the sources tell no sector; `bron` names the source of
        the row. Not every qualification of the country is here.

    References
    ----------
    Regeling vaststelling kwalificatiedossiers 2015 (BWBR0036352), annex 1: crebo, title, niveau.
    CompetentNL (SBB, UWV, TNO, CBS): newer crebo's and titles; their niveau is taken from the
    qualification of the same name in the Regeling, or from the dossier Entree.

    Examples
    --------
    >>> kwalificatie_facts().filter(opleidingcode="25748").row(0)[:3]
    ('25748', 'Assistent verkoop/retail', 1)
    """
    facts = pl.read_csv(KWALIFICATIES, schema_overrides={"crebo": pl.String, "niveau": pl.Int32})
    return facts.select(
        pl.col("crebo").alias("opleidingcode"),
        "titel",
        "niveau",
        pl.lit(None, pl.String).alias("sector"),
        "bron",
    ).select(KWALIFICATIE.schema.names())
