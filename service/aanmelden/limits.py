"""Limits that hold in every process and after a restart: the store counts (TRUST S9).

Attempts are counted before a secret is looked at, so that many at once do not get past the limit;
what succeeds is taken off again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address
from math import ceil

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.aanmelden.errors import TooManyError
from service.aanmelden.sleutels import keyed_hash
from service.storage.engine import unit_of_work
from service.storage.exportpoging import ExportpogingRepository
from service.storage.inlogpoging import InlogpogingRepository

ATTEMPTS = 5
PAUSE = timedelta(minutes=5)
FORGET_ATTEMPTS = timedelta(days=1)
EXPORTS = 10
EXPORT_WINDOW = timedelta(hours=1)
NEIGHBOURS = 64
"""Bits of an IPv6 address that one customer shares (RFC 6177, section 2)."""


@dataclass(frozen=True)
class Attempt:
    """Something that may be tried a few times: what it is, for whom, from where."""

    key: bytes
    what: str
    whom: str
    address: str = ""

    @property
    def sleutels(self) -> tuple[str, ...]:
        """Hashes under which it is counted, the address first; neither is stored itself."""
        whom = keyed_hash(self.key, self.what, self.whom)
        if not self.address:
            return (whom,)
        return keyed_hash(self.key, "adres", network_of(self.address)), whom


def count_attempt(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Count an attempt; False when it falls in a pause and must not be looked at.

    An address in its pause counts nothing for the name, so that it cannot lock others out.
    """
    repository = InlogpogingRepository(session)
    return all(
        repository.record(sleutel, now, limit=ATTEMPTS, free_before=now - PAUSE) <= ATTEMPTS
        for sleutel in attempt.sleutels
    )


def forgive_attempt(session: Session, attempt: Attempt, now: datetime) -> None:
    """Take an attempt that succeeded off: all failures of the name, one attempt of the address."""
    repository = InlogpogingRepository(session)
    *addresses, whom = attempt.sleutels
    repository.remove(whom)
    for address in addresses:
        repository.release(address)
    repository.remove_older(now - FORGET_ATTEMPTS)


def count_export(engine: Engine, gebruiker_id: int, now: datetime) -> None:
    """Count a download of an account.

    Raises
    ------
    TooManyError
        There were `EXPORTS` in the last hour; this one is not counted.
    """
    with unit_of_work(engine, traced=False) as session:
        first = ExportpogingRepository(session).record(
            gebruiker_id, now, limit=EXPORTS, after=now - EXPORT_WINDOW
        )
    if first is not None:
        raise TooManyError(max(1, ceil((first + EXPORT_WINDOW - now).total_seconds())))


def network_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the network of one customer.

    Examples
    --------
    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3:4:5:6"), network_of("testclient")
    ('192.0.2.7', '2001:db8:1:2::/64', 'testclient')
    >>> network_of("::ffff:192.0.2.7")
    '192.0.2.7'
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), NEIGHBOURS), strict=False))
