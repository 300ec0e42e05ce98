"""The mapping list: which own words of a school mean which competentie, as a person decided."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "koppeling",
        sa.Column("eigen_id", sa.String(), nullable=False),
        sa.Column("competentie_id", sa.String(), nullable=False),
        sa.Column("besluit", sa.String(), nullable=False),
        sa.Column("zekerheid", sa.Double(), nullable=True),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("besloten_op", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["eigen_id"],
            ["competentie.competentie_id"],
            name=op.f("fk_koppeling_eigen_id_competentie"),
        ),
        sa.ForeignKeyConstraint(
            ["competentie_id"],
            ["competentie.competentie_id"],
            name=op.f("fk_koppeling_competentie_id_competentie"),
        ),
        sa.PrimaryKeyConstraint("eigen_id", "competentie_id", name=op.f("pk_koppeling")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("koppeling")
