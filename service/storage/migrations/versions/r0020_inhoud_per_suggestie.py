"""The input and the explanation of a suggestie in one row beside it, no longer by their hashes.

Random hashes as keys touched a page of the database for each text and two more for the indices on
them, at each list that is shown for the first time.
"""

import sqlalchemy as sa
from alembic import op

from service.storage.migrations.row_security import is_postgresql, protect

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INHOUD, KEPT = "suggestie_inhoud", "suggestie_inhoud_kopie"
HASHES = ("invoer_sha256", "uitleg_sha256")
MODEL_INDEX = "ix_suggestielijst_model_sha256"
COPY_BY_PLACE = """
    CREATE TABLE suggestie_inhoud_kopie AS
    SELECT s.lijst_sha256, s.nummer, s.jongere_id, i.inhoud AS invoer, u.inhoud AS uitleg
    FROM suggestie s
    LEFT JOIN suggestie_inhoud i ON i.sha256 = s.invoer_sha256
    LEFT JOIN suggestie_inhoud u ON u.sha256 = s.uitleg_sha256
"""
COPY_BY_HASH = """
    CREATE TABLE suggestie_inhoud_kopie AS
    SELECT sha256, min(jongere_id) AS jongere_id, min(inhoud) AS inhoud FROM (
        SELECT s.invoer_sha256 AS sha256, i.jongere_id, i.invoer AS inhoud
        FROM suggestie s JOIN suggestie_inhoud i
        ON i.lijst_sha256 = s.lijst_sha256 AND i.nummer = s.nummer
        UNION ALL
        SELECT s.uitleg_sha256, i.jongere_id, i.uitleg
        FROM suggestie s JOIN suggestie_inhoud i
        ON i.lijst_sha256 = s.lijst_sha256 AND i.nummer = s.nummer
    ) teksten WHERE sha256 IS NOT NULL AND inhoud IS NOT NULL GROUP BY sha256
"""


def upgrade() -> None:
    _look_at_all_rows()
    op.execute(COPY_BY_PLACE)
    for column in HASHES:
        op.drop_index(op.f(f"ix_suggestie_{column}"), "suggestie")
    with op.batch_alter_table("suggestie", table_kwargs={"sqlite_with_rowid": False}) as batch:
        for column in HASHES:
            batch.drop_constraint(_reference(column), type_="foreignkey")
    op.drop_index(op.f(MODEL_INDEX), "suggestielijst")
    op.drop_table(INHOUD)
    op.create_table(
        INHOUD,
        sa.Column("lijst_sha256", sa.String(64), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("invoer", sa.Text(), nullable=True),
        sa.Column("uitleg", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lijst_sha256"],
            ["suggestielijst.sha256"],
            name=op.f("fk_suggestie_inhoud_lijst_sha256_suggestielijst"),
        ),
        sa.PrimaryKeyConstraint("lijst_sha256", "nummer", name=op.f("pk_suggestie_inhoud")),
    )
    _fill("lijst_sha256, nummer, jongere_id, invoer, uitleg")


def downgrade() -> None:
    _look_at_all_rows()
    op.execute(COPY_BY_HASH)
    op.drop_table(INHOUD)
    op.create_table(
        INHOUD,
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("jongere_id", sa.String(), nullable=False),
        sa.Column("inhoud", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_suggestie_inhoud")),
        sqlite_with_rowid=False,
    )
    _fill("sha256, jongere_id, inhoud")
    op.create_index(op.f(MODEL_INDEX), "suggestielijst", ["model_sha256"])
    with op.batch_alter_table("suggestie", table_kwargs={"sqlite_with_rowid": False}) as batch:
        for column in HASHES:
            batch.create_foreign_key(_reference(column), INHOUD, [column], ["sha256"])
    for column in HASHES:
        op.create_index(op.f(f"ix_suggestie_{column}"), "suggestie", [column])


def _look_at_all_rows() -> None:
    """Let the copies hold the rows of everybody, also where the row security hides them."""
    if is_postgresql():
        op.execute("SELECT set_config('vangnet.doel', 'systeem', true)")


def _fill(columns: str) -> None:
    """Move the copy into the new table, and give that its index and its row security."""
    op.execute(f"INSERT INTO {INHOUD} ({columns}) SELECT {columns} FROM {KEPT}")  # noqa: S608  # fixed names
    op.drop_table(KEPT)
    op.create_index(op.f("ix_suggestie_inhoud_jongere_id"), INHOUD, ["jongere_id"])
    protect(INHOUD)


def _reference(column: str) -> str:
    return op.f(f"fk_suggestie_{column}_suggestie_inhoud")
