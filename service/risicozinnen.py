"""Sentences of an uitvalrisico: between which numbers it lies, and what changed in a month."""

import re

from models.change import Verandering
from models.explanation import SMALLEST
from service.suggesties import Uitvalrisico, VorigeMaand
from service.wording import OBSERVATIONS, OF_HUNDRED, kans_tekst

GROEPEN = {"competenties": "vaardigheden"}
"""Groups of which the registered name is no everyday word."""
NUMBER = r"\d[\d.,]*%?( [a-z]+)?"
NOW = re.compile(rf"{NUMBER}|geen( hele week)?|een|minder dan (1%|een week)")
THEN = re.compile(rf"{NUMBER}|geen|minder dan (1%|een week)")
"""Amounts that may change places: what is, and what stands between brackets to say what was."""

TE_WEINIG = (
    "Van te weinig jongeren is bekend hoe het afliep. Daarom zet een eenvoudige regel de lijst op "
    "volgorde. De kans is dan een ruwe schatting."
)
NIEUW = "Er zijn nog geen gegevens van vorige maand."
LATER_BEKEND = (
    "Een verandering kan ook komen doordat iets later is doorgegeven: het telt mee vanaf de dag "
    "dat het bekend werd."
)


def tussen_tekst(laag: float, hoog: float) -> str:
    """Say between which numbers of a hundred it will lie.

    Examples
    --------
    >>> tussen_tekst(0.12, 0.25), tussen_tekst(0.0, 0.04), tussen_tekst(0.9, 1.0)
    ('tussen 12 en 25 van de 100', 'hoogstens 4 van de 100', 'minstens 90 van de 100')
    """
    low, high = round(100 * laag), round(100 * hoog)
    if low <= 0:
        return f"hoogstens {high}{OF_HUNDRED}"
    if high >= 100:
        return f"minstens {low}{OF_HUNDRED}"
    return f"tussen {low} en {high}{OF_HUNDRED}"


def maand_zin(risico: Uitvalrisico, vorige: VorigeMaand) -> str:
    """Say what the chance was a month earlier, beside what it is now."""
    was, now = kans_tekst(vorige.kans), kans_tekst(risico.kans)
    if was == now:
        return f"De kans is bijna niet veranderd: {now}."
    way = "hoger" if risico.kans > vorige.kans else "lager"
    return f"De kans is {way} dan vorige maand: {was} werd {now}."


def getoond(vorige: VorigeMaand) -> tuple[Verandering, ...]:
    """Return the changes that are large enough to tell."""
    return tuple(one for one in vorige.veranderingen if abs(one.bijdrage) >= SMALLEST)


def overig(vorige: VorigeMaand) -> float:
    """Return the points of all changes that `getoond` leaves out."""
    return sum(one.bijdrage for one in vorige.veranderingen if abs(one.bijdrage) < SMALLEST)


def groep_tekst(groep: str) -> str:
    """Name a group of features."""
    return GROEPEN.get(groep, groep).capitalize()


def verandering_zin(verandering: Verandering) -> str:
    """Say what is seen now and what was seen a month earlier.

    Where only an amount differs it stands between brackets; else the earlier sentence is quoted.
    """
    said = OBSERVATIONS[verandering.feature].sentence
    now, then = said(verandering.nu), said(verandering.eerder)
    if now == then:
        return f"{now} Dit bleef (bijna) gelijk, maar weegt nu anders door de andere gegevens."
    if verandering.eerder is None:
        return f"{now} Vorige maand was dit niet bekend."
    amount = _earlier_amount(now, then)
    if not amount:
        return f'{now} Vorige maand stond hier: "{then}"'
    if now.endswith(")."):
        return f"{now.removesuffix(').')}; vorige maand {amount})."
    return f"{now.removesuffix('.')} (vorige maand {amount})."


def punten_tekst(punten: float) -> str:
    """Say how far something moved the chance.

    Examples
    --------
    >>> punten_tekst(3.6), punten_tekst(-0.6)
    ('maakt de kans ongeveer 4 van de 100 hoger', 'maakt de kans ongeveer 1 van de 100 lager')
    """
    way = "hoger" if punten > 0 else "lager"
    return f"maakt de kans ongeveer {max(round(abs(punten)), 1)}{OF_HUNDRED} {way}"


def _earlier_amount(now: str, then: str) -> str:
    """Return the amount that the earlier sentence has in place of the later; empty if none."""
    one, other = now.split(), then.split()
    first = _shared(one, other)
    last = _shared(one[first:][::-1], other[first:][::-1])
    is_now, was = (" ".join(words[first : len(words) - last]).rstrip(".") for words in (one, other))
    return was if NOW.fullmatch(is_now) and THEN.fullmatch(was) else ""


def _shared(one: list[str], other: list[str]) -> int:
    """Return how many words two sentences begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
