"""Everything on one person, at once: to read, to print and as JSON (TRUST P3).

What stands in the store comes from the registry of tables, so no table can be forgotten; beside it
stand who looked, what the model says now and why, and how long each part is kept.

References
----------
AVG article 15(1), and 15(3) on the copy; article 20 on a form that machines read.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import typst
from sqlalchemy import Engine

from service.dutch import datum, moment
from service.errors import NotFoundError, VangnetError
from service.privacy.beschermd import is_held, of_person
from service.privacy.bewaartermijnen import termijnen
from service.privacy.correctie import outdated_since
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.register import PERSOONSTABELLEN
from service.privacy.sleutels import Domein
from service.rechten.toegang import SYSTEEM, looking_as
from service.risicozinnen import tussen_tekst
from service.settings import Settings
from service.storage.audit import AuditRepository
from service.storage.engine import unit_of_work
from service.storage.identiteit import IdentiteitRepository
from service.storage.organisatie import OrganisatieRepository
from service.storage.persoonsrijen import read_person
from service.storage.suggestielog_tables import SUGGESTIE
from service.storage.verouderd import Verouderd, outdated_suggesties
from service.suggesties import Uitvalrisico
from service.wording import kans_tekst, risico_zin

TEMPLATE = Path(__file__).with_name("inzage.typ")
TECHNICAL = ("import_id", "jongere_id")
HASH = "sha256"
SCHOOL_CODE = "instelling"
ELDERS = (
    "Er kunnen van u ook kenmerken apart liggen, zoals geslacht. Deze pagina mag ze niet lezen. "
    "De beheerder haalt ze op met de opdracht vangnet inzage."
)
BEWAARD = (
    "Hoogstens een jaar. Alleen om te toetsen of een model groepen gelijk behandelt "
    "(AI-verordening artikel 10 lid 5)."
)
LOOKED = ("tijdstip", "actor", "doel", "actie")


class Scores(Protocol):
    """What an inzage asks of a region."""

    def uitvalrisico(self, jongere_id: str) -> Uitvalrisico:
        """Return the risk of one jongere; NotFoundError when there is none."""


@dataclass(frozen=True)
class Onderdeel:
    """The rows of one table: its heading, how long they are kept, and whether to print them."""

    kop: str
    tabel: str
    bewaard: str
    ruw: bool
    regels: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Inzage:
    """Everything on one person at one moment."""

    jongere_id: str
    naam: str
    gemaakt_op: datetime
    score: tuple[str, ...]
    verouderd_voor: datetime | None
    onderdelen: tuple[Onderdeel, ...]
    bekeken: tuple[Mapping[str, Any], ...]


def collect(
    engine: Engine,
    pseudoniemen: Pseudoniemen,
    jongere_id: str,
    *,
    op: datetime,
    regio: Scores | None = None,
) -> Inzage:
    """Return everything on one person.

    Parameters
    ----------
    engine : Engine
        The store.
    pseudoniemen : Pseudoniemen
        Finds the person in the audit log.
    jongere_id : str
        Whom.
    op : datetime
        Now, with time zone.
    regio : Scores, optional
        Tells what the model says now; without it that is left out.

    Raises
    ------
    NotFoundError
        Nothing is stored about anybody of this id.
    """
    mark = pseudoniemen.of(Domein.AUDIT, jongere_id)
    with looking_as(SYSTEEM), unit_of_work(engine, read_only=True) as session:
        rows = read_person(session, jongere_id)
        names = IdentiteitRepository(session).names([jongere_id])
        scholen = OrganisatieRepository(session).schoolnamen()
        looked = AuditRepository(session).about(mark)
        outdated = outdated_since(session, jongere_id)
        old = outdated_suggesties(session, jongere_id)
    if not rows:
        raise NotFoundError("jongere", jongere_id)
    _mark_outdated(rows.get(SUGGESTIE.name, []), old)
    return Inzage(
        jongere_id=jongere_id,
        naam=names.get(jongere_id, ""),
        gemaakt_op=op,
        score=_score(regio, jongere_id),
        verouderd_voor=outdated,
        onderdelen=tuple(_parts(rows, scholen)),
        bekeken=tuple({name: getattr(one, name) for name in LOOKED} for one in looked),
    )


def with_apart(engine: Engine, settings: Settings, inzage: Inzage) -> Inzage:
    """Return an inzage with the protected attributes that lie apart, or how to get those.

    The service that shows pages has no key of them, so there it only says where they can be had.
    """
    with looking_as(SYSTEEM), unit_of_work(engine, read_only=True) as session:
        if not is_held(session):
            return inzage
    found = of_person(engine, settings, inzage.jongere_id)
    told: dict[str, Any] = {"let op": ELDERS} if found is None else dict(found)
    if not told:
        return inzage
    part = Onderdeel(
        kop="Kenmerken die apart liggen",
        tabel="beschermd",
        bewaard=BEWAARD,
        ruw=False,
        regels=(told,),
    )
    return replace(inzage, onderdelen=(*inzage.onderdelen, part))


def as_json(inzage: Inzage) -> str:
    """Return an inzage as JSON: every column of every row."""
    return json.dumps(asdict(inzage), ensure_ascii=False, indent=2, default=_plain)


def as_pdf(inzage: Inzage) -> bytes:
    """Return an inzage as a PDF that a screen reader can follow (PDF/UA-1, ISO 14289-1).

    With a sign for which no font is at hand, that standard refuses; then it is a plain PDF.
    """
    told = {
        "naam": inzage.naam or inzage.jongere_id,
        "jongere_id": inzage.jongere_id,
        "op": datum(inzage.gemaakt_op.date()),
        "score": inzage.score,
        "onderdelen": [
            {"kop": one.kop, "bewaard": one.bewaard, "regels": readable(one)}
            for one in inzage.onderdelen
        ],
        "bekeken": [{name: _words(one[name] or "") for name in LOOKED} for one in inzage.bekeken],
    }
    inputs = {"inzage": json.dumps(told)}
    try:
        return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, pdf_standards="ua-1"))
    except typst.TypstError:
        return bytes(typst.compile(TEMPLATE, sys_inputs=inputs))


def readable(onderdeel: Onderdeel) -> list[list[tuple[str, str]]]:
    """Return the rows to read: name and value of each cell that says something.

    Keys and hashes are left out; what only a machine reads is left to the JSON.
    """
    if onderdeel.ruw:
        return []
    return [
        [
            (name.replace("_", " "), _words(value))
            for name, value in row.items()
            if value not in (None, "", [], {}) and name not in TECHNICAL and HASH not in name
        ]
        for row in onderdeel.regels
    ]


def _parts(
    rows: Mapping[str, list[dict[str, Any]]], scholen: Mapping[str, str]
) -> Iterable[Onderdeel]:
    terms = termijnen()
    for name, entry in PERSOONSTABELLEN.items():
        if name in rows and not entry.intern:
            yield Onderdeel(
                kop=entry.kop,
                tabel=name,
                bewaard=terms[name].in_woorden,
                ruw=entry.ruw,
                regels=tuple(_with_school(row, scholen) for row in rows[name]),
            )


def _with_school(row: Mapping[str, Any], scholen: Mapping[str, str]) -> dict[str, Any]:
    """Return a row with the name of its school beside the code, where that is known."""
    naam = scholen.get(row.get(SCHOOL_CODE, ""))
    return dict(row) if naam is None else {**row, "school": naam}


def _mark_outdated(rows: Iterable[dict[str, Any]], old: Iterable[Verouderd]) -> None:
    """Say of each suggestie whether a value was set right since it was made (TRUST P6)."""
    keys = {(one.lijst_sha256, one.nummer) for one in old}
    for row in rows:
        row["verouderd"] = (row["lijst_sha256"], row["nummer"]) in keys


def _score(regio: Scores | None, jongere_id: str) -> tuple[str, ...]:
    """Return what the model says now and why, in sentences; empty when there is no score."""
    if regio is None:
        return ()
    try:
        found = regio.uitvalrisico(jongere_id)
    except VangnetError:
        return ()
    return (
        f"Kans op uitval: {kans_tekst(found.kans)}, {tussen_tekst(found.laag, found.hoog)}.",
        *(f"Maakt de kans hoger: {risico_zin(one)}" for one in found.verhogend),
        *(f"Maakt de kans lager: {risico_zin(one)}" for one in found.verlagend),
    )


def _plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return datum(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
