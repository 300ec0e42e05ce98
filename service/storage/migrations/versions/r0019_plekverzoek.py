"""Who asked to keep a place at a matchtafel for the pupils of one school."""

import sqlalchemy as sa
from alembic import op

from service.storage.migrations.row_security import protect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plekverzoek",
        sa.Column("id", sa.Integer(), primary_key=True),
        _of("matchtafel", "matchtafel_id"),
        sa.Column("leerwerkplek_id", sa.String(), nullable=False),
        sa.Column("alleen_voor", sa.String(), nullable=False),
        sa.Column("alleen_tot", sa.Date(), nullable=False),
        sa.Column("aanvrager", sa.String(), nullable=False),
        _of("gebruiker", "door"),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(op.f("ix_plekverzoek_matchtafel_id"), "plekverzoek", ["matchtafel_id"])
    protect("plekverzoek")


def downgrade() -> None:
    op.drop_table("plekverzoek")


def _of(table: str, name: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_plekverzoek_{name}_{table}"))
    return sa.Column(name, sa.Integer(), key, nullable=False)
