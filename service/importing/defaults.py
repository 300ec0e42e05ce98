"""What may be left out of a file, and what is then filled in.

Every default is counted and said as a warning, never silent:

- ``bekend_op``: the day of the row itself (``datum``, ``begindatum``, ``datum_van``); for a week
  its Sunday, since absence is only complete when the week is over;
- ``einde_bekend_op``, where there is an einddatum: for an inschrijving the einddatum plus the
  reporting delay (others hear of leaving months later), for a stage the einddatum itself;
- ``bron``: the name of the file; ``volgnummer``: 1; ``stage_id`` and ``diploma_id``: made of the
  row, so that two sources of one stage meet on one row.
"""

import polars as pl

from features.contract import Table
from service.importing.cells import last_day_of_week

FIRST_VOLGNUMMER = "1"
OWN_DAY = ("datum", "begindatum", "datum_van", "week")
"""Columns that say when a row happened, the first one that a table has counts."""


def defaulted_columns(table: Table) -> set[str]:
    """Return the required columns of a table that a file may leave out."""
    return {name for name, _ in _defaults(table, "", 0)}


def fill_defaults(
    frame: pl.DataFrame, table: Table, *, file: str, meldvertraging_dagen: int
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Fill empty cells that have a default.

    Parameters
    ----------
    frame : DataFrame
        All columns of the contract, and any others.
    table : Table
        The contract.
    file : str
        Name of the file, for ``bron``.
    meldvertraging_dagen : int
        Days between leaving school and others knowing it.

    Returns
    -------
    frame : DataFrame
        The same rows.
    warnings : tuple of str
        One Dutch sentence per column in which something was filled.
    """
    warnings: list[str] = []
    for name, value in _defaults(table, file, meldvertraging_dagen):
        empty = frame[name].null_count()
        if not empty:
            continue
        frame = frame.with_columns(pl.coalesce(pl.col(name), value).alias(name))
        filled = empty - frame[name].null_count()
        if filled and name != "bron":
            warnings.append(
                f"Tabel {table.name}: “{name}” ontbrak in {filled} rijen; {_EXPLAINED[name]}."
            )
    return frame, tuple(warnings)


def _defaults(table: Table, file: str, delay: int) -> list[tuple[str, pl.Expr]]:
    """Return (column, value) in the order in which they are filled."""
    found: list[tuple[str, pl.Expr]] = []
    names = table.schema.names()
    if "bron" in names and not table.column("bron").values:
        found.append(("bron", pl.lit(f"bestand {file}")))
    if "volgnummer" in names:
        found.append(("volgnummer", pl.lit(FIRST_VOLGNUMMER)))
    own_day = next((name for name in OWN_DAY if name in names), None)
    if "bekend_op" in names and own_day:
        day = pl.col(own_day)
        found.append(("bekend_op", last_day_of_week(day) if own_day == "week" else day))
    if "einde_bekend_op" in names:
        later = delay if table.name == "inschrijving" else 0
        found.append(("einde_bekend_op", pl.col("einddatum") + pl.duration(days=later)))
    if table.name in NATURAL_IDS:
        name, parts = NATURAL_IDS[table.name]
        found.append((name, pl.concat_str(parts, separator="-")))
    return found


NATURAL_IDS: dict[str, tuple[str, list[pl.Expr]]] = {
    "stage": (
        "stage_id",
        [
            pl.col("jongere_id"),
            pl.col("leerbedrijf_id"),
            pl.col("begindatum").dt.strftime("%Y%m%d"),
        ],
    ),
    "diploma": (
        "diploma_id",
        [
            pl.col("soort"),
            pl.col("opleidingcode").fill_null("onbekend"),
            pl.col("datum").dt.strftime("%Y%m%d"),
        ],
    ),
}
"""The id of a row that has none, by table: the column and the parts of the id."""

_EXPLAINED = {
    "volgnummer": "we namen 1",
    "bekend_op": "we namen de datum van de rij zelf (bij een week de zondag)",
    "einde_bekend_op": "we rekenden die uit de einddatum",
    "stage_id": "we maakten die uit jongere, leerbedrijf en begindatum",
    "diploma_id": "we maakten die uit soort, opleidingcode en datum",
}
