"""What the gate says of a version at this moment, beside the champion of now (TRUST F3, F5, F8)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from models.gate import Kleur
from models.store import Champion, StoredCard
from service.privacy.beschermd import is_held
from service.storage.groepstoets import GroepstoetsRepository, Toetssoort

_WORST_FIRST = list(Kleur)


def colour_of(card: StoredCard, champion: Champion | None, eerlijk: Kleur | None = None) -> Kleur:
    """Return the colour that counts when somebody wants to approve a version.

    The worst of what its card says, what the newest evaluation of it says (a model that finds
    something in chance is red, however fair it is) and what the audit by protected attributes says.
    Green only counts beside the champion of now. A version that was never held beside that one,
    because it was trained before or on the same outcomes, tells too little: somebody must sign.

    Parameters
    ----------
    card : StoredCard
        Of the version; without a judgement too little was known to make one.
    champion : Champion, optional
        The version that scores now.
    eerlijk : Kleur, optional
        What `fairness_of` says.
    """
    told = (Kleur(card.evaluatie.get("kleur", Kleur.GROEN)), eerlijk or Kleur.GROEN)
    return min((_of_card(card.card, champion), *told), key=_WORST_FIRST.index)


def fairness_of(session: Session, card: StoredCard) -> Kleur | None:
    """Return what the newest audit by protected attributes found of a version (TRUST F3, F5).

    None where no such attributes are held: then nobody can know. Where they are, a version that was
    never audited tells too little, so it is never green.
    """
    newest = GroepstoetsRepository(session).newest(
        Toetssoort.BESCHERMD, card.name, card.version, card.sha256
    )
    if newest is not None:
        return Kleur(newest.oordeel)
    return Kleur.TE_WEINIG if is_held(session) else None


def _of_card(kaart: Mapping[str, Any], champion: Champion | None) -> Kleur:
    oordeel = kaart.get("oordeel")
    if oordeel is None:
        return Kleur.TE_WEINIG
    colour = Kleur(oordeel["kleur"])
    if colour is Kleur.GROEN and champion is not None and not was_beside(kaart, champion):
        return Kleur.TE_WEINIG
    return colour


def was_beside(kaart: Mapping[str, Any], champion: Champion) -> bool:
    """Whether a version was held beside this champion on outcomes that neither had learned from.

    Only the uitvalrisico makes a list that may find fewer; the cards of other models say nothing.
    """
    naast = kaart.get("naast")
    if naast is None:
        return True
    return bool(naast["versie"] == champion.version and naast["rijen"])
