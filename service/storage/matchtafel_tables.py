"""SQL tables of the matchtafel; besluiten and gebeurtenissen are only ever added to."""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime

SHORTEST_REDEN = 10
"""Least length of the reason of a besluit (TRUST H2)."""


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _of(
    table: str, name: str | None = None, *, nullable: bool = False, index: bool = True
) -> sa.Column[int]:
    """Return a column that refers to a row of another table."""
    return sa.Column(
        name or f"{table}_id",
        sa.Integer,
        sa.ForeignKey(f"{table}.id"),
        nullable=nullable,
        index=index,
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=nullable)


MATCHTAFEL = sa.Table(
    "matchtafel",
    METADATA,
    _key(),
    _text("regio"),
    sa.Column("datum", sa.Date, nullable=False),
    _text("status"),
    sa.Column("momentopname", sa.JSON, nullable=False),
    sa.Column("versie", sa.Integer, nullable=False),
    _of("gebruiker", "aangemaakt_door", index=False),
    sa.Column("aangemaakt_op", UtcDateTime, nullable=False),
)

DEELNEMER = sa.Table(
    "matchtafel_deelnemer",
    METADATA,
    _key(),
    _of("matchtafel"),
    _text("naam"),
    _text("organisatie"),
    _text("rol"),
    _of("gebruiker", nullable=True, index=False),
    sa.UniqueConstraint("matchtafel_id", "naam"),
)

AGENDAPUNT = sa.Table(
    "agendapunt",
    METADATA,
    _key(),
    _of("matchtafel", index=False),
    _text("jongere_id"),
    sa.Column("volgorde", sa.Integer, nullable=False),
    sa.Column("urgentie", sa.JSON, nullable=False),
    sa.Column("aselect", sa.Boolean, nullable=False),
    sa.Column("trekkans", sa.Double, nullable=False),
    sa.Column("versie", sa.Integer, nullable=False),
    sa.UniqueConstraint("matchtafel_id", "jongere_id"),
)

TAFELPLEK = sa.Table(
    "matchtafel_plek",
    METADATA,
    sa.Column("matchtafel_id", sa.Integer, sa.ForeignKey("matchtafel.id"), primary_key=True),
    sa.Column("leerwerkplek_id", sa.String, primary_key=True),
    sa.Column("vrij", sa.Integer, nullable=False),
    _text("alleen_voor", nullable=True),
    sa.Column("alleen_tot", sa.Date),
    sqlite_with_rowid=False,
)

WENS = sa.Table(
    "matchtafel_wens",
    METADATA,
    _key(),
    _of("matchtafel"),
    _text("soort"),
    _text("jongere_id"),
    _text("leerwerkplek_id"),
    _of("gebruiker", "door", index=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    sa.Column("ingetrokken_op", UtcDateTime),
)

VOORSTEL = sa.Table(
    "voorstel",
    METADATA,
    _key(),
    _of("matchtafel", index=False),
    sa.Column("nummer", sa.Integer, nullable=False),
    sa.Column("opties", sa.JSON, nullable=False),
    sa.Column("uitkomst", sa.JSON, nullable=False),
    _of("gebruiker", "door", index=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    sa.UniqueConstraint("matchtafel_id", "nummer"),
)

VOORSTELREGEL = sa.Table(
    "voorstelregel",
    METADATA,
    _key(),
    _of("voorstel"),
    _of("agendapunt", index=False),
    _text("leerwerkplek_id", nullable=True),
    sa.Column("kans", sa.Double),
    sa.Column("uitleg", sa.JSON, nullable=False),
)

BESLUIT = sa.Table(
    "besluit",
    METADATA,
    _key(),
    _of("agendapunt"),
    _of("voorstelregel", nullable=True, index=False),
    _text("leerwerkplek_id", nullable=True),
    _text("keuze"),
    _text("reden"),
    _of("matchtafel_deelnemer", "eigenaar_id", index=False),
    sa.Column("opvolgdatum", sa.Date, nullable=False),
    _of("gebruiker", "door", index=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    _of("besluit", "vervangt_id", nullable=True, index=False),
    sa.CheckConstraint(f"length(trim(reden)) >= {SHORTEST_REDEN}", name="reden"),
    sa.CheckConstraint(
        "keuze <> 'voorstellen aan leerbedrijf' OR leerwerkplek_id IS NOT NULL", name="plek"
    ),
    sa.UniqueConstraint("vervangt_id"),
)
"""A besluit can be replaced once, so that of two people who replace the same one, one is told."""

OPVOLGING = sa.Table(
    "opvolging",
    METADATA,
    _key(),
    _of("besluit"),
    _text("vraag"),
    sa.Column("datum", sa.Date, nullable=False, index=True),
    _of("matchtafel_deelnemer", "eigenaar_id", index=False),
    _text("uitkomst", nullable=True),
    _text("toelichting"),
    _text("stage_id", nullable=True),
    _of("gebruiker", "gedaan_door", nullable=True, index=False),
    sa.Column("gedaan_op", UtcDateTime),
    sa.Column("versie", sa.Integer, nullable=False),
)

GEBEURTENIS = sa.Table(
    "gebeurtenis",
    METADATA,
    _key(),
    _of("matchtafel"),
    _text("soort"),
    sa.Column("onderwerp_id", sa.Integer, nullable=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
)
