"""The nightly job: what is over goes, the disk is cleaned, and a report says how much it was.

It also finishes what a crash left of an erasure, and does the erasures of the ledger again, so
that an older backup that somebody put back cannot stay unnoticed for longer than a night.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Engine

from models.splitting import add_months
from models.store import StoredCard
from service.audit.opening import audit_sleutels
from service.audit.opruimen import remove_before
from service.privacy.beschermd import sweep
from service.privacy.bewaartermijnen import termijnen
from service.privacy.verwijdering import clean_up, replay
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import Settings
from service.storage.bewaren import BewaarRepository
from service.storage.engine import unit_of_work
from service.storage.importrun import ImportRepository
from service.storage.scrub import scrub

SOORT = "bewaartermijn"
KETEN = "auditregel"
INNAME = "beschermd_inname"
"""Under this table the report counts protected attributes, which lie apart."""
MODEL_MONTHS = 120


@dataclass(frozen=True)
class Nachtverslag:
    """What one night did: rows by table, persons erased again, and whether the disk is clean."""

    verwijderd: dict[str, int]
    opnieuw_gewist: int
    opgeruimd: bool


@dataclass(frozen=True)
class BewaardModel:
    """A version of a model in the store: since when, and until when at least."""

    naam: str
    versie: str
    sinds: date
    tot: date
    mag_weg: bool
    """Whether its ten years are over."""


def keep_terms(engine: Engine, settings: Settings, *, dag: date) -> Nachtverslag:
    """Throw away everything whose term is over on a day.

    Parameters
    ----------
    engine : Engine
        The store.
    settings : Settings
        Keys and data folder.
    dag : date
        Today; the last day of a term is still kept.
    """
    now = datetime.now(UTC)
    with looking_as(SYSTEEM):
        again = replay(engine, settings)
        apart = sweep(engine, settings, dag=dag)
        with unit_of_work(engine) as session:
            repository = BewaarRepository(session, termijnen(), dag)
            removed = repository.remove_expired()
            cut = remove_before(
                session,
                audit_sleutels(settings),
                datetime.combine(termijnen()[KETEN].tot(dag), time.min, UTC),
                now=datetime.combine(dag, time.min, UTC),
            )
            removed |= {name: count for name, count in vars(cut).items() if count}
            removed |= {INNAME: apart} if apart else {}
            removed = {_singular(name): count for name, count in removed.items()}
            repository.report(removed, tijdstip=now)
            if removed:
                ImportRepository(session).add(
                    tijdstip=now,
                    bestand="",
                    sha256=f"{SOORT}-{now.timestamp()}",
                    soort=SOORT,
                    actor=SOORT,
                )
        clean = scrub(engine, removed) if removed else True
        return Nachtverslag(removed, again, clean_up(engine, op=now) and clean)


def kept_models(cards: Iterable[StoredCard], *, dag: date) -> list[BewaardModel]:
    """Return every model with how long its documentation is kept (AI Act article 18).

    Nothing throws a model away by itself: a person decides, for it may still be in use.
    """
    found = []
    for one in cards:
        saved = one.saved_at.date()
        until = add_months(saved, MODEL_MONTHS)
        found.append(BewaardModel(one.name, one.version, saved, until, mag_weg=dag > until))
    return found


def _singular(name: str) -> str:
    """Return the table that a field of the audit log's answer counts."""
    return {"auditregels": "auditregel", "verwerkingsregels": "verwerkingsregel"}.get(name, name)
