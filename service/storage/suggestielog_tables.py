"""SQL tables of what was suggested and to whom it was shown, of stops, and of instructions read.

A list of suggesties is stored once under the hash of its content, with the input and the
explanation of each line; a showing of it is one row more. None of these rows is ever changed but
those of a stop, which ends. Every list that is shown for the first time writes some twenty rows, so
the tables have no index that no question asks for, and long texts stand in the order of writing.
"""

import sqlalchemy as sa

from service.storage.tables import METADATA, UtcDateTime

SHA256_LENGTH = 64
SHORTEST_REDEN = 10
"""Characters of a reason why a model is stopped or used again."""


def _hash(name: str = "sha256", **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.String(SHA256_LENGTH), **options)  # type: ignore[arg-type]  # as given


def _text(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String, nullable=nullable, index=index)


LIJST = sa.Table(
    "suggestielijst",
    METADATA,
    _hash(primary_key=True),
    _text("soort"),
    _text("jongere_id", nullable=True, index=True),
    _text("onderwerp", nullable=True),
    sa.Column("peildatum", sa.Date, nullable=False),
    _text("volgorde"),
    _text("model"),
    _text("model_versie"),
    _hash("model_sha256", nullable=False),
    _text("code_versie"),
    _hash("schema_sha256", nullable=False),
    _text("regel_versie"),
    sa.Column("ordening", sa.Text),
    sa.Column("passend", sa.Integer),
    sa.Column("uitgesloten", sa.Integer),
    sqlite_with_rowid=False,
)
"""A list as it was shown; `jongere_id` is null when it is about several."""

SUGGESTIE = sa.Table(
    "suggestie",
    METADATA,
    sa.Column(
        "lijst_sha256",
        sa.String(SHA256_LENGTH),
        sa.ForeignKey("suggestielijst.sha256"),
        primary_key=True,
    ),
    sa.Column("nummer", sa.Integer, primary_key=True, autoincrement=False),
    _text("jongere_id", index=True),
    _text("object_id", nullable=True),
    sa.Column("rang", sa.Integer, nullable=False),
    sa.Column("score", sa.Double),
    _hash("invoer_sha256"),
    _hash("uitleg_sha256"),
    sqlite_with_rowid=False,
)
"""One suggestie of a list; `object_id` is the leerwerkplek, null where a list is about risk."""

INHOUD = sa.Table(
    "suggestie_inhoud",
    METADATA,
    sa.Column(
        "lijst_sha256",
        sa.String(SHA256_LENGTH),
        sa.ForeignKey("suggestielijst.sha256"),
        primary_key=True,
    ),
    sa.Column("nummer", sa.Integer, primary_key=True, autoincrement=False),
    _text("jongere_id", index=True),
    sa.Column("invoer", sa.Text),
    sa.Column("uitleg", sa.Text),
)
"""Canonical JSON of the input and of the explanation of a suggestie, of which it has the hashes."""

VERTONING = sa.Table(
    "vertoning",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column(
        "lijst_sha256",
        sa.String(SHA256_LENGTH),
        sa.ForeignKey("suggestielijst.sha256"),
        nullable=False,
        index=True,
    ),
    sa.Column("tijdstip", UtcDateTime, nullable=False, index=True),
    _text("kijker"),
    sa.Column("gebruiker_id", sa.Integer, sa.ForeignKey("gebruiker.id"), index=True),
    _text("doel"),
    _text("operatie_id"),
    sa.Column("importrun_id", sa.Integer),
    sqlite_with_rowid=False,
)
"""Who saw a list when, for which purpose; `operatie_id` leads to the line of the audit log.

`importrun_id` is the last run whose data the list was made of; it need not be stored any more.
"""

MODELSTOP = sa.Table(
    "modelstop",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("model"),
    _text("regio"),
    _text("reden"),
    _text("door"),
    sa.Column("gestopt_op", UtcDateTime, nullable=False),
    sa.Column("hervat_op", UtcDateTime),
    _text("hervat_door", nullable=True),
    _text("hervat_reden", nullable=True),
    sa.CheckConstraint(f"length(trim(reden)) >= {SHORTEST_REDEN}", name="reden"),
    sa.CheckConstraint(
        "hervat_op IS NULL OR (hervat_door IS NOT NULL AND "
        f"length(trim(hervat_reden)) >= {SHORTEST_REDEN})",
        name="hervat",
    ),
)
"""A model that people stopped in a region; an empty region is all of them."""

INSTRUCTIE = sa.Table(
    "instructie_gelezen",
    METADATA,
    sa.Column("gebruiker_id", sa.Integer, sa.ForeignKey("gebruiker.id"), primary_key=True),
    sa.Column("versie", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("gelezen_op", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
"""Which version of the instruction an account read, and when."""

VOLGALARM = sa.Table(
    "volgalarm",
    METADATA,
    sa.Column("dag", sa.Date, primary_key=True),
    sa.Column("groep", sa.String, primary_key=True),
    sa.Column("naam", sa.String, primary_key=True),
    sa.Column("reden", sa.String, primary_key=True),
    sa.Column("besluiten", sa.Integer, nullable=False),
    sa.Column("waarde", sa.Double, nullable=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
"""Groups that follow the first suggestie nearly always, or decide within seconds."""
