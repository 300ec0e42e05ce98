"""Attempts to log in, so that guessing a password pauses on every worker and after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inlogpoging",
        sa.Column("naam_hmac", sa.String(64), nullable=False),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("laatste_op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("naam_hmac", name=op.f("pk_inlogpoging")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("inlogpoging")
