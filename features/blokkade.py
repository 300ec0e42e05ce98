"""Why a leerwerkplek falls out for a jongere before any score is computed.

Only law, safety and the jongere's own stated limits block (TRUST H3); everything else is a
matter of more or less, and belongs to the score.
"""

from enum import StrEnum


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


def column(blokkade: Blokkade) -> str:
    """Return the name of the Boolean column that says whether this rule blocks a pair.

    Examples
    --------
    >>> column(Blokkade.HARDE_EIS)
    'blokkade_harde_eis'
    """
    return "blokkade_" + blokkade.value.replace(" ", "_")
