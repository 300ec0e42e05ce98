"""SQL table of notices that wait to be mailed; a row is written with what it tells."""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime

BERICHT = sa.Table(
    "bericht",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sleutel", sa.String, nullable=False, unique=True),
    sa.Column("soort", sa.String, nullable=False),
    sa.Column("aan", sa.String),
    sa.Column("pad", sa.String, nullable=False),
    sa.Column("message_id", sa.String(32), nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("gemaakt_op", UtcDateTime, nullable=False),
    sa.Column("vanaf", UtcDateTime, nullable=False),
    sa.Column("pogingen", sa.Integer, nullable=False),
    sa.Column("fout", sa.String),
    sa.Column("verzonden_op", UtcDateTime),
    sa.Index("ix_bericht_status_vanaf", "status", "vanaf"),
)
"""`sleutel` names what is told, so that it is told once; `vanaf` is when it may be tried."""
