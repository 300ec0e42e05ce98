"""Row security of PostgreSQL: the row rule once more, below every query (TRUST S6).

`service.storage.engine` tells each transaction who looks (`vangnet.gebruiker`) and for what
(`vangnet.doel`); a connection that says nothing sees no row about a person, the owner of the tables
included. Only a superuser or a role with BYPASSRLS is let past. SQLite has nothing of the kind.

The settings are given by the program itself. So this catches a query that was made without the row
rule; it does not hold back somebody who can send SQL of their own.
"""

import sqlalchemy as sa
from alembic import op

POLICY = "zichtbaar"
DOEL = "current_setting('vangnet.doel', true)"
GEBRUIKER = "nullif(current_setting('vangnet.gebruiker', true), '')::integer"
KEYS = {
    "jongere_id": f"jongere_id IN (SELECT vangnet_jongeren({DOEL}, {GEBRUIKER}))",
    "matchtafel_id": "matchtafel_id IN (SELECT id FROM matchtafel)",
    "agendapunt_id": "agendapunt_id IN (SELECT id FROM agendapunt)",
    "besluit_id": "besluit_id IN (SELECT id FROM besluit)",
}
"""Columns that make a table one about persons, with the condition on each."""


def is_postgresql() -> bool:
    """Whether the migration runs on PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def protect(table: str) -> None:
    """Let nobody see rows of a table about persons but by the row rule; no-op on SQLite."""
    if not is_postgresql():
        return
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    protect_by(table, " AND ".join(_if_any(name) for name in KEYS if name in names))


def _if_any(name: str) -> str:
    return f"({name} IS NULL OR {KEYS[name]})"


def protect_by(table: str, condition: str) -> None:
    """Let nobody see rows of a table unless a condition in SQL holds; no-op on SQLite."""
    if not is_postgresql():
        return
    # subqueries without a column of the row, so that they are asked once per statement
    system, nobody = (
        f"(SELECT {DOEL}) = 'systeem'",
        f"coalesce((SELECT {DOEL}), '') IN ('', 'geen')",
    )
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY {POLICY} ON {table} "
        f"USING ({system} OR ({condition})) WITH CHECK (NOT {nobody})"
    )


def unprotect(table: str) -> None:
    """Take the row security of a table away again; no-op on SQLite."""
    if is_postgresql():
        op.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
