"""SQL tables of the nightly watch over the models: runs, what they found, and alarms.

No row is about a person: a finding is a figure of a model, a feature, a group or a source.
"""

import sqlalchemy as sa

from service.storage.matchtafel_tables import SHORTEST_REDEN
from service.storage.tables import METADATA, UtcDateTime

NIVEAUS = ("alarm", "let op", "rustig", "te weinig")
STANDEN = ("open", "bekeken", "voorbij")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)


def _one_of(name: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    told = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{name} IN ({told})", name=name)


BEWAKING = sa.Table(
    "bewaking",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("dag", sa.Date, nullable=False),
    sa.Column("bekend_tot", sa.Date, nullable=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
)
"""One run of the watch, and the last day of which the store knew anything."""

BEVINDING = sa.Table(
    "bevinding",
    METADATA,
    sa.Column("bewaking_id", sa.Integer, sa.ForeignKey("bewaking.id"), primary_key=True),
    sa.Column("nummer", sa.Integer, primary_key=True, autoincrement=False),
    _text("model"),
    _text("versie"),
    _text("maat"),
    _text("onderwerp"),
    sa.Column("waarde", sa.Double),
    sa.Column("laag", sa.Double),
    sa.Column("hoog", sa.Double),
    sa.Column("toeval", sa.Double),
    sa.Column("grens", sa.Double),
    sa.Column("n", sa.Integer),
    _text("niveau"),
    _text("tekst"),
    _one_of("niveau", NIVEAUS),
    sqlite_with_rowid=False,
)
"""One figure of a run, with its bounds, what chance alone gives and what would be an alarm."""

BEWAAKALARM = sa.Table(
    "bewaakalarm",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("model"),
    _text("versie"),
    _text("maat"),
    _text("onderwerp"),
    sa.Column("waarde", sa.Double),
    _text("tekst"),
    _text("stand"),
    sa.Column("ontstaan_op", UtcDateTime, nullable=False),
    sa.Column("gezien_op", UtcDateTime, nullable=False),
    _text("reden"),
    sa.Column("door_id", sa.Integer, sa.ForeignKey("gebruiker.id")),
    sa.Column("bekeken_op", UtcDateTime),
    _one_of("stand", STANDEN),
    sa.CheckConstraint(
        "stand <> 'bekeken' OR (door_id IS NOT NULL AND bekeken_op IS NOT NULL "
        f"AND length(trim(reden)) >= {SHORTEST_REDEN})",
        name="bekeken",
    ),
)
"""An alarm from when it came up until it is over; `waarde` is that of when it came up, or was
looked at, so that it can be seen to worsen."""
