"""What a person who fills in a template must know of each column, in Dutch."""

from collections.abc import Mapping
from types import MappingProxyType

TABLES_EXPLAINED: Mapping[str, str] = MappingProxyType(
    {
        "jongere": "Eén rij per jongere.",
        "identiteit": "Naam en adres van een jongere. Deze gegevens staan apart van de rest.",
        "inschrijving": "Eén rij per periode waarin een jongere bij een opleiding staat.",
        "diploma": "Eén rij per diploma, certificaat of praktijkverklaring.",
        "verzuim": "Eén rij per jongere per week.",
        "verzuimmelding": "Eén rij per melding bij leerplicht of het Doorstroompunt.",
        "resultaat": "Eén rij per cijfer of tussenstand.",
        "stage": "Eén rij per stage (praktijkovereenkomst).",
        "competentiemeting": "Eén rij per beoordeelde competentie.",
        "voorkeur": "Wat een jongere wil en kan, vanaf een datum.",
        "ondersteuningsbehoefte": "Welke hulp een jongere op een plek nodig heeft.",
        "leerbedrijf": "Eén rij per erkend leerbedrijf.",
        "leerwerkplek": "Eén rij per plek om te leren en te werken.",
        "leerwerkplek_eis": "Wat een leerwerkplek vraagt, één rij per competentie.",
        "leerwerkplek_werkproces": "Wat een jongere op een leerwerkplek kan leren.",
        "kwalificatie": "Eén rij per mbo-kwalificatie.",
        "werkproces": "Eén rij per werkproces van een kwalificatie.",
        "competentie": "Eén rij per competentie die beoordeeld kan worden.",
        "werkproces_competentie": "Welke competentie bij welk werkproces hoort.",
        "certificaat": "Eén rij per mbo-certificaat: een erkend deel van een kwalificatie.",
        "certificaat_werkproces": "Welk werkproces bij welk certificaat hoort.",
        "traject": "Eén rij per traject of groepsprogramma.",
        "traject_voorwaarde": "Wie er aan een traject mee mag doen, één rij per voorwaarde.",
        "contact": "Eén rij per poging om een jongere te spreken.",
        "bekend_bij": "Bij welk register een jongere bekend is, en van wanneer tot wanneer.",
    }
)
"""What one row of a template is, by table."""

COLUMNS_EXPLAINED: Mapping[str, tuple[str, object]] = MappingProxyType(
    {
        "jongere_id": ("BSN of onderwijsnummer. We bewaren alleen een pseudoniem.", "999990019"),
        "geboortedatum": ("Geboortedatum. We bewaren alleen de maand.", "01-05-2008"),
        "postcode4": ("De vier cijfers van de postcode.", "7001"),
        "postcode": ("Postcode met letters.", "7001 AB"),
        "woonplaats": ("Woonplaats.", "Doetinchem"),
        "gemeente": ("Gemeente.", "Doetinchem"),
        "bron": ("Waar de rij vandaan komt. Leeg: de naam van het bestand.", "Magister"),
        "bekend_op": ("Dag waarop u dit wist. Leeg: de datum van de rij zelf.", "12-01-2026"),
        "einde_bekend_op": ("Dag waarop u het einde wist.", "12-07-2026"),
        "datum": ("Dag waarop het gebeurde.", "05-01-2026"),
        "begindatum": ("Eerste dag.", "05-01-2026"),
        "geplande_einddatum": ("Laatste dag volgens de afspraak.", "10-07-2026"),
        "einddatum": ("Laatste dag. Leeg: het loopt nog.", "10-07-2026"),
        "instelling": ("BRIN-code van de school.", "25LX"),
        "volgnummer": ("Nummer van de inschrijving op school. Leeg: 1.", "1"),
        "onderwijssoort": ("Soort onderwijs.", "entree"),
        "niveau": ("Niveau.", 2),
        "opleidingcode": ("Crebo: vijf cijfers.", "25748"),
        "leerweg": ("Leerweg.", "BOL"),
        "leerjaar": ("Leerjaar van de opleiding.", 1),
        "reden_uitschrijving": ("Code van DUO: 01 diploma, 02 eigen verzoek, ...", "01"),
        "diploma_id": ("Nummer van het bewijs. Leeg: we maken er een.", "D-2026-001"),
        "soort": ("Soort.", ""),
        "week": ("Maandag van de week; een andere dag of 2026-W02 mag ook.", "05-01-2026"),
        "lesuren": ("Uren les in die week (klokuren).", 28.5),
        "uren_geoorloofd": ("Gemiste uren met toestemming (klokuren).", 2),
        "uren_ongeoorloofd": ("Gemiste uren zonder toestemming (klokuren).", 3.5),
        "onderdeel": ("Vak of onderdeel.", "Nederlands"),
        "waarde": ("Resultaat als deel van het hoogste: 0,7 is een 7 van 10.", 0.7),
        "stage_id": ("Nummer van de praktijkovereenkomst. Leeg: we maken er een.", "POK-001"),
        "leerbedrijf_id": ("LeerbedrijfID van SBB: negen cijfers.", "100000001"),
        "leerwerkplek_id": ("Nummer van de leerwerkplek.", "LWP-001"),
        "uren_per_week": ("Uren per week.", 20),
        "zoekduur_weken": ("Weken gezocht voor de stage begon.", 6),
        "beoordeling": ("Eindoordeel van 0 tot 1.", 0.8),
        "reden_einde": ("Waarom de stage stopte.", "afgerond"),
        "competentie_id": ("Nummer van de competentie.", "25748-B1-K1-W1"),
        "sectoren": ("Gewenste sectoren, de liefste eerst.", "techniek"),
        "uren_min": ("Minste uren per week.", 8),
        "uren_max": ("Meeste uren per week.", 24),
        "reistijd_max": ("Langste reis in minuten, enkele reis.", 45),
        "vervoer": ("Hoe de jongere kan reizen.", "fiets"),
        "vermijdt": ("Wat de jongere wil vermijden.", "hoogte"),
        "rijbewijs": ("Heeft een rijbewijs.", "nee"),
        "toestemming": ("De jongere vindt goed dat we dit gebruiken.", "ja"),
        "naam": ("Naam van het leerbedrijf.", "Garage De Slinge"),
        "plaats": ("Plaats.", "Winterswijk"),
        "sector": ("Sector.", "techniek"),
        "erkenningen": ("Crebo's waarvoor het bedrijf erkend is.", "25748"),
        "titel": ("Korte naam.", "Helpen in de werkplaats"),
        "capaciteit": ("Hoeveel jongeren tegelijk.", 2),
        "omstandigheden": ("Omstandigheden op de plek.", "lawaai"),
        "begeleiding": ("Hulp die de plek biedt.", "vaste begeleider"),
        "sluit_op": ("Laatste dag waarop iemand kan beginnen.", "01-09-2026"),
        "hard": ("Moet het (ja) of is het een wens (nee).", "ja"),
        "werkproces_id": ("Crebo en code van het werkproces.", "25748-B1-K1-W1"),
        "certificaat_id": ("Code van het certificaat, zoals in het register.", "C0001"),
        "traject_id": ("Nummer van het traject.", "TR-001"),
        "regio": ("Regio.", "Achterhoek"),
        "duur_weken": ("Duur in weken.", 12),
        "attribuut": ("Waar de voorwaarde over gaat.", "leeftijd"),
        "operator": ("Hoe wordt vergeleken.", ">="),
        "reden": ("Waarom deze voorwaarde er is.", "Het traject is voor 16 jaar en ouder."),
        "kanaal": ("Hoe is contact gezocht.", "telefoon"),
        "gelukt": ("Is de jongere gesproken.", "ja"),
        "door": ("Rol of team dat het probeerde.", "Doorstroompunt"),
        "register": ("Naam van het register, of het nummer van een gevolgd traject.", "UWV"),
        "datum_van": ("Vanaf welke dag bekend.", "05-01-2026"),
        "datum_tot": ("Tot en met welke dag. Leeg: nog steeds.", "05-03-2026"),
        "voornamen": ("Voornamen.", "Sam"),
        "tussenvoegsel": ("Tussenvoegsel.", "van"),
        "achternaam": ("Achternaam.", "Voorbeeld"),
        "straat": ("Straat.", "Dorpsstraat"),
        "huisnummer": ("Huisnummer met toevoeging.", "12a"),
        "telefoon": ("Telefoonnummer.", "0600000000"),
        "email": ("E-mailadres.", "sam@example.org"),
    }
)
"""Explanation and example of a column, by its name."""

OWN_EXPLANATIONS: Mapping[tuple[str, str], tuple[str, object]] = MappingProxyType(
    {
        ("competentiemeting", "competentie_id"): (
            "Nummer van de competentie, of uw eigen woorden. Die koppelt u later één keer.",
            "25748-B1-K1-W1",
        ),
        ("competentiemeting", "niveau"): (
            "0 nog niet, 1 met hulp, 2 onder toezicht, 3 zelfstandig, 4 leert anderen. "
            "Het woord mag ook.",
            "met hulp",
        ),
        ("competentiemeting", "bron"): ("Wie het oordeel gaf.", "school"),
        ("leerwerkplek_eis", "competentie_id"): (
            "Nummer van de competentie, of uw eigen woorden. Die koppelt u later één keer.",
            "25748-B1-K1-W1",
        ),
        ("leerwerkplek_eis", "niveau"): (
            "Gevraagd niveau: 0 nog niet, 1 met hulp, 2 onder toezicht, 3 zelfstandig, "
            "4 leert anderen.",
            2,
        ),
        ("traject", "soort"): ("Soort traject.", "voorschakeltraject"),
        ("traject_voorwaarde", "waarde"): ("Waarmee wordt vergeleken.", "16"),
        ("stage", "leerwerkplek_id"): ("Nummer van de leerwerkplek, als u het weet.", "LWP-001"),
    }
)
"""Explanations of columns that mean something else in one table, by table and column."""


def explain(table: str, column: str) -> tuple[str, object]:
    """Return what a column of a table means, in Dutch, and an example (or an empty text)."""
    return OWN_EXPLANATIONS.get((table, column)) or COLUMNS_EXPLAINED[column]
