"""Sentences on how a jongere and a leerwerkplek fit."""

from service.dutch import MONTHS, count, counted, getal, percent
from service.observations.sentence import (
    Observation,
    Say,
    deel,
    ja_nee,
    niveaus,
    stages,
    zero_or,
    zoekduur,
)


def _reistijd(value: float) -> str:
    share = f"{percent(value)} van wat de jongere hoogstens wil reizen"
    if value > 1:
        return f"De reis is te lang: {share}."
    return f"De reis past bij de jongere: {share}."


def _uren(value: float) -> str:
    if value > 1:
        return "De plek vraagt meer uren dan de jongere aankan."
    return f"De plek vraagt minstens {percent(value)} van de uren die de jongere aankan."


def _uren_boven(value: float) -> str:
    hours = getal(abs(value))
    if value > 0:
        return f"De plek vraagt {hours} uur per week meer dan de jongere aankan."
    return f"De jongere kan per week {hours} uur meer aan dan de plek minstens vraagt."


def _reistijd_boven(value: float) -> str:
    minutes = count(abs(round(value)), "minuut", "minuten")
    if value > 0:
        return f"De reis is {minutes} langer dan de grens."
    return f"De reis blijft {minutes} onder de grens."


def _overlap(value: float) -> str:
    if value >= 1:
        return "Alle uren van de plek passen bij wat de jongere wil."
    if value <= 0:
        return "De uren van de plek passen niet bij wat de jongere wil."
    return f"Van de uren van de plek past {deel(value)} bij wat de jongere wil."


def _gehaald(value: float) -> str:
    if value >= 1:
        return "De jongere haalt alle eisen die beoordeeld zijn."
    if value <= 0:
        return "De jongere haalt nog geen van de eisen die beoordeeld zijn."
    return f"De jongere haalt {deel(value)} van de eisen die beoordeeld zijn."


def _sector(value: float) -> str:
    if value >= 1:
        return "Deze sector is de eerste wens van de jongere."
    if value > 0:
        return "Deze sector is een latere wens van de jongere."
    return "Deze sector staat niet bij de wensen van de jongere."


def _niveau_verschil(value: float) -> str:
    if round(value) == 0:
        return "De plek past bij het niveau van de opleiding."
    place = "boven" if value > 0 else "onder"
    levels = niveaus(abs(value))
    return f"De plek ligt {levels} {place} de opleiding van de jongere."


def _tekort(which: str, sure: str = "") -> Say:
    """Say how many niveaus lack in all; `sure` is a word before it, such as waarschijnlijk."""
    word = f"{sure} " if sure else ""
    return zero_or(
        f"De jongere komt {word}niets tekort voor {which}.",
        lambda value: (
            f"De jongere komt {word}{counted('niveau', 'niveaus')(value)} tekort voor {which}."
        ),
    )


def _slaagde(where: str) -> Observation:
    return Observation(
        zero_or(
            f"Van de eerdere stages {where} slaagde er geen.",
            lambda value: f"Van de eerdere stages {where} slaagde {deel(value)}.",
        ),
        f"Hoe eerdere stages {where} gingen",
    )


def _begin(value: float) -> str:
    """Say in which month the place begins, counted from August."""
    return f"De jongere kan op de plek beginnen in {MONTHS[(round(value) + 7) % 12]}."


def _soort(name: str) -> Observation:
    return Observation(
        ja_nee(f"De plek is een {name}.", f"De plek is geen {name}."), f"Of de plek een {name} is"
    )


def _waren(value: float) -> str:
    return "was" if getal(value) == "1" else "waren"


def _kunnen(value: float) -> str:
    return "kan" if getal(value) == "1" else "kunnen"


PASSENDHEID = {
    "uren_verhouding": Observation(_uren, "Hoeveel uren de jongere aankan"),
    "uren_overlap": Observation(_overlap, "Welke uren de jongere wil"),
    "reistijd_verhouding": Observation(_reistijd, "Of de reis past bij wat de jongere wil reizen"),
    "uren_boven": Observation(_uren_boven, "Hoeveel uren de jongere aankan"),
    "reistijd_boven": Observation(_reistijd_boven, "Hoe lang de reis duurt"),
    "reistijd_grens_onbekend": Observation(
        ja_nee(
            "Hoe lang de jongere wil reizen, is nog niet gevraagd.",
            "Hoe lang de jongere wil reizen, is bekend.",
        ),
        "Of gevraagd is hoe lang de jongere wil reizen",
    ),
    "rijbewijs_ontbreekt": Observation(
        ja_nee(
            "De plek vraagt een rijbewijs en de jongere heeft het niet.",
            "Een rijbewijs is geen probleem op deze plek.",
        ),
        "Of er een rijbewijs nodig is en of de jongere het heeft",
    ),
    "omstandigheden_vermeden": Observation(
        lambda value: (
            f"De plek heeft {count(value, 'omstandigheid', 'omstandigheden')} "
            "die de jongere wil vermijden."
        ),
        "Of de plek iets heeft dat de jongere wil vermijden",
    ),
    "omstandigheden_aantal": Observation(
        lambda value: (
            "Bij het werk hoort "
            f"{count(value, 'bijzondere omstandigheid', 'bijzondere omstandigheden')}."
            if getal(value) == "1"
            else "Bij het werk horen "
            f"{count(value, 'bijzondere omstandigheid', 'bijzondere omstandigheden')}."
        ),
        "Welke bijzondere omstandigheden bij het werk horen",
    ),
    "begeleiding_ontbreekt": Observation(
        zero_or(
            "De plek biedt alle steun die de jongere nodig heeft.",
            lambda value: (
                f"De plek biedt {count(value, 'soort steun', 'soorten steun')} niet "
                "die de jongere nodig heeft."
            ),
        ),
        "Of de plek de steun biedt die de jongere nodig heeft",
    ),
    "begeleiding_nodig": Observation(
        zero_or(
            "De jongere heeft geen extra steun nodig op de plek.",
            lambda value: (
                f"De jongere heeft {count(value, 'soort extra steun', 'soorten extra steun')} "
                "nodig op de plek."
            ),
        ),
        "Welke steun de jongere nodig heeft",
    ),
    "begeleiding_aanbod": Observation(
        zero_or(
            "De plek biedt geen extra steun.",
            lambda value: (
                f"De plek biedt {count(value, 'soort extra steun', 'soorten extra steun')}."
            ),
        ),
        "Welke steun de plek biedt",
    ),
    "eisen_gehaald": Observation(_gehaald, "Of de jongere de eisen van de plek haalt"),
    "eisen_tekort": Observation(
        _tekort("de eisen die beoordeeld zijn"), "Of de jongere iets tekortkomt voor de eisen"
    ),
    "harde_eisen_tekort": Observation(
        _tekort("de harde eisen"), "Of de jongere iets tekortkomt voor de harde eisen"
    ),
    "eisen_tekort_verwacht": Observation(
        _tekort("alle eisen samen", "waarschijnlijk"),
        "Of de jongere waarschijnlijk iets tekortkomt voor de eisen",
    ),
    "eisen_onbekend": Observation(
        zero_or(
            "Alle eisen van de plek zijn bij de jongere beoordeeld.",
            lambda value: f"Van de eisen van de plek is {deel(value)} nog niet beoordeeld.",
        ),
        "Welke eisen beoordeeld zijn",
    ),
    "eisen_aantal": Observation(
        lambda value: f"De plek stelt {count(value, 'eis', 'eisen')}.",
        "Hoeveel eisen de plek stelt",
    ),
    "sector_wens": Observation(_sector, "Of deze sector een wens van de jongere is"),
    "opleiding_gelijk": Observation(
        ja_nee(
            "De plek hoort bij de opleiding van de jongere.",
            "De plek hoort niet bij de opleiding van de jongere.",
        ),
        "Of de plek bij de opleiding van de jongere hoort",
    ),
    "opleiding_sector_gelijk": Observation(
        ja_nee(
            "De plek ligt in dezelfde sector als de opleiding.",
            "De plek ligt in een andere sector dan de opleiding.",
        ),
        "Of de plek in de sector van de opleiding ligt",
    ),
    "niveau_verschil": Observation(
        _niveau_verschil, "Of de plek past bij het niveau van de opleiding"
    ),
    "plek_ervaring": _slaagde("op deze plek"),
    "leerbedrijf_ervaring": _slaagde("bij dit leerbedrijf"),
    "ervaring_aantal": Observation(
        lambda value: (
            f"Bij dit leerbedrijf {_waren(value)} eerder {count(value, 'stage', 'stages')}."
        ),
        "Hoeveel stages er eerder bij dit leerbedrijf waren",
    ),
    "zoekduur": Observation(
        zoekduur("De jongere zocht", "De jongere vond de laatste stage meteen."),
        "Hoe lang de jongere zocht naar de laatste stage",
    ),
    "eerder_afgebroken": Observation(
        stages("stopte # te vroeg of begon niet", "stopten # te vroeg of begonnen niet"),
        "Of eerdere stages te vroeg stopten of niet begonnen",
    ),
    "soort_leerbaan": _soort("leerbaan"),
    "soort_praktijkverklaring": _soort("plek voor een praktijkverklaring"),
    "soort_ontwikkelbaan": _soort("ontwikkelbaan of beschutte werkplek"),
    "capaciteit": Observation(
        lambda value: (
            f"Op de plek {_kunnen(value)} {count(value, 'jongere', 'jongeren')} tegelijk werken."
        ),
        "Hoeveel jongeren er tegelijk op de plek kunnen werken",
    ),
    "leerbedrijf_capaciteit": Observation(
        lambda value: (
            f"Op een plek van dit leerbedrijf {_kunnen(value)} gemiddeld "
            f"{count(value, 'jongere', 'jongeren')} tegelijk werken."
        ),
        "Hoeveel jongeren er tegelijk bij dit leerbedrijf kunnen werken",
    ),
    "start_schooljaar": Observation(_begin, "Wanneer in het schooljaar de plek begint"),
}
