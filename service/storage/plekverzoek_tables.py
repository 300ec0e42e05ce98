"""SQL table of who asked to keep a place for the pupils of one school; rows are only added."""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime

PLEKVERZOEK = sa.Table(
    "plekverzoek",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "matchtafel_id", sa.Integer, sa.ForeignKey("matchtafel.id"), nullable=False, index=True
    ),
    sa.Column("leerwerkplek_id", sa.String, nullable=False),
    sa.Column("alleen_voor", sa.String, nullable=False),
    sa.Column("alleen_tot", sa.Date, nullable=False),
    sa.Column("aanvrager", sa.String, nullable=False),
    sa.Column("door", sa.Integer, sa.ForeignKey("gebruiker.id"), nullable=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
)
"""`aanvrager` is who asked, in words; `door` the account that wrote it down."""
