"""Lines for tests, and ways to spoil them that no user of the database has."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Engine

from service.audit.log import Auditlog
from service.audit.sleutels import AuditSleutels, audit_pseudonym
from service.audit.spoor import Spoor
from service.storage.engine import unit_of_work

SLEUTELS = AuditSleutels.of(b"a secret of the settings of this test")
LOG = Auditlog(SLEUTELS, lambda ids: {one: audit_pseudonym(SLEUTELS.pseudonym, one) for one in ids})


def spoor(actie: str = "GET /jongeren/{jongere_id}", *jongere_ids: str, doel: str = "") -> Spoor:
    """Return the trace of a request about jongeren."""
    made = Spoor(actie, oorsprong="192.0.2.1", writer=LOG)
    made.actor, made.doel = "gebruiker:1", doel
    made.about(*jongere_ids)
    return made


def append(
    engine: Engine,
    number: int = 1,
    actie: str = "GET /jongeren",
    *,
    op: datetime | None = None,
    log: Auditlog = LOG,
) -> None:
    """Store lines that ended well, each in a transaction of its own; of `op`, or of now."""
    for _ in range(number):
        with unit_of_work(engine) as session:
            made = spoor(actie, "J1")
            made.begin = op or made.begin
            happened = made.close(200)
            assert happened is not None
            log.write(session, [replace(happened, einde=op or happened.einde)])


def spoil(engine: Engine, *statements: str) -> None:
    """Change the log as its owner could: the database is told not to guard it."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for table, event in (
                ("auditregel", "update"),
                ("auditregel", "delete"),
                ("audit_ijkpunt", "update"),
            ):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{event}")
        for statement in statements:
            connection.execute(sa.text(statement))
