"""Promotion of models by two people."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = "modelbesluit"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("versie", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=True),
        sa.Column("oordeel", sa.String(), nullable=False),
        sa.Column("besluit", sa.String(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=True),
        sa.Column("reden", sa.String(), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "oordeel IN ('rood', 'oranje', 'te weinig gegevens', 'groen')",
            name=op.f("ck_modelbesluit_oordeel"),
        ),
        sa.CheckConstraint(
            "besluit IN ('aangeboden', 'goedgekeurd', 'afgewezen', 'teruggezet')",
            name=op.f("ck_modelbesluit_besluit"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_modelbesluit_sha256")),
        sa.CheckConstraint(
            "besluit = 'aangeboden' OR door_id IS NOT NULL", name=op.f("ck_modelbesluit_door")
        ),
        sa.CheckConstraint(
            "besluit <> 'goedgekeurd' OR (trainer_id IS NOT NULL AND trainer_id <> door_id)",
            name=op.f("ck_modelbesluit_twee_mensen"),
        ),
        sa.CheckConstraint(
            "besluit <> 'goedgekeurd' OR oordeel <> 'rood'", name=op.f("ck_modelbesluit_niet_rood")
        ),
        sa.CheckConstraint(
            "besluit IN ('aangeboden', 'teruggezet') "
            "OR (besluit = 'goedgekeurd' AND oordeel = 'groen') "
            "OR length(trim(reden)) >= 10",
            name=op.f("ck_modelbesluit_reden"),
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"], ["gebruiker.id"], name=op.f("fk_modelbesluit_trainer_id_gebruiker")
        ),
        sa.ForeignKeyConstraint(
            ["door_id"], ["gebruiker.id"], name=op.f("fk_modelbesluit_door_id_gebruiker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modelbesluit")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_{change.lower()} BEFORE {change} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $$"
    )
    for name, when, each in (
        ("row", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {when} ON {TABLE} "
            f"FOR EACH {each} EXECUTE FUNCTION {TABLE}_is_append_only()"
        )


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TABLE}_is_append_only()")
