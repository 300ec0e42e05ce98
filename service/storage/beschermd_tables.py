"""SQL tables of protected attributes: what they are, why they are here, and what came of it.

The attributes lie apart: on PostgreSQL in a schema of their own, which migration 0021 makes and of
which nobody but its owner has rights; on SQLite in a file of their own. A row names nobody: its key
is a pseudonym under a key that the service does not have (TRUST F3).
"""

from typing import Final

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime

SCHEMA: Final = "beschermd"
KLUIS = sa.MetaData(schema=SCHEMA)
"""What lies apart; never part of `METADATA`, so that nothing that walks all tables finds it."""

PSEUDONIEM_LENGTH = 32

KENMERK = sa.Table(
    "kenmerk",
    KLUIS,
    sa.Column("pseudoniem", sa.String(PSEUDONIEM_LENGTH), primary_key=True),
    sa.Column("kenmerk", sa.String, primary_key=True),
    sa.Column("waarde", sa.String, nullable=False),
    sa.Column("inname_id", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""One attribute of one pseudonym; rows lie in the order of the key, which says nothing."""


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)


BESCHERMD_INNAME = sa.Table(
    "beschermd_inname",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kenmerken", sa.JSON, nullable=False),
    _text("doel"),
    _text("grondslag"),
    _text("dpia"),
    _text("bestand"),
    sa.Column("sha256", sa.String(64), nullable=False),
    _text("door"),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    sa.Column("bewaren_tot", sa.Date, nullable=False),
    sa.Column("gewist_op", UtcDateTime),
)
"""That attributes were taken in: which, what for, on what ground, and until when. Names nobody."""

GROEPSTOETS = sa.Table(
    "groepstoets",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("soort"),
    _text("model"),
    _text("versie"),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bekend_tot", sa.Date, nullable=False),
    _text("oordeel"),
    sa.Column("uitkomst", sa.JSON, nullable=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
)
"""What a test of groups found of a version: figures of groups of ten and more, nobody in them."""
