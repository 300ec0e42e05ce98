"""Facts about one jongere that people enter: wishes, judgements, stages.

What is corrected is known from the day of the correction, so no region seen from an earlier
peildatum learns of it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from features.contract import Offence
from service.errors import ConflictError, InvoerError, Invoerfout
from service.importing.sentences import REFERENCES
from service.registratie.invoer import (
    BRON,
    Invoerder,
    find_version,
    refuse_future,
    store_changed,
    store_new,
)
from service.storage.feiten import FeitRepository, Row

VOORKEUR, METING, STAGE = "voorkeur", "competentiemeting", "stage"
PLAN_ZIN = "De laatste dag ligt voor de eerste dag. Verbeter een van beide."


@dataclass(frozen=True)
class Wensen:
    """Wishes and limits of a jongere; what is None was not told."""

    sectoren: Sequence[str] | None = None
    uren_min: float | None = None
    uren_max: float | None = None
    reistijd_max: float | None = None
    vervoer: Sequence[str] | None = None
    vermijdt: Sequence[str] | None = None
    rijbewijs: bool | None = None


@dataclass(frozen=True)
class NieuweStage:
    """What was agreed for a stage."""

    jongere_id: str
    leerbedrijf_id: str
    begindatum: date
    geplande_einddatum: date | None
    uren_per_week: float | None
    leerwerkplek_id: str | None = None
    opleidingcode: str | None = None
    zoekduur_weken: float | None = None


def add_voorkeur(
    session: Session, jongere_id: str, wensen: Wensen, *, datum: date, door: Invoerder
) -> Row:
    """Store what a jongere wants from a day on, and return it.

    Raises
    ------
    InvoerError
        The day lies in the future, the jongere is not known, or a wish breaks the contract.
    ConflictError
        There are wishes of this jongere from that day: change those.
    """
    refuse_future(door, datum=datum)
    row = {**_wensen(wensen), "jongere_id": jongere_id, "datum": datum}
    return store_new(session, VOORKEUR, row | _known(door), door)


def change_voorkeur(
    session: Session,
    jongere_id: str,
    datum: date,
    wensen: Wensen,
    *,
    versie: str,
    door: Invoerder,
) -> Row:
    """Replace what a jongere wants from a day on, and return it; it is known from today.

    Raises
    ------
    NotFoundError, ConflictError, InvoerError
        There is none; somebody changed it since `versie`; a wish breaks the contract.
    """
    key = {"jongere_id": jongere_id, "datum": datum}
    find_version(session, VOORKEUR, key, versie)
    return store_changed(session, VOORKEUR, {**_wensen(wensen), **key} | _known(door), door)


def add_competentiemeting(
    session: Session,
    jongere_id: str,
    competentie_id: str,
    niveau: int,
    *,
    beoordelaar: str,
    datum: date,
    door: Invoerder,
) -> Row:
    """Store one judgement and return it.

    Raises
    ------
    InvoerError
        The day lies in the future, or the jongere or competentie is not known.
    ConflictError
        This judge judged this competentie on that day already.
    """
    refuse_future(door, datum=datum)
    row = {
        "jongere_id": jongere_id,
        "datum": datum,
        "competentie_id": competentie_id,
        "niveau": niveau,
        "bekend_op": door.dag,
        "bron": beoordelaar,
    }
    return store_new(session, METING, row, door)


def add_stage(session: Session, stage: NieuweStage, door: Invoerder) -> Row:
    """Store a stage that was agreed, also one that begins later, and return it.

    It is numbered as the importers do, so that the record of the school meets this row.

    Raises
    ------
    InvoerError
        It ends before it begins, or the jongere is not known.
    ConflictError
        This stage is there already.
    """
    planned = stage.geplande_einddatum
    if planned is not None and planned < stage.begindatum:
        raise InvoerError([Invoerfout("geplande_einddatum", "datum_volgorde", PLAN_ZIN)])
    _check_references(session, stage)
    stage_id = f"{stage.jongere_id}-{stage.leerbedrijf_id}-{stage.begindatum:%Y%m%d}"
    return store_new(session, STAGE, {**asdict(stage), "stage_id": stage_id} | _known(door), door)


def end_stage(
    session: Session,
    stage_id: str,
    *,
    einddatum: date,
    reden_einde: str,
    beoordeling: float | None,
    versie: str,
    door: Invoerder,
) -> Row:
    """Record the last day of a stage and why it ended, and return it; known from today.

    Raises
    ------
    NotFoundError, ConflictError, InvoerError
        There is none; it was changed since `versie` or has ended; the day lies in the future or
        before the first.
    """
    refuse_future(door, einddatum=einddatum)
    found = find_version(session, STAGE, {"stage_id": stage_id}, versie)
    if found["einddatum"] is not None:
        raise ConflictError(STAGE, stage_id)
    ended = {
        "einddatum": einddatum,
        "reden_einde": reden_einde,
        "einde_bekend_op": door.dag,
        "beoordeling": found["beoordeling"] if beoordeling is None else beoordeling,
        "bron": BRON,
    }
    return store_changed(session, STAGE, found | ended, door)


def _check_references(session: Session, stage: NieuweStage) -> None:
    """Refuse a leerbedrijf or place that is not there; imports may name them before they come."""
    named = {"leerbedrijf": stage.leerbedrijf_id, "leerwerkplek": stage.leerwerkplek_id}
    fouten = [
        Invoerfout(f"{name}_id", Offence.REFERENCE, REFERENCES[name])
        for name, key in named.items()
        if key is not None and FeitRepository(session, name).find({f"{name}_id": key}) is None
    ]
    if fouten:
        raise InvoerError(fouten)


def _wensen(wensen: Wensen) -> dict[str, object]:
    return asdict(wensen)


def _known(door: Invoerder) -> dict[str, object]:
    return {"bekend_op": door.dag, "bron": BRON}
