"""Of which data a suggestie was made, which tells whether a correction made it outdated."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vertoning", sa.Column("importrun_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("vertoning", "importrun_id")
