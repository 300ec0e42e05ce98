"""Routes towards a praktijkverklaring: where, what, in which order, how long, how likely, and then.

For each place that suits the jongere the set of werkprocessen is chosen that fits the hours and
has the greatest expected gain (`models.praktijkverklaring_keuze`, exact). Of all places a few
routes are shown that really differ. Where a hard basis is missing, a traject that admits the
jongere comes before; what becomes of a jongere in a traject is not in the data, so the chance of a
route counts from the leerwerkplek on.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.werkproces import WERKPROCES_FEATURES
from models.explanation import Redenen, redenen
from models.praktijkverklaring_context import Basis, JongereFeiten, RouteContext
from models.praktijkverklaring_kandidaten import feature_rows
from models.praktijkverklaring_leren import WerkprocesModel, half
from models.praktijkverklaring_plannen import Plan, RouteConfig, make_plannen
from models.praktijkverklaring_route import PraktijkverklaringRoute, Routes
from models.praktijkverklaring_stappen import coverage_of, next_of, steps_of
from models.praktijkverklaring_variatie import Kenmerk, mean_distance, pick_different

Floats = NDArray[np.float64]


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


def _kenmerk(context: RouteContext, plan: Plan) -> Kenmerk:
    plek = plan.kandidaat.plek
    learned = frozenset(context.werkprocessen[one].gelijk for (_, one), *_ in plan.leren)
    return Kenmerk(learned, plek.leerbedrijf_id, plek.sector)


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
    dekking = coverage_of(context, feiten, plan)
    vervolg = next_of(plan, dekking)
    return PraktijkverklaringRoute(
        rang=rang,
        stappen=steps_of(context, feiten, plan, startniveaus, vervolg),
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
    told = [registered[name] for name in used]
    return redenen(added, means, told, smallest=model.smallest)
