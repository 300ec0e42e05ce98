"""SQL tables of rights: organisations, who works for them, and who guides which jongere."""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime

ORGANISATIE = sa.Table(
    "organisatie",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("naam", sa.String, nullable=False, unique=True),
    sa.Column("soort", sa.String, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("regio", sa.String, nullable=False, index=True),
    sa.UniqueConstraint("soort", "code"),
)
"""`code` is the BRIN, the gemeente, or the LeerbedrijfID; of a regional body its region."""

GEBRUIKER_ORGANISATIE = sa.Table(
    "gebruiker_organisatie",
    METADATA,
    sa.Column(
        "gebruiker_id",
        sa.Integer,
        sa.ForeignKey("gebruiker.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column(
        "organisatie_id",
        sa.Integer,
        sa.ForeignKey("organisatie.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sqlite_with_rowid=False,
)

TOEWIJZING = sa.Table(
    "toewijzing",
    METADATA,
    sa.Column(
        "gebruiker_id",
        sa.Integer,
        sa.ForeignKey("gebruiker.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column(
        "jongere_id",
        sa.String,
        sa.ForeignKey("jongere.jongere_id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    sa.Column("sinds", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
"""A jongere whom somebody guides although neither school nor gemeente is theirs."""

RECHTENSTAND = sa.Table(
    "rechtenstand",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("versie", sa.Integer, nullable=False),
)
"""One row, counted up whenever organisations or toewijzingen change: what is cached then ends."""
