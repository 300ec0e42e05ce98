"""Routes towards a praktijkverklaring: where, what, in which order, how long, how likely, and then.

For each place that suits the jongere the set of werkprocessen is chosen that fits the hours and
has the greatest expected gain (`models.praktijkverklaring_keuze`, exact). Of all places a few
routes are shown that really differ. Where a hard basis is missing, a traject that admits the
jongere comes before; what becomes of a jongere in a traject is not in the data, so the chance of a
route counts from the leerwerkplek on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.traject import TrajectOordeel
from features.vocabulary import SoortLeerwerkplek
from features.werkproces import WERKPROCES_FEATURES
from models.explanation import Reden, Redenen, redenen
from models.praktijkverklaring_context import Basis, JongereFeiten, RouteContext
from models.praktijkverklaring_kandidaten import (
    Kandidaat,
    as_problems,
    chances,
    feature_rows,
    find_kandidaten,
)
from models.praktijkverklaring_keuze import SIZES, STEP_HOURS, Keuze, solve
from models.praktijkverklaring_leren import WerkprocesModel, half
from models.praktijkverklaring_variatie import Kenmerk, mean_distance, pick_different

Floats = NDArray[np.float64]

EERSTE_STAPPEN = ("voorschakel", "groepsprogramma", "transitieroute", "kleinschalig")
"""Kinds of traject that may come first; the word is a part of the soort."""
LONGEST_FIRST_STEP = 52.0
LEAST_COVERED = 0.5
"""From this expected share of a qualification on, its diploma is the next step."""
MOST_STAPPEN = 3


class SoortStap(StrEnum):
    """Kind of a step of a route."""

    TRAJECT = "traject"
    LEERWERKPLEK = "leerwerkplek"


class Vervolg(StrEnum):
    """What a route leads to."""

    ENTREE = "entree"
    BBL = "bbl"
    WERK = "werk"


VERVOLG_TRAJECTEN: Mapping[Vervolg, str] = {
    Vervolg.ENTREE: "voorschakel",
    Vervolg.BBL: "kleinschalig",
    Vervolg.WERK: "jobcoach",
}
"""Which kind of traject helps with what comes after; a part of the soort."""


@dataclass(frozen=True)
class Leerdoel:
    """A chosen werkproces; `startniveau` is None when it was never judged.

    `uren` are those planned for it, `kans` that of mastering it by a jongere who stays.
    """

    werkproces_id: str
    titel: str
    opleidingcode: str
    leerwerkplek_id: str
    startniveau: int | None
    uren: float
    kans: float


@dataclass(frozen=True)
class Stap:
    """A step of a route: a traject, or learning at a place.

    `ook_bij` names another place of the same leerbedrijf whose werkprocessen are combined.
    """

    soort: SoortStap
    id: str
    titel: str
    begin: date
    einde: date
    weken: int
    uren_per_week: float | None = None
    leerdoelen: tuple[Leerdoel, ...] = ()
    ook_bij: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dekking:
    """How far a route brings a qualification, counted in werkprocessen.

    `kerntaken` are those that are complete when all goes well.
    """

    opleidingcode: str
    titel: str
    niveau: int
    behaald: int
    gepland: int
    totaal: int
    verwacht: float
    kerntaken: tuple[str, ...]


@dataclass(frozen=True)
class PraktijkverklaringRoute:
    """One route; all chances count from the leerwerkplek on.

    `kans` is that of staying and mastering at least `nodig` of the werkprocessen, `laag` and
    `hoog` between how many of a hundred such jongeren it will be; `verwacht` is how many
    werkprocessen are expected to be mastered, `blijft` the chance that the plaatsing holds.
    `vraag` counts open places elsewhere that ask or teach one of the werkprocessen, at most those
    of the most asked one. `winst` is what was maximised: shares of qualifications, weighed by
    demand and wish.
    """

    rang: int
    stappen: tuple[Stap, ...]
    kans: float
    laag: float
    hoog: float
    nodig: int
    verwacht: float
    blijft: float
    dekking: tuple[Dekking, ...]
    voor: tuple[Reden, ...]
    tegen: tuple[Reden, ...]
    vraag: int
    vervolg: Vervolg
    winst: float


@dataclass(frozen=True)
class Routes:
    """What one jongere can do.

    `verschil` is the mean distance between the routes, 0 to 1. With a missing `basis` a route
    begins with a traject, where one admits the jongere; `trajecten` tells of each whether it does.
    """

    jongere_id: str
    peildatum: date
    routes: tuple[PraktijkverklaringRoute, ...]
    verschil: float
    basis: tuple[Basis, ...]
    trajecten: tuple[TrajectOordeel, ...]


@dataclass(frozen=True)
class RouteConfig:
    """How far routes look.

    Parameters
    ----------
    aantal : int
        Most routes.
    weken : int
        Longest time at a place.
    genoeg : float
        The time is the shortest that brings this share of what the longest would.
    plekken, samen : int
        Places, and pairs of places of one leerbedrijf, that are worked out.
    """

    aantal: int = 5
    weken: int = 40
    genoeg: float = 0.95
    plekken: int = 30
    samen: int = 6


def routes(
    context: RouteContext,
    model: WerkprocesModel,
    jongere_id: str,
    plekken: pl.DataFrame,
    *,
    config: RouteConfig | None = None,
) -> Routes:
    """Return the routes of one jongere, the best first.

    Parameters
    ----------
    context : RouteContext
        The region, as `prepare_routes` made it.
    model : WerkprocesModel
        How likely a werkproces is learned.
    jongere_id : str
        Who.
    plekken : DataFrame
        ``leerwerkplek_id`` and ``kans`` of every place that no rule blocks for this jongere.
    config : RouteConfig, optional
        How far to look.
    """
    asked = config or RouteConfig()
    feiten = context.feiten(jongere_id)
    kansen = dict(plekken.select("leerwerkplek_id", "kans").iter_rows())
    plans = make_plannen(context, model, jongere_id, feiten, kansen, asked)
    kenmerken = [_kenmerk(context, plan) for plan in plans]
    shown = pick_different(np.array([plan.winst for plan in plans]), kenmerken, asked.aantal)
    basis = feiten.basis if plans else (*feiten.basis, Basis.GEEN_PLEK)
    chosen = [plans[place] for place in shown]
    return Routes(
        jongere_id=jongere_id,
        peildatum=context.peildatum,
        routes=tuple(_described(context, model, jongere_id, feiten, chosen)),
        verschil=mean_distance([kenmerken[place] for place in shown]),
        basis=basis,
        trajecten=feiten.trajecten,
    )


@dataclass(frozen=True)
class Plan:
    """A candidate with the werkprocessen that were chosen, in learning order."""

    kandidaat: Kandidaat
    leren: tuple[tuple[tuple[str, str], float, float], ...]
    """(place, werkproces), hours, chance."""
    weken: int
    winst: float


def make_plannen(
    context: RouteContext,
    model: WerkprocesModel,
    jongere_id: str,
    feiten: JongereFeiten,
    kansen: Mapping[str, float],
    config: RouteConfig,
) -> list[Plan]:
    """Work out every candidate: what to learn there, and for how long."""
    kandidaten = find_kandidaten(
        context, feiten, kansen, most=config.plekken, most_together=config.samen
    )
    if not kandidaten:
        return []
    found = chances(context, model, jongere_id, kandidaten)
    budgets = [
        max(int(one.uren_per_week * config.weken // STEP_HOURS), SIZES[0]) for one in kandidaten
    ]
    solved = solve(as_problems(context, feiten, kandidaten, found), max(budgets))
    plans = []
    for row, (kandidaat, budget) in enumerate(zip(kandidaten, budgets, strict=True)):
        curve = solved.winst[row, : budget + 1]
        enough = int(np.argmax(curve >= config.genoeg * curve[-1]))
        plans.append(_plan(kandidaat, solved.keuze(row, enough), found))
    return [plan for plan in plans if plan.leren]


def _kenmerk(context: RouteContext, plan: Plan) -> Kenmerk:
    plek = plan.kandidaat.plek
    learned = frozenset(context.werkprocessen[one].gelijk for (_, one), *_ in plan.leren)
    return Kenmerk(learned, plek.leerbedrijf_id, plek.sector)


def _plan(
    kandidaat: Kandidaat,
    keuze: Keuze,
    found: Mapping[tuple[tuple[str, str], float], NDArray[np.float64]],
) -> Plan:
    leren = []
    for chain, place, size in keuze.gekozen:
        one = kandidaat.ketens[chain][place]
        kans = float(found[one, kandidaat.uren_per_week][size])
        leren.append((one, SIZES[size] * STEP_HOURS, kans))
    weken = ceil(keuze.uren / kandidaat.uren_per_week)
    return Plan(kandidaat, tuple(leren), weken, kandidaat.blijft * keuze.winst)


def _described(
    context: RouteContext,
    model: WerkprocesModel,
    jongere_id: str,
    feiten: JongereFeiten,
    plans: Sequence[Plan],
) -> Iterator[PraktijkverklaringRoute]:
    """Yield the routes of the plans; all are scored at once, since a call costs more than a row."""
    if not plans:
        return
    rows = [
        (one, plan.kandidaat.uren_per_week, uren) for plan in plans for one, uren, _ in plan.leren
    ]
    frame = feature_rows(context, jongere_id, rows)
    ends = np.cumsum([len(plan.leren) for plan in plans])
    reasons = _redenen(model, frame, ends)
    starts = np.split(frame["startniveau"].to_numpy(), ends[:-1])
    for rang, (plan, told, start) in enumerate(zip(plans, reasons, starts, strict=True), start=1):
        yield _route(context, model, feiten, plan, start, told, rang)


def _route(
    context: RouteContext,
    model: WerkprocesModel,
    feiten: JongereFeiten,
    plan: Plan,
    startniveaus: Floats,
    told: Redenen,
    rang: int,
) -> PraktijkverklaringRoute:
    kansen = np.array([kans for *_, kans in plan.leren])
    blijft = plan.kandidaat.blijft
    kans = blijft * model.chance_of_set(kansen)
    laag, hoog = model.bounds_of_set(kans)
    dekking = _dekking(context, feiten, plan)
    vervolg = _vervolg(plan, dekking)
    return PraktijkverklaringRoute(
        rang=rang,
        stappen=_stappen(context, feiten, plan, startniveaus, vervolg),
        kans=kans,
        laag=laag,
        hoog=hoog,
        nodig=half(len(kansen)),
        verwacht=blijft * float(kansen.sum()),
        blijft=blijft,
        dekking=dekking,
        voor=told[0],
        tegen=told[1],
        vraag=max(context.werkprocessen[one].vraag for (_, one), *_ in plan.leren),
        vervolg=vervolg,
        winst=plan.winst,
    )


def _redenen(model: WerkprocesModel, frame: pl.DataFrame, ends: NDArray[np.int64]) -> list[Redenen]:
    """Return the reasons of each set of rows: contributions and values are means over the set."""
    used = list(model.stack.columns)
    registered = {feature.name: feature for feature in WERKPROCES_FEATURES}
    values = frame.select(pl.col(used).cast(pl.Float64)).to_numpy()
    begins = np.concatenate([[0], ends[:-1]])
    sizes = (ends - begins)[:, None]
    known = ~np.isnan(values)
    seen = np.add.reduceat(known, begins, axis=0, dtype=np.int64)
    total = np.add.reduceat(np.where(known, values, 0.0), begins, axis=0)
    means = np.where(seen > 0, total / np.maximum(seen, 1), np.nan)
    added = np.add.reduceat(model.contributions(frame), begins, axis=0) / sizes
    return redenen(added, means, [registered[name] for name in used])


def _stappen(
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


def _dekking(context: RouteContext, feiten: JongereFeiten, plan: Plan) -> tuple[Dekking, ...]:
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
            )
        )
    return tuple(sorted(found, key=_covered, reverse=True))


def _covered(dekking: Dekking) -> float:
    return (dekking.behaald + dekking.verwacht) / dekking.totaal


def _vervolg(plan: Plan, dekking: tuple[Dekking, ...]) -> Vervolg:
    """Return what the route leads to: a diploma that comes near, a leerbaan, or work."""
    furthest = dekking[0]
    if _covered(furthest) >= LEAST_COVERED:
        return Vervolg.ENTREE if furthest.niveau == 1 else Vervolg.BBL
    if plan.kandidaat.plek.soort == str(SoortLeerwerkplek.LEERBAAN):
        return Vervolg.BBL
    return Vervolg.WERK
