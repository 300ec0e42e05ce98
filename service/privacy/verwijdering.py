"""Forgetting a person: in the ledger first, then in every table, then on the disk (TRUST P4).

A crash half way leaves a line in the ledger, and `replay` does the rest: at the next run of
``vangnet bewaar``, or after a backup was restored. Besluiten of a matchtafel keep their number,
choice and place, and lose the person and the words; audit lines keep a pseudonym of which the
secret is gone.

References
----------
AVG articles 17 and 19.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Engine

from service.errors import NotFoundError
from service.privacy.beschermd import forget
from service.privacy.grootboek import Grootboek, Stap
from service.privacy.rotatie import layer_of
from service.privacy.sleutels import Sleutels
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import Settings
from service.storage.engine import unit_of_work
from service.storage.importrun import ImportRepository
from service.storage.persoonsrijen import erase_person, known_ids
from service.storage.scrub import scrub
from service.storage.verwijdering import VerwijderingRepository

SOORT = "verwijdering"
"""Kind of the run that tells the memory of every worker that rows are gone."""
PROBLEMS = "foute-regels.csv"
GROOTBOEK = "grootboek"


class Grond(StrEnum):
    """Why somebody is erased: the grounds of AVG article 17(1)."""

    NIET_MEER_NODIG = "de gegevens zijn niet meer nodig"
    TOESTEMMING_INGETROKKEN = "de toestemming is ingetrokken"
    BEZWAAR = "de jongere maakte bezwaar"
    ONRECHTMATIG = "de gegevens mochten niet worden verwerkt"
    WETTELIJKE_PLICHT = "een wet vraagt het"


@dataclass(frozen=True)
class Verslag:
    """What was erased: rows by table, and whether the disk is clean as well."""

    aantallen: dict[str, int]
    opgeruimd: bool


def erase(
    engine: Engine, settings: Settings, jongere_id: str, *, grond: Grond, door: str, op: datetime
) -> Verslag:
    """Erase a person for good.

    Parameters
    ----------
    engine : Engine
        The store.
    settings : Settings
        Keys and data folder; the ledger and the report of bad rows lie there.
    jongere_id : str
        Whom.
    grond : Grond
        Why.
    door : str
        Who decided, as the audit log names an actor.
    op : datetime
        When, with time zone.

    Raises
    ------
    NotFoundError
        Nobody of that id is stored.
    """
    with looking_as(SYSTEEM):
        with unit_of_work(engine, read_only=True) as session:
            if jongere_id not in known_ids(session):
                raise NotFoundError("jongere", jongere_id)
        ledger = open_grootboek(engine, settings)
        ledger.add(jongere_id, Stap.VERWIJDERD, op)
        return _erase(engine, settings, ledger, jongere_id, grond=grond, door=door, op=op)


def admit(engine: Engine, settings: Settings, jongere_id: str, *, op: datetime) -> None:
    """Let imports bring somebody back who was erased, for instance at a new enrolment."""
    open_grootboek(engine, settings).add(jongere_id, Stap.TOEGELATEN, op)


def replay(engine: Engine, settings: Settings) -> int:
    """Erase again whom the ledger says was erased; return how many were there after all."""
    with looking_as(SYSTEEM):
        ledger = open_grootboek(engine, settings)
        with unit_of_work(engine, read_only=True) as session:
            back = sorted(ledger.erased_among(known_ids(session)))
        for jongere_id in back:
            _erase(
                engine,
                settings,
                ledger,
                jongere_id,
                grond=Grond.NIET_MEER_NODIG,
                door=GROOTBOEK,
                op=datetime.now(UTC),
            )
        return len(back)


def clean_up(engine: Engine, *, op: datetime) -> bool:
    """Take off the disk what an earlier erasure could not; True when nothing is left to do."""
    with looking_as(SYSTEEM):
        with unit_of_work(engine, read_only=True) as session:
            waiting = VerwijderingRepository(session).waiting()
        return not waiting or _scrub(engine, waiting, op)


def open_grootboek(engine: Engine, settings: Settings) -> Grootboek:
    """Return the ledger of a data folder, for the ids of a database."""
    sleutels = Sleutels.of(settings)
    return Grootboek(settings.data, sleutels, layer_of(engine, sleutels))


def _erase(
    engine: Engine,
    settings: Settings,
    ledger: Grootboek,
    jongere_id: str,
    *,
    grond: Grond,
    door: str,
    op: datetime,
) -> Verslag:
    (settings.reports / PROBLEMS).unlink(missing_ok=True)
    mark = ledger.kenmerk(jongere_id)
    forget(engine, settings, jongere_id)
    with unit_of_work(engine) as session:
        counts = erase_person(session, jongere_id)
        entry = VerwijderingRepository(session).add(
            kenmerk=mark, grond=grond, aantallen=counts, door=door, tijdstip=op
        )
        ImportRepository(session).add(
            tijdstip=op, bestand="", sha256=f"{SOORT}-{entry}", soort=SOORT, actor=door
        )
    return Verslag(counts, _scrub(engine, {entry: counts}, op))


def _scrub(engine: Engine, entries: dict[int, dict[str, int]], op: datetime) -> bool:
    tables: Iterable[str] = {name for counts in entries.values() for name in counts}
    clean = scrub(engine, tables)
    if clean:
        # housekeeping: a line about somebody whose secret is gone would tell of that id for ever
        with unit_of_work(engine, traced=False) as session:
            VerwijderingRepository(session).mark_clean(entries, op)
    return clean
