"""Objections, corrections, the ledger of erasures, retention; a secret for everybody stored."""

import secrets

import sqlalchemy as sa
from alembic import op

from service.storage.migrations.row_security import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_JONGERE = ("bezwaar", "zienswijze", "vrijgave", "correctie")


def upgrade() -> None:
    _keys()
    _said()
    _corrections()
    _gone()
    for table in OF_JONGERE:
        op.create_index(op.f(f"ix_{table}_jongere_id"), table, ["jongere_id"])
    op.create_index(op.f("ix_vrijgave_leerbedrijf_id"), "vrijgave", ["leerbedrijf_id"])
    op.create_index(op.f("ix_verwijdering_kenmerk"), "verwijdering", ["kenmerk"])
    for table in ("persoonssleutel", *OF_JONGERE):
        protect(table)


def downgrade() -> None:
    for table in (
        "bewaarverslag",
        "verwijdering",
        *reversed(OF_JONGERE),
        "sleutelstand",
        "persoonssleutel",
    ):
        op.drop_table(table)


def _keys() -> None:
    secret = op.create_table(
        "persoonssleutel",
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("sleutel", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("jongere_id", name=op.f("pk_persoonssleutel")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sleutelstand",
        sa.Column("domein", sa.String(), nullable=False),
        sa.Column("vingerafdruk", sa.String(), nullable=False),
        sa.Column("tijdstip", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("domein", name=op.f("pk_sleutelstand")),
        sqlite_with_rowid=False,
    )
    stored = op.get_bind().execute(sa.text("SELECT jongere_id FROM jongere")).scalars().all()
    op.bulk_insert(
        secret, [{"jongere_id": one, "sleutel": secrets.token_hex(32)} for one in stored]
    )


def _said() -> None:
    op.create_table("bezwaar", *_about(), _text("reden"), *_done(), _moment("ingetrokken_op"))
    op.create_table(
        "zienswijze", *_about(), _text("van"), _text("onderwerp"), _text("tekst"), *_done()
    )
    op.create_table(
        "vrijgave",
        *_about(),
        _text("leerbedrijf_id"),
        _text("van"),
        *_done(),
        _moment("ingetrokken_op"),
    )


def _corrections() -> None:
    op.create_table(
        "correctie",
        *_about(),
        _text("tabel"),
        sa.Column("sleutel", sa.JSON(), nullable=False),
        _text("kolom"),
        sa.Column("waarde", sa.JSON(), nullable=True),
        sa.Column("was", sa.JSON(), nullable=True),
        _text("reden"),
        *_done(),
        _moment("vervallen_op"),
    )


def _gone() -> None:
    op.create_table(
        "verwijdering",
        _id(),
        sa.Column("kenmerk", sa.String(64), nullable=False),
        _text("grond"),
        sa.Column("aantallen", sa.JSON(), nullable=False),
        *_done(),
        _moment("opgeruimd_op"),
    )
    op.create_table(
        "bewaarverslag",
        _id(),
        sa.Column("tijdstip", MOMENT, nullable=False),
        sa.Column("dag", sa.Date(), nullable=False),
        _text("tabel"),
        sa.Column("tot", sa.Date(), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, MOMENT, nullable=True)


def _about() -> tuple[sa.Column[int], sa.Column[str]]:
    return _id(), _text("jongere_id")


def _done() -> tuple[sa.Column[str], sa.Column[object]]:
    return _text("door"), sa.Column("tijdstip", MOMENT, nullable=False)
