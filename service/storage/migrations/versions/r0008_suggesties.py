"""What was shown to whom, stop switches, instructions read."""

import sqlalchemy as sa
from alembic import op

from service.storage.migrations.row_security import protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "volgalarm",
    "instructie_gelezen",
    "modelstop",
    "vertoning",
    "suggestie",
    "suggestielijst",
    "suggestie_inhoud",
)


def upgrade() -> None:
    op.create_table(
        "suggestie_inhoud",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("inhoud", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_suggestie_inhoud")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_suggestie_inhoud_jongere_id"), "suggestie_inhoud", ["jongere_id"])
    op.create_table(
        "suggestielijst",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("jongere_id", sa.String(), nullable=True),
        sa.Column("onderwerp", sa.String(), nullable=True),
        sa.Column("peildatum", sa.Date(), nullable=False),
        sa.Column("volgorde", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("model_versie", sa.String(), nullable=False),
        sa.Column("model_sha256", sa.String(64), nullable=False),
        sa.Column("code_versie", sa.String(), nullable=False),
        sa.Column("schema_sha256", sa.String(64), nullable=False),
        sa.Column("regel_versie", sa.String(), nullable=False),
        sa.Column("ordening", sa.Text(), nullable=True),
        sa.Column("passend", sa.Integer(), nullable=True),
        sa.Column("uitgesloten", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_suggestielijst")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_suggestielijst_jongere_id"), "suggestielijst", ["jongere_id"])
    op.create_index(op.f("ix_suggestielijst_model_sha256"), "suggestielijst", ["model_sha256"])
    op.create_table(
        "suggestie",
        sa.Column("lijst_sha256", sa.String(64), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=True),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("invoer_sha256", sa.String(64), nullable=True),
        sa.Column("uitleg_sha256", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["lijst_sha256"],
            ["suggestielijst.sha256"],
            name=op.f("fk_suggestie_lijst_sha256_suggestielijst"),
        ),
        sa.ForeignKeyConstraint(
            ["invoer_sha256"],
            ["suggestie_inhoud.sha256"],
            name=op.f("fk_suggestie_invoer_sha256_suggestie_inhoud"),
        ),
        sa.ForeignKeyConstraint(
            ["uitleg_sha256"],
            ["suggestie_inhoud.sha256"],
            name=op.f("fk_suggestie_uitleg_sha256_suggestie_inhoud"),
        ),
        sa.PrimaryKeyConstraint("lijst_sha256", "nummer", name=op.f("pk_suggestie")),
        sqlite_with_rowid=False,
    )
    for column in ("jongere_id", "invoer_sha256", "uitleg_sha256"):
        op.create_index(op.f(f"ix_suggestie_{column}"), "suggestie", [column])
    op.create_table(
        "vertoning",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("lijst_sha256", sa.String(64), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kijker", sa.String(), nullable=False),
        sa.Column("gebruiker_id", sa.Integer(), nullable=True),
        sa.Column("doel", sa.String(), nullable=False),
        sa.Column("operatie_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lijst_sha256"],
            ["suggestielijst.sha256"],
            name=op.f("fk_vertoning_lijst_sha256_suggestielijst"),
        ),
        sa.ForeignKeyConstraint(
            ["gebruiker_id"], ["gebruiker.id"], name=op.f("fk_vertoning_gebruiker_id_gebruiker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vertoning")),
        sqlite_with_rowid=False,
    )
    for column in ("lijst_sha256", "tijdstip", "gebruiker_id"):
        op.create_index(op.f(f"ix_vertoning_{column}"), "vertoning", [column])
    op.create_table(
        "modelstop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("regio", sa.String(), nullable=False),
        sa.Column("reden", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("gestopt_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hervat_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hervat_door", sa.String(), nullable=True),
        sa.Column("hervat_reden", sa.String(), nullable=True),
        sa.CheckConstraint("length(trim(reden)) >= 10", name=op.f("ck_modelstop_reden")),
        sa.CheckConstraint(
            "hervat_op IS NULL OR (hervat_door IS NOT NULL AND length(trim(hervat_reden)) >= 10)",
            name=op.f("ck_modelstop_hervat"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modelstop")),
    )
    op.create_table(
        "instructie_gelezen",
        sa.Column("gebruiker_id", sa.Integer(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("gelezen_op", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gebruiker_id"],
            ["gebruiker.id"],
            name=op.f("fk_instructie_gelezen_gebruiker_id_gebruiker"),
        ),
        sa.PrimaryKeyConstraint("gebruiker_id", "versie", name=op.f("pk_instructie_gelezen")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "volgalarm",
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("groep", sa.String(), nullable=False),
        sa.Column("naam", sa.String(), nullable=False),
        sa.Column("reden", sa.String(), nullable=False),
        sa.Column("besluiten", sa.Integer(), nullable=False),
        sa.Column("waarde", sa.Double(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dag", "groep", "naam", "reden", name=op.f("pk_volgalarm")),
        sqlite_with_rowid=False,
    )
    for table in ("suggestie_inhoud", "suggestielijst", "suggestie"):
        protect(table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
