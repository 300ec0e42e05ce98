"""Opening the audit log of one installation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Engine

from service.audit.log import Auditlog
from service.audit.middleware import AuditState
from service.audit.schrijver import GroupWriter
from service.audit.sleutels import AuditSleutels
from service.audit.spoor import Gebeurd
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.sleutels import Domein, Sleutels
from service.settings import Settings
from service.storage.engine import unit_of_work


def audit_sleutels(settings: Settings) -> AuditSleutels:
    """Return the keys of the audit domain of an installation."""
    return AuditSleutels.of(Sleutels.of(settings).key(Domein.AUDIT))


def open_log(engine: Engine, settings: Settings) -> Auditlog:
    """Return what turns requests into lines, under the keys of an installation."""
    pseudoniemen = Pseudoniemen(engine, Sleutels.of(settings))
    return Auditlog(audit_sleutels(settings), partial(pseudoniemen.of_many, Domein.AUDIT))


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
