"""How an observation is said: a sentence for a value, and one for not knowing it.

A sentence says what a begeleider would say aloud, for a low and a high value alike. A value that
is unknown says so ("weten we niet"): it is no observation, however much it moved a score.
"""

from collections.abc import Callable
from dataclasses import dataclass

from service.dutch import count, counted, getal, percent

WE_DO_NOT_KNOW = "weten we niet"
NIVEAUS = ("nog niet", "met hulp", "onder toezicht", "zelfstandig", "leert anderen")
"""Words of the judged niveau 0-4 of a competentie (DOMAIN section 5)."""

Say = Callable[[float], str]


@dataclass(frozen=True)
class Observation:
    """How a value is said, and what we do not know without it.

    `unknown` is what comes before "weten we niet", or, with a stop, a whole sentence: where no
    value can also mean that there was nothing to observe.
    """

    say: Say
    unknown: str

    def sentence(self, value: float | None) -> str:
        """Return the sentence; None is unknown."""
        if value is not None:
            return self.say(value)
        return self.unknown if self.unknown.endswith(".") else f"{self.unknown}, {WE_DO_NOT_KNOW}."


PERIODS = {
    4: "in de laatste 4 weken",
    13: "in de laatste 3 maanden",
    26: "in het laatste halfjaar",
    52: "in het laatste jaar",
}
TWO_YEARS = "in de laatste twee jaar"
PERMISSION = {"ongeoorloofd": "zonder toestemming", "geoorloofd": "met toestemming"}


def weken(value: float) -> str:
    """Say a time in whole weeks.

    Examples
    --------
    >>> weken(13.2), weken(1.0), weken(0.3)
    ('13 weken', '1 week', 'minder dan een week')
    """
    whole = round(value)
    return counted("week", "weken")(whole) if whole else "minder dan een week"


def niveaus(value: float) -> str:
    """Say a number of niveaus.

    Examples
    --------
    >>> niveaus(0.5), niveaus(3.0)
    ('0,5 niveau', '3 niveaus')
    """
    return f"{getal(value)} {'niveau' if value <= 1 else 'niveaus'}"


def deel(value: float) -> str:
    """Say a share that is not nought, never as 0%.

    Examples
    --------
    >>> deel(0.137), deel(0.001)
    ('14%', 'minder dan 1%')
    """
    return percent(value) if abs(value) >= 0.005 else "minder dan 1%"


def tijd(months: float) -> str:
    """Say a length in months as years and months.

    Examples
    --------
    >>> tijd(51.0), tijd(12.2), tijd(1.0), tijd(0.2)
    ('4 jaar en 3 maanden', '1 jaar', '1 maand', 'minder dan een maand')
    """
    years, rest = divmod(round(abs(months)), 12)
    parts = [f"{years} jaar"] if years else []
    if rest:
        parts.append(counted("maand", "maanden")(rest))
    return " en ".join(parts) or "minder dan een maand"


def niveau_schaal(value: float) -> str:
    """Say a mean niveau by the nearest word and its number."""
    word = NIVEAUS[min(max(round(value), 0), len(NIVEAUS) - 1)]
    return f"'{word}' ({getal(value)} op een schaal van 0 tot 4)"


def ja_nee(yes: str, no: str) -> Say:
    """Say a value of 0 or 1."""
    return lambda value: yes if value >= 0.5 else no


def zero_or(zero: str, more: Say) -> Say:
    """Say nought, or less, in words of its own."""
    return lambda value: more(value) if value > 0 else zero


def compared(up: str, down: str, same: str, write: Say, *, least: float = 0.005) -> Say:
    """Say a difference, with its size in brackets; one below `least` is no difference."""

    def say(value: float) -> str:
        if abs(value) < least:
            return f"{same}."
        return f"{up if value > 0 else down} ({write(abs(value))})."

    return say


def of_ten(value: float) -> str:
    """Say a share of the highest mark as a mark."""
    return f"{getal(10 * value)} van de 10"


def zoekduur(who: str, found: str) -> Say:
    """Say how long somebody looked for the latest stage."""
    return zero_or(found, lambda value: f"{who} {weken(value)} naar de laatste stage.")


def stages(one: str, many: str) -> Say:
    """Say a number of stages of two years, at the place of # in the sentence."""
    return lambda value: (
        f"{TWO_YEARS.capitalize()} {one if getal(value) == '1' else many}.".replace(
            "#", count(value, "stage", "stages")
        )
    )
