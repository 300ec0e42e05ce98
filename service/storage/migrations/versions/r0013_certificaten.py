"""Certificates: the separately recognised parts of a qualification."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificaat",
        sa.Column("certificaat_id", sa.String(), nullable=False),
        sa.Column("opleidingcode", sa.String(), nullable=False),
        sa.Column("titel", sa.String(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["importrun.id"], name=op.f("fk_certificaat_import_id_importrun")
        ),
        sa.ForeignKeyConstraint(
            ["opleidingcode"],
            ["kwalificatie.opleidingcode"],
            name=op.f("fk_certificaat_opleidingcode_kwalificatie"),
        ),
        sa.PrimaryKeyConstraint("certificaat_id", name=op.f("pk_certificaat")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "certificaat_werkproces",
        sa.Column("certificaat_id", sa.String(), nullable=False),
        sa.Column("werkproces_id", sa.String(), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["importrun.id"],
            name=op.f("fk_certificaat_werkproces_import_id_importrun"),
        ),
        sa.ForeignKeyConstraint(
            ["certificaat_id"],
            ["certificaat.certificaat_id"],
            name=op.f("fk_certificaat_werkproces_certificaat_id_certificaat"),
        ),
        sa.ForeignKeyConstraint(
            ["werkproces_id"],
            ["werkproces.werkproces_id"],
            name=op.f("fk_certificaat_werkproces_werkproces_id_werkproces"),
        ),
        sa.PrimaryKeyConstraint(
            "certificaat_id", "werkproces_id", name=op.f("pk_certificaat_werkproces")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("certificaat_werkproces")
    op.drop_table("certificaat")
