"""Dutch sentences for what is wrong with a row, one for every offence and rule of the contract."""

from collections.abc import Mapping

from features import tables as t
from features.contract import LIST_SEPARATOR, Offence

PATTERNS: Mapping[str, str] = {
    t.BRIN: "Schrijf de BRIN-code van de school: twee cijfers en twee letters, zoals 25LX.",
    t.CREBO: "Schrijf de opleidingscode (crebo) met vijf cijfers, zoals 25748.",
    t.POSTCODE4: "Schrijf de vier cijfers van de postcode, zoals 7001.",
    t.LEERBEDRIJF_ID: "Schrijf het LeerbedrijfID van SBB: negen cijfers.",
    r"\S(?:.*\S)?": "Hier hoort één regel tekst te staan, zonder spaties aan het begin of eind.",
    r"[1-9]\d{3} ?[A-Z]{2}": "Schrijf een hele postcode, zoals 7001 AB.",
}
"""What a pattern of the contract asks, by the pattern."""

RULES: Mapping[tuple[str, str], str] = {
    ("inschrijving", "einddatum"): "De einddatum ligt voor de begindatum.",
    ("inschrijving", "einde_bekend_op"): "Bij een einddatum hoort de dag waarop die bekend was.",
    ("stage", "einddatum"): "De einddatum ligt voor de begindatum.",
    ("stage", "einde_bekend_op"): "Bij een einddatum hoort de dag waarop die bekend was.",
    ("verzuim", "week"): "De week moet op een maandag beginnen.",
    ("verzuim", "uren_ongeoorloofd"): "Er is meer verzuim dan er lesuren zijn in deze week.",
    ("verzuim", "bekend_op"): "Het verzuim kan niet bekend zijn voordat de week begint.",
    ("voorkeur", "uren_max"): "Het hoogste aantal uren is lager dan het laagste aantal uren.",
    ("leerwerkplek", "uren_max"): "Het hoogste aantal uren is lager dan het laagste aantal uren.",
    ("leerwerkplek", "sluit_op"): "De plek sluit voordat hij begint.",
    ("bekend_bij", "datum_tot"): "De datum “tot” ligt voor de datum “van”.",
}
"""Rules of the contract, by table and the column that the rule is about."""

REFERENCES: Mapping[str, str] = {
    "jongere": "Deze jongere is niet bekend. Importeer eerst het bestand waar de jongere in staat: "
    "het Registratieoverzicht van de school, of het sjabloon jongere.",
    "leerbedrijf": "Dit leerbedrijf is niet bekend. Importeer eerst het sjabloon leerbedrijf.",
    "leerwerkplek": "Deze leerwerkplek is niet bekend. Importeer eerst het sjabloon leerwerkplek.",
    "competentie": "Deze competentie is niet bekend. Importeer eerst het sjabloon competentie.",
    "werkproces": "Dit werkproces is niet bekend. Importeer eerst het sjabloon werkproces.",
    "kwalificatie": "Deze kwalificatie is niet bekend. Importeer eerst het sjabloon kwalificatie.",
    "certificaat": "Dit certificaat is niet bekend. Importeer eerst het sjabloon certificaat.",
    "traject": "Dit traject is niet bekend. Importeer eerst het sjabloon traject.",
}
"""What to do when a referenced row is not there, by the table referred to."""

OFFENCES: Mapping[Offence, str] = {
    Offence.MISSING: "Hier moet iets staan, maar de cel is leeg.",
    Offence.TOO_LOW: "De waarde is te laag. Het minste is {expected}.",
    Offence.TOO_HIGH: "De waarde is te hoog. Het meeste is {expected}.",
    Offence.NOT_LISTED: "Deze waarde kennen we niet. Kies uit: {expected}.",
    Offence.DUPLICATE: "Deze rij staat al eerder in het bestand, maar met andere gegevens. "
    "Laat één van de twee staan.",
}
"""Sentences of the other offences; `expected` is what the contract asks."""


def sentence(table: str, column: str, offence: str, expected: str) -> str:
    """Return the Dutch sentence for one offence, with the words of `find_violations`.

    Examples
    --------
    >>> sentence("verzuim", "lesuren", "too high", "60")
    'De waarde is te hoog. Het meeste is 60.'
    """
    kind = Offence(offence)
    if kind is Offence.RULE:
        return RULES[table, column]
    if kind is Offence.REFERENCE:
        return REFERENCES[expected]
    if kind is Offence.PATTERN:
        return PATTERNS[expected]
    return OFFENCES[kind].format(expected=expected.replace(LIST_SEPARATOR, ", "))
