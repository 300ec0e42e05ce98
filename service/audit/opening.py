"""Opening the audit log of one installation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine

from service.audit.log import Auditlog
from service.audit.middleware import AuditState
from service.audit.schrijver import GroupWriter
from service.audit.sleutels import AuditSleutels, audit_pseudonym
from service.audit.spoor import Gebeurd
from service.settings import Settings
from service.storage.engine import unit_of_work


def audit_sleutels(settings: Settings) -> AuditSleutels:
    """Return the keys of the audit domain of an installation."""
    return AuditSleutels.of(settings.pseudonym_key.get_secret_value().encode())


def open_log(engine: Engine, settings: Settings) -> Auditlog:
    """Return what turns requests into lines, under the keys of an installation."""
    sleutels = audit_sleutels(settings)
    key = sleutels.pseudonym
    return Auditlog(sleutels, lambda ids: {one: audit_pseudonym(key, one) for one in ids})


@contextmanager
def open_audit(engine: Engine, settings: Settings) -> Iterator[AuditState]:
    """Start the one writer of this process; at the end it writes what waits, and stops."""
    log = open_log(engine, settings)

    def write(happened: Sequence[Gebeurd]) -> None:
        with unit_of_work(engine, traced=False) as session:
            log.write(session, happened)

    writer = GroupWriter(write)
    try:
        yield AuditState(log, writer)
    finally:
        writer.close()
