"""Approving, refusing and putting back: what no one person can talk around (TRUST F5, F11).

The besluit is stored first, with its line in the audit log in the same transaction; then the alias
in MLflow follows. What is cut off in between leaves a promotion that holds, and `align` puts the
alias right at the next start.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.errors import AlteredModelError
from models.gate import Kleur
from models.store import KINDS, ModelStore, StoredCard
from service.audit.spoor import current_spoor
from service.errors import NotFoundError, RefusedError, SamePersonError, Weigering
from service.modelbeheer.aanbieden import MODELBESLUIT
from service.modelbeheer.kampioenen import align, champion_of, reigns
from service.modelbeheer.oordeel import colour_of, fairness_of
from service.modelbeheer.wie import analist_of
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker
from service.storage.matchtafel_tables import SHORTEST_REDEN
from service.storage.modelbesluit import (
    AANGEBODEN,
    AFGEWEZEN,
    GOEDGEKEURD,
    TERUGGEZET,
    Modelbesluit,
    ModelbesluitRepository,
)


@dataclass(frozen=True)
class Handtekening:
    """Who decides, why, and when."""

    door: str
    reden: str
    op: datetime


def goedkeuren(
    engine: Engine, models: ModelStore, model: str, versie: str, wie: Handtekening
) -> Kleur:
    """Let a version score from now on, and return the colour with which it was approved.

    Raises
    ------
    NotFoundError, ModelNotFoundError
        There is no such model or version.
    AlteredModelError
        Its files are not those that were offered.
    SamePersonError
        Who approves trained it.
    RefusedError
        It was never offered or was refused, it is the champion already, nobody knows who trained
        it, the gate or its evaluation says red, a reason is due, or who approves is no analist.
    """
    card = _card(models, model, versie)
    with unit_of_work(engine) as session:
        repository, who = ModelbesluitRepository(session), analist_of(session, wie.door)
        repository.lock()
        besluiten = repository.all(model)
        offered = _offered(besluiten, card)
        _check_person(offered, who)
        stack = reigns(besluiten)
        if stack and stack[-1].versie == versie:
            raise RefusedError(Weigering.AL_IN_GEBRUIK)
        if card.evaluatie.get("kleur") == Kleur.ROOD:
            raise RefusedError(Weigering.EVALUATIE_ROOD)
        champion = champion_of(stack[-1]) if stack else None
        colour = colour_of(card, champion, fairness_of(session, card))
        _check_colour(colour, wie.reden)
        _add(session, offered, colour, GOEDGEKEURD, who, wie)
    align(engine, models)
    return colour


def afwijzen(
    engine: Engine, models: ModelStore, model: str, versie: str, wie: Handtekening
) -> None:
    """Refuse a version for good; who trained it may do so too.

    Raises
    ------
    NotFoundError, ModelNotFoundError
        There is no such model or version.
    RefusedError
        It was never offered, was refused already, is the champion, or the reason is too short.
    """
    card = _card(models, model, versie)
    if len(wie.reden.strip()) < SHORTEST_REDEN:
        raise RefusedError(Weigering.REDEN_TE_KORT)
    with unit_of_work(engine) as session:
        repository, who = ModelbesluitRepository(session), analist_of(session, wie.door)
        repository.lock()
        besluiten = repository.all(model)
        offered = _offered(besluiten, card)
        stack = reigns(besluiten)
        if any(one.versie == versie for one in stack[-1:]):
            raise RefusedError(Weigering.AL_IN_GEBRUIK)
        _add(session, offered, Kleur(offered.oordeel), AFGEWEZEN, who, wie)


def terugzetten(
    engine: Engine, models: ModelStore, model: str, wie: Handtekening, *, van: str = ""
) -> str:
    """Let the champion before this one score again, and return its version.

    One person may do this, the trainer too: it returns to what two people agreed on before. `van`
    is the version that who asks saw in use, so that two who ask at once go back one step.

    Raises
    ------
    NotFoundError
        There is no such model.
    RefusedError
        There is no champion before this one, another one is in use, or who asks is no analist.
    AlteredModelError, ModelNotFoundError
        Its files were altered or are gone.
    """
    if model not in KINDS:
        raise NotFoundError("model", model)
    with unit_of_work(engine) as session:
        repository, who = ModelbesluitRepository(session), analist_of(session, wie.door)
        repository.lock()
        stack = reigns(repository.all(model))
        if van and [van] != [one.versie for one in stack[-1:]]:
            raise RefusedError(Weigering.NIET_IN_GEBRUIK)
        if len(stack) < 2:
            raise RefusedError(Weigering.GEEN_VORIGE)
        former = stack[-2]
        _unaltered(models.card(model, former.versie), former.sha256)
        _add(session, former, Kleur(former.oordeel), TERUGGEZET, who, wie)
    align(engine, models)
    return former.versie


def _card(models: ModelStore, model: str, versie: str) -> StoredCard:
    if model not in KINDS:
        raise NotFoundError("model", model)
    return models.card(model, versie)


def _offered(besluiten: list[Modelbesluit], card: StoredCard) -> Modelbesluit:
    """Return the besluit by which a version was offered, when its files are still those."""
    own = [one for one in besluiten if one.versie == card.version]
    offered = next((one for one in own if one.besluit == AANGEBODEN), None)
    if offered is None:
        raise RefusedError(Weigering.NIET_AANGEBODEN)
    if any(one.besluit == AFGEWEZEN for one in own):
        raise RefusedError(Weigering.MODEL_AFGEWEZEN)
    _unaltered(card, offered.sha256)
    return offered


def _unaltered(card: StoredCard, sha256: str) -> None:
    if card.altered or card.sha256 != sha256:
        raise AlteredModelError(card.name, card.version, sha256, card.sha256)


def _check_person(offered: Modelbesluit, who: Gebruiker) -> None:
    if offered.trainer_id is None:
        raise RefusedError(Weigering.TRAINER_ONBEKEND)
    if offered.trainer_id == who.id:
        raise SamePersonError(offered.model, offered.versie)


def _check_colour(colour: Kleur, reden: str) -> None:
    if colour is Kleur.ROOD:
        raise RefusedError(Weigering.MODEL_ROOD)
    if colour is not Kleur.GROEN and len(reden.strip()) < SHORTEST_REDEN:
        raise RefusedError(Weigering.REDEN_NODIG, {"oordeel": colour.value})


def _add(
    session: Session,
    version: Modelbesluit,
    colour: Kleur,
    besluit: str,
    who: Gebruiker,
    wie: Handtekening,
) -> None:
    number = ModelbesluitRepository(session).add(
        model=version.model,
        versie=version.versie,
        sha256=version.sha256,
        trainer_id=version.trainer_id,
        oordeel=colour.value,
        besluit=besluit,
        door_id=who.id,
        reden=wie.reden.strip(),
        tijdstip=wie.op,
    )
    current_spoor().note(MODELBESLUIT, number)
