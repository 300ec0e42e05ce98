"""What the nightly watch over the models found."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "bewaking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("bekend_tot", sa.Date(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bewaking")),
    )
    op.create_table(
        "bevinding",
        sa.Column("bewaking_id", sa.Integer(), nullable=False),
        sa.Column("nummer", sa.Integer(), autoincrement=False, nullable=False),
        *(_text(name) for name in ("model", "versie", "maat", "onderwerp")),
        *(
            sa.Column(name, sa.Double(), nullable=True)
            for name in ("waarde", "laag", "hoog", "toeval", "grens")
        ),
        sa.Column("n", sa.Integer(), nullable=True),
        _text("niveau"),
        _text("tekst"),
        sa.CheckConstraint(
            "niveau IN ('alarm', 'let op', 'rustig', 'te weinig')", name=op.f("ck_bevinding_niveau")
        ),
        sa.ForeignKeyConstraint(
            ["bewaking_id"], ["bewaking.id"], name=op.f("fk_bevinding_bewaking_id_bewaking")
        ),
        sa.PrimaryKeyConstraint("bewaking_id", "nummer", name=op.f("pk_bevinding")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bewaakalarm",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name) for name in ("model", "versie", "maat", "onderwerp")),
        sa.Column("waarde", sa.Double(), nullable=True),
        _text("tekst"),
        _text("stand"),
        sa.Column("ontstaan_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gezien_op", sa.DateTime(timezone=True), nullable=False),
        _text("reden"),
        sa.Column("door_id", sa.Integer(), nullable=True),
        sa.Column("bekeken_op", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "stand IN ('open', 'bekeken', 'voorbij')", name=op.f("ck_bewaakalarm_stand")
        ),
        sa.CheckConstraint(
            "stand <> 'bekeken' OR (door_id IS NOT NULL AND bekeken_op IS NOT NULL "
            "AND length(trim(reden)) >= 10)",
            name=op.f("ck_bewaakalarm_bekeken"),
        ),
        sa.ForeignKeyConstraint(
            ["door_id"], ["gebruiker.id"], name=op.f("fk_bewaakalarm_door_id_gebruiker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bewaakalarm")),
    )


def downgrade() -> None:
    for table in ("bewaakalarm", "bevinding", "bewaking"):
        op.drop_table(table)
