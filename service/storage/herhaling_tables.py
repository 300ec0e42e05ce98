"""SQL table of answers to requests that carry an Idempotency-Key, and indexes of single reads."""

import sqlalchemy as sa

from service.storage.tables import CANONICAL, METADATA, UtcDateTime

HERHALING = sa.Table(
    "herhaling",
    METADATA,
    sa.Column(
        "gebruiker_id",
        sa.Integer,
        sa.ForeignKey("gebruiker.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("sleutel", sa.String(255), primary_key=True),
    sa.Column("verzoek_sha256", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("koppen", sa.JSON, nullable=False),
    sa.Column("antwoord", sa.Text, nullable=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""One answer per person and key, kept for a day. An answer may be about a jongere."""

INDEXES = tuple(
    sa.Index(f"ix_{table}_{column}", CANONICAL[table].c[column])
    for table, column in (
        ("stage", "jongere_id"),
        ("stage", "leerbedrijf_id"),
        ("stage", "leerwerkplek_id"),
        ("leerwerkplek", "leerbedrijf_id"),
        ("competentiemeting", "competentie_id"),
        ("leerwerkplek_eis", "competentie_id"),
        ("leerwerkplek_werkproces", "werkproces_id"),
    )
)
"""Foreign keys that no primary key begins with and that pages or checks look up."""
