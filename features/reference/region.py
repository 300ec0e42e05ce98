"""Facts of one real region for the made-up one: its places, opleidingen and competenties."""

from functools import cache
from pathlib import Path

import polars as pl

from features.reference import kwalificatie_facts
from features.tables import COMPETENTIE, KWALIFICATIE, POSTCODE, WERKPROCES

FOLDER = Path(__file__).parent
BRON_POSTCODE = "bobdenotter/4pp (MIT)"
BRON_WERKPROCES = "kwalificatiedossiers SBB"
BRON_COMPETENTNL = "CompetentNL (SBB, UWV, TNO, CBS)"


def _read(name: str) -> pl.DataFrame:
    """Read a CSV of facts; its first lines name the source."""
    return pl.read_csv(
        FOLDER / name,
        comment_prefix="#",
        schema_overrides={"opleidingcode": pl.String, "postcode4": pl.String},
    )


@cache
def postcode_facts() -> pl.DataFrame:
    """Return the postcodes of RMC-regio Achterhoek and of a few cities near it.

    Returns
    -------
    DataFrame with the columns of `features.tables.POSTCODE` and ``in_regio`` (Boolean)
        Ordered by postcode.

    Examples
    --------
    >>> postcode_facts().filter(postcode4="7001").row(0)[1:3]
    ('Doetinchem', 'Doetinchem')
    """
    facts = _read("region_achterhoek.csv").with_columns(
        pl.col("in_regio") == 1, bron=pl.lit(BRON_POSTCODE)
    )
    return facts.select(*POSTCODE.schema.names(), "in_regio")


@cache
def opleiding_facts() -> pl.DataFrame:
    """Return the opleidingen of the region with niveau, sector and how often they are chosen.

    Returns
    -------
    DataFrame with the columns of `features.tables.KWALIFICATIE` and ``gewicht`` (Float64)
        Ordered by crebo; niveau and sector are always known.
    """
    facts = _read("opleidingen.csv").join(
        kwalificatie_facts().drop("sector"), on="opleidingcode", how="left"
    )
    return facts.sort("opleidingcode").select(
        *KWALIFICATIE.schema.names(), pl.col("gewicht").cast(pl.Float64)
    )


@cache
def werkproces_facts() -> pl.DataFrame:
    """Return the werkprocessen of the opleidingen of the region, as far as they are known.

    Returns
    -------
    DataFrame with the columns of `features.tables.WERKPROCES`
        The id is the crebo with the code, as in ``25748-B1-K1-W1``.
    """
    return (
        _read("werkprocessen.csv")
        .with_columns(
            werkproces_id=pl.col("opleidingcode") + "-" + pl.col("code"),
            bron=pl.lit(BRON_WERKPROCES),
        )
        .select(WERKPROCES.schema.names())
    )


@cache
def competentie_facts() -> pl.DataFrame:
    """Return every competentie: own werknemersvaardigheden, CompetentNL and the werkprocessen.

    Returns
    -------
    DataFrame with the columns of `features.tables.COMPETENTIE`
        Werknemersvaardigheden (``WV-``) first, then CompetentNL (``CNL-``), then werkprocessen.
    """
    skills = _read("competenties.csv").with_columns(
        bron=pl.when(pl.col("competentie_id").str.starts_with("CNL-"))
        .then(pl.lit(BRON_COMPETENTNL))
        .otherwise(pl.lit("eigen lijst"))
    )
    werkprocessen = werkproces_facts().select(
        pl.col("werkproces_id").alias("competentie_id"),
        "titel",
        pl.lit("werkproces").alias("soort"),
        "bron",
    )
    return pl.concat([skills, werkprocessen]).select(COMPETENTIE.schema.names())


@cache
def opleiding_competentie_facts() -> pl.DataFrame:
    """Return which CompetentNL skill is essential to which opleiding of the region.

    Returns
    -------
    DataFrame with the columns ``opleidingcode`` and ``competentie_id``
        Ordered by both.
    """
    return (
        _read("opleiding_competenties.csv")
        .select("opleidingcode", competentie_id="CNL-" + pl.col("code"))
        .sort("opleidingcode", "competentie_id")
    )
