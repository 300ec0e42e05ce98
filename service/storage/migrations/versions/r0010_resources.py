"""Answers to repeated requests; indexes on foreign keys that single reads look up."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES = (
    ("stage", "jongere_id"),
    ("stage", "leerbedrijf_id"),
    ("stage", "leerwerkplek_id"),
    ("leerwerkplek", "leerbedrijf_id"),
    ("competentiemeting", "competentie_id"),
    ("leerwerkplek_eis", "competentie_id"),
    ("leerwerkplek_werkproces", "werkproces_id"),
)


def upgrade() -> None:
    op.create_table(
        "herhaling",
        sa.Column("gebruiker_id", sa.Integer(), nullable=False),
        sa.Column("sleutel", sa.String(length=255), nullable=False),
        sa.Column("verzoek_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("koppen", sa.JSON(), nullable=False),
        sa.Column("antwoord", sa.Text(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gebruiker_id"],
            ["gebruiker.id"],
            name=op.f("fk_herhaling_gebruiker_id_gebruiker"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gebruiker_id", "sleutel", name=op.f("pk_herhaling")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_herhaling_tijdstip"), "herhaling", ["tijdstip"])
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    op.drop_index(op.f("ix_herhaling_tijdstip"), table_name="herhaling")
    op.drop_table("herhaling")
