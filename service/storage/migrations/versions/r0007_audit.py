"""The audit chain and the processing log."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FIXED = ("auditregel", "audit_ijkpunt")
"""Tables to which rows are only added."""
BELOW_CHECKPOINT = "old.nummer <= (SELECT coalesce(max(nummer), 0) FROM audit_ijkpunt)"


def upgrade() -> None:
    op.create_table(
        "auditregel",
        sa.Column("nummer", BIG, autoincrement=False, nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actie", sa.String(), nullable=False),
        sa.Column("handeling", sa.String(), nullable=False),
        sa.Column("doel", sa.String(), nullable=False),
        sa.Column("objecten", sa.Text(), nullable=False),
        sa.Column("resultaat", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("oorsprong", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.Column("operatie_id", sa.String(16), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("nummer", name=op.f("pk_auditregel")),
    )
    op.create_index(op.f("ix_auditregel_tijdstip"), "auditregel", ["tijdstip"])
    op.create_table(
        "audit_ijkpunt",
        sa.Column("nummer", BIG, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publieke_sleutel", sa.String(64), nullable=False),
        sa.Column("handtekening", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("nummer", name=op.f("pk_audit_ijkpunt")),
    )
    op.create_table(
        "verwerkingsregel",
        sa.Column("id", BIG, nullable=False),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.Column("operation_id", sa.String(16), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parent_operation_id", sa.String(16), nullable=True),
        sa.Column("foreign_operation_id", sa.String(16), nullable=True),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("processing_activity_id", sa.String(), nullable=False),
        sa.Column("data_subject_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verwerkingsregel")),
    )
    op.create_index(op.f("ix_verwerkingsregel_start_time"), "verwerkingsregel", ["start_time"])
    if op.get_bind().dialect.name == "sqlite":
        _fix_on_sqlite()
    else:
        _fix_on_postgres()


def _fix_on_sqlite() -> None:
    for table in (*FIXED, "verwerkingsregel"):
        op.execute(
            f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    for table, unless in (("auditregel", BELOW_CHECKPOINT), ("audit_ijkpunt", "FALSE")):
        op.execute(
            f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} WHEN NOT ({unless}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _fix_on_postgres() -> None:
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'auditregel' THEN "
        f"IF {BELOW_CHECKPOINT} THEN RETURN old; END IF; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; "
        "END $$"
    )
    for table in FIXED:
        op.execute(
            f"CREATE TRIGGER {table}_row BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
    op.execute(
        "CREATE TRIGGER verwerkingsregel_row BEFORE UPDATE ON verwerkingsregel "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )


def downgrade() -> None:
    op.drop_table("verwerkingsregel")
    op.drop_table("audit_ijkpunt")
    op.drop_table("auditregel")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")
