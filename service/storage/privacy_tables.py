"""SQL tables of privacy: secrets behind pseudonyms, objections, corrections, erasures, retention.

``door`` is who did it, as the audit log names an actor (``gebruiker:12``). A moment that ends
something (``ingetrokken_op``, ``vervallen_op``) is null as long as it stands.
"""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)


def _jongere() -> sa.Column[str]:
    """Return the subject; no foreign key, for what was said may come before the first import."""
    return sa.Column("jongere_id", sa.String, nullable=False, index=True)


def _done() -> tuple[sa.Column[str], sa.Column[object]]:
    return _text("door"), sa.Column("tijdstip", UtcDateTime, nullable=False)


PERSOONSSLEUTEL = sa.Table(
    "persoonssleutel",
    METADATA,
    sa.Column("jongere_id", sa.String, primary_key=True),
    sa.Column("sleutel", sa.String(64), nullable=False),
    sqlite_with_rowid=False,
)
"""The random secret of a person; without it no pseudonym leads back to anybody."""

SLEUTELSTAND = sa.Table(
    "sleutelstand",
    METADATA,
    sa.Column("domein", sa.String, primary_key=True),
    _text("vingerafdruk"),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
"""Under which key the rows of this database lie, so that a key and its rows never part."""

BEZWAAR = sa.Table(
    "bezwaar",
    METADATA,
    _key(),
    _jongere(),
    _text("reden"),
    *_done(),
    sa.Column("ingetrokken_op", UtcDateTime),
)

ZIENSWIJZE = sa.Table(
    "zienswijze",
    METADATA,
    _key(),
    _jongere(),
    _text("van"),
    _text("onderwerp"),
    _text("tekst"),
    *_done(),
)
"""What the jongere, a parent or the begeleider thinks of it; only ever added to (TRUST H11)."""

VRIJGAVE = sa.Table(
    "vrijgave",
    METADATA,
    _key(),
    _jongere(),
    sa.Column("leerbedrijf_id", sa.String, nullable=False, index=True),
    _text("van"),
    *_done(),
    sa.Column("ingetrokken_op", UtcDateTime),
)
"""That one of the two said yes to showing a profile to a leerbedrijf (TRUST H9)."""

CORRECTIE = sa.Table(
    "correctie",
    METADATA,
    _key(),
    _jongere(),
    _text("tabel"),
    sa.Column("sleutel", sa.JSON, nullable=False),
    _text("kolom"),
    sa.Column("waarde", sa.JSON),
    sa.Column("was", sa.JSON),
    _text("reden"),
    *_done(),
    sa.Column("vervallen_op", UtcDateTime),
)
"""A value that a person set right; it wins over every source until the source agrees."""

VERWIJDERING = sa.Table(
    "verwijdering",
    METADATA,
    _key(),
    sa.Column("kenmerk", sa.String(64), nullable=False, index=True),
    _text("grond"),
    sa.Column("aantallen", sa.JSON, nullable=False),
    *_done(),
    sa.Column("opgeruimd_op", UtcDateTime),
)
"""That somebody was erased; the keyed mark tells nobody who (the ledger holds the same mark)."""

BEWAARVERSLAG = sa.Table(
    "bewaarverslag",
    METADATA,
    _key(),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    sa.Column("dag", sa.Date, nullable=False),
    _text("tabel"),
    sa.Column("tot", sa.Date, nullable=False),
    sa.Column("aantal", sa.Integer, nullable=False),
)
"""What the nightly job threw away: how many rows of which table, older than which day."""
