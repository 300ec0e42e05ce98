"""The allowlist of pair features: what may count for how a jongere and a leerwerkplek fit."""

from features.registry import Direction, Feature

_UREN = "Te veel uren is een bekende reden om een stage af te breken."
_REISTIJD = "Een te lange reis houdt bijna niemand vol; telt alleen tegen de eigen grens."
_OMSTANDIGHEDEN = "Werk met omstandigheden die iemand vermijdt, houdt geen stand."
_BEGELEIDING = "Een plek die de nodige begeleiding biedt, geeft meer kans van slagen."
_COMPETENTIES = "Wie al kan wat de plek vraagt, begint met een voorsprong."
_WENS = "Werk dat iemand zelf wil, houdt langer stand."
_OPLEIDING = "Een plek die bij de opleiding past, telt mee voor het diploma."
_ERVARING = "Hoe eerdere stages op deze plek liepen, zegt iets over de volgende."
_STAGES = "Wie lang zocht of eerder stopte, heeft meer steun nodig om te slagen."
_PLEK = "De ene soort plek vraagt iets anders dan de andere."


def _feature(
    group: str,
    purpose: str,
    source: str,
    name: str,
    label: str,
    unit: str,
    direction: Direction = 0,
) -> Feature:
    return Feature(name, label, unit, source, purpose, direction, group)


PAIR_FEATURES: tuple[Feature, ...] = (
    _feature(
        "uren",
        _UREN,
        "voorkeur",
        "uren_verhouding",
        "minste uren van de plek tegenover de belastbaarheid",
        "keer",
        -1,
    ),
    _feature(
        "uren",
        _UREN,
        "voorkeur",
        "uren_overlap",
        "deel van de uren van de plek dat binnen de wens valt",
        "deel",
        1,
    ),
    _feature(
        "reistijd",
        _REISTIJD,
        "voorkeur",
        "reistijd_verhouding",
        "reistijd tegenover de eigen grens",
        "keer",
        -1,
    ),
    _feature(
        "omstandigheden",
        _OMSTANDIGHEDEN,
        "voorkeur",
        "omstandigheden_vermeden",
        "omstandigheden op de plek die de jongere vermijdt",
        "aantal",
        -1,
    ),
    _feature(
        "omstandigheden",
        _OMSTANDIGHEDEN,
        "leerwerkplek",
        "omstandigheden_aantal",
        "bijzondere omstandigheden op de plek",
        "aantal",
    ),
    _feature(
        "begeleiding",
        _BEGELEIDING,
        "ondersteuningsbehoefte",
        "begeleiding_ontbreekt",
        "nodige ondersteuning die de plek niet biedt",
        "aantal",
        -1,
    ),
    _feature(
        "begeleiding",
        _BEGELEIDING,
        "ondersteuningsbehoefte",
        "begeleiding_nodig",
        "nodige ondersteuning",
        "aantal",
    ),
    _feature(
        "begeleiding",
        _BEGELEIDING,
        "leerwerkplek",
        "begeleiding_aanbod",
        "ondersteuning die de plek biedt",
        "aantal",
    ),
    _feature(
        "competenties",
        _COMPETENTIES,
        "competentiemeting",
        "eisen_gehaald",
        "deel van de beoordeelde eisen dat gehaald wordt",
        "deel",
        1,
    ),
    _feature(
        "competenties",
        _COMPETENTIES,
        "competentiemeting",
        "eisen_tekort",
        "niveaus die nog ontbreken voor de eisen",
        "niveaus",
        -1,
    ),
    _feature(
        "competenties",
        _COMPETENTIES,
        "competentiemeting",
        "harde_eisen_tekort",
        "niveaus die nog ontbreken voor de harde eisen",
        "niveaus",
        -1,
    ),
    _feature(
        "competenties",
        _COMPETENTIES,
        "competentiemeting",
        "eisen_onbekend",
        "deel van de eisen dat nooit beoordeeld is",
        "deel",
    ),
    _feature(
        "competenties",
        _COMPETENTIES,
        "leerwerkplek_eis",
        "eisen_aantal",
        "eisen van de plek",
        "aantal",
    ),
    _feature(
        "wens",
        _WENS,
        "voorkeur",
        "sector_wens",
        "hoe hoog de sector staat in de wensen",
        "1 = eerste wens, 0 = geen wens",
        1,
    ),
    _feature(
        "opleiding",
        _OPLEIDING,
        "inschrijving",
        "opleiding_gelijk",
        "plek hoort bij de eigen opleiding",
        "ja of nee",
        1,
    ),
    _feature(
        "opleiding",
        _OPLEIDING,
        "inschrijving",
        "opleiding_sector_gelijk",
        "plek ligt in de sector van de opleiding",
        "ja of nee",
        1,
    ),
    _feature(
        "opleiding",
        _OPLEIDING,
        "inschrijving",
        "niveau_verschil",
        "niveau van de plek boven het eigen niveau",
        "niveaus",
    ),
    _feature(
        "ervaring met de plek",
        _ERVARING,
        "stage",
        "plek_ervaring",
        "deel van de eerdere stages op deze plek dat slaagde",
        "deel",
        1,
    ),
    _feature(
        "ervaring met de plek",
        _ERVARING,
        "stage",
        "leerbedrijf_ervaring",
        "deel van de eerdere stages bij dit leerbedrijf dat slaagde",
        "deel",
        1,
    ),
    _feature(
        "ervaring met de plek",
        _ERVARING,
        "stage",
        "ervaring_aantal",
        "eerdere stages bij dit leerbedrijf",
        "aantal",
    ),
    _feature(
        "eerdere stages",
        _STAGES,
        "stage",
        "zoekduur",
        "zoektijd naar de laatste stage",
        "weken",
        -1,
    ),
    _feature(
        "eerdere stages",
        _STAGES,
        "stage",
        "eerder_afgebroken",
        "eerder afgebroken of niet begonnen stages in twee jaar",
        "aantal",
        -1,
    ),
    _feature("plek", _PLEK, "leerwerkplek", "soort_leerbaan", "is een leerbaan", "ja of nee"),
    _feature(
        "plek",
        _PLEK,
        "leerwerkplek",
        "soort_praktijkverklaring",
        "is een plek voor een praktijkverklaring",
        "ja of nee",
    ),
    _feature(
        "plek",
        _PLEK,
        "leerwerkplek",
        "soort_ontwikkelbaan",
        "is een ontwikkelbaan of beschut werk",
        "ja of nee",
    ),
    _feature("plek", _PLEK, "leerwerkplek", "capaciteit", "jongeren tegelijk", "aantal"),
)
