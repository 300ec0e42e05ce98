"""Why a leerwerkplek falls out for a jongere before any score is computed.

Only law, safety and the jongere's own stated limits block (TRUST H3); everything else is a
matter of more or less, and belongs to the score.
"""

from enum import StrEnum
from functools import cache


class Blokkade(StrEnum):
    """Named rule that blocks a pair of jongere and leerwerkplek."""

    ERKENNING = "erkenning"
    """The leerbedrijf is not recognised for the opleiding of the place."""
    UREN = "uren"
    """The least hours of the place exceed the belastbaarheid of the jongere."""
    REISTIJD = "reistijd"
    """The journey takes longer than the jongere's own limit."""
    OMSTANDIGHEID = "omstandigheid"
    """The place has a condition that the jongere avoids."""
    HARDE_EIS = "harde eis"
    """A hard demand is judged lower than asked; what was never judged does not block."""
    RIJBEWIJS = "rijbewijs"
    """The place needs a driving licence and the jongere has none."""
    ONDERSTEUNING = "ondersteuning"
    """The place does not offer support that the jongere needs."""
    PERIODE = "periode"
    """The place is not open: not yet known, or closed."""
    VOL = "vol"
    """All capacity is taken by running stages."""
    LEEFTIJD = "leeftijd"
    """The jongere is younger than the law asks for this work on the first day one can start."""
    EIGEN_OPLEIDING = "eigen opleiding"
    """The leerbedrijf is not recognised for the opleiding of an mbo student, so a stage or
    leerbaan there cannot count as the BPV of that opleiding (WEB art. 7.2.8 and 7.2.10)."""


def column(blokkade: Blokkade) -> str:
    """Return the name of the Boolean column that says whether this rule blocks a pair.

    Examples
    --------
    >>> column(Blokkade.HARDE_EIS)
    'blokkade_harde_eis'
    """
    return "blokkade_" + blokkade.value.replace(" ", "_")


def bit(blokkade: Blokkade) -> int:
    """Return the bit of a rule in a mask of all rules that block a pair.

    Examples
    --------
    >>> bit(Blokkade.REISTIJD)
    4
    """
    return 1 << list(Blokkade).index(blokkade)


@cache
def blokkades_of(mask: int) -> tuple[Blokkade, ...]:
    """Return the rules of a mask, in the order of `Blokkade`.

    Examples
    --------
    >>> [str(rule) for rule in blokkades_of(6)]
    ['uren', 'reistijd']
    """
    return tuple(rule for place, rule in enumerate(Blokkade) if mask >> place & 1)
