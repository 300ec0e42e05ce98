"""Dutch sentences for what would help: small changes and what they bring."""

from collections.abc import Callable, Mapping

from features.vocabulary import Ondersteuning, Vervoer
from models.ranking import ALTERNATIVES
from models.verbetering import Verbetering
from models.verbetering_stappen import Aanpassing, Stap
from service.dutch import counted, getal
from service.verkenning import Wijziging
from service.wording import aantal_tekst, kans_tekst, niveau_tekst

Titels = Mapping[str, str]
"""Titles of competenties by id."""

VERVOER: Mapping[str, str] = {
    Vervoer.LOPEN: "te voet",
    Vervoer.FIETS: "met de fiets",
    Vervoer.E_BIKE: "met een e-bike",
    Vervoer.SCOOTER: "met een scooter",
    Vervoer.OV: "met het openbaar vervoer",
    Vervoer.AUTO: "met de auto",
}
ONDERSTEUNING: Mapping[str, str] = {
    Ondersteuning.VASTE_BEGELEIDER: "een vaste begeleider",
    Ondersteuning.JOBCOACH: "een jobcoach",
    Ondersteuning.RUSTIGE_WERKPLEK: "een rustige werkplek",
    Ondersteuning.DUIDELIJKE_STRUCTUUR: "een duidelijke structuur",
    Ondersteuning.STAP_VOOR_STAP: "uitleg stap voor stap",
    Ondersteuning.FLEXIBELE_UREN: "flexibele uren",
    Ondersteuning.TAALHULP: "hulp bij lezen en schrijven",
    Ondersteuning.AANGEPASTE_WERKPLEK: "een aangepaste werkplek",
}


def stap_tekst(stap: Stap, titels: Titels) -> str:
    """Say one change, to stand before what it brings.

    Examples
    --------
    >>> stap_tekst(Stap(Aanpassing.VERVOER, None, "e-bike"), {})
    'met een e-bike'
    >>> stap_tekst(Stap(Aanpassing.UREN, 32.0, 24.0), {})
    'als 24 uur per week op de plek genoeg is, in plaats van 32'
    """
    return _SAY[stap.aanpassing](stap, titels)


def verbetering_zin(verbetering: Verbetering, titels: Titels) -> str:
    """Say what a change brings on a place, as a whole sentence."""
    changes = " en ".join(stap_tekst(stap, titels) for stap in verbetering.stappen)
    if verbetering.kans_nu is None:
        rest = f"past deze plek ook, met een kans van slagen van {kans_tekst(verbetering.kans_dan)}"
    else:
        rest = (
            f"gaat de kans van slagen van {aantal_tekst(verbetering.kans_nu)} "
            f"naar {kans_tekst(verbetering.kans_dan)}"
        )
    return f"{changes[0].upper()}{changes[1:]} {rest}."


def drukte_tekst(anderen: int, vrij: int) -> str:
    """Say how many others have a place high, beside the room there is.

    Examples
    --------
    >>> drukte_tekst(12, 2), drukte_tekst(1, 1)
    ('12 anderen, 2 plekken', '1 ander, 1 plek')
    """
    others = counted("ander", "anderen")(anderen)
    return f"{others}, {counted('plek', 'plekken')(vrij)}"


def kansverschil_zin(nu: float | None, dan: float | None) -> str:
    """Say how the chance on a place would change; None is a place that a rule blocks.

    Examples
    --------
    >>> kansverschil_zin(0.61, 0.74)
    'Kans van slagen: van ongeveer 61 naar ongeveer 74 van de 100.'
    """
    if dan is None:
        return "Dan valt deze plek buiten."
    if nu is None:
        return f"Kans van slagen: {kans_tekst(dan)}."
    if round(100 * nu) == round(100 * dan):
        return f"Kans van slagen: {kans_tekst(dan)}, zoals nu."
    return f"Kans van slagen: van {aantal_tekst(nu)} naar {kans_tekst(dan)}."


def aantal_zin(nu: int, dan: int) -> str:
    """Say how many places fit now and would fit.

    Examples
    --------
    >>> aantal_zin(12, 20), aantal_zin(1, 0), aantal_zin(3, 3)
    ('Nu passen 12 plekken, dan 20.', 'Nu past 1 plek, dan geen.', 'Er passen evenveel plekken: 3.')
    """
    if nu == dan:
        return f"Er passen evenveel plekken: {getal(nu)}."
    fits = "past" if nu == 1 else "passen"
    places = counted("plek", "plekken")(nu) if nu else "geen plekken"
    return f"Nu {fits} {places}, dan {getal(dan) if dan else 'geen'}."


def winst_zin(kans: float, elders: float, andere_plekken: int) -> str:
    """Say what a jongere gains on a place over what is there elsewhere.

    Examples
    --------
    >>> winst_zin(0.61, 0.44, 12)
    'Op de beste 5 andere plekken gemiddeld ongeveer 44 van de 100: hier 17 meer.'
    >>> winst_zin(0.61, 0.2, 2)
    'Er passen maar 2 andere plekken. Deze plek is daarom extra belangrijk.'
    """
    if not andere_plekken:
        return "Er past geen andere plek. Deze plek is daarom extra belangrijk."
    if andere_plekken < ALTERNATIVES:
        few = counted("andere plek", "andere plekken")(andere_plekken)
        fits = "past" if andere_plekken == 1 else "passen"
        return f"Er {fits} maar {few}. Deze plek is daarom extra belangrijk."
    points = round(100 * kans) - round(100 * elders)
    rest = f"{abs(points)} {'meer' if points > 0 else 'minder'}" if points else "ongeveer evenveel"
    return f"Op de beste {ALTERNATIVES} andere plekken gemiddeld {kans_tekst(elders)}: hier {rest}."


def wijziging_teksten(wijziging: Wijziging, titels: Titels) -> list[str]:
    """Say what is explored, one change at a time.

    Examples
    --------
    >>> wijziging_teksten(Wijziging(uren_max=24.0, vermijdt=()), {})
    ['kan hoogstens 24 uur per week werken', 'vermijdt niets op het werk']
    """
    said = [
        text.format(getal(value))
        for value, text in (
            (wijziging.uren_min, "wil minstens {} uur per week werken"),
            (wijziging.uren_max, "kan hoogstens {} uur per week werken"),
            (wijziging.reistijd_max, "wil hoogstens {} minuten reizen"),
        )
        if value is not None
    ]
    if wijziging.rijbewijs is not None:
        said.append(f"heeft {'een' if wijziging.rijbewijs else 'geen'} rijbewijs")
    said += [
        f"{text} {', '.join(words) or nothing}"
        for words, text, nothing in (
            (wijziging.vervoer, "kan reizen met:", "niets"),
            (wijziging.vermijdt, "vermijdt", "niets op het werk"),
            (wijziging.ondersteuning, "heeft nodig:", "geen extra steun"),
            (wijziging.sectoren, "wil werken in:", "geen bepaalde sector"),
        )
        if words is not None
    ]
    if wijziging.competentie is not None:
        competentie_id, niveau = wijziging.competentie
        said.append(f"{titels[competentie_id]}: {niveau_tekst(niveau)}")
    return said


def _uren(stap: Stap, _: Titels) -> str:
    before = "" if stap.van is None else f", in plaats van {_number(stap.van)}"
    return f"als {_number(stap.naar)} uur per week op de plek genoeg is{before}"


def _reistijd(stap: Stap, _: Titels) -> str:
    before = "" if stap.van is None else f", in plaats van {_number(stap.van)}"
    return f"als de jongere {_number(stap.naar)} minuten wil reizen{before}"


def _competentie(stap: Stap, titels: Titels) -> str:
    name = titels[stap.competentie_id or ""]
    before = None if stap.van is None else int(float(stap.van))
    return (
        f"als de jongere voor '{name}' op '{niveau_tekst(int(float(stap.naar)))}' staat, "
        f"in plaats van '{niveau_tekst(before)}',"
    )


_SAY: Mapping[Aanpassing, Callable[[Stap, Titels], str]] = {
    Aanpassing.UREN: _uren,
    Aanpassing.REISTIJD: _reistijd,
    Aanpassing.VERVOER: lambda stap, _: VERVOER[str(stap.naar)],
    Aanpassing.BEGELEIDING: lambda stap, _: (
        f"als het leerbedrijf {ONDERSTEUNING[str(stap.naar)]} biedt,"
    ),
    Aanpassing.COMPETENTIE: _competentie,
}


def _number(value: float | str) -> str:
    return getal(float(value))
