"""The steps of a route in time, how far it brings a qualification, and what comes after."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil

import numpy as np
from numpy.typing import NDArray

from features.traject import TrajectOordeel
from features.vocabulary import SoortLeerwerkplek
from models.praktijkverklaring_context import JongereFeiten, RouteContext
from models.praktijkverklaring_plannen import Plan
from models.praktijkverklaring_route import Dekking, Leerdoel, SoortStap, Stap, Vervolg

Floats = NDArray[np.float64]

EERSTE_STAPPEN = ("voorschakel", "groepsprogramma", "transitieroute", "kleinschalig")
"""Kinds of traject that may come first; the word is a part of the soort."""
LONGEST_FIRST_STEP = 52.0
LEAST_COVERED = 0.5
"""From this expected share of a qualification on, its diploma is the next step."""
MOST_STAPPEN = 3

VERVOLG_TRAJECTEN: Mapping[Vervolg, str] = {
    Vervolg.ENTREE: "voorschakel",
    Vervolg.BBL: "kleinschalig",
    Vervolg.WERK: "jobcoach",
}
"""Which kind of traject helps with what comes after; a part of the soort."""


def steps_of(
    context: RouteContext,
    feiten: JongereFeiten,
    plan: Plan,
    startniveaus: Floats,
    vervolg: Vervolg,
) -> tuple[Stap, ...]:
    """Return the steps: a traject where the basis is missing, the place, what helps after."""
    first = _first_step(feiten) if feiten.basis else None
    steps = [] if first is None else [_traject(first, context.peildatum)]
    ready = steps[-1].einde if steps else context.peildatum
    plek = plan.kandidaat.plek
    begin = max(plek.begindatum, ready)
    steps.append(
        Stap(
            soort=SoortStap.LEERWERKPLEK,
            id=plek.leerwerkplek_id,
            titel=plek.titel,
            begin=begin,
            einde=begin + timedelta(weeks=plan.weken),
            weken=plan.weken,
            uren_per_week=plan.kandidaat.uren_per_week,
            leerdoelen=tuple(_leerdoelen(context, plan, startniveaus)),
            ook_bij=plan.kandidaat.ook_bij,
        )
    )
    after = _admitting(feiten.trajecten, (VERVOLG_TRAJECTEN[vervolg],))
    if after and after[0] != first and len(steps) < MOST_STAPPEN:
        steps.append(_traject(after[0], steps[-1].einde))
    return tuple(steps)


def _leerdoelen(context: RouteContext, plan: Plan, startniveaus: Floats) -> list[Leerdoel]:
    found = []
    for ((plek, one), uren, kans), start in zip(plan.leren, startniveaus, strict=True):
        fact = context.werkprocessen[one]
        niveau = None if np.isnan(start) else round(start)
        found.append(Leerdoel(one, fact.titel, fact.opleidingcode, plek, niveau, uren, kans))
    return found


def _first_step(feiten: JongereFeiten) -> TrajectOordeel | None:
    fitting = _admitting(feiten.trajecten, EERSTE_STAPPEN)
    short = [one for one in fitting if (one.weken or 0) <= LONGEST_FIRST_STEP]
    return min(short, key=lambda one: one.weken or 0, default=None)


def _admitting(trajecten: Sequence[TrajectOordeel], soorten: Sequence[str]) -> list[TrajectOordeel]:
    return [
        one
        for one in trajecten
        if one.toegelaten and any(word in one.soort.lower() for word in soorten)
    ]


def _traject(oordeel: TrajectOordeel, begin: date) -> Stap:
    weken = ceil(oordeel.weken or 0)
    return Stap(
        soort=SoortStap.TRAJECT,
        id=oordeel.traject_id,
        titel=oordeel.titel,
        begin=begin,
        einde=begin + timedelta(weeks=weken),
        weken=weken,
    )


def coverage_of(context: RouteContext, feiten: JongereFeiten, plan: Plan) -> tuple[Dekking, ...]:
    """Return the coverage of each qualification that the plan touches, the furthest first."""
    per_code: dict[str, list[tuple[str, float]]] = {}
    for (_, one), _, kans in plan.leren:
        code = context.werkprocessen[one].opleidingcode
        per_code.setdefault(code, []).append((one, kans))
    found = []
    for code, learned in per_code.items():
        dossier = context.kwalificaties[code]
        mastered = {
            one for part in dossier.kerntaken.values() for one in part if one in feiten.beheerst
        }
        planned = mastered | {one for one, _ in learned}
        found.append(
            Dekking(
                opleidingcode=code,
                titel=dossier.titel,
                niveau=dossier.niveau,
                behaald=len(mastered),
                gepland=len(learned),
                totaal=dossier.totaal,
                verwacht=plan.kandidaat.blijft * sum(kans for _, kans in learned),
                kerntaken=tuple(
                    name.removeprefix(f"{code}-")
                    for name, part in dossier.kerntaken.items()
                    if planned.issuperset(part) and not mastered.issuperset(part)
                ),
                certificaten=tuple(
                    one.titel
                    for one in dossier.certificaten
                    if one.werkprocessen <= planned and not one.werkprocessen <= mastered
                ),
            )
        )
    return tuple(sorted(found, key=_covered, reverse=True))


def _covered(dekking: Dekking) -> float:
    return (dekking.behaald + dekking.verwacht) / dekking.totaal


def next_of(plan: Plan, dekking: tuple[Dekking, ...]) -> Vervolg:
    """Return what the route leads to: a diploma that comes near, a leerbaan, or work."""
    furthest = dekking[0]
    if _covered(furthest) >= LEAST_COVERED:
        return Vervolg.ENTREE if furthest.niveau == 1 else Vervolg.BBL
    if plan.kandidaat.plek.soort == str(SoortLeerwerkplek.LEERBAAN):
        return Vervolg.BBL
    return Vervolg.WERK
