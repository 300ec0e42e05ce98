"""Every stored version of every model with where it stands and what was decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from models.gate import Kleur
from models.store import StoredCard
from service.modelbeheer.kampioenen import champion_of, reigns
from service.modelbeheer.oordeel import colour_of, fairness_of
from service.storage.modelbesluit import (
    AANGEBODEN,
    AFGEWEZEN,
    GOEDGEKEURD,
    Modelbesluit,
    ModelbesluitRepository,
)


class ModelStatus(StrEnum):
    """Where a version stands."""

    IN_GEBRUIK = "in gebruik"
    WACHT = "wacht"
    EERDER = "eerder in gebruik"
    AFGEWEZEN = "afgewezen"
    NIET_AANGEBODEN = "niet aangeboden"


@dataclass(frozen=True)
class Versie:
    """One stored version.

    Parameters
    ----------
    card : StoredCard
        What is told of it.
    status : ModelStatus
        Where it stands.
    oordeel : Kleur
        What counts when somebody wants to approve it now.
    besluiten : tuple of Modelbesluit
        On this version, the oldest first.
    """

    card: StoredCard
    status: ModelStatus
    oordeel: Kleur
    besluiten: tuple[Modelbesluit, ...]

    @property
    def model_id(self) -> str:
        """Name and version in one."""
        return f"{self.card.name}-{self.card.version}"

    @property
    def trainer(self) -> str:
        """Who had it trained; empty when nobody said so."""
        return self.besluiten[0].trainer if self.besluiten else ""


def versies(session: Session, cards: Sequence[StoredCard]) -> list[Versie]:
    """Return every version in the order of the cards."""
    besluiten = ModelbesluitRepository(session).all()
    stacks = {
        name: reigns(one for one in besluiten if one.model == name)
        for name in {card.name for card in cards}
    }
    found = []
    for card in cards:
        key = (card.name, card.version)
        own = tuple(one for one in besluiten if (one.model, one.versie) == key)
        stack = stacks[card.name]
        champion = champion_of(stack[-1]) if stack else None
        reigning = champion is not None and champion.version == card.version
        others = None if reigning else champion
        colour = colour_of(card, others, fairness_of(session, card))
        found.append(Versie(card, _status(own, reigning=reigning), colour, own))
    return found


def _status(own: Sequence[Modelbesluit], *, reigning: bool) -> ModelStatus:
    decided = {one.besluit for one in own}
    if reigning:
        return ModelStatus.IN_GEBRUIK
    if AFGEWEZEN in decided:
        return ModelStatus.AFGEWEZEN
    if GOEDGEKEURD in decided:
        return ModelStatus.EERDER
    return ModelStatus.WACHT if AANGEBODEN in decided else ModelStatus.NIET_AANGEBODEN
