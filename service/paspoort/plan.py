"""The plan of a jongere in plain words, addressed to the jongere: what the coach chose to share.

A chance, a risk and what others wrote are never in it. What is shared is recorded.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

import typst
from sqlalchemy.orm import Session

from models.praktijkverklaring_route import PraktijkverklaringRoute, SoortStap, Vervolg
from service.dutch import datum, getal
from service.paspoort.feiten import Feiten, Wil
from service.paspoort.tijdlijn import Soort, tijdlijn
from service.routes import Routesuggesties
from service.storage.contactmoment import Contactmoment
from service.storage.deling import DelingRepository
from service.suggesties import LeerwerkplekKort, OngescoordPaar, Suggestie
from service.vaardigheden import Vaardigheden
from service.wording import reis_wens, reistijd_tekst, uren_tekst, uren_wens

TEMPLATE = Path(__file__).with_name("plan.typ")
KAN_AL = 2
"""Least niveau (onder toezicht) of a skill that is told as one that the jongere has."""
MOST_SKILLS = 10
"""Skills that are named, the best first: a longer list is not read."""
LONGEST_BERICHT = 1000
DAARNA = {
    Vervolg.ENTREE: "Daarna kun je de entree-opleiding afmaken.",
    Vervolg.BBL: "Daarna kun je een BBL-opleiding doen: werken en leren tegelijk.",
    Vervolg.WERK: "Daarna kun je gaan werken. Je praktijkverklaring is je bewijs.",
}


class Onderdeel(StrEnum):
    """A part of the plan that a coach can share."""

    WIL = "wil"
    KAN = "kan"
    GEDAAN = "gedaan"
    NODIG = "nodig"


ONDERDELEN = {
    Onderdeel.WIL: "Wat je wilt",
    Onderdeel.KAN: "Wat je kunt",
    Onderdeel.GEDAAN: "Wat je hebt gedaan",
    Onderdeel.NODIG: "Wat je nodig hebt",
}
"""Headings of the parts."""


class Vorm(StrEnum):
    """How a plan was shared."""

    SCHERM = "scherm"
    PDF = "pdf"


@dataclass(frozen=True)
class Keuze:
    """What the coach chose: parts, places, routes (by rank), next steps, and an own message."""

    onderdelen: frozenset[Onderdeel] = frozenset()
    plekken: tuple[Suggestie | OngescoordPaar, ...] = ()
    routes: tuple[PraktijkverklaringRoute, ...] = ()
    stappen: tuple[Contactmoment, ...] = ()
    bericht: str = ""

    @property
    def is_leeg(self) -> bool:
        """Whether nothing was chosen."""
        chosen = (self.onderdelen, self.plekken, self.routes, self.stappen, self.bericht.strip())
        return not any(chosen)

    @property
    def namen(self) -> list[str]:
        """Names of what was chosen, for the record."""
        rest = {
            "plekken": bool(self.plekken),
            "routes": bool(self.routes),
            "afspraken": bool(self.stappen),
            "bericht": bool(self.bericht.strip()),
        }
        return [*sorted(self.onderdelen), *(name for name, chosen in rest.items() if chosen)]


@dataclass(frozen=True)
class Sectie:
    """A heading with sentences and points below it; `genummerd` says that order matters."""

    kop: str
    zinnen: tuple[str, ...] = ()
    punten: tuple[str, ...] = ()
    genummerd: bool = False


@dataclass(frozen=True)
class Plan:
    """A plan to read: for whom, from whom, and its sections."""

    naam: str
    coach: str
    op: date
    bericht: str
    secties: tuple[Sectie, ...] = field(default=())


def make_plan(
    keuze: Keuze,
    *,
    naam: str,
    coach: str,
    op: date,
    feiten: Feiten,
    kan: Vaardigheden,
    routes: Routesuggesties | None,
) -> Plan:
    """Return the plan with what was chosen and nothing else.

    Parameters
    ----------
    keuze : Keuze
        What the coach chose to share.
    naam, coach : str
        Who reads it, and who shares it.
    op : date
        Today.
    feiten : Feiten
        What is stored of the jongere.
    kan : Vaardigheden
        What the jongere can do.
    routes : Routesuggesties, optional
        Names the leerbedrijven of chosen routes.
    """
    made = {
        Onderdeel.WIL: _wil(feiten.wil),
        Onderdeel.KAN: _kan(kan),
        Onderdeel.GEDAAN: _gedaan(feiten, op),
        Onderdeel.NODIG: _nodig(feiten),
    }
    sections = [section for part, section in made.items() if part in keuze.onderdelen]
    if keuze.plekken:
        sections.append(_plekken(keuze.plekken, feiten.wil))
    sections += [_route(route, routes) for route in keuze.routes]
    if keuze.stappen:
        sections.append(_stappen(keuze.stappen))
    return Plan(naam, coach, op, keuze.bericht.strip(), tuple(sections))


def record_deling(
    session: Session, jongere_id: str, keuze: Keuze, vorm: Vorm, *, door: str, op: datetime
) -> None:
    """Record that a plan was shared: which parts, which places, how, by whom."""
    places = [one.leerwerkplek.leerwerkplek_id for one in keuze.plekken]
    places += [
        stap.id
        for route in keuze.routes
        for stap in route.stappen
        if stap.soort is SoortStap.LEERWERKPLEK
    ]
    DelingRepository(session).add(
        jongere_id,
        onderdelen=keuze.namen,
        leerwerkplekken=list(dict.fromkeys(places)),
        vorm=vorm.value,
        door=door,
        tijdstip=op,
    )


def as_pdf(plan: Plan) -> bytes:
    """Return a plan as a PDF that a screen reader can follow (PDF/UA-1, ISO 14289-1).

    With a sign for which no font is at hand, that standard refuses; then it is a plain PDF.
    """
    told = {
        "naam": plan.naam,
        "coach": plan.coach,
        "op": datum(plan.op),
        "bericht": plan.bericht,
        "secties": [vars(one) for one in plan.secties],
    }
    inputs = {"plan": json.dumps(told)}
    try:
        return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, pdf_standards="ua-1"))
    except typst.TypstError:
        return bytes(typst.compile(TEMPLATE, sys_inputs=inputs))


def _wil(wil: Wil | None) -> Sectie:
    kop = ONDERDELEN[Onderdeel.WIL]
    if wil is None:
        return Sectie(kop, ("Dat hebben we je nog niet gevraagd. Vertel het je begeleider.",))
    work = f"Je wilt werken in: {', '.join(wil.sectoren)}." if wil.sectoren else ""
    hours = f"Uren: {uren_wens(wil.uren_min, wil.uren_max)}."
    journey = f"Reizen: {reis_wens(wil.reistijd_max, wil.vervoer)}."
    return Sectie(kop, punten=tuple(_told(work, hours, journey)))


def _kan(kan: Vaardigheden) -> Sectie:
    skills = [one.titel for one in kan.beoordeeld if one.niveau_nu >= KAN_AL][:MOST_SKILLS]
    kop = ONDERDELEN[Onderdeel.KAN]
    if not skills:
        return Sectie(kop, ("Daar weten we nog te weinig van. Laat zien wat je kunt!",))
    return Sectie(kop, ("Dit kun je al:",), tuple(skills))


def _gedaan(feiten: Feiten, op: date) -> Sectie:
    done = [
        f"{one.titel} ({'' if one.soort is Soort.DIPLOMA else 'vanaf '}{datum(one.begin)})"
        for one in reversed(tijdlijn(feiten, op))
    ]
    kop = ONDERDELEN[Onderdeel.GEDAAN]
    return Sectie(kop, punten=tuple(done)) if done else Sectie(kop, ("Dat weten we nog niet.",))


def _nodig(feiten: Feiten) -> Sectie:
    help_asked = [one.soort for one in feiten.nodig if one.toestemming]
    avoided = feiten.wil.vermijdt if feiten.wil is not None else None
    points = _told(
        f"Op een plek helpt dit jou: {', '.join(help_asked)}." if help_asked else "",
        f"Dit doe je liever niet: {', '.join(avoided)}." if avoided else "",
    )
    kop = ONDERDELEN[Onderdeel.NODIG]
    return Sectie(kop, punten=tuple(points)) if points else Sectie(kop, ("Niets bijzonders.",))


def _plekken(plekken: Iterable[Suggestie | OngescoordPaar], wil: Wil | None) -> Sectie:
    return Sectie(
        "Plekken om over te praten",
        ("Jij kiest, samen met je begeleider. Je kunt vragen om eerst een dag te kijken.",),
        tuple(_plek(one, wil) for one in plekken),
    )


def _plek(paar: Suggestie | OngescoordPaar, wil: Wil | None) -> str:
    plek = paar.leerwerkplek
    where = f" in {plek.plaats}" if plek.plaats else ""
    told = [
        f"{plek.titel} bij {plek.leerbedrijf}{where}: {uren_tekst(plek.uren_min, plek.uren_max)}, "
        f"{reistijd_tekst(paar.reistijd_minuten)}.",
        *_fits(plek, paar.reistijd_minuten, wil),
    ]
    if paar.ontbrekend:
        told.append(f"Hier leer je nog: {', '.join(one.titel for one in paar.ontbrekend)}.")
    return " ".join(told)


def _fits(plek: LeerwerkplekKort, minuten: float | None, wil: Wil | None) -> list[str]:
    """Say which own wishes a place meets."""
    if wil is None:
        return []
    near = wil.reistijd_max is not None and minuten is not None and minuten <= wil.reistijd_max
    hours = wil.uren_max is not None and plek.uren_min <= wil.uren_max
    return _told(
        "Dit werk koos je zelf." if plek.sector in (wil.sectoren or ()) else "",
        "De uren passen bij jou." if hours else "",
        "Het is dichtbij genoeg." if near else "",
    )


def _route(route: PraktijkverklaringRoute, routes: Routesuggesties | None) -> Sectie:
    names = {} if routes is None else routes.leerbedrijven
    steps = []
    for stap in route.stappen:
        when = f"Van {datum(stap.begin)} tot {datum(stap.einde)}"
        if stap.soort is SoortStap.TRAJECT:
            steps.append(f"{when}: {stap.titel}.")
            continue
        at = f" bij {names[stap.id].naam}" if stap.id in names else ""
        hours = f", {getal(stap.uren_per_week)} uur per week" if stap.uren_per_week else ""
        learned = ", ".join(doel.titel for doel in stap.leerdoelen)
        steps.append(f"{when}: {stap.titel}{at}{hours}. Je leert: {learned}.")
    steps.append(DAARNA[route.vervolg])
    return Sectie(
        "Een route naar een praktijkverklaring",
        ("Een praktijkverklaring is een bewijs van wat je op een werkplek hebt geleerd.",),
        tuple(steps),
        genummerd=True,
    )


def _stappen(stappen: Sequence[Contactmoment]) -> Sectie:
    return Sectie(
        "Wat we hebben afgesproken",
        punten=tuple(
            f"{one.vervolg}. Dat doet {one.vervolg_door} op {datum(one.vervolg_op)}."
            for one in stappen
            if one.vervolg_op is not None
        ),
    )


def _told(*sentences: str) -> list[str]:
    return [one for one in sentences if one]
