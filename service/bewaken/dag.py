"""One night of the watch: measure every model in use, keep what was found, and raise alarms."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.contract import Tables
from features.peildatum import cut_to_peildatum
from models.leerwerkplek import PlaatsingModel
from models.store import ModelStore
from models.uitvalrisico import UitvalrisicoModel
from service.bewaken.bronnen import bestanden, bronkwaliteit, geweigerd
from service.bewaken.groepen import beslist, getoetst, keep_besluiten
from service.bewaken.hertoets import hertoets_bevindingen
from service.bewaken.kampioen import Kampioen, kampioenen
from service.bewaken.maten import Maat
from service.bewaken.opvolging import standgehouden
from service.bewaken.uitkomsten import uitgekomen
from service.bewaken.verschuiving import verschoven
from service.koppelingen import read_tables
from service.modelbeheer.na_besluit import NaBesluit, over_plekken
from service.outbox.berichten import Soort, enqueue
from service.privacy.bezwaar import without_objectors
from service.snapshot.source import check_data
from service.storage.bewaking import (
    ALARM,
    BEKEKEN,
    OPEN,
    RUSTIG,
    TE_WEINIG,
    VOORBIJ,
    Bevinding,
    Bewaakalarm,
    BewakingRepository,
)
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work

PATH = "/bewaking"
DECIDED = (UitvalrisicoModel.name, PlaatsingModel.name)
"""Models beside which people decide: whom to help, and about which place."""
WORSE = 1.25
"""A figure that is so many times what it was when somebody looked at it asks to look again."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Nacht:
    """What one run found, and which alarms are new."""

    bevindingen: tuple[Bevinding, ...]
    nieuw: tuple[Bevinding, ...]


def bewaak(
    engine: Engine,
    models: ModelStore,
    *,
    now: datetime,
    dag: date | None = None,
    problems: Path | None = None,
    say: Say = lambda _: None,
) -> Nacht:
    """Measure every model in use, keep what was found, and tell the analysts what is new.

    Parameters
    ----------
    engine : Engine
        The store.
    models : ModelStore
        Where the versions are.
    now : datetime
        Now, with a time zone.
    dag : date, optional
        Day from which to look; by default the newest of which the store knows something.
    problems : Path, optional
        Where the bad rows of the last refused import stand.
    say : callable
        Told each step that begins, in Dutch.

    Raises
    ------
    NoDataError
        The store is empty.
    """
    vandaag = now.date() if dag is None else dag
    with unit_of_work(engine, read_only=True) as session:
        say("Gegevens lezen")
        until = check_data(CanonicalRepository(session))
        tables: Tables = without_objectors(session, read_tables(session))
        if dag is not None and dag < until:
            until, tables = dag, cut_to_peildatum(tables, dag)
        besloten: list[tuple[Kampioen, NaBesluit]] = []
        found = list(
            measured(session, models, tables, until, vandaag=vandaag, besloten=besloten, say=say)
        )
        found += [*bronkwaliteit(tables), *bestanden(session, now)]
    if problems is not None:
        found += geweigerd(problems)
    with unit_of_work(engine) as session:
        repository = BewakingRepository(session)
        repository.lock()
        number = repository.add(found, dag=vandaag, bekend_tot=until, tijdstip=now)
        new = settle(repository, found, op=now)
        for een, told in besloten:
            keep_besluiten(session, een, told, bekend_tot=until, op=now)
        if new:
            enqueue(session, Soort.ALARM, sleutel=f"bewaken/{number}", op=now, pad=PATH)
    return Nacht(tuple(found), tuple(new))


def measured(
    session: Session,
    models: ModelStore,
    tables: Tables,
    until: date,
    *,
    vandaag: date,
    besloten: list[tuple[Kampioen, NaBesluit]],
    say: Say = lambda _: None,
) -> Iterator[Bevinding]:
    """Yield what is found of every model in use.

    Parameters
    ----------
    session : Session
        A unit of work that reads.
    models : ModelStore
        Where the versions are.
    tables : mapping of name to DataFrame
        Canonical tables, as known until then.
    until : date
        Last day of which anything is known.
    vandaag : date
        Today.
    besloten : list
        Gets what people decided beside each model.
    say : callable
        Told each step that begins.
    """
    repository = BewakingRepository(session)
    for een in kampioenen(session, models):
        say(f"{een.naam} versie {een.versie} bekijken")
        yield _bestanden(een)
        yield from verschoven(een, tables, until)
        outcome = uitgekomen(session, een, tables, until)
        yield from outcome.bevindingen
        yield from getoetst(session, een)
        decided = outcome.besloten
        if een.naam == PlaatsingModel.name:
            since = datetime.combine(een.sinds, time.min, UTC)
            decided = over_plekken(session, tables, since=since)
        if een.naam in DECIDED:
            besloten.append((een, decided))
            yield from beslist(een, decided)
        days = [*repository.measured(een.naam, een.versie), vandaag]
        yield from hertoets_bevindingen(een, days, vandaag)
    yield from standgehouden(session, tables, until)


def _bestanden(een: Kampioen) -> Bevinding:
    key = (een.naam, een.versie, Maat.BESTANDEN.value, "bestanden")
    if een.model is None:
        return Bevinding(*key, ALARM, "De bestanden zijn weg, of zijn niet wat is goedgekeurd.")
    return Bevinding(*key, RUSTIG, "De bestanden zijn wat is goedgekeurd.")


def settle(
    repository: BewakingRepository, found: Sequence[Bevinding], *, op: datetime
) -> list[Bevinding]:
    """Raise what is new, and close what people looked at and is over; return what is new.

    An alarm stays open until somebody looked at it. After that it is silent as long as it gets no
    worse; when it is calm again and comes back later, it is a new one. Calm is also what is not
    named any more where its figure was measured, and what is about a version that is not in use.
    """
    known: dict[tuple[str, str, str, str], Bewaakalarm] = {}
    for alarm in repository.alarms(OPEN, BEKEKEN):
        known.setdefault(alarm.sleutel, alarm)
    new = []
    for one in found:
        before = known.get(one.sleutel)
        if one.niveau == ALARM and (before is None or _is_worse(one, before)):
            if before is not None:
                repository.change(before.id, stand=VOORBIJ)
            repository.raise_alarm(one, op=op)
            new.append(one)
        elif one.niveau == ALARM and before is not None:
            repository.change(before.id, gezien_op=op)
    for over in _over(known.values(), found):
        repository.change(over.id, stand=VOORBIJ)
    return new


def _over(known: Iterable[Bewaakalarm], found: Sequence[Bevinding]) -> Iterator[Bewaakalarm]:
    """Yield the alarms that somebody looked at and that are over."""
    told = {one.sleutel for one in found if one.niveau != RUSTIG}
    measured = {one.sleutel[:3] for one in found if one.niveau != TE_WEINIG}
    # what became of proposals is told of earlier versions too
    in_use = {one.sleutel[:2] for one in found if one.maat != Maat.PLAATSING}
    models = {model for model, _ in in_use}
    for alarm in known:
        gone = alarm.model in models and alarm.sleutel[:2] not in in_use
        calm = alarm.sleutel not in told and alarm.sleutel[:3] in measured
        if alarm.stand == BEKEKEN and (gone or calm):
            yield alarm


def _is_worse(one: Bevinding, before: Bewaakalarm) -> bool:
    """Whether what somebody looked at has got so much worse that it has to be looked at again."""
    if before.stand == OPEN or one.waarde is None or before.waarde is None:
        return False
    return abs(one.waarde) > WORSE * abs(before.waarde)
