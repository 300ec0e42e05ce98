"""Dutch sentences for what the models and the rules return.

The API, the pages and the commands all take their words from here, so that one fact reads the
same everywhere. Plain Dutch (B1); a sentence about a person states what was observed. What can go
wrong is worded in `service.answers`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType
from typing import Literal

from features.blokkade import Blokkade
from features.registry import Feature
from features.risicoprofiel import FEATURES
from features.vocabulary import Onderwijssoort
from models.explanation import Reden
from models.ranking import NEAR
from service.dutch import getal
from service.observations.passendheid import PASSENDHEID
from service.observations.praktijk import COMPETENTIES, CONTACT, STAGE
from service.observations.school import INSCHRIJVING, RESULTATEN, VERZUIM
from service.observations.sentence import NIVEAUS, Observation

OF_HUNDRED = " van de 100"
NEVER_JUDGED = "nog niet beoordeeld"
UNKNOWN = "niet bekend"
SENTENCES = 20_000
"""Sentences that stay in memory, by feature and value: about two hundred bytes each."""

RISK_FEATURES: Mapping[str, Feature] = MappingProxyType({f.name: f for f in FEATURES})

OBSERVATIONS: Mapping[str, Observation] = MappingProxyType(
    {**VERZUIM, **RESULTATEN, **INSCHRIJVING, **STAGE, **COMPETENTIES, **CONTACT, **PASSENDHEID}
)
"""What is said of each registered feature, by its name."""

VRAGEN: Mapping[str, str] = MappingProxyType(
    {
        "verzuim": "Vraag wat er speelt op dagen dat lessen gemist worden.",
        "resultaten": "Vraag waar het vastloopt en welke hulp de school biedt.",
        "stage": "Vraag wat er misging bij het zoeken of op de stage, en wat wel past.",
        "competenties": "Vraag wat al lukt, en laat vaardigheden opnieuw beoordelen.",
        "contact": "Vraag hoe en wanneer de jongere wel te bereiken is.",
    }
)
"""A question to begin with, per group of reasons that people can do something about. Which school
or niveau somebody is on (inschrijving) is a fact to know, not one to begin with."""

ONDERWIJSSOORTEN: Mapping[str, str] = MappingProxyType(
    {
        Onderwijssoort.PRO: "praktijkonderwijs",
        Onderwijssoort.VSO: "voortgezet speciaal onderwijs",
        Onderwijssoort.VO: "voortgezet onderwijs",
        Onderwijssoort.VAVO: "vavo",
        Onderwijssoort.ENTREE: "entree",
        Onderwijssoort.MBO: "mbo, niveau niet bekend",
        Onderwijssoort.MBO_2: "mbo niveau 2",
        Onderwijssoort.MBO_3: "mbo niveau 3",
        Onderwijssoort.MBO_4: "mbo niveau 4",
    }
)

RisicoWoord = Literal["laag", "verhoogd", "hoog"]
VERHOOGD_FROM = 0.10
HOOG_FROM = 0.25
"""Bounds of the words for uitvalrisico.

Nationally 6.35 of 100 mbo students left without startkwalificatie in 2021-22. ``verhoogd``
begins at about one and a half times that, ``hoog`` at about four times. The bounds are fixed
numbers: the same chance has the same word in each region, month and opleiding. How a jongere
compares with the region is told beside it, by the middle of the region.
"""


@dataclass(frozen=True)
class BlokkadeTekst:
    """What a rule says of a pair, and what would lift it; each completes a sentence."""

    kop: str
    want: str
    opheffing: str


BLOKKADES: Mapping[Blokkade, BlokkadeTekst] = MappingProxyType(
    {
        Blokkade.ERKENNING: BlokkadeTekst(
            "Erkenning",
            "het leerbedrijf is niet erkend voor deze opleiding",
            "Het leerbedrijf kan bij SBB erkenning voor deze opleiding aanvragen.",
        ),
        Blokkade.UREN: BlokkadeTekst(
            "Uren",
            "de plek vraagt meer uren per week dan de jongere aankan",
            "Bespreek met het leerbedrijf of het met minder uren kan.",
        ),
        Blokkade.REISTIJD: BlokkadeTekst(
            "Reistijd",
            "de reis duurt langer dan de jongere wil reizen",
            "Bespreek met de jongere een langere reistijd of ander vervoer.",
        ),
        Blokkade.OMSTANDIGHEID: BlokkadeTekst(
            "Omstandigheden",
            "het werk heeft een omstandigheid die de jongere wil vermijden",
            "Vraag het leerbedrijf of het werk zonder die omstandigheid kan.",
        ),
        Blokkade.HARDE_EIS: BlokkadeTekst(
            "Harde eis",
            "de plek stelt een harde eis waar de jongere nog niet aan voldoet",
            "Oefen deze vaardigheid en laat die opnieuw beoordelen.",
        ),
        Blokkade.RIJBEWIJS: BlokkadeTekst(
            "Rijbewijs",
            "voor de plek is een rijbewijs nodig en dat heeft de jongere niet",
            "Een rijbewijs, of werk op deze plek zonder te rijden.",
        ),
        Blokkade.ONDERSTEUNING: BlokkadeTekst(
            "Ondersteuning",
            "de plek biedt niet de ondersteuning die de jongere nodig heeft",
            "Regel de ondersteuning met het leerbedrijf, bijvoorbeeld met een jobcoach.",
        ),
        Blokkade.PERIODE: BlokkadeTekst(
            "Periode",
            "de plek is op dit moment niet open",
            "Vraag het leerbedrijf wanneer de plek weer open is.",
        ),
        Blokkade.VOL: BlokkadeTekst(
            "Vol",
            "alle plaatsen op deze plek zijn bezet",
            "Vraag het leerbedrijf wanneer er weer een plaats vrijkomt.",
        ),
        Blokkade.LEEFTIJD: BlokkadeTekst(
            "Leeftijd",
            "de jongere is volgens de wet nog te jong voor dit werk",
            "De jongere kan hier beginnen bij de leeftijd die de wet vraagt: 14 jaar voor een "
            "stage, 16 jaar voor gewoon werk of een start voor 7 uur.",
        ),
        Blokkade.EIGEN_OPLEIDING: BlokkadeTekst(
            "Erkenning voor de opleiding",
            "het leerbedrijf is niet erkend voor de mbo-opleiding van de jongere",
            "Het leerbedrijf kan bij SBB erkenning voor die opleiding aanvragen. Zonder erkenning "
            "telt de stage niet mee voor het diploma.",
        ),
    }
)


def kans_tekst(kans: float) -> str:
    """Say a probability as a count of a hundred.

    Examples
    --------
    >>> kans_tekst(0.312), kans_tekst(0.001), kans_tekst(0.999)
    ('ongeveer 31 van de 100', 'minder dan 1 van de 100', 'meer dan 99 van de 100')
    """
    if kans < 0.005:
        return f"minder dan 1{OF_HUNDRED}"
    if kans >= 0.995:
        return f"meer dan 99{OF_HUNDRED}"
    return f"ongeveer {round(100 * kans)}{OF_HUNDRED}"


def aantal_tekst(kans: float) -> str:
    """Say how many of a hundred, where the sentence has named the hundred already.

    Examples
    --------
    >>> aantal_tekst(0.312), aantal_tekst(0.001)
    ('ongeveer 31', 'minder dan 1')
    """
    return kans_tekst(kans).removesuffix(OF_HUNDRED)


def risico_woord(kans: float) -> RisicoWoord:
    """Name an uitvalrisico; see `VERHOOGD_FROM` for the bounds and why."""
    if kans >= HOOG_FROM:
        return "hoog"
    return "verhoogd" if kans >= VERHOOGD_FROM else "laag"


def onderwijssoort_tekst(soort: str | None) -> str:
    """Name a kind of education in full."""
    return UNKNOWN if soort is None else ONDERWIJSSOORTEN.get(soort, soort)


def niveau_tekst(niveau: int | None) -> str:
    """Name a judged niveau; None is a competentie that nobody judged."""
    return NEVER_JUDGED if niveau is None else NIVEAUS[niveau]


def reistijd_tekst(minutes: float | None) -> str:
    """Say a travel time."""
    if minutes is None:
        return f"reistijd {UNKNOWN}"
    return f"ongeveer {getal(minutes, 0)} minuten reizen"


def uren_tekst(uren_min: float, uren_max: float) -> str:
    """Say the hours of a place, as one number when both are equal."""
    if uren_min == uren_max:
        return f"{getal(uren_min)} uur per week"
    return f"{getal(uren_min)} tot {getal(uren_max)} uur per week"


def uren_wens(least: float | None, most: float | None) -> str:
    """Say how many hours a jongere wants and can work.

    Examples
    --------
    >>> uren_wens(16.0, 24.0), uren_wens(None, 24.0), uren_wens(None, None)
    ('16 tot 24 uur per week', 'hoogstens 24 uur per week', 'nog niet gevraagd')
    """
    if least is None:
        return hoogstens_uren(most)
    if most is None:
        return f"minstens {getal(least)} uur per week"
    return uren_tekst(least, most)


def hoogstens_uren(most: float | None) -> str:
    """Say how many hours a week a jongere can carry."""
    return "nog niet gevraagd" if most is None else f"hoogstens {getal(most)} uur per week"


def reis_wens(most: float | None, vervoer: Sequence[str] | None) -> str:
    """Say how long and how a jongere wants to travel.

    Examples
    --------
    >>> reis_wens(45.0, ("fiets", "ov")), reis_wens(None, None)
    ('hoogstens 45 minuten, met fiets of ov', 'nog niet gevraagd')
    """
    told = [] if most is None else [f"hoogstens {getal(most, 0)} minuten"]
    told += [f"met {' of '.join(vervoer)}"] if vervoer else []
    return ", ".join(told) or "nog niet gevraagd"


def risico_zin(reden: Reden) -> str:
    """Say what was observed behind a reason of an uitvalrisico."""
    return _sentence(reden.feature, reden.waarde)


def plaatsing_zin(reden: Reden) -> str:
    """Say what was observed behind a reason of a suggestie."""
    return _sentence(reden.feature, reden.waarde)


@lru_cache(maxsize=SENTENCES)
def _sentence(feature: str, waarde: float | None) -> str:
    """Say a value; most pairs of one jongere share the values that weigh."""
    return OBSERVATIONS[feature].sentence(waarde)


def gezien(redenen: Sequence[Reden]) -> list[Reden]:
    """Return the reasons that rest on something observed."""
    return [reden for reden in redenen if reden.waarde is not None]


def ongezien(redenen: Sequence[Reden]) -> list[Reden]:
    """Return the reasons that rest on not knowing; they plead for nothing and against nothing."""
    return [reden for reden in redenen if reden.waarde is None]


def gespreksreden(verhogend: Sequence[Reden]) -> Reden | None:
    """Return the weightiest observed reason that people can do something about, if any."""
    return next((reden for reden in gezien(verhogend) if _group(reden) in VRAGEN), None)


def gespreksvraag(reden: Reden) -> str:
    """Ask what to begin with, for a reason that `gespreksreden` returned."""
    return VRAGEN[_group(reden)]


def richting_tekst(reden: Reden) -> str:
    """Say which way a reason moved the chance, and how much.

    Examples
    --------
    >>> richting_tekst(Reden("verzuim", None, 3.6))
    'maakt de kans ongeveer 4 van de 100 hoger'
    """
    points = round(abs(reden.bijdrage))
    amount = f"ongeveer {points}{OF_HUNDRED}" if points else f"minder dan 1{OF_HUNDRED}"
    return f"maakt de kans {amount} {'hoger' if reden.bijdrage > 0 else 'lager'}"


def nek_aan_nek(kansen: Sequence[float]) -> int:
    """Count how many at the top of a ranked list hardly differ from the best in it.

    Examples
    --------
    >>> nek_aan_nek([0.70, 0.71, 0.69, 0.60]), nek_aan_nek([0.7, 0.5]), nek_aan_nek([])
    (3, 1, 0)
    """
    best = max(kansen, default=0.0)
    return sum(1 for _ in takewhile(lambda kans: best - kans < NEAR, kansen))


def invloed_tekst(reden: Reden) -> str:
    """Say how much a reason moved the chance, without its direction.

    Examples
    --------
    >>> invloed_tekst(Reden("verzuim", 4.0, -3.6)), invloed_tekst(Reden("verzuim", 4.0, 0.2))
    ('scheelt ongeveer 4 van de 100', 'scheelt minder dan 1 van de 100')
    """
    points = round(abs(reden.bijdrage))
    return f"scheelt ongeveer {points} van de 100" if points else "scheelt minder dan 1 van de 100"


def blokkade_zin(blokkade: Blokkade) -> str:
    """Say why a place falls out."""
    return f"Valt buiten, want {BLOKKADES[blokkade].want}."


def opheffing_zin(blokkade: Blokkade) -> str:
    """Say what would make the place possible after all."""
    return BLOKKADES[blokkade].opheffing


def _group(reden: Reden) -> str:
    return RISK_FEATURES[reden.feature].group
