"""Protected attributes: taken in with a ground, read by the audit job alone, and forgotten (F3).

They serve one purpose: to see whether a model treats groups alike. So they lie apart from all other
rows, under pseudonyms of a domain of their own, and the key of that domain is given to the audit
job only (``VANGNET_BESCHERMD_KEY``); the service that shows pages runs without it. An erasure takes
the secret of a person away, and with it the way from here to the person; where the key is at hand
the rows go at once, and else in the night.

References
----------
AVG article 9(2)(g); AI Act article 10(5), which asks that no other data can do it, that they are
pseudonymised, guarded and not passed on, and deleted when the bias is corrected or their term ends.
CBS (2022), Nieuwe indeling bevolking naar herkomst.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.errors import (
    InvoerError,
    Invoerfout,
    RefusedError,
    SettingsError,
    Weigering,
)
from service.importing.persons import ReadOptions
from service.privacy.beschermd_bestand import Kenmerk, read_kenmerken
from service.privacy.pseudoniemen import JONGERE_ID, Pseudoniemen
from service.privacy.rotatie import pseudonym_key
from service.privacy.sleutels import Domein, Sleutels, fingerprint
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import Settings
from service.storage.beschermd import InnameRepository, KenmerkRepository, open_kluis
from service.storage.engine import unit_of_work
from service.storage.persoonssleutel import PersoonssleutelRepository
from service.storage.sleutelstand import SleutelstandRepository

LONGEST = timedelta(days=366)
"""How long attributes may be kept at most, before they are taken in anew."""
SHORTEST = 10
"""Characters of a purpose and of a ground, at least."""


@dataclass(frozen=True)
class Verantwoording:
    """Why attributes are taken in: purpose, ground, the DPIA that weighed it, and the last day."""

    doel: str
    grondslag: str
    dpia: str
    tot: date


@dataclass(frozen=True)
class Ingenomen:
    """What one file brought: jongeren of whom something is kept now, and rows of nobody here."""

    jongeren: int
    onbekend: int


def take_in(
    engine: Engine,
    settings: Settings,
    path: Path,
    waarom: Verantwoording,
    *,
    door: str,
    op: datetime,
) -> Ingenomen:
    """Take attributes in from a CSV, Excel or Parquet file; all of it or nothing.

    Parameters
    ----------
    engine : Engine
        The store.
    settings : Settings
        With the key of the domain.
    path : Path
        A column ``bsn``, ``onderwijsnummer`` or ``jongere_id``, and one per `Kenmerk`. An empty
        cell says nothing; a value takes the place of the one before it. Who is not in the store is
        left out.
    waarom : Verantwoording
        Why this may be done.
    door : str
        Who does it, as the audit log names an actor.
    op : datetime
        Now, with time zone.

    Raises
    ------
    InvoerError
        Purpose, ground or DPIA is absent, or they would stay too long.
    FileError
        The file cannot be read, or holds other columns or values.
    SettingsError
        The key is absent, or is not the one under which others lie.
    RefusedError
        This role may not come near them.
    """
    _check(waarom, op.date())
    sleutels = Sleutels.of(settings)
    told = read_kenmerken(
        path, ReadOptions(pseudonym_key(engine, settings), settings.meldvertraging_dagen)
    )
    with looking_as(SYSTEEM), open_kluis(engine, make=True) as kluis:
        if kluis is None:
            raise RefusedError(Weigering.GEEN_KENMERKEN)
        marks = Pseudoniemen(engine, sleutels).of_many
        with unit_of_work(kluis) as session:
            _hold_key(session, sleutels, settings, op)
            known = set(PersoonssleutelRepository(session).of(told[JONGERE_ID].unique().to_list()))
            here = told.filter(pl.col(JONGERE_ID).is_in(sorted(known)))
            number = InnameRepository(session).add(
                kenmerken=[one for one in Kenmerk if one in told.columns],
                doel=waarom.doel.strip(),
                grondslag=waarom.grondslag.strip(),
                dpia=waarom.dpia.strip(),
                bestand=path.name,
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                door=door,
                tijdstip=op,
                bewaren_tot=waarom.tot,
            )
            names = marks(Domein.BESCHERMD, known)
            KenmerkRepository(session).put(_rows(here, names, number))
    return Ingenomen(here[JONGERE_ID].n_unique(), told.height - here.height)


def attributes_of(engine: Engine, settings: Settings, jongeren: pl.Series) -> pl.DataFrame:
    """Return the attributes of jongeren: for the audit job, and for nothing else.

    Parameters
    ----------
    engine : Engine
        The store.
    settings : Settings
        With the key of the domain.
    jongeren : Series of str
        Whose.

    Returns
    -------
    DataFrame
        ``jongere_id`` and one text column per `Kenmerk` that is kept of anybody, in the order of
        `jongeren`; null where it is not known.

    Raises
    ------
    SettingsError
        The key is absent, or is not the one under which they lie.
    RefusedError
        There are none, or this role may not read them.
    """
    sleutels = Sleutels.of(settings)
    with looking_as(SYSTEEM), open_kluis(engine) as kluis:
        if kluis is None:
            raise RefusedError(Weigering.GEEN_KENMERKEN)
        with unit_of_work(kluis, read_only=True) as session:
            _check_key(session, sleutels, settings)
            rows = KenmerkRepository(session).all()
    if not rows:
        raise RefusedError(Weigering.GEEN_KENMERKEN)
    names = Pseudoniemen(engine, sleutels).of_many(Domein.BESCHERMD, jongeren.unique().to_list())
    kept = pl.DataFrame(rows, schema=["pseudoniem", "kenmerk", "waarde"], orient="row")
    wide = kept.pivot("kenmerk", index="pseudoniem", values="waarde")
    who = pl.DataFrame(
        {JONGERE_ID: list(names), "pseudoniem": list(names.values())},
        schema={JONGERE_ID: pl.String, "pseudoniem": pl.String},
    )
    found = (
        jongeren.rename(JONGERE_ID)
        .to_frame()
        .join(
            who.join(wide, on="pseudoniem", how="left"),
            on=JONGERE_ID,
            how="left",
            maintain_order="left",
        )
    )
    return found.select(JONGERE_ID, *(one for one in Kenmerk if one in wide.columns))


def is_held(session: Session) -> bool:
    """Whether attributes may be here; needs neither the key nor a right to read them."""
    return bool(InnameRepository(session).standing())


def of_person(engine: Engine, settings: Settings, jongere_id: str) -> dict[str, str] | None:
    """Return what is kept apart of one person, by kenmerk; None where that cannot be read here."""
    sleutels = Sleutels.of(settings)
    with looking_as(SYSTEEM), open_kluis(engine) as kluis:
        if kluis is None or Domein.BESCHERMD not in sleutels.domeinen:
            return None
        mark = Pseudoniemen(engine, sleutels).of(Domein.BESCHERMD, jongere_id)
        with unit_of_work(kluis, read_only=True) as session:
            _check_key(session, sleutels, settings)
            return KenmerkRepository(session).of(mark)


def forget(engine: Engine, settings: Settings, jongere_id: str) -> int:
    """Throw away what is kept apart of one person, where the key is at hand; return how many rows.

    To be done before the secret of the person goes. Without the key nothing is done: then the rows
    lead nowhere once the secret is gone, and `sweep` takes them.
    """
    sleutels = Sleutels.of(settings)
    if Domein.BESCHERMD not in sleutels.domeinen:
        return 0
    with looking_as(SYSTEEM), open_kluis(engine) as kluis:
        if kluis is None:
            return 0
        mark = Pseudoniemen(engine, sleutels).of(Domein.BESCHERMD, jongere_id)
        with unit_of_work(kluis, traced=False) as session:
            return KenmerkRepository(session).remove([mark])


def sweep(engine: Engine, settings: Settings, *, dag: date) -> int:
    """Throw away what was kept long enough, and what leads to nobody; return how many rows.

    Parameters
    ----------
    engine : Engine
        The store.
    settings : Settings
        Without the key only what was kept long enough goes.
    dag : date
        Today; the last day is still kept.
    """
    sleutels = Sleutels.of(settings)
    with looking_as(SYSTEEM), open_kluis(engine) as kluis:
        if kluis is None:
            return 0
        with unit_of_work(kluis, traced=False) as session:
            innames, kept = InnameRepository(session), KenmerkRepository(session)
            over = [one.id for one in innames.standing() if one.bewaren_tot < dag]
            innames.close(over, datetime.combine(dag, time.min, UTC))
            gone = kept.remove_closed()
            if Domein.BESCHERMD in sleutels.domeinen and kept.pseudoniemen():
                _check_key(session, sleutels, settings)
                known = list(PersoonssleutelRepository(session).all())
                marks = Pseudoniemen(engine, sleutels).of_many(Domein.BESCHERMD, known)
                gone += kept.remove(kept.pseudoniemen() - set(marks.values()))
            return gone


def throw_away(engine: Engine, *, op: datetime) -> int:
    """Throw away all that lies apart, as when a bias is corrected; return how many rows.

    Raises
    ------
    RefusedError
        There is nothing, or this role may not come near it.
    """
    with looking_as(SYSTEEM), open_kluis(engine) as kluis:
        if kluis is None:
            raise RefusedError(Weigering.GEEN_KENMERKEN)
        with unit_of_work(kluis) as session:
            innames = InnameRepository(session)
            innames.close([one.id for one in innames.standing()], op)
            return KenmerkRepository(session).remove_closed()


def _check(waarom: Verantwoording, vandaag: date) -> None:
    """Raise `InvoerError` with all that is wrong with a reason."""
    fouten = [
        Invoerfout(naam, "te_kort", f"Schrijf bij {naam} minstens {SHORTEST} tekens.")
        for naam in ("doel", "grondslag")
        if len(getattr(waarom, naam).strip()) < SHORTEST
    ]
    if not waarom.dpia.strip():
        fouten.append(Invoerfout("dpia", "verplicht", "Noem de DPIA waarin dit is afgewogen."))
    if not vandaag < waarom.tot <= vandaag + LONGEST:
        fouten.append(Invoerfout("tot", "te_lang", "Bewaar ze hoogstens een jaar."))
    if fouten:
        raise InvoerError(fouten)


def _rows(here: pl.DataFrame, names: Mapping[str, str], number: int) -> list[dict[str, object]]:
    """Return rows of the table of attributes; of one person the last value counts."""
    told: dict[tuple[str, str], str] = {}
    for row in here.iter_rows(named=True):
        for kenmerk in Kenmerk:
            if row.get(kenmerk) is not None:
                told[names[row[JONGERE_ID]], kenmerk.value] = row[kenmerk]
    return [
        {"pseudoniem": who, "kenmerk": kenmerk, "waarde": value, "inname_id": number}
        for (who, kenmerk), value in sorted(told.items())
    ]


def _hold_key(session: Session, sleutels: Sleutels, settings: Settings, op: datetime) -> None:
    """Record under which key the rows lie when there are none yet; else it must be that one."""
    if KenmerkRepository(session).pseudoniemen():
        _check_key(session, sleutels, settings)
        return
    SleutelstandRepository(session).set(Domein.BESCHERMD, _fingerprint(sleutels, settings), op)


def _check_key(session: Session, sleutels: Sleutels, settings: Settings) -> None:
    told = SleutelstandRepository(session).find(Domein.BESCHERMD)
    if told is not None and told != _fingerprint(sleutels, settings):
        raise SettingsError("beschermd_key", "is not the key under which the attributes lie")


def _fingerprint(sleutels: Sleutels, settings: Settings) -> str:
    sleutels.key(Domein.BESCHERMD)  # a SettingsError when there is none
    key = settings.beschermd_key
    return fingerprint("" if key is None else key.get_secret_value())
