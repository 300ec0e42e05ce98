"""Sentences on what practice shows: stages, competenties, contact."""

from service.dutch import count, getal
from service.observations.sentence import (
    PERIODS,
    TWO_YEARS,
    Observation,
    compared,
    deel,
    ja_nee,
    niveau_schaal,
    niveaus,
    of_ten,
    stages,
    weken,
    zero_or,
    zoekduur,
)


def _zijn(value: float) -> str:
    return "is" if getal(value) == "1" else "zijn"


def _pogingen(weeks: int) -> Observation:
    return Observation(
        zero_or(
            f"Er is {PERIODS[weeks]} geen poging tot contact bekend.",
            lambda value: f"Een begeleider zocht {PERIODS[weeks]} {getal(value)} keer contact.",
        ),
        f"Hoe vaak {PERIODS[weeks]} contact is gezocht",
    )


STAGE = {
    "stage_zoekduur_langste": Observation(
        zero_or(
            "Vond elke stage meteen.",
            lambda value: f"Het langste zoeken naar een stage duurde {weken(value)}.",
        ),
        "Er was nog geen stage, of we weten niet hoe lang het zoeken duurde.",
    ),
    "stage_zoekduur_laatste": Observation(
        zoekduur("Zocht", "Vond de laatste stage meteen."),
        "Er was nog geen stage, of we weten niet hoe lang het zoeken duurde.",
    ),
    "stage_zoekduur_gemiddeld": Observation(
        zero_or(
            "Vond elke stage meteen.",
            lambda value: f"Zocht gemiddeld {weken(value)} naar een stage.",
        ),
        "Er was nog geen stage, of we weten niet hoe lang het zoeken duurde.",
    ),
    "stage_afgebroken": Observation(
        stages("stopte # eerder dan gepland", "stopten # eerder dan gepland"),
        "Of een stage eerder stopte dan gepland",
    ),
    "stage_niet_gestart": Observation(
        stages("viel # uit voor de start", "vielen # uit voor de start"),
        "Of een stage uitviel voor de start",
    ),
    "stage_afgerond": Observation(
        lambda value: f"Maakte {TWO_YEARS} {count(value, 'stage', 'stages')} af.",
        "Hoeveel stages iemand afmaakte",
    ),
    "stage_weken_na_breuk": Observation(
        lambda value: f"Een stage ging {weken(value)} geleden mis.",
        "Er is geen stage misgegaan, of we weten niet wanneer.",
    ),
    "stage_weken_tot_breuk": Observation(
        lambda value: f"De kortste stage die misging, duurde {weken(value)}.",
        "Er is geen stage misgegaan, of we weten niet na hoeveel tijd.",
    ),
    "stage_loopt": Observation(
        ja_nee("Heeft nu een stage.", "Heeft nu geen stage."), "Of iemand nu een stage heeft"
    ),
    "stage_komt": Observation(
        ja_nee("Heeft een stage gevonden die nog begint.", "Heeft geen stage die nog begint."),
        "Of iemand een stage heeft die nog begint",
    ),
    "stage_weken_te_gaan": Observation(
        lambda value: f"De stage die nu loopt, duurt nog {weken(value)}.",
        "Er loopt geen stage, of we weten niet hoe lang nog.",
    ),
    "stage_weken_zonder": Observation(
        zero_or(
            "Heeft nu een stage.",
            lambda value: f"De laatste stage is {weken(value)} voorbij.",
        ),
        "Er was nog geen stage, of we weten niet wanneer.",
    ),
    "stage_uren": Observation(
        lambda value: f"Liep gemiddeld {getal(value)} uur per week stage.",
        "Er was nog geen stage, of we weten niet hoeveel uur.",
    ),
    "stage_beoordeling": Observation(
        lambda value: f"Kreeg voor stages gemiddeld een {of_ten(value)}.",
        "Er is nog geen stage beoordeeld, of we weten niet hoe.",
    ),
    "klas_stage": Observation(
        zero_or(
            "Heeft een stage, of in dit leerjaar heeft nog niemand er een.",
            lambda value: f"Heeft geen stage, en {deel(value)} van het leerjaar heeft er wel een.",
        ),
        "Hoeveel jongeren van het leerjaar een stage hebben",
    ),
}

COMPETENTIES = {
    "competentie_niveau": Observation(
        lambda value: f"De beoordeelde vaardigheden zijn gemiddeld {niveau_schaal(value)}.",
        "Er is nog geen vaardigheid beoordeeld: het niveau weten we niet.",
    ),
    "competentie_groei": Observation(
        compared(
            "De vaardigheden gingen vooruit",
            "De vaardigheden gingen achteruit",
            "De vaardigheden bleven gelijk",
            lambda value: f"gemiddeld {niveaus(value)}",
            least=0.05,
        ),
        "Of de vaardigheden vooruitgaan",
    ),
    "competentie_aantal": Observation(
        lambda value: (
            f"Er {_zijn(value)} {count(value, 'vaardigheid', 'vaardigheden')} beoordeeld."
        ),
        "Hoeveel vaardigheden beoordeeld zijn",
    ),
    "klas_competentie": Observation(
        compared(
            "De vaardigheden zijn verder dan gemiddeld in het leerjaar",
            "De vaardigheden zijn minder ver dan gemiddeld in het leerjaar",
            "De vaardigheden zijn even ver als gemiddeld in het leerjaar",
            lambda value: f"verschil: {niveaus(value)}",
            least=0.05,
        ),
        "Hoe de vaardigheden zijn naast die van het leerjaar",
    ),
}

CONTACT = {
    "contact_pogingen": _pogingen(26),
    "contact_pogingen_52": _pogingen(52),
    "contact_gelukt": Observation(
        zero_or(
            "Geen enkele poging tot contact lukte.",
            lambda value: f"Van de pogingen tot contact lukte {deel(value)}.",
        ),
        "Er is geen contact gezocht, of we weten niet of het lukte.",
    ),
    "contact_weken_sinds": Observation(
        lambda value: f"De laatste poging tot contact was {weken(value)} geleden.",
        "Er is geen contact gezocht, of we weten niet wanneer.",
    ),
}
