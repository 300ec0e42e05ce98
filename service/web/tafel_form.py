"""The forms of a matchtafel: what was filled in, and what is wrong with it, by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from features.vocabulary import RedenEindeStage
from models.allocation import STANDAARD
from models.allocation_objectives import Doel
from service.matchtafel.begrippen import (
    UITKOMSTEN,
    Agendapunt,
    Deelnemer,
    Keuze,
    Matchtafel,
    Opvolging,
    TafelPlek,
    Uitkomst,
    Vraag,
)
from service.matchtafel.besluiten import NieuwBesluit, Plaatsing
from service.matchtafel.tafel import NieuweDeelnemer
from service.storage.matchtafel_tables import SHORTEST_REDEN
from service.storage.rows import NUL

MOST_JONGEREN = 200
MOST_DEELNEMERS = 100
MOST_UREN = 60
HUNDRED = 100
LONGEST = 2000
LONGEST_NAAM = 200
AANTAL = 30
"""Jongeren on an agenda unless the table asks for another number."""
PARTS = 3
"""A participant is a line of naam, organisatie, rol."""

VOLGORDES: Mapping[str, tuple[str, tuple[Doel, ...]]] = {
    "bescherm": ("Voorrang voor wie het moeilijkst te plaatsen is", STANDAARD),
    "slagen": (
        "De meeste plaatsingen die slagen",
        (Doel.AANTAL, Doel.TOTAAL, Doel.REISTIJD),
    ),
    "dichtbij": (
        "Zo weinig mogelijk reizen",
        (Doel.AANTAL, Doel.MOEILIJK_PLAATSBAAR, Doel.REISTIJD, Doel.TOTAAL),
    ),
}
"""Orders of the objectives that the page offers; the API takes any order."""

Sent = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Form:
    """A form as it was sent: text by field, and what is wrong by field.

    A fout under the empty name is about the whole form.
    """

    text: Mapping[str, str] = field(default_factory=dict)
    fouten: Mapping[str, str] = field(default_factory=dict)

    def with_fout(self, fout: str) -> "Form":
        """Return this form with something wrong with the whole of it."""
        return Form(self.text, {**self.fouten, "": fout})


def text_of(sent: Sent) -> dict[str, str]:
    """Return the first value of every field, without space around it or NUL in it."""
    return {name: (values or [""])[0].replace(NUL, "").strip() for name, values in sent.items()}


@dataclass(frozen=True)
class Plan:
    """A matchtafel to be planned."""

    regio: str
    datum: date
    aantal: int
    deelnemers: tuple[NieuweDeelnemer, ...]


def read_plan(sent: Sent) -> tuple[Plan | None, Form]:
    """Return a plan, or None and what is wrong."""
    text = text_of(sent)
    fouten: dict[str, str] = {}
    day = read_date(text.get("datum", ""))
    if day is None:
        fouten["datum"] = "Kies een dag."
    regio = text.get("regio", "")
    if not 1 <= len(regio) <= LONGEST_NAAM // 2:
        fouten["regio"] = "Vul de naam van de regio in, in hoogstens 100 tekens."
    aantal = whole(text.get("aantal", ""))
    if aantal is None or not 1 <= aantal <= MOST_JONGEREN:
        fouten["aantal"] = f"Vul een getal in van 1 tot {MOST_JONGEREN}."
    deelnemers, fout = read_deelnemers(text.get("deelnemers", ""))
    if fout:
        fouten["deelnemers"] = fout
    form = Form(text, fouten)
    if fouten or day is None or aantal is None:
        return None, form
    return Plan(regio, day, aantal, deelnemers), form


def read_deelnemers(text: str) -> tuple[tuple[NieuweDeelnemer, ...], str]:
    """Return the participants of lines "naam, organisatie, rol", and what is wrong.

    Examples
    --------
    >>> read_deelnemers("Anna, Graafschap College, school")[0][0].rol
    'school'
    >>> read_deelnemers("Anna")[1]
    'Regel 1: schrijf naam, organisatie en rol, met een komma ertussen.'
    """
    found: list[NieuweDeelnemer] = []
    lines = [(place, line) for place, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_DEELNEMERS:
        return (), f"Hoogstens {MOST_DEELNEMERS} deelnemers."
    for place, line in lines:
        parts = [part.strip() for part in line.split(",")]
        if len(parts) != PARTS or not all(1 <= len(part) <= LONGEST_NAAM for part in parts):
            return (), f"Regel {place}: schrijf naam, organisatie en rol, met een komma ertussen."
        if parts[0] in {one.naam for one in found}:
            return (), f"Regel {place}: {parts[0]} staat er al."
        found.append(NieuweDeelnemer(parts[0], parts[1], parts[2]))
    return tuple(found), ""


def read_besluit(
    sent: Sent,
    table: Matchtafel,
    punt: Agendapunt,
    deelnemers: Sequence[Deelnemer],
    plekken: Sequence[str],
) -> tuple[NieuwBesluit | None, Form]:
    """Return a besluit on one line, or None and everything that is wrong at once."""
    text = text_of(sent)
    fouten: dict[str, str] = {}
    keuze = text.get("keuze", "")
    if keuze not in set(Keuze):
        fouten["keuze"] = "Kies wat de tafel besluit."
    plek = text.get("leerwerkplek_id", "")
    if plek and plek not in plekken:
        fouten["leerwerkplek_id"] = "Deze plek ligt niet op tafel. Kies een andere."
    elif not plek and keuze == Keuze.VOORSTELLEN:
        fouten["leerwerkplek_id"] = "Kies de plek waarvoor u de jongere voorstelt."
    if not SHORTEST_REDEN <= len(text.get("reden", "")) <= LONGEST:
        fouten["reden"] = f"Schrijf een reden van minstens {SHORTEST_REDEN} tekens."
    eigenaar = whole(text.get("eigenaar_id", ""))
    if eigenaar is None or eigenaar not in {one.id for one in deelnemers}:
        fouten["eigenaar_id"] = "Kies wie het oppakt."
    day = read_date(text.get("opvolgdatum", ""))
    if day is None or day < table.datum:
        fouten["opvolgdatum"] = "Kies een dag op of na de dag van de matchtafel."
    form = Form(text, fouten)
    if fouten or eigenaar is None or day is None:
        return None, form
    wanted = NieuwBesluit(
        agendapunt_id=punt.id,
        agendapunt_versie=whole(text.get("versie", "")) or 0,
        keuze=Keuze(keuze),
        reden=text["reden"],
        eigenaar_id=eigenaar,
        opvolgdatum=day,
        leerwerkplek_id=plek or None,
    )
    return wanted, form


def read_plek(
    sent: Sent, matchtafel_id: int, scholen: Mapping[str, str]
) -> tuple[TafelPlek | None, Form]:
    """Return a place for a table, or None and everything that is wrong at once.

    A place that is kept for a school needs a last day, and the name of who asked for it.
    """
    text = text_of(sent)
    fouten: dict[str, str] = {}
    aantal = whole(text.get("aantal", ""))
    if aantal is None or aantal > MOST_JONGEREN:
        fouten["aantal"] = f"Vul een getal in van 0 tot {MOST_JONGEREN}."
    if not text.get("leerwerkplek_id"):
        fouten["leerwerkplek_id"] = "Kies een plek."
    school, day = text.get("alleen_voor", ""), read_date(text.get("alleen_tot", ""))
    if school and school not in scholen:
        fouten["alleen_voor"] = "Kies een school uit de lijst."
    if school and day is None:
        fouten["alleen_tot"] = "Kies de laatste dag waarop de plek apart staat."
    if school and not 1 <= len(text.get("aanvrager", "")) <= LONGEST_NAAM:
        fouten["aanvrager"] = "Vul in wie erom vroeg."
    form = Form(text, fouten)
    if fouten or aantal is None:
        return None, form
    kept = (school, day) if school else (None, None)
    return TafelPlek(matchtafel_id, text["leerwerkplek_id"], aantal, *kept), form


def read_kans(text: str) -> tuple[float | None, bool]:
    """Return a chance from how many of a hundred, and whether it was read; empty is None.

    Examples
    --------
    >>> read_kans("40"), read_kans(""), read_kans("veel")
    ((0.4, True), (None, True), (None, False))
    """
    found = whole(text)
    if found is None or found >= HUNDRED:
        return None, not text
    return found / HUNDRED, True


@dataclass(frozen=True)
class Antwoord:
    """What a follow-up found."""

    uitkomst: Uitkomst
    versie: int
    toelichting: str
    plaatsing: Plaatsing | None
    reden_einde: RedenEindeStage


def read_antwoord(sent: Sent, asked: Opvolging) -> tuple[Antwoord | None, Form]:
    """Return the answer to a follow-up, or None and everything that is wrong at once."""
    text = text_of(sent)
    fouten: dict[str, str] = {}
    uitkomst = text.get("uitkomst", "")
    if uitkomst not in UITKOMSTEN[asked.vraag]:
        fouten["uitkomst"] = "Kies een antwoord."
    plaatsing = None
    if asked.vraag is Vraag.GESTART:
        plaatsing = _plaatsing(text, fouten)
    einde = text.get("reden_einde", "")
    if uitkomst == Uitkomst.AFGEBROKEN and einde not in set(RedenEindeStage):
        fouten["reden_einde"] = "Kies waarom de stage stopte."
    if len(text.get("toelichting", "")) > LONGEST:
        fouten["toelichting"] = f"Hoogstens {LONGEST} tekens."
    form = Form(text, fouten)
    if fouten:
        return None, form
    reden = RedenEindeStage(einde) if einde in set(RedenEindeStage) else RedenEindeStage.ANDERS
    versie = whole(text.get("versie", "")) or 0
    found = Antwoord(Uitkomst(uitkomst), versie, text.get("toelichting", ""), plaatsing, reden)
    return found, form


def _plaatsing(text: Mapping[str, str], fouten: dict[str, str]) -> Plaatsing | None:
    """Return what was agreed, or note in `fouten` what is wrong with it."""
    begin, end = (read_date(text.get(name, "")) for name in ("begindatum", "geplande_einddatum"))
    uren = _number(text.get("uren_per_week", ""))
    if begin is None:
        fouten["begindatum"] = "Kies de eerste dag."
    if end is None or (begin is not None and end < begin):
        fouten["geplande_einddatum"] = "Kies een laatste dag, op of na de eerste."
    if uren is None or not 0 < uren <= MOST_UREN:
        fouten["uren_per_week"] = f"Vul een getal in, meer dan 0 en hoogstens {MOST_UREN}."
    if begin is None or end is None or uren is None:
        return None
    return Plaatsing(begin, end, uren)


def read_date(text: str) -> date | None:
    """Return a day as a date field sends it; None when it is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def whole(text: str) -> int | None:
    """Return a number as a hidden field holds it; None when it is none, or far too large."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None
