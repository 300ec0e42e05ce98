"""Sentences on what a school sees: verzuim, resultaten, inschrijving."""

from service.dutch import count, getal, percent
from service.observations.sentence import (
    PERIODS,
    PERMISSION,
    TWO_YEARS,
    Observation,
    compared,
    deel,
    ja_nee,
    of_ten,
    tijd,
    zero_or,
)


def _verzuim(kind: str, weeks: int) -> Observation:
    period, how = PERIODS[weeks], PERMISSION[kind]
    return Observation(
        zero_or(
            f"Miste {period} geen lesuren {how}.",
            lambda value: f"Miste {period} {deel(value)} van de lesuren {how}.",
        ),
        f"Hoeveel lesuren {period} gemist zijn {how}",
    )


def _verzuim_change(kind: str) -> Observation:
    how = PERMISSION[kind]
    return Observation(
        compared(
            f"Miste in de laatste 4 weken meer lesuren {how} dan in het jaar ervoor",
            f"Miste in de laatste 4 weken minder lesuren {how} dan in het jaar ervoor",
            f"Miste in de laatste 4 weken evenveel lesuren {how} als in het jaar ervoor",
            lambda value: f"verschil: {deel(value)} van de lesuren",
        ),
        f"Of iemand nu meer lesuren {how} mist dan eerst",
    )


def _weken_verzuim(period: str) -> Observation:
    return Observation(
        zero_or(
            f"Miste {period} in geen enkele week lessen zonder toestemming.",
            lambda value: (
                f"Miste {period} in {deel(value)} van de weken lessen zonder toestemming."
            ),
        ),
        f"In hoeveel weken {period} lessen gemist zijn zonder toestemming",
    )


def _hele_weken(kind: str, weeks: int) -> Observation:
    period, how = PERIODS[weeks], PERMISSION[kind]
    return Observation(
        zero_or(
            f"Was {period} geen hele week weg {how}.",
            lambda value: f"Was {period} {count(value, 'hele week', 'hele weken')} weg {how}.",
        ),
        f"Of iemand {period} hele weken weg was {how}",
    )


def _meldingen(weeks: int) -> Observation:
    return Observation(
        lambda value: (
            f"De school deed {PERIODS[weeks]} {count(value, 'verzuimmelding', 'verzuimmeldingen')}."
        ),
        f"Hoeveel verzuimmeldingen de school {PERIODS[weeks]} deed",
    )


VERZUIM = {
    **{
        f"verzuim_{kind}_{weeks}": _verzuim(kind, weeks) for kind in PERMISSION for weeks in PERIODS
    },
    **{f"verzuim_{kind}_verandering": _verzuim_change(kind) for kind in PERMISSION},
    "verzuim_weken_ongeoorloofd_13": Observation(
        zero_or(
            "Miste in geen van de laatste 13 weken lessen zonder toestemming.",
            lambda value: (
                f"Miste in {getal(value)} van de laatste 13 weken lessen zonder toestemming."
            ),
        ),
        "In hoeveel van de laatste 13 weken lessen gemist zijn zonder toestemming",
    ),
    "verzuim_weken_ongeoorloofd_deel_26": _weken_verzuim(PERIODS[26]),
    "verzuim_weken_ongeoorloofd_deel_52": _weken_verzuim(PERIODS[52]),
    "verzuim_weken_ongeoorloofd_deel_alles": _weken_verzuim("sinds het begin van de gegevens"),
    "verzuim_weken_ongeoorloofd_recent": _weken_verzuim("de laatste tijd"),
    "verzuim_weken_ongeoorloofd_verandering": Observation(
        compared(
            "Miste in de laatste 3 maanden vaker lessen zonder toestemming dan daarvoor",
            "Miste in de laatste 3 maanden minder vaak lessen zonder toestemming dan daarvoor",
            "Miste in de laatste 3 maanden even vaak lessen zonder toestemming als daarvoor",
            lambda value: f"verschil: {deel(value)} van de weken",
        ),
        "Of iemand nu vaker lessen mist zonder toestemming dan eerst",
    ),
    "verzuim_reeksen_26": Observation(
        zero_or(
            "Begon in het laatste halfjaar niet met lessen missen zonder toestemming.",
            lambda value: (
                f"Begon in het laatste halfjaar {getal(value)} keer met lessen missen "
                "zonder toestemming."
            ),
        ),
        "Hoe vaak iemand in het laatste halfjaar begon met lessen missen zonder toestemming",
    ),
    "verzuim_hele_weken_26": _hele_weken("ongeoorloofd", 26),
    "verzuim_hele_weken_geoorloofd_52": _hele_weken("geoorloofd", 52),
    "verzuim_weken_geregistreerd_13": Observation(
        zero_or(
            "Van de laatste 13 weken staat het verzuim niet in de gegevens.",
            lambda value: (
                f"Van {getal(value)} van de laatste 13 weken staat het verzuim in de gegevens."
            ),
        ),
        "Van welke weken het verzuim is bijgehouden",
    ),
    "verzuimmeldingen_13": _meldingen(13),
    "verzuimmeldingen_52": _meldingen(52),
    "klas_verzuim": Observation(
        compared(
            "Miste meer lesuren zonder toestemming dan de klas gemiddeld",
            "Miste minder lesuren zonder toestemming dan de klas gemiddeld",
            "Miste evenveel lesuren zonder toestemming als de klas gemiddeld",
            lambda value: f"verschil: {deel(value)} van de lesuren",
        ),
        "Of iemand meer lesuren mist zonder toestemming dan de klas",
    ),
}

RESULTATEN = {
    "resultaat_niveau": Observation(
        lambda value: f"Haalde in het laatste halfjaar gemiddeld een {of_ten(value)}.",
        "Welke resultaten iemand in het laatste halfjaar haalde",
    ),
    "resultaat_niveau_alles": Observation(
        lambda value: f"Haalde tot nu toe gemiddeld een {of_ten(value)}.",
        "Welke resultaten iemand tot nu toe haalde",
    ),
    "resultaat_verandering": Observation(
        compared(
            "Haalt hogere resultaten dan in het jaar ervoor",
            "Haalt lagere resultaten dan in het jaar ervoor",
            "Haalt dezelfde resultaten als in het jaar ervoor",
            lambda value: f"verschil: gemiddeld {of_ten(value)}",
        ),
        "Of de resultaten hoger of lager zijn dan in het jaar ervoor",
    ),
    "resultaat_onvoldoende": Observation(
        zero_or(
            "Haalde in het laatste halfjaar geen onvoldoendes.",
            lambda value: (
                f"Van de resultaten in het laatste halfjaar is {deel(value)} onvoldoende."
            ),
        ),
        "Of iemand in het laatste halfjaar onvoldoendes haalde",
    ),
    "resultaat_onderdelen_onvoldoende": Observation(
        lambda value: f"Staat nu voor {count(value, 'onderdeel', 'onderdelen')} onvoldoende.",
        "Voor welke onderdelen iemand onvoldoende staat",
    ),
    "resultaat_aantal": Observation(
        lambda value: f"Heeft {count(value, 'resultaat', 'resultaten')} van het laatste halfjaar.",
        "Hoeveel resultaten iemand in het laatste halfjaar haalde",
    ),
    "klas_resultaat": Observation(
        compared(
            "Haalt hogere resultaten dan de klas gemiddeld",
            "Haalt lagere resultaten dan de klas gemiddeld",
            "Haalt dezelfde resultaten als de klas gemiddeld",
            lambda value: f"verschil: {of_ten(value)}",
        ),
        "Of de resultaten hoger of lager zijn dan van de klas",
    ),
}


def _einde(value: float) -> str:
    if round(abs(value)) == 0:
        return "De opleiding eindigt volgens plan deze maand."
    if value > 0:
        return f"De opleiding eindigt volgens plan over {tijd(value)}."
    return f"De opleiding moest volgens plan {tijd(value)} geleden klaar zijn."


def _mbo_niveau(value: float) -> str:
    if round(value) == 1:
        return "Doet een entree-opleiding (mbo niveau 1)."
    return f"Doet een opleiding op mbo niveau {getal(value)}."


INSCHRIJVING = {
    "inschrijving_niveau": Observation(
        _mbo_niveau, "Doet geen mbo-opleiding, of het niveau weten we niet."
    ),
    "inschrijving_pro": Observation(
        ja_nee("Zit op het praktijkonderwijs.", "Zit niet op het praktijkonderwijs."),
        "Of iemand op het praktijkonderwijs zit",
    ),
    "inschrijving_vso": Observation(
        ja_nee(
            "Zit op het voortgezet speciaal onderwijs.",
            "Zit niet op het voortgezet speciaal onderwijs.",
        ),
        "Of iemand op het voortgezet speciaal onderwijs zit",
    ),
    "inschrijving_vo": Observation(
        ja_nee("Zit op het vo of de vavo.", "Zit niet op het vo of de vavo."),
        "Of iemand op het vo of de vavo zit",
    ),
    "inschrijving_bbl": Observation(
        ja_nee("Werkt en leert tegelijk (bbl).", "Leert vooral op school, niet in een baan."),
        "Of iemand werkt en leert tegelijk (bbl)",
    ),
    "inschrijving_schoolmaand": Observation(
        lambda value: f"Het schooljaar is {tijd(value)} bezig.", "Hoe lang het schooljaar bezig is"
    ),
    "inschrijving_leerjaar": Observation(
        lambda value: f"Zit in het {getal(value, 0)}e jaar van deze opleiding.",
        "In welk jaar van de opleiding iemand zit",
    ),
    "inschrijving_maanden": Observation(
        lambda value: (
            f"Begon {tijd(value)} geleden op deze school of opleiding."
            if value < 12
            else "Zit een jaar of langer op deze school en opleiding."
        ),
        "Hoe lang iemand op deze school of opleiding zit",
    ),
    "inschrijving_maanden_tot_einde": Observation(
        _einde, "Wanneer de opleiding volgens plan eindigt"
    ),
    "inschrijving_duur": Observation(
        lambda value: f"De opleiding duurt volgens plan {tijd(value)}.",
        "Hoe lang de opleiding volgens plan duurt",
    ),
    "inschrijving_deel_voorbij": Observation(
        lambda value: (
            f"Van de geplande tijd voor de opleiding is {deel(value)} voorbij."
            if value <= 1
            else f"De opleiding duurt langer dan gepland ({percent(value)} van de geplande tijd)."
        ),
        "Hoeveel van de opleiding voorbij is",
    ),
    "inschrijving_tussentijds": Observation(
        ja_nee("Begon midden in het schooljaar.", "Begon aan het begin van het schooljaar."),
        "Of iemand midden in het schooljaar begon",
    ),
    "inschrijving_wissels": Observation(
        zero_or(
            f"Wisselde {TWO_YEARS} niet van school of opleiding.",
            lambda value: f"Wisselde {TWO_YEARS} {getal(value)} keer van school of opleiding.",
        ),
        "Of iemand van school of opleiding wisselde",
    ),
    "inschrijving_niveau_omlaag": Observation(
        ja_nee(
            f"Ging {TWO_YEARS} naar een lager niveau.",
            f"Ging {TWO_YEARS} niet naar een lager niveau.",
        ),
        "Of iemand naar een lager niveau ging",
    ),
    "inschrijving_niveau_omhoog": Observation(
        ja_nee(
            f"Ging {TWO_YEARS} naar een hoger niveau.",
            f"Ging {TWO_YEARS} niet naar een hoger niveau.",
        ),
        "Of iemand naar een hoger niveau ging",
    ),
    "inschrijving_onderbreking": Observation(
        zero_or(
            f"Had {TWO_YEARS} altijd een school.",
            lambda value: (
                f"Zat {TWO_YEARS} {count(value, 'dag', 'dagen')} achter elkaar zonder school."
            ),
        ),
        "Of iemand een tijd zonder school zat",
    ),
    "inschrijving_van_pro_vso": Observation(
        ja_nee(
            f"Kwam {TWO_YEARS} van het praktijkonderwijs of het vso.",
            f"Kwam {TWO_YEARS} niet van het praktijkonderwijs of het vso.",
        ),
        "Of iemand van het praktijkonderwijs of het vso kwam",
    ),
}
