"""The log of contacts with a jongere, and what of the plan was shared with the jongere."""

import sqlalchemy as sa
from alembic import op

from service.storage.migrations.row_security import protect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("contactmoment", "deling")


def upgrade() -> None:
    op.create_table(
        "contactmoment",
        *_about(),
        sa.Column("datum", sa.Date(), nullable=False),
        _text("kanaal"),
        _text("met"),
        sa.Column("gelukt", sa.Boolean(), nullable=False),
        _text("tekst"),
        _by("gebruiker_id", nullable=False),
        sa.Column("tijdstip", MOMENT, nullable=False),
        sa.Column("vervolg", sa.String(), nullable=True),
        sa.Column("vervolg_op", sa.Date(), nullable=True),
        _by("vervolg_door_id", nullable=True),
        sa.Column("gedaan_op", MOMENT, nullable=True),
    )
    op.create_table(
        "deling",
        *_about(),
        sa.Column("onderdelen", sa.JSON(), nullable=False),
        sa.Column("leerwerkplekken", sa.JSON(), nullable=False),
        _text("vorm"),
        _text("door"),
        sa.Column("tijdstip", MOMENT, nullable=False),
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_jongere_id"), table, ["jongere_id"])
        protect(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _about() -> tuple[sa.Column[int], sa.Column[str]]:
    return sa.Column("id", sa.Integer(), primary_key=True), _text("jongere_id")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _by(name: str, *, nullable: bool) -> sa.Column[int]:
    """Return a column that refers to an account."""
    key = sa.ForeignKey("gebruiker.id", name=op.f(f"fk_contactmoment_{name}_gebruiker"))
    return sa.Column(name, sa.Integer(), key, nullable=nullable)
