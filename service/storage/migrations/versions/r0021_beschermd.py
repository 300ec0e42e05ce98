"""Protected attributes in a schema of their own; why they are here, and what tests of groups found.

On SQLite the attributes lie in a file of their own, which the first import of them makes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SCHEMA = "beschermd"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "beschermd_inname",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kenmerken", sa.JSON(), nullable=False),
        *(_text(name) for name in ("doel", "grondslag", "dpia", "bestand")),
        sa.Column("sha256", sa.String(64), nullable=False),
        _text("door"),
        sa.Column("tijdstip", MOMENT, nullable=False),
        sa.Column("bewaren_tot", sa.Date(), nullable=False),
        sa.Column("gewist_op", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beschermd_inname")),
    )
    op.create_table(
        "groepstoets",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name) for name in ("soort", "model", "versie")),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bekend_tot", sa.Date(), nullable=False),
        _text("oordeel"),
        sa.Column("uitkomst", sa.JSON(), nullable=False),
        sa.Column("tijdstip", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groepstoets")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _apart()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    op.drop_table("groepstoets")
    op.drop_table("beschermd_inname")


def _apart() -> None:
    """Make the schema, on which nobody but its owner has any right."""
    op.execute(f"CREATE SCHEMA {SCHEMA}")
    op.create_table(
        "kenmerk",
        sa.Column("pseudoniem", sa.String(32), nullable=False),
        _text("kenmerk"),
        _text("waarde"),
        sa.Column("inname_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pseudoniem", "kenmerk"),
        schema=SCHEMA,
    )
    op.execute(f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC")
    op.execute(f"REVOKE ALL ON {SCHEMA}.kenmerk FROM PUBLIC")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)
