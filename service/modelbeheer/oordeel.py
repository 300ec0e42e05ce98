"""What the gate says of a version at this moment, beside the champion of now (TRUST F5)."""

from collections.abc import Mapping
from typing import Any

from models.gate import Kleur
from models.store import Champion


def colour_of(kaart: Mapping[str, Any], champion: Champion | None) -> Kleur:
    """Return the colour that counts when somebody wants to approve a version.

    That of its card; but green only counts beside the champion of now. A version that was never
    held beside that one, because it was trained before or on the same outcomes, tells too little:
    somebody must sign for it.

    Parameters
    ----------
    kaart : mapping
        Card of the version; without a judgement too little was known to make one.
    champion : Champion, optional
        The version that scores now.
    """
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
