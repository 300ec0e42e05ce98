"""From canonical tables to a model that was judged: examples, held-out time, final fit, card."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from math import isfinite
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.risicoprofiel import risicoprofiel
from models.baselines import UITVAL_RULE, Points
from models.beside import Live, beside
from models.booster import BoosterConfig
from models.card import model_card
from models.distributed import Cluster
from models.errors import TooLittleDataError
from models.evaluation import (
    EvaluationConfig,
    Fit,
    Holdout,
    Learn,
    backtest,
    learned,
    new_schools,
    pool,
)
from models.fairness import DRAWS, Report, Scored, report, select
from models.gate import judge
from models.history import History, uitval_history
from models.interval import NOTHING_SEEN
from models.leakage import refuse_columns_from_later, refuse_traces
from models.linear import LinearConfig
from models.measures import LIST_SHARE, measure
from models.registered import RegisteredModel
from models.reliability import reliability
from models.small_numbers import shown_groups, shown_pairs
from models.splitting import refit_split
from models.stack import StackConfig, as_stack
from models.study import Search
from models.tuning import Tuned, searched
from models.uitvalrisico import UitvalrisicoModel

UITVAL_CONFIG = StackConfig(
    (BoosterConfig(),), LinearConfig(knots=4, ridge=30.0, iterations=60), sets=4
)
"""The logistic member stands as a challenger: it counts where it wins on the later rows."""

OUTCOME = (
    "Het model leert van wat er werkelijk gebeurde, niet van wie eerder gekozen werd. Elk "
    "voorbeeld telt mee zo vaak als het voorkwam."
)
QUICK = EvaluationConfig()
THOROUGH = EvaluationConfig(windows=3, school_parts=3)
"""What a scheduled training does more than the demo: several backtests, and schools never seen."""

WITHOUT = frozenset({"instelling"})
"""What rows belong to without being judged apart by it; `per_group` says why."""
NO_SEARCH = Search()
"""The settings that stand are used."""

Config = StackConfig | BoosterConfig
Progress = Callable[[str], None]
"""Is told, in Dutch, what begins now."""


@dataclass(frozen=True)
class Training:
    """A fitted model with what is known of it.

    Parameters
    ----------
    model : RegisteredModel
        Fitted on everything that has matured; a rule of points where that is too little.
    metrics : dict of str to float
        Measured on held-out time, before the final fit; see `models.measures.measure`. Only a
        count where data are too few to judge anything.
    card : dict
        The model card, ready for JSON.
    name : str
        Name it is stored under.
    herkomst : mapping of str to str
        What it came from: hashes, versions, seed; see `models.provenance`.
    """

    model: RegisteredModel
    metrics: dict[str, float]
    card: dict[str, Any]
    name: str
    herkomst: Mapping[str, str] = field(default_factory=dict)


def train_uitvalrisico(
    tables: Tables,
    *,
    observed_until: date,
    seed: int,
    progress: Progress,
    config: Config = UITVAL_CONFIG,
    evaluation: EvaluationConfig = QUICK,
    search: Search = NO_SEARCH,
    cluster: Cluster | None = None,
    live: Live | None = None,
) -> Training:
    """Train and judge the drop-out risk on everything known by a day.

    Where too few jongeren of either outcome are known to learn from and to judge with, the model
    is a rule of points: `RegisteredModel.te_weinig_gegevens`.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    observed_until : date
        Last day on which anything is known, such as the newest ``bekend_op``.
    seed : int
        The same data and seed give the same model and metrics.
    progress : callable
        Is told what begins.
    config : StackConfig or BoosterConfig
        Members of the stack; a booster's config alone stands for trees only.
    evaluation : EvaluationConfig
        How much is tested.
    search : Search
        Settings of the trees to try on earlier time, before the test; by default none.
    cluster : Cluster, optional
        Machines that make the features and grow the trees; without them this one does.
    live : Live, optional
        The model in use, to hold beside it on what it did not learn from.

    Raises
    ------
    LeakError
        A column knows what was not yet known on the peildatum.
    OtherStudyError
        The study that was named is about something else.
    """
    progress("Risicoprofielen uit het verleden maken")
    build = risicoprofiel if cluster is None else cluster.risicoprofiel
    history = uitval_history(tables, observed_until=observed_until, build=build)
    rows = history.frame.select("jongere_id", "peildatum")
    refuse_columns_from_later(UitvalrisicoModel, risicoprofiel, tables, rows)
    stack = as_stack(config)
    tuned = search_first(UitvalrisicoModel, history, stack.trees[0], search, seed, progress)
    training = train_model(
        UitvalrisicoModel,
        UITVAL_RULE,
        history,
        observed_until,
        replace(stack, trees=(tuned.trees, *stack.trees[1:])),
        seed,
        progress,
        learn=learner_on(cluster, UitvalrisicoModel),
        evaluation=evaluation,
        live=live,
    )
    return from_study(training, tuned)


def learner_on(cluster: Cluster | None, kind: type[RegisteredModel]) -> Learn | None:
    """Return what fits a kind of model on the machines; None where this one does."""
    return None if cluster is None else partial(kind.fit, grow=cluster.grow)


def search_first(
    kind: type[RegisteredModel],
    history: History,
    base: BoosterConfig,
    search: Search,
    seed: int,
    progress: Progress,
) -> Tuned:
    """Return the trees to use: those of a study where one is wanted, else what stands."""
    if not search.wanted:
        return Tuned(base)
    progress("Instellingen zoeken op een eerdere periode")
    return searched(kind, history, base, search=search, seed=seed)


def from_study(training: Training, tuned: Tuned) -> Training:
    """Return a training that names the study that its trees came from."""
    if tuned.study is None:
        return training
    return replace(training, herkomst={**training.herkomst, **tuned.study.described()})


def train_model(
    kind: type[RegisteredModel],
    rule: Sequence[Points],
    history: History,
    observed_until: date,
    config: Config,
    seed: int,
    progress: Progress,
    learn: Learn | None = None,
    evaluation: EvaluationConfig = QUICK,
    live: Live | None = None,
) -> Training:
    """Judge a kind of model on later time, fit it on all that has matured, and write its card.

    Where too few jongeren of either outcome are known for that, the rule stands instead.

    Raises
    ------
    LeakError
        A column alone tells nearly all of the outcome.
    """
    suspect = refuse_traces(kind, *matured(history, observed_until))
    fit = Fit(kind, rule, history, observed_until, config, seed, learn)
    progress("Toetsen op een latere periode")
    try:
        tests = backtest(fit, windows=evaluation.windows)
    except TooLittleDataError:
        progress("Te weinig gegevens: een eenvoudige regel maken")
        model = kind.fit_rule(rule, *matured(history, observed_until))
        return _carded(fit, model, {"n_positief": float(model.n_positief)}, [], {})
    found = measure(tests, new_schools(fit, parts=evaluation.school_parts), seed=seed)
    progress("Model maken van alle bekende uitkomsten")
    model = refit(
        kind, history, observed_until=observed_until, config=config, seed=seed, learn=learn
    )
    seen = sum((one.strays for one in tests), NOTHING_SEEN)
    training = _carded(fit, model.with_strays(seen), found, tests, suspect)
    progress("Vergelijken hoe het model het doet voor verschillende groepen")
    return replace(training, card=training.card | per_group(tests, kind, live, seed=seed))


def per_group(
    tests: Sequence[Holdout],
    kind: type[RegisteredModel],
    live: Live | None = None,
    *,
    seed: int,
    draws: int = DRAWS,
) -> dict[str, Any]:
    """Return what the card tells of groups: every figure, and what the gate says (TRUST F4, F5).

    Only the uitvalrisico makes a list that coaches have room for a part of. The other models order
    what one jongere may choose from; of them the gate judges whether chances come true. So only
    that list is held beside the one of the model in use (``naast``).

    Instellingen are no groups here (`WITHOUT`): a school lies inside an onderwijssoort, so right
    chances alone make its list longer or shorter than that of the rest, and the raw rule would be
    red for ever; most schools have fewer than a hundred who leave, so nothing would ever be green;
    and a card is published, where a figure of one school tells of its pupils and of its people.
    That a model holds for a school is tested otherwise: on schools that it never saw
    (`models.evaluation.new_schools`), and every night on the data of each source.
    """
    whole = pool(tests)
    room = whole.scores.size > 0 and kind is UitvalrisicoModel
    everybody = np.ones(whole.scores.size, dtype=np.bool_)
    chosen = select(whole.scores, whole.lists, LIST_SHARE) if room else everybody
    scored = Scored(whole.labels, whole.scores, whole.jongeren, chosen)
    kept = [name for name in whole.groepen.columns if name not in WITHOUT]
    found = report(scored, whole.groepen.select(kept), seed=seed, draws=draws)
    lines = list(found.groepen.iter_rows(named=True))
    groups = shown_groups(lines, _left_out(whole.groepen.select(kept), lines))
    pairs = shown_pairs(found.paren.iter_rows(named=True), groups)
    return {
        "groepen": [_rounded(row) for row in groups],
        "groepsparen": [_rounded(row) for row in pairs],
        "groepen_te_klein": found.te_klein + len(lines) - len(groups),
        "kalibratie": reliability(whole.labels, whole.scores),
    } | _judged(whole, found, live if room else None, kept=kept, seed=seed, room=room)


def _judged(
    whole: Holdout,
    found: Report,
    live: Live | None,
    *,
    kept: Sequence[str],
    seed: int,
    room: bool,
) -> dict[str, Any]:
    """Return what the gate says, beside the model in use where there is a list."""
    if live is None:
        naast: dict[str, Any] = {"naast": {"versie": None, "rijen": 0}} if room else {}
        return {"oordeel": judge(found).described()} | naast
    held = beside(live, whole, LIST_SHARE)
    oordeel = judge(
        found,
        attributes=whole.groepen.select(kept).filter(pl.Series(held.rows)),
        live=held.live,
        challenger=held.challenger,
        seed=seed,
    )
    naast = {"naast": {"versie": live.versie, "rijen": int(held.rows.sum())}}
    return {"oordeel": oordeel.described()} | naast


def _left_out(groepen: pl.DataFrame, told: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the attributes of which the report tells fewer groups than there are."""
    counts = Counter(one["kenmerk"] for one in told)
    return [
        name for name in groepen.columns if counts[name] < groepen[name].drop_nulls().n_unique()
    ]


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line ready for JSON: four decimals, None for what has no meaning."""
    return {
        key: (round(value, 4) if isfinite(value) else None) if isinstance(value, float) else value
        for key, value in row.items()
    }


def _carded(
    fit: Fit,
    model: RegisteredModel,
    found: dict[str, float],
    tests: Sequence[Holdout],
    suspect: dict[str, float],
) -> Training:
    card = model_card(
        model,
        fit.history,
        found,
        config=as_stack(fit.config),
        seed=fit.seed,
        observed_until=fit.observed_until,
        test_start=min((one.test_start for one in tests), default=None),
        suspect=suspect,
    )
    return Training(model, found, card | {"uitkomst": _outcome(fit, tests)}, model.name)


def _outcome(fit: Fit, tests: Sequence[Holdout]) -> dict[str, Any]:
    """Return what was learned and how often it happens, beside what the model said (TRUST F10)."""
    _, labels = matured(fit.history, fit.observed_until)
    told: dict[str, Any] = {
        "uitleg": OUTCOME,
        "aandeel": round(float(labels.mean()), 4) if labels.size else None,
    }
    if tests:
        whole = pool(tests)
        told |= {
            "aandeel_toets": round(float(whole.labels.mean()), 4),
            "gezegd_toets": round(float(whole.scores.mean()), 4),
        }
    return told


def refit(
    kind: type[RegisteredModel],
    history: History,
    *,
    observed_until: date,
    config: Config,
    seed: int,
    learn: Learn | None = None,
) -> RegisteredModel:
    """Fit on every example whose outcome is known; the newest quarter of a year calibrates."""
    frame, labels = matured(history, observed_until)
    newest = refit_split(frame["peildatum"]).calibration
    # a refit compares with no rule
    fit = Fit(kind, (), history, observed_until, config, seed, learn)
    return learned(fit, frame, labels, newest)


def matured(history: History, observed_until: date) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    """Return the examples whose outcome is known on a day, and the outcome."""
    labels = history.label(observed_until)
    known = ~np.isnan(labels)
    return history.frame.filter(known), labels[known]
