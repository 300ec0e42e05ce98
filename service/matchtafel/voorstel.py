"""The joint proposal of a table: computed for everybody at once, explained, numbered and kept.

It proposes and nothing more: who decides is in `service.matchtafel.besluiten`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.allocation import STANDAARD, Allocation, Doel, allocate
from models.allocation_problem import VOORBEHOUDEN
from models.errors import PinConflictError
from models.explanation import Reden
from service.errors import RefusedError, VangnetError, Weigering
from service.matchtafel.begrippen import Agendapunt, Keuze, TafelPlek, Voorstel, Wens, WensSoort
from service.matchtafel.tafel import not_closed
from service.matchtafel.zicht import TafelZicht
from service.storage.besluit import BesluitRepository
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.uitleg import as_values
from service.wording import blokkade_zin

PIN_REDENEN = {
    "twee plekken": "voor één jongere zijn twee plekken vastgezet",
    "te vol": "de plek heeft daarvoor te weinig ruimte",
    "veto": "het paar is ook uitgesloten",
    "voorbehouden": "de plek is nu alleen voor leerlingen van een andere school",
}
"""Why pins cannot be kept, in words; what a rule blocks has a sentence of its own."""


@dataclass(frozen=True)
class Opties:
    """What the table asks of a proposal; the order of the objectives is printed with it."""

    doelen: tuple[Doel, ...] = STANDAARD
    minimum: float = 0.0
    """A place whose kans is not above this is no better than none."""
    minima: Mapping[str, float] = field(default_factory=dict)
    """Own minimum of a jongere, such as the kans of another route, in place of that of all."""
    seed: int = 0
    """Decides between proposals that are equally good."""


@dataclass(frozen=True)
class Vraagstuk:
    """What a proposal was computed from."""

    punten: dict[str, Agendapunt]
    pairs: pl.DataFrame
    vrij: pl.DataFrame
    pins: tuple[tuple[str, str], ...]
    vetoes: tuple[tuple[str, str], ...]

    def equals(self, other: "Vraagstuk") -> bool:
        """Whether the same is asked, so that the same is the answer."""
        mine, theirs = ((one.punten, one.pins, one.vetoes) for one in (self, other))
        return mine == theirs and self.pairs.equals(other.pairs) and self.vrij.equals(other.vrij)


@dataclass(frozen=True)
class Vooruit:
    """What was solved while others could write: the question, the options and the answer."""

    vraagstuk: Vraagstuk
    opties: Opties
    allocation: Allocation


def solve_ahead(
    engine: Engine,
    zicht: TafelZicht,
    matchtafel_id: int,
    opties: Opties,
    *,
    first: Callable[[Session], object] | None = None,
) -> Vooruit | None:
    """Solve the next proposal of a table before the store is locked to keep it.

    On SQLite a transaction that writes keeps every other one waiting, the audit line of each
    reader included; a solve takes up to seconds. `propose` looks whether the question is still
    the same and solves it again if not, so nothing is kept that was solved from something else.

    Parameters
    ----------
    engine : Engine
        The store.
    zicht, matchtafel_id, opties
        As `propose` takes them.
    first : callable, optional
        What will be changed in the same transaction before the proposal. It is done here to see
        what will be asked then, and undone at once.

    Returns
    -------
    Vooruit or None
        None where there can be no proposal now; `propose` says why.
    """
    try:
        check_scores(zicht)
        with unit_of_work(engine, read_only=first is None, traced=False) as session:
            not_closed(session, matchtafel_id)
            if first is not None:
                first(session)
            vraagstuk = pose(session, zicht, matchtafel_id)
            session.rollback()
        return Vooruit(vraagstuk, opties, solve(zicht, vraagstuk, opties))
    except VangnetError:
        return None


def propose(
    session: Session,
    zicht: TafelZicht,
    matchtafel_id: int,
    opties: Opties,
    *,
    door: int,
    op: datetime,
    vooruit: Vooruit | None = None,
) -> Voorstel:
    """Compute and keep the next proposal of a table that is not closed.

    Who has a besluit stays as decided and out of the proposal; a place that was chosen is taken.
    What `solve_ahead` found is kept when nothing changed since.

    Raises
    ------
    RefusedError
        The table is closed, the model is stopped, or what people pinned cannot be kept together;
        then it names the pairs.
    """
    tables = not_closed(session, matchtafel_id)
    check_scores(zicht)
    vraagstuk = pose(session, zicht, matchtafel_id)
    if vooruit is None or vooruit.opties != opties or not vooruit.vraagstuk.equals(vraagstuk):
        vooruit = Vooruit(vraagstuk, opties, solve(zicht, vraagstuk, opties))
    allocation = vooruit.allocation
    voorstel = tables.add_voorstel(
        matchtafel_id,
        opties=_as_json(opties, vraagstuk),
        uitkomst=_outcome(allocation, vraagstuk) | zicht.momentopname,
        door=door,
        op=op,
    )
    tables.add_regels(voorstel.id, _regels(zicht, vraagstuk, allocation))
    tables.record(matchtafel_id, "voorstel", voorstel.id, op=op)
    return voorstel


def check_scores(zicht: TafelZicht) -> None:
    """Raise RefusedError when people stopped the model, so that there is no proposal now."""
    if zicht.gestopt:
        raise RefusedError(Weigering.MODEL_GESTOPT)


def pose(
    session: Session, zicht: TafelZicht, matchtafel_id: int, *, of: Voorstel | None = None
) -> Vraagstuk:
    """Return what the next proposal of a table is computed from, or what a kept one was.

    What became of the places on the table since then is not looked back at.
    """
    tables = MatchtafelRepository(session)
    standing = {
        one.agendapunt_id: one
        for one in BesluitRepository(session).of_matchtafel(matchtafel_id)
        if of is None or one.tijdstip < of.tijdstip
    }
    lines = tables.agendapunten(matchtafel_id)
    decided = {line.jongere_id: standing[line.id] for line in lines if line.id in standing}
    taken = Counter(
        one.leerwerkplek_id for one in decided.values() if one.keuze is Keuze.VOORSTELLEN
    )
    there = None if of is None else {one.agendapunt_id for one in tables.regels(of.id)}
    punten = {
        line.jongere_id: line
        for line in lines
        if line.jongere_id not in decided and (there is None or line.id in there)
    }
    plekken = tables.plekken(matchtafel_id)
    day = tables.get(matchtafel_id).datum
    pairs = zicht.paren(list(punten), [plek.leerwerkplek_id for plek in plekken])
    wensen = [wens for wens in tables.wensen(matchtafel_id) if wens.jongere_id in punten]
    return Vraagstuk(
        punten=punten,
        pairs=pairs.with_columns(_kept(pairs, plekken, day, zicht).alias(VOORBEHOUDEN)),
        vrij=pl.DataFrame(
            [
                (plek.leerwerkplek_id, max(0, plek.vrij - taken[plek.leerwerkplek_id]))
                for plek in plekken
            ],
            schema={"leerwerkplek_id": pl.String, "vrij": pl.Int64},
            orient="row",
        ),
        pins=_pairs(wensen, WensSoort.VASTZETTEN) if of is None else _kept_pairs(of, "vastgezet"),
        vetoes=(
            _pairs(wensen, WensSoort.UITSLUITEN) if of is None else _kept_pairs(of, "uitgesloten")
        ),
    )


def _pairs(wensen: Sequence[Wens], soort: WensSoort) -> tuple[tuple[str, str], ...]:
    found = {(one.jongere_id, one.leerwerkplek_id) for one in wensen if one.soort is soort}
    return tuple(sorted(found))


def _kept_pairs(voorstel: Voorstel, name: str) -> tuple[tuple[str, str], ...]:
    return tuple((jongere, plek) for jongere, plek in voorstel.opties[name])


def _kept(
    pairs: pl.DataFrame, plekken: Sequence[TafelPlek], day: date, zicht: TafelZicht
) -> pl.Series:
    """Return which pairs lie at a place that is for another school's pupils on this day."""
    owner = {
        plek.leerwerkplek_id: plek.alleen_voor
        for plek in plekken
        if plek.alleen_voor and plek.alleen_tot and plek.alleen_tot >= day
    }
    ids = zip(pairs["jongere_id"], pairs["leerwerkplek_id"], strict=True)
    return pl.Series(
        [plek in owner and owner[plek] != zicht.school(jongere) for jongere, plek in ids],
        dtype=pl.Boolean,
    )


def solve(zicht: TafelZicht, vraagstuk: Vraagstuk, opties: Opties) -> Allocation:
    """Return the optimal allocation; RefusedError names pins that cannot be kept together."""
    jongeren = set(vraagstuk.pairs["jongere_id"])
    for pin in vraagstuk.pins:
        if pin[0] not in jongeren:
            raise refusal(zicht, "", (pin,))
    try:
        return allocate(
            vraagstuk.pairs,
            vraagstuk.vrij,
            doelen=opties.doelen,
            minimum=dict.fromkeys(jongeren, opties.minimum) | dict(opties.minima),
            pins=vraagstuk.pins,
            vetoes=[veto for veto in vraagstuk.vetoes if veto[0] in jongeren],
            seed=opties.seed,
        )
    except PinConflictError as error:
        raise refusal(zicht, error.reden, error.pins) from error


def refusal(zicht: TafelZicht, reden: str, pairs: Sequence[tuple[str, str]]) -> RefusedError:
    """Return the refusal that names pairs that cannot be proposed, and why."""
    named = " en ".join(f"{zicht.naam(one)} met {zicht.plek(plek)}" for one, plek in pairs)
    blocked = [
        blokkade_zin(rule).removeprefix("Valt buiten, ")
        for pair in pairs
        for rule in zicht.blokkades(*pair)
    ]
    why = PIN_REDENEN.get(reden) or " ".join(dict.fromkeys(blocked)) or "het paar past niet"
    return RefusedError(Weigering.VASTGEZET_ONMOGELIJK, {"paren": f"{named} ({why.rstrip('.')})"})


def _as_json(opties: Opties, vraagstuk: Vraagstuk) -> dict[str, Any]:
    return {
        "doelen": list(opties.doelen),
        "minimum": opties.minimum,
        "minima": dict(opties.minima),
        "seed": opties.seed,
        "vastgezet": [list(pair) for pair in vraagstuk.pins],
        "uitgesloten": [list(pair) for pair in vraagstuk.vetoes],
    }


def _outcome(allocation: Allocation, vraagstuk: Vraagstuk) -> dict[str, Any]:
    """Return what the proposal reaches; a gap of 0 is proof that no other does better."""
    return {
        "jongeren": len(vraagstuk.punten),
        "geplaatst": allocation.proposal.height,
        "verwacht": float(allocation.proposal["kans"].sum()),
        "doelen": dict(allocation.uitkomst),
        "gat": allocation.gap,
    }


def _regels(
    zicht: TafelZicht, vraagstuk: Vraagstuk, allocation: Allocation
) -> list[dict[str, Any]]:
    rows = {row["jongere_id"]: row for row in allocation.proposal.iter_rows(named=True)}
    pairs = [(one, rows[one]["leerwerkplek_id"]) for one in vraagstuk.punten if one in rows]
    told = dict(zip(pairs, zicht.vertel(pairs), strict=True))
    kansen = {
        (jongere, plek): kans
        for jongere, plek, kans in vraagstuk.pairs.select(
            "jongere_id", "leerwerkplek_id", "kans"
        ).iter_rows()
    }
    regels = []
    for jongere_id, punt in vraagstuk.punten.items():
        row = rows.get(jongere_id)
        regel: dict[str, Any] = {
            "agendapunt_id": punt.id,
            "leerwerkplek_id": None,
            "kans": None,
            "uitleg": {},
        }
        if row is not None:
            one = told[jongere_id, row["leerwerkplek_id"]]
            voor, tegen = one.redenen
            regel |= {
                "leerwerkplek_id": row["leerwerkplek_id"],
                "kans": kansen[jongere_id, row["leerwerkplek_id"]],
                "uitleg": {
                    "laag": one.laag,
                    "hoog": one.hoog,
                    "vast": row["vast"],
                    "voor": [vars(reden) for reden in voor],
                    "tegen": [vars(reden) for reden in tegen],
                    "invoer": as_values(one.invoer),
                },
            }
        regels.append(regel)
    return regels


def redenen_of(uitleg: Mapping[str, Any], side: str) -> tuple[Reden, ...]:
    """Return the kept reasons of a line, ``voor`` or ``tegen``."""
    return tuple(Reden(**one) for one in uitleg.get(side, ()))
