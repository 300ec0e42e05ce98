"""Who is affected by an incident: whom an account, or a route, saw between two moments (TRUST R12).

The clocks of AVG article 33 (72 hours) and AI Act article 73 run from when an incident is known, so
this list must be there within hours. Every request and command that shows, reads or changes a
jongere names that jongere in its line of the audit log (TRUST A1), so the log alone tells it.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from sqlalchemy import Engine

from service.audit.spoor import IEDEREEN, JONGERE, Resultaat
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.sleutels import Domein, Sleutels
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import Settings
from service.storage.audit import AuditRepository, Regelvraag
from service.storage.engine import unit_of_work
from service.storage.identiteit import IdentiteitRepository
from service.storage.persoonsrijen import known_ids

NOTHING_SHOWN = frozenset({Resultaat.GEWEIGERD.value, Resultaat.NIET_GEVONDEN.value})
"""Outcomes of requests that name a jongere of whom nothing was shown."""
MARK = f"{JONGERE}:"
SEPARATOR = " "
LIJST = pl.Schema(
    {
        "jongere_id": pl.String(),
        "naam": pl.String(),
        "keren": pl.Int64(),
        "eerste": pl.Datetime("us", "UTC"),
        "laatste": pl.Datetime("us", "UTC"),
        "actoren": pl.String(),
        "acties": pl.String(),
    }
)
"""Columns of the list; `naam` is empty where no name is known."""


@dataclass(frozen=True)
class Betrokkenen:
    """Who is affected, in how many lines they stand, and how many were erased since.

    `iedereen` counts lines that name nobody, for they are about everybody who was stored at that
    moment, such as that of a backup.
    """

    lijst: pl.DataFrame
    regels: int
    gewist: int
    iedereen: int


@dataclass
class _Gezien:
    """What the lines say of one jongere."""

    keren: int
    eerste: datetime
    laatste: datetime
    actoren: set[str] = field(default_factory=set)
    acties: set[str] = field(default_factory=set)


def affected(engine: Engine, settings: Settings, vraag: Regelvraag) -> Betrokkenen:
    """Return every jongere who stands in lines of the audit log.

    Parameters
    ----------
    engine : Engine
        The store.
    settings : Settings
        Keys of the audit domain.
    vraag : Regelvraag
        Which lines: between which moments, by whom, along which route.

    Returns
    -------
    Betrokkenen
        ``lijst`` has the columns of `LIJST`, who was seen most often first. Whom nobody was shown,
        for the request was refused, is not in it.

    References
    ----------
    AVG articles 33 and 34; AI Act article 73.
    """
    with looking_as(SYSTEEM), unit_of_work(engine, read_only=True) as session:
        seen, regels, iedereen = _seen(AuditRepository(session), vraag)
        ids = known_ids(session)
        marks = Pseudoniemen(engine, Sleutels.of(settings)).of_many(Domein.AUDIT, ids)
        here = {one: seen.pop(mark) for one, mark in marks.items() if mark in seen}
        namen = IdentiteitRepository(session).names(list(here))
    rows = [
        {
            "jongere_id": one,
            "naam": namen.get(one, ""),
            "keren": what.keren,
            "eerste": what.eerste,
            "laatste": what.laatste,
            "actoren": SEPARATOR.join(sorted(what.actoren)),
            "acties": ", ".join(sorted(what.acties)),
        }
        for one, what in here.items()
    ]
    lijst = pl.DataFrame(rows, schema=LIJST).sort("keren", "jongere_id", descending=[True, False])
    return Betrokkenen(lijst, regels, len(seen), iedereen)


def _seen(repository: AuditRepository, vraag: Regelvraag) -> tuple[dict[str, _Gezien], int, int]:
    """Return what the lines say by pseudonym, how many name anybody, and how many everybody."""
    found: dict[str, _Gezien] = {}
    regels = iedereen = 0
    for line in repository.lines(vraag):
        if line.resultaat in NOTHING_SHOWN:
            continue
        marks = [
            name.removeprefix(MARK) for name in json.loads(line.objecten) if name.startswith(MARK)
        ]
        if IEDEREEN in marks:
            iedereen += 1
            marks.remove(IEDEREEN)
        regels += bool(marks)
        for mark in marks:
            one = found.setdefault(mark, _Gezien(0, line.tijdstip, line.tijdstip))
            one.keren += 1
            one.eerste = min(one.eerste, line.tijdstip)
            one.laatste = max(one.laatste, line.tijdstip)
            one.actoren.add(line.actor)
            one.acties.add(line.actie)
    return found, regels, iedereen
