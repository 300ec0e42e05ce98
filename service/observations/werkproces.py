"""Sentences on how a werkproces is learned at a leerwerkplek."""

from collections.abc import Mapping
from types import MappingProxyType

from service.dutch import count, getal
from service.observations.sentence import (
    Observation,
    Say,
    compared,
    deel,
    niveau_schaal,
    tijd,
    zero_or,
)


def _tegenover(whose: str) -> Say:
    """Say a record: a share above or below what was to be expected."""
    return compared(
        f"{whose} lukte meer dan te verwachten was",
        f"{whose} lukte minder dan te verwachten was",
        f"{whose} lukte wat te verwachten was",
        deel,
    )


WERKPROCES: Mapping[str, Observation] = MappingProxyType(
    {
        "startniveau": Observation(
            lambda value: f"Het laatste oordeel over dit werk is {niveau_schaal(value)}.",
            "Hoever de jongere met dit werk is",
        ),
        "startniveau_maanden": Observation(
            lambda value: f"Dat oordeel is van {tijd(value)} geleden.",
            "Wanneer dit werk is beoordeeld",
        ),
        "niveau_opleiding": Observation(
            lambda value: (
                f"Ander werk van deze opleiding is beoordeeld als {niveau_schaal(value)}."
            ),
            "Hoever de jongere met ander werk van deze opleiding is",
        ),
        "uren": Observation(
            lambda value: f"Er is {getal(value, 0)} uur om dit te leren.",
            "Hoeveel uren er zijn om dit te leren",
        ),
        "uren_per_week": Observation(
            lambda value: f"De jongere werkt daar {getal(value)} uur per week.",
            "Hoeveel uren per week de jongere daar werkt",
        ),
        "steun_gemist": Observation(
            zero_or(
                "De plek biedt alle begeleiding die de jongere nodig heeft.",
                lambda value: (
                    "De plek mist "
                    f"{count(value, 'vorm', 'vormen')} van begeleiding die de jongere nodig heeft."
                ),
            ),
            "Of de plek de nodige begeleiding biedt",
        ),
        "begeleiding_aantal": Observation(
            lambda value: f"De plek biedt {count(value, 'vorm', 'vormen')} van begeleiding.",
            "Welke begeleiding de plek biedt",
        ),
        "plek_leert": Observation(
            _tegenover("Bij anderen op deze plek"), "Wat anderen op deze plek leerden"
        ),
        "leerbedrijf_leert": Observation(
            _tegenover("Bij anderen in dit leerbedrijf"), "Wat anderen in dit leerbedrijf leerden"
        ),
        "plek_uitkomsten": Observation(
            lambda value: (
                f"Op deze plek is {count(value, 'keer', 'keer').replace('geen keer', 'nooit')} "
                "beoordeeld wat iemand leerde."
            ),
            "Hoe vaak op deze plek is beoordeeld wat iemand leerde",
        ),
        "leerbedrijf_ervaring": Observation(
            zero_or(
                "Van de eerdere stages bij dit leerbedrijf slaagde er geen.",
                lambda value: f"Van de eerdere stages bij dit leerbedrijf slaagde {deel(value)}.",
            ),
            "Hoe eerdere stages bij dit leerbedrijf gingen",
        ),
        "werkproces_leert": Observation(
            _tegenover("Dit werk leren"), "Hoe vaak anderen dit werk leerden"
        ),
        "opleiding_niveau": Observation(
            lambda value: f"De opleiding is mbo-niveau {getal(value, 0)}.",
            "Welk niveau de opleiding heeft",
        ),
        "jongere_leert": Observation(
            _tegenover("Bij de jongere zelf"), "Wat de jongere eerder leerde"
        ),
        "niveau_algemeen": Observation(
            lambda value: (
                f"Wat de jongere kan, is gemiddeld beoordeeld als {niveau_schaal(value)}."
            ),
            "Wat de jongere gemiddeld kan",
        ),
        "stages_afgebroken": Observation(
            zero_or(
                "In twee jaar is geen stage misgegaan.",
                lambda value: f"In twee jaar {_misgegaan(value)}.",
            ),
            "Of er een stage is misgegaan",
        ),
    }
)
"""What is said of each registered feature of learning, by its name."""


def _misgegaan(value: float) -> str:
    return f"{'is' if round(value) == 1 else 'zijn'} {count(value, 'stage', 'stages')} misgegaan"
