"""SQL tables of the audit chain and the processing log; lines are only ever added.

The database itself refuses a change (triggers of migration 0007, and on PostgreSQL the rights of
the role of the application): a line goes only when a signed checkpoint stands in its place.
"""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""Numbers that outgrow 32 bits; SQLite keeps every integer that long."""


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


AUDITREGEL = sa.Table(
    "auditregel",
    METADATA,
    sa.Column("nummer", BIG, primary_key=True, autoincrement=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False, index=True),
    _text("actie"),
    _text("handeling"),
    _text("doel"),
    sa.Column("objecten", sa.Text, nullable=False),
    _text("resultaat"),
    sa.Column("status", sa.Integer),
    _text("oorsprong"),
    _text("actor"),
    _text("trace_id", 32),
    _text("operatie_id", 16),
    _text("hash", 64),
)
"""Who did what, from where, for what purpose, about whom (pseudonyms), and how it ended."""

AUDIT_IJKPUNT = sa.Table(
    "audit_ijkpunt",
    METADATA,
    sa.Column("nummer", BIG, primary_key=True, autoincrement=False),
    _text("hash", 64),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    _text("publieke_sleutel", 64),
    _text("handtekening", 128),
)
"""Signed heads below which lines have been removed when their time was over."""

VERWERKINGSREGEL = sa.Table(
    "verwerkingsregel",
    METADATA,
    sa.Column("id", BIG, primary_key=True),
    _text("trace_id", 32),
    _text("operation_id", 16),
    sa.Column("status_code", sa.Integer, nullable=False),
    _text("name"),
    sa.Column("start_time", UtcDateTime, nullable=False, index=True),
    sa.Column("end_time", UtcDateTime, nullable=False),
    _text("parent_operation_id", 16, nullable=True),
    _text("foreign_operation_id", 16, nullable=True),
    _text("resource"),
    _text("processing_activity_id"),
    _text("data_subject_id", nullable=True),
)
"""One record per processing of one person, by the fields of the Logboek Dataverwerkingen."""

CONTROLESTAND = sa.Table(
    "controlestand",
    METADATA,
    sa.Column("controle", sa.String, primary_key=True),
    sa.Column("goed_op", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
"""When a check was last good, so that an alarm can tell that it is bad or was not done."""
