"""Deciding and following up. Only people do this: nothing in here knows a score (TRUST H3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from sqlalchemy.orm import Session

from features.tables import STAGE
from features.vocabulary import RedenEindeStage
from service.errors import ConflictError, NotFoundError, RefusedError, Weigering
from service.matchtafel.aankondiging import announce, take_back
from service.matchtafel.begrippen import (
    UITKOMSTEN,
    Agendapunt,
    Besluit,
    Keuze,
    Opvolging,
    Status,
    Uitkomst,
    Vraag,
)
from service.storage.besluit import BesluitRepository, OpvolgingRepository
from service.storage.canonical import CanonicalRepository
from service.storage.importrun import ImportRepository
from service.storage.matchtafel import MatchtafelRepository
from service.storage.matchtafel_tables import SHORTEST_REDEN

BRON = "matchtafel"
CHECK_AGAIN_DAYS = 90
"""A started place is asked about again after so long: sustained is what counts, not placed."""


@dataclass(frozen=True)
class NieuwBesluit:
    """What somebody decides about one line."""

    agendapunt_id: int
    agendapunt_versie: int
    keuze: Keuze
    reden: str
    eigenaar_id: int
    opvolgdatum: date
    leerwerkplek_id: str | None = None
    voorstelregel_id: int | None = None


@dataclass(frozen=True)
class Plaatsing:
    """What was agreed for a place, also when nobody came in the end."""

    begindatum: date
    geplande_einddatum: date
    uren_per_week: float


def decide(session: Session, wanted: NieuwBesluit, *, door: int, op: datetime) -> int:
    """Store a besluit on one line of an open table, with its follow-up.

    A besluit on a line that has one replaces it; the former stays on record, and its unanswered
    questions are dropped.

    Returns
    -------
    int
        Id of the besluit.

    Raises
    ------
    NotFoundError
        There is no such line, or no such participant at its table.
    RefusedError
        The table is not open; the reason is too short; the choice needs a place that is absent.
    ConflictError
        Somebody decided on this line since its author saw it.
    """
    tables, besluiten = MatchtafelRepository(session), BesluitRepository(session)
    line = tables.agendapunt(wanted.agendapunt_id)
    _check(tables, line, wanted)
    former = besluiten.last_of(line.id)
    besluit_id = besluiten.add(
        Besluit(
            id=0,
            agendapunt_id=line.id,
            voorstelregel_id=wanted.voorstelregel_id,
            leerwerkplek_id=wanted.leerwerkplek_id,
            keuze=wanted.keuze,
            reden=wanted.reden.strip(),
            eigenaar_id=wanted.eigenaar_id,
            opvolgdatum=wanted.opvolgdatum,
            door=door,
            tijdstip=op,
            vervangt_id=former.id if former else None,
        ),
        agendapunt_versie=wanted.agendapunt_versie,
    )
    opvolgingen = OpvolgingRepository(session)
    if former is not None:
        take_back(session, former.id, opvolgingen.drop_open(former.id))
    vraag = Vraag.GESTART if wanted.keuze is Keuze.VOORSTELLEN else Vraag.VERDER
    asked = opvolgingen.add(besluit_id, vraag, wanted.opvolgdatum, wanted.eigenaar_id)
    announce(
        session,
        asked,
        besluit_id=besluit_id,
        datum=wanted.opvolgdatum,
        eigenaar_id=wanted.eigenaar_id,
        op=op,
    )
    tables.record(line.matchtafel_id, "besluit", besluit_id, op=op)
    return besluit_id


def _check(tables: MatchtafelRepository, line: Agendapunt, wanted: NieuwBesluit) -> None:
    table = tables.get(line.matchtafel_id)
    if table.status is not Status.OPEN:
        raise RefusedError(Weigering.TAFEL_NIET_OPEN)
    if wanted.eigenaar_id not in {one.id for one in tables.deelnemers(table.id)}:
        raise NotFoundError("deelnemer", str(wanted.eigenaar_id))
    if len(wanted.reden.strip()) < SHORTEST_REDEN:
        raise RefusedError(Weigering.REDEN_TE_KORT)
    if wanted.opvolgdatum < table.datum:
        raise RefusedError(Weigering.OPVOLGDATUM_TE_VROEG)
    _check_plek(tables, line, wanted)


def _check_plek(tables: MatchtafelRepository, line: Agendapunt, wanted: NieuwBesluit) -> None:
    if wanted.keuze is Keuze.VOORSTELLEN and wanted.leerwerkplek_id is None:
        raise RefusedError(Weigering.PLEK_ONTBREEKT)
    named = wanted.leerwerkplek_id
    if named is not None and not tables.has_plek(line.matchtafel_id, named):
        raise RefusedError(Weigering.PLEK_NIET_AAN_TAFEL)
    if wanted.voorstelregel_id is not None:
        regel = tables.regel(wanted.voorstelregel_id)
        if regel.agendapunt_id != line.id:
            raise NotFoundError("voorstelregel", str(regel.id))


def answer(
    session: Session,
    opvolging_id: int,
    uitkomst: Uitkomst,
    *,
    versie: int,
    door: int,
    op: datetime,
    toelichting: str = "",
    plaatsing: Plaatsing | None = None,
    reden_einde: RedenEindeStage = RedenEindeStage.ANDERS,
) -> Opvolging:
    """Record what a follow-up found; what started or ended flows back into the stages.

    So the next training sees it as an example like any other: with its own days of being known.

    Raises
    ------
    RefusedError
        The question does not allow this answer, or a start comes without its agreement.
    ConflictError
        Somebody answered first.
    """
    opvolgingen = OpvolgingRepository(session)
    asked = opvolgingen.get(opvolging_id)
    if asked.uitkomst is not None:
        raise ConflictError("opvolging", str(opvolging_id))
    if uitkomst not in UITKOMSTEN[asked.vraag]:
        raise RefusedError(Weigering.ANTWOORD_PAST_NIET)
    stage_id = asked.stage_id
    besluit = BesluitRepository(session).get(asked.besluit_id)
    if asked.vraag is Vraag.GESTART:
        if plaatsing is None:
            raise RefusedError(Weigering.AFSPRAAK_ONTBREEKT)
        if uitkomst is Uitkomst.GESTART and plaatsing.begindatum > op.date():
            raise RefusedError(Weigering.BEGIN_IN_DE_TOEKOMST)
        stage_id = _add_stage(
            session, besluit, plaatsing, started=uitkomst is Uitkomst.GESTART, op=op
        )
    elif stage_id is not None and uitkomst is not Uitkomst.LOOPT_NOG:
        reden = RedenEindeStage.AFGEROND if uitkomst is Uitkomst.AFGEROND else reden_einde
        _end_stage(session, stage_id, reden, op=op)
    opvolgingen.finish(
        opvolging_id,
        uitkomst,
        toelichting=toelichting,
        stage_id=stage_id,
        door=door,
        op=op,
        versie=versie,
    )
    take_back(session, besluit.id, (opvolging_id,))
    if uitkomst in (Uitkomst.GESTART, Uitkomst.LOOPT_NOG):
        later = op.date() + timedelta(days=CHECK_AGAIN_DAYS)
        owner = asked.eigenaar_id
        again = opvolgingen.add(besluit.id, Vraag.LOOPT_HET, later, owner, stage_id=stage_id)
        announce(session, again, besluit_id=besluit.id, datum=later, eigenaar_id=owner, op=op)
    line = MatchtafelRepository(session).agendapunt(besluit.agendapunt_id)
    MatchtafelRepository(session).record(line.matchtafel_id, "opvolging", opvolging_id, op=op)
    return opvolgingen.get(opvolging_id)


def _add_stage(
    session: Session, besluit: Besluit, plaatsing: Plaatsing, *, started: bool, op: datetime
) -> str:
    """Write what was agreed as a stage; one that did not start ends on its first day."""
    canonical = CanonicalRepository(session)
    places = canonical.read("leerwerkplek").filter(
        pl.col("leerwerkplek_id") == besluit.leerwerkplek_id
    )
    if besluit.leerwerkplek_id is None or places.is_empty():
        raise NotFoundError("leerwerkplek", str(besluit.leerwerkplek_id))
    place = places.row(0, named=True)
    jongere_id = MatchtafelRepository(session).agendapunt(besluit.agendapunt_id).jongere_id
    # as the importers number one, so that the school's own record of it meets this row
    stage_id = f"{jongere_id}-{place['leerbedrijf_id']}-{plaatsing.begindatum:%Y%m%d}"
    row: dict[str, object] = {
        "stage_id": stage_id,
        "jongere_id": jongere_id,
        "leerbedrijf_id": place["leerbedrijf_id"],
        "leerwerkplek_id": besluit.leerwerkplek_id,
        "opleidingcode": place["opleidingcode"],
        "begindatum": plaatsing.begindatum,
        "geplande_einddatum": plaatsing.geplande_einddatum,
        "uren_per_week": plaatsing.uren_per_week,
        "bron": BRON,
        "bekend_op": op.date(),
    }
    if not started:
        row |= _ended(plaatsing.begindatum, RedenEindeStage.NIET_GESTART, op)
    _merge(session, row, f"besluit {besluit.id}", op=op)
    return stage_id


def _end_stage(session: Session, stage_id: str, reden: RedenEindeStage, *, op: datetime) -> None:
    stages = CanonicalRepository(session).read("stage").filter(pl.col("stage_id") == stage_id)
    if stages.is_empty():
        raise NotFoundError("stage", stage_id)
    row = stages.row(0, named=True)
    planned = row["geplande_einddatum"]
    as_planned = reden is RedenEindeStage.AFGEROND and planned is not None
    day = min(op.date(), planned) if as_planned else op.date()
    _merge(session, row | _ended(day, reden, op), f"einde {stage_id}", op=op)


def _ended(day: date, reden: RedenEindeStage, op: datetime) -> dict[str, object]:
    return {"einddatum": day, "reden_einde": reden, "einde_bekend_op": op.date(), "bron": BRON}


def _merge(session: Session, row: dict[str, object], what: str, *, op: datetime) -> None:
    """Write one stage as an import of its own, so that its origin can be told."""
    frame = pl.DataFrame([row], schema_overrides=STAGE.schema).match_to_schema(
        STAGE.schema, missing_columns="insert"
    )
    runs = ImportRepository(session)
    import_id = runs.add(tijdstip=op, bestand=what, sha256="", soort=BRON, actor=BRON)
    runs.finish(import_id, {"stage": CanonicalRepository(session).merge("stage", frame, import_id)})
