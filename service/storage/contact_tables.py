"""SQL tables of the work of a coach: the log of contacts, and what was shared with the jongere."""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)


def _jongere() -> sa.Column[str]:
    """Return the subject; no foreign key, so that the log outlives a change of school files."""
    return sa.Column("jongere_id", sa.String, nullable=False, index=True)


CONTACTMOMENT = sa.Table(
    "contactmoment",
    METADATA,
    _key(),
    _jongere(),
    sa.Column("datum", sa.Date, nullable=False),
    _text("kanaal"),
    _text("met"),
    sa.Column("gelukt", sa.Boolean, nullable=False),
    _text("tekst"),
    sa.Column("gebruiker_id", sa.Integer, sa.ForeignKey("gebruiker.id"), nullable=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    sa.Column("vervolg", sa.String),
    sa.Column("vervolg_op", sa.Date),
    sa.Column("vervolg_door_id", sa.Integer, sa.ForeignKey("gebruiker.id")),
    sa.Column("gedaan_op", UtcDateTime),
)
"""Who spoke whom, when, how and with what result; and the next step with its owner and day."""

DELING = sa.Table(
    "deling",
    METADATA,
    _key(),
    _jongere(),
    sa.Column("onderdelen", sa.JSON, nullable=False),
    sa.Column("leerwerkplekken", sa.JSON, nullable=False),
    _text("vorm"),
    _text("door"),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
)
"""Which parts of the plan, and which places, a coach gave to the jongere to read; never changed."""
