"""An honest comparison of a new model with the one in use and with simple rivals, as data.

What is held here is what a report tells and what a machine can read: plain data, ready for JSON, in
Dutch names. Every figure has its interval and says how many it is of; groups that are too small are
left out by `models.small_numbers`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.ablation import ENOUGH, ablation
from models.beside import Live
from models.evaluate_contest import KAMPIOEN, UITDAGER, Contest, contest
from models.evaluate_figures import (
    DRAWS,
    SHARES,
    Flags,
    Persons,
    capacity_table,
    drawn_points,
    figure,
    gain,
    list_figures,
    on_the_list,
    whole_figures,
)
from models.evaluate_sanity import RANDOM_AUC, SHUFFLES, sanity
from models.evaluation import Fit
from models.fairness import Scored, report
from models.fallback import RuleScore
from models.leerwerkplek import PlaatsingModel
from models.measures import LIST_SHARE
from models.proxies import JOINT, SINGLE, proxies
from models.registered import RegisteredModel
from models.reliability import reliability
from models.small_numbers import SMALLEST_GROUP, shown_groups
from models.stack import as_stack
from models.training import Config
from models.uitvalrisico import UitvalrisicoModel

APART: Final = ("auc", "brier")
"""Figures in which groups are compared; `recall` too where there is a list."""
HIDDEN: Final = frozenset({"instelling"})
"""Attributes that say something of an organisation, not of a person."""

Progress = Callable[[str], None]
Reasons = Mapping[tuple[str, str], str]
"""Written reason by attribute and feature; the feature ``*`` is all of them."""


@dataclass(frozen=True)
class Plan:
    """How an evaluation is done.

    Parameters
    ----------
    windows : int
        Tests on later time.
    room : float or int
        What coaches can see of each list: a share, or so many jongeren.
    draws : int
        Resamples of jongeren for every interval.
    ablation : bool
        Whether the model is fitted again without each group of features.
    shuffles : int
        Times that outcomes are dealt at random.
    """

    windows: int = 3
    room: float | int = LIST_SHARE
    draws: int = DRAWS
    ablation: bool = True
    shuffles: int = SHUFFLES


def evaluate(
    fit: Fit,
    champion: Fit | None,
    *,
    plan: Plan,
    reasons: Reasons,
    progress: Progress = lambda _: None,
) -> dict[str, Any]:
    """Return everything that is told of a new model beside the one in use and the rivals.

    Parameters
    ----------
    fit : Fit
        The new model.
    champion : Fit, optional
        The model in use, on the same history.
    plan : Plan
        How it is done.
    reasons : mapping
        Written reasons for proxies.
    progress : callable
        Is told, in Dutch, what begins now.

    Raises
    ------
    TooLittleDataError
        There are too few jongeren of one outcome to learn from or to judge with.
    """
    progress("Alle kandidaten toetsen op dezelfde latere periode")
    held = contest(fit, champion, windows=plan.windows)
    has_list = issubclass(fit.kind, UitvalrisicoModel)
    progress("Marges berekenen")
    found = {
        "toets": _test(held),
        "ruimte": plan.room if has_list else None,
        **whole_figures(held, seed=fit.seed, draws=plan.draws),
        "kalibratie": {
            name: reliability(held.whole.labels, scores) for name, scores in held.scores.items()
        },
        "capaciteit": [],
        "lijsten": {},
        "groepen": groups(held, plan, seed=fit.seed, has_list=has_list),
    }
    if has_list:
        rooms = _rooms(plan.room, held.whole.lists)
        found["capaciteit"] = capacity_table(held, rooms, seed=fit.seed, draws=plan.draws)
        found["lijsten"] = list_figures(held, plan.room, seed=fit.seed, draws=plan.draws)
    progress("Zoeken of kenmerken een groep verraden")
    found["proxies"] = proxy_lines(fit, reasons)
    progress("Proef met uitkomsten en een kolom door het toeval")
    found["proef"] = sanity(fit, shuffles=plan.shuffles).described()
    found["ablatie"] = (
        [
            asdict(one) | {"nodig": one.nodig}
            for one in ablation(fit, draws=plan.draws, progress=progress)
        ]
        if plan.ablation
        else None
    )
    found["grenzen"] = {
        "proxy_alleen": SINGLE,
        "proxy_samen": JOINT,
        "ablatie": ENOUGH,
        "geschud": RANDOM_AUC,
    }
    return found


def groups(held: Contest, plan: Plan, *, seed: int, has_list: bool) -> dict[str, Any]:
    """Return the figures of each group with both models, and where the new one is better or worse.

    Returns
    -------
    dict
        ``regels``: a line per group with ``kenmerk``, ``waarde``, counts where they may be told,
        the figures of the uitdager and, if there is a kampioen, ``verschil``: by figure what the
        uitdager is better (above 0), with its interval. ``te_klein``: groups that are left out.
    """
    whole = held.whole
    kept = [name for name in whole.groepen.columns if name not in HIDDEN]
    attributes = whole.groepen.select(kept)
    room: float | int = plan.room if has_list else 1.0
    chosen = {
        name: on_the_list(held.scores[name], whole.lists, room)
        for name in (UITDAGER, KAMPIOEN)
        if name in held.scores
    }
    mine = Scored(whole.labels, whole.scores, whole.jongeren, chosen[UITDAGER])
    found = report(mine, attributes, seed=seed, draws=plan.draws)
    lines = [_plain(row) for row in found.groepen.iter_rows(named=True)]
    told = shown_groups(lines, _left_out(attributes, lines))
    for line in told if KAMPIOEN in held.scores else ():
        own = (attributes[line["kenmerk"]] == line["waarde"]).fill_null(value=False).to_numpy()
        line["verschil"] = _difference(held, own, chosen, plan, seed=seed, has_list=has_list)
    return {"regels": list(told), "te_klein": found.te_klein + len(lines) - len(told)}


def _difference(
    held: Contest, own: Flags, chosen: Mapping[str, Flags], plan: Plan, *, seed: int, has_list: bool
) -> dict[str, Any]:
    """Return in which figures the uitdager is better (above 0) in some rows."""
    whole, names = held.whole, (UITDAGER, KAMPIOEN)
    labels, who = whole.labels[own], whole.jongeren[own]
    scores = [held.scores[name][own] for name in names]
    drawn = drawn_points(labels, scores, who, APART, seed=seed, draws=plan.draws)
    told = {name: figure(gain(name, *both)) for name, both in drawn.items()}
    if has_list:
        persons = Persons(who, seed=seed, draws=plan.draws)
        recalls = [persons.ratio(chosen[name][own] * labels, labels) for name in names]
        told["recall"] = figure(recalls[0] - recalls[1])
    return told


def proxy_lines(fit: Fit, reasons: Reasons) -> dict[str, Any]:
    """Return what features tell of the groups that are held, and the written reasons for it.

    Returns
    -------
    dict
        ``regels``: all features together per attribute, and each feature above the bound, with
        ``reden`` (empty where there is none) and ``rood``; ``gemeten``: attributes that were
        tested; ``rood``: whether any stands without a reason.
    """
    groepen = fit.history.groepen
    if groepen is None:
        return {"regels": [], "gemeten": [], "rood": False}
    kept = groepen.select(name for name in groepen.columns if name not in HIDDEN)
    columns = [one.name for one in fit.kind.features]
    lines = []
    tested = proxies(fit.history.frame, columns, kept, seed=fit.seed)
    for one in tested:
        if not one.telt and one.grens != JOINT:
            continue
        reden = reasons.get((one.kenmerk, one.kolom)) or reasons.get((one.kenmerk, "*"), "")
        line = asdict(one) | {"grens": one.grens, "telt": one.telt}
        lines.append(line | {"reden": reden, "rood": one.telt and not reden})
    return {
        "regels": lines,
        "gemeten": sorted({one.kenmerk for one in tested}),
        "rood": any(line["rood"] for line in lines),
    }


def settings_of(model: RegisteredModel, standard: Config) -> Config | None:
    """Return the settings with which a stored model can be fitted again; None for a rule.

    Parameters
    ----------
    model : RegisteredModel
        As it was stored.
    standard : StackConfig or BoosterConfig
        Settings of its recipe. A plaatsing keeps one set of twice as many trees, which learned
        from as many sets of teachers as the recipe says (`models.plaatsing_training`).
    """
    stack = model.stack
    if isinstance(stack, RuleScore):
        return None
    if not isinstance(model, PlaatsingModel):
        return stack.config
    (trees,), teachers = stack.config.trees, as_stack(standard).trees[0].seeds
    return (
        trees
        if trees.seeds == teachers
        else replace(trees, rounds=trees.rounds // 2, seeds=teachers)
    )


def on_newer(live: Live, other: Live, fit: Fit, *, draws: int) -> dict[str, Any]:
    """Return how the stored files themselves do on outcomes that came after both were made.

    Parameters
    ----------
    live, other : Live
        The uitdager and the kampioen, as stored.
    fit : Fit
        Examples, and the day on which outcomes are looked up.
    draws : int
        Resamples.

    Returns
    -------
    dict
        ``rijen``; with enough of both outcomes among them also ``positief``, the AUC of each
        (``uitdager``, ``kampioen``) and ``verschil``.
    """
    newest = max(live.bekend_tot, other.bekend_tot)
    labels = fit.history.label(fit.observed_until)
    later = (fit.history.peildatum > newest).to_numpy() & ~np.isnan(labels)
    frame, labels = fit.history.frame.filter(pl.Series(later)), labels[later]
    told: dict[str, Any] = {"vanaf": newest.isoformat(), "rijen": frame.height}
    if min(labels.sum(), len(labels) - labels.sum()) < SMALLEST_GROUP:
        return told
    told["positief"] = int(labels.sum())
    scores = [one.model.predict(frame) for one in (live, other)]
    who = frame["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()
    drawn = drawn_points(labels, scores, who, ["auc"], seed=fit.seed, draws=draws)["auc"]
    return told | {
        UITDAGER: figure(drawn[0]),
        KAMPIOEN: figure(drawn[1]),
        "verschil": figure(drawn[0] - drawn[1]),
    }


def _rooms(room: float | int, lists: NDArray[np.int64]) -> list[float | int]:
    """Return the room that is asked, and every share that invites enough to be told of."""
    smallest = np.unique(lists, return_counts=True)[1].min()
    return [
        room,
        *(one for one in SHARES if one != room and round(one * smallest) >= SMALLEST_GROUP),
    ]


def _test(held: Contest) -> dict[str, Any]:
    """Return which rows were judged."""
    whole = held.whole
    days = whole.frame["peildatum"].cast(pl.Date)
    return {
        "vensters": held.windows,
        "vanaf": whole.test_start.isoformat(),
        "eerste": str(days.min()),
        "laatste": str(days.max()),
        "n": len(whole.labels),
        "jongeren": int(np.unique(whole.jongeren).size),
        "positief": int(whole.labels.sum()),
        "geleerd_van": whole.n_fitted,
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line ready for JSON: four decimals, None for what has no meaning."""
    return {
        key: (round(value, 4) if np.isfinite(value) else None)
        if isinstance(value, float)
        else value
        for key, value in row.items()
    }


def _left_out(groepen: pl.DataFrame, told: list[dict[str, Any]]) -> list[str]:
    """Return the attributes of which fewer groups are told than there are."""
    counts = Counter(one["kenmerk"] for one in told)
    return [
        name for name in groepen.columns if counts[name] < groepen[name].drop_nulls().n_unique()
    ]
