"""A made-up region whose truth is known, for tests, experiments and the demo.

Real places, qualifications and skills; invented persons, schools and leerbedrijven. The same
seed gives the same region. What is true (`true_uitval`, `true_plaatsing`) stays beside the data.
"""

from dataclasses import dataclass

import polars as pl

from features.synthetic_config import Floats, RegionConfig
from features.synthetic_history import Truth, simulate
from features.synthetic_identiteit import draw_identiteit, draw_numbers
from features.synthetic_leren import beheersing_probability
from features.synthetic_leren_metingen import leren_metingen
from features.synthetic_omgeving import omgeving_tables
from features.synthetic_profiel import profile_tables
from features.synthetic_records import career_tables
from features.synthetic_tables import place_tables, reference_tables
from features.synthetic_truth import plaatsing_probability, uitval_probability
from features.synthetic_verzuim import verzuim_tables
from features.tables import TABLES

__all__ = [
    "Region",
    "RegionConfig",
    "generate_region",
    "true_beheersing",
    "true_plaatsing",
    "true_uitval",
]


@dataclass(frozen=True)
class Region:
    """A made-up region.

    `tables` holds every canonical table as known on ``config.peildatum``; `identiteit` invented
    names and addresses, `numbers` a number per jongere (``jongere_id``, ``nummer``); `truth` what
    nobody in the region knows.
    """

    config: RegionConfig
    tables: dict[str, pl.DataFrame]
    identiteit: pl.DataFrame
    numbers: pl.DataFrame
    truth: Truth


def generate_region(config: RegionConfig) -> Region:
    """Draw a region: its places, its jongeren, their history and what was written down of it."""
    truth = simulate(config)
    made = (
        reference_tables()
        | place_tables(config, truth.places)
        | career_tables(config, truth)
        | verzuim_tables(config, truth)
        | profile_tables(config, truth)
        | omgeving_tables(config, truth)
    )
    if config.leren:
        learned = leren_metingen(config, truth, made["leerwerkplek_werkproces"])
        both = pl.concat([made["competentiemeting"], learned])
        key = TABLES["competentiemeting"].key
        made["competentiemeting"] = both.unique(key, keep="first", maintain_order=True)
    tables = {name: made.get(name, table.empty()) for name, table in TABLES.items()}
    return Region(
        config, tables, draw_identiteit(config, tables["jongere"]), draw_numbers(config), truth
    )


def true_uitval(region: Region, spine: pl.DataFrame, *, replicates: int = 200) -> Floats:
    """Return the true probability of uitval within twelve months of each spine row.

    Parameters
    ----------
    region : Region
        As generated.
    spine : DataFrame
        ``jongere_id`` and ``peildatum``, from begin to peildatum of the region. The state is
        that of the first day of the month.
    replicates : int
        Futures drawn per row; the standard error is at most 0.5 / sqrt(replicates).

    Returns
    -------
    ndarray of float
        In the order of the spine: the share of futures, drawn with the mechanism that made the
        history, in which the jongere leaves without startkwalificatie and stays away. NaN for
        who in truth is not enrolled without startkwalificatie on that day.
    """
    return uitval_probability(region.config, region.truth, spine, replicates)


def true_plaatsing(region: Region, pairs: pl.DataFrame) -> Floats:
    """Return the true probability that a plaatsing which starts on the peildatum is sustained.

    Parameters
    ----------
    region : Region
        As generated.
    pairs : DataFrame
        ``jongere_id``, ``leerwerkplek_id`` and ``peildatum``.

    Returns
    -------
    ndarray of float
        In the order of the pairs: exact, given traits, state, place and leerbedrijf.
    """
    return plaatsing_probability(region.config, region.truth, pairs)


def true_beheersing(region: Region, rows: pl.DataFrame) -> Floats:
    """Return the true probability that a werkproces is judged zelfstandig after so many hours.

    Parameters
    ----------
    region : Region
        As generated.
    rows : DataFrame
        ``jongere_id``, ``leerwerkplek_id``, ``werkproces_id``, ``peildatum`` and ``uren``: the
        hours that are spent on this werkproces at this place from the peildatum on.

    Returns
    -------
    ndarray of float
        In the order of the rows: exact, given traits, state, place and what was learned before.
    """
    taught = region.tables["leerwerkplek_werkproces"]
    return beheersing_probability(region.config, region.truth, taught, rows)
