"""Leerwerkplekken as people keep them: a place with what it asks and what can be learned there."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import uuid4

import polars as pl
from sqlalchemy.orm import Session

from service.errors import ConflictError, NotFoundError
from service.rechten.begrippen import Actor
from service.registratie.eigen import check_own, elsewhere
from service.registratie.invoer import (
    BRON,
    Invoerder,
    check,
    find,
    finish_run,
    start_run,
    store_changed,
)
from service.storage.feiten import FeitRepository, Row
from service.storage.tables import IMPORT_ID

PLEK, EIS, WERKPROCES = "leerwerkplek", "leerwerkplek_eis", "leerwerkplek_werkproces"
OWN_ID = "LWP-"
"""Begin of the id of a place that was entered by hand."""


@dataclass(frozen=True)
class Eis:
    """A competentie that a place asks; `hard` is a must, otherwise it is a wish."""

    competentie_id: str
    niveau: int
    hard: bool


@dataclass(frozen=True)
class PlekGegevens:
    """All that a person fills in about a place; units as in `features.tables.LEERWERKPLEK`."""

    leerbedrijf_id: str
    soort: str
    titel: str
    begindatum: date
    capaciteit: int
    uren_min: float
    uren_max: float
    opleidingcode: str | None = None
    omstandigheden: Sequence[str] | None = None
    begeleiding: Sequence[str] | None = None
    sluit_op: date | None = None
    eisen: Sequence[Eis] = ()
    werkprocessen: Sequence[str] = ()


@dataclass(frozen=True)
class Plek:
    """A place as it is stored.

    `versie` changes with every change of the place, its eisen or its werkprocessen, whoever makes
    it.
    """

    plek: Row
    eisen: Sequence[Row]
    werkprocessen: Sequence[Row]

    @property
    def versie(self) -> str:
        """Short digest of who wrote which row last."""
        written = [self.plek[IMPORT_ID]]
        written += [(row["competentie_id"], row[IMPORT_ID]) for row in self.eisen]
        written += [(row["werkproces_id"], row[IMPORT_ID]) for row in self.werkprocessen]
        return hashlib.sha256(repr(written).encode()).hexdigest()[:16]


def read_plek(session: Session, leerwerkplek_id: str) -> Plek:
    """Return one place; NotFoundError when there is none."""
    key = {"leerwerkplek_id": leerwerkplek_id}
    return Plek(
        find(session, PLEK, key),
        FeitRepository(session, EIS).all(key),
        FeitRepository(session, WERKPROCES).all(key),
    )


def find_plek(session: Session, actor: Actor, leerwerkplek_id: str) -> Plek:
    """Return one place of the own region, or of a leerbedrijf that is of no region yet.

    Pages and API ask this alike (TRUST S6). What a list shows of a place for one jongere is another
    matter: a jongere may travel to another region.

    Raises
    ------
    NotFoundError
        There is no such place, or it is of another region.
    """
    found = read_plek(session, leerwerkplek_id)
    if found.plek["leerbedrijf_id"] in elsewhere(session, actor):
        raise NotFoundError(PLEK, leerwerkplek_id)
    return found


def create_plek(session: Session, gegevens: PlekGegevens, door: Invoerder) -> Plek:
    """Store a new place and return it; it is known from today.

    Raises
    ------
    InvoerError
        What was filled in breaks the contract, or names something that is not known.
    NotFoundError
        Who writes may not write for it: see `service.registratie.eigen.check_own`.
    """
    check_own(session, gegevens.leerbedrijf_id)
    FeitRepository(session, PLEK).lock()
    leerwerkplek_id = f"{OWN_ID}{uuid4().hex[:12]}"
    row = _row(leerwerkplek_id, gegevens) | {"bekend_op": door.dag}
    frame = check(session, PLEK, [row])
    import_id = start_run(session, f"nieuw: {PLEK}", door)
    FeitRepository(session, PLEK).add(frame, import_id)
    parts = _store_parts(session, leerwerkplek_id, gegevens, import_id)
    finish_run(session, import_id, new={PLEK: 1, **parts}, changed={})
    return read_plek(session, leerwerkplek_id)


def update_plek(
    session: Session, leerwerkplek_id: str, gegevens: PlekGegevens, *, versie: str, door: Invoerder
) -> Plek:
    """Replace all that is known of a place, with its eisen and werkprocessen, and return it.

    It was known before, so ``bekend_op`` stays as it is.

    Raises
    ------
    NotFoundError
        There is no such place, or who writes may not write for its leerbedrijf.
    ConflictError
        Somebody changed it since `versie`; ``huidig`` is left to the caller.
    InvoerError
        As `create_plek`.
    """
    found = _find_version(session, leerwerkplek_id, versie)
    check_own(session, gegevens.leerbedrijf_id)
    row = _row(leerwerkplek_id, gegevens) | {"bekend_op": found.plek["bekend_op"]}
    frame = check(session, PLEK, [row])
    import_id = start_run(session, f"gewijzigd: {PLEK}", door)
    FeitRepository(session, PLEK).replace(frame, import_id)
    for part in (EIS, WERKPROCES):
        FeitRepository(session, part).remove({"leerwerkplek_id": leerwerkplek_id})
    parts = _store_parts(session, leerwerkplek_id, gegevens, import_id)
    finish_run(session, import_id, new=parts, changed={PLEK: 1})
    return read_plek(session, leerwerkplek_id)


def close_plek(
    session: Session, leerwerkplek_id: str, sluit_op: date, *, versie: str, door: Invoerder
) -> Plek:
    """Set the last day on which somebody can start at a place, and return it.

    Raises
    ------
    NotFoundError, ConflictError, InvoerError
        As `update_plek`.
    """
    found = _find_version(session, leerwerkplek_id, versie)
    store_changed(session, PLEK, found.plek | {"sluit_op": sluit_op, "bron": BRON}, door)
    return read_plek(session, leerwerkplek_id)


def _find_version(session: Session, leerwerkplek_id: str, versie: str) -> Plek:
    FeitRepository(session, PLEK).lock()
    found = read_plek(session, leerwerkplek_id)
    check_own(session, found.plek["leerbedrijf_id"])
    if found.versie != versie:
        raise ConflictError(PLEK, leerwerkplek_id)
    return found


def _row(leerwerkplek_id: str, gegevens: PlekGegevens) -> dict[str, object]:
    facts = asdict(gegevens)
    del facts["eisen"], facts["werkprocessen"]
    return facts | {"leerwerkplek_id": leerwerkplek_id, "bron": BRON}


def _store_parts(
    session: Session, leerwerkplek_id: str, gegevens: PlekGegevens, import_id: int
) -> dict[str, int]:
    """Store what a place asks and teaches; return how many rows of which table."""
    known = {"leerwerkplek_id": leerwerkplek_id, "bron": BRON}
    parts: dict[str, tuple[str, list[dict[str, object]]]] = {
        EIS: ("eisen", [{**asdict(eis), **known} for eis in gegevens.eisen]),
        WERKPROCES: (
            "werkprocessen",
            [{"werkproces_id": one, **known} for one in gegevens.werkprocessen],
        ),
    }
    counts = {}
    for name, (place, rows) in parts.items():
        if rows:
            frame: pl.DataFrame = check(session, name, rows, place=place)
            FeitRepository(session, name).add(frame, import_id)
            counts[name] = len(rows)
    return counts
