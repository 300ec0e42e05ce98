"""A made-up region whose truth is known, for tests, experiments and the demo.

Real places, qualifications and skills; invented persons, schools and leerbedrijven. The same
seed gives the same region. What is true (`true_uitval`, `true_plaatsing`) stays beside the data.
"""

from dataclasses import dataclass

import polars as pl

from features.synthetic_config import RegionConfig
from features.synthetic_history import Truth, simulate
from features.synthetic_records import career_tables
from features.synthetic_tables import place_tables, reference_tables
from features.synthetic_verzuim import verzuim_tables
from features.tables import TABLES

__all__ = ["Region", "RegionConfig", "generate_region"]


@dataclass(frozen=True)
class Region:
    """A made-up region.

    `tables` holds every canonical table as known on ``config.peildatum``; `truth` what nobody in
    the region knows.
    """

    config: RegionConfig
    tables: dict[str, pl.DataFrame]
    truth: Truth


def generate_region(config: RegionConfig) -> Region:
    """Draw a region: its places, its jongeren, their history and what was written down of it."""
    truth = simulate(config)
    made = (
        reference_tables()
        | place_tables(config, truth.places)
        | career_tables(config, truth)
        | verzuim_tables(config, truth)
    )
    tables = {name: made.get(name, table.empty()) for name, table in TABLES.items()}
    return Region(config, tables, truth)
