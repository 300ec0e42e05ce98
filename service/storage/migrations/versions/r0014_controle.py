"""When the audit log was last found whole."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "controlestand",
        sa.Column("controle", sa.String(), nullable=False),
        sa.Column("goed_op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("controle", name=op.f("pk_controlestand")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("controlestand")
