"""From canonical tables to a model that was judged: examples, held-out time, final fit, card."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from features.contract import Tables
from models.baselines import UITVAL_RULE, Points
from models.booster import BoosterConfig
from models.card import model_card
from models.evaluation import NEEDED, Learn, check_enough, hold_out, measure
from models.history import History, uitval_history
from models.linear import LinearConfig
from models.registered import RegisteredModel
from models.splitting import refit_split
from models.stack import StackConfig, as_stack
from models.uitvalrisico import UitvalrisicoModel

UITVAL_CONFIG = StackConfig(
    (BoosterConfig(),), LinearConfig(knots=4, ridge=30.0, iterations=60), sets=4
)
"""The logistic member stands as a challenger: it counts where it wins on the later rows."""

Config = StackConfig | BoosterConfig
Progress = Callable[[str], None]
"""Is told, in Dutch, what begins now."""


@dataclass(frozen=True)
class Training:
    """A fitted model with what is known of it.

    Parameters
    ----------
    model : RegisteredModel
        Fitted on everything that has matured.
    metrics : dict of str to float
        Measured on held-out time, before the final fit; see `models.evaluation.measure`.
    card : dict
        The model card, ready for JSON.
    name : str
        Name it is stored under.
    """

    model: RegisteredModel
    metrics: dict[str, float]
    card: dict[str, Any]
    name: str


def train_uitvalrisico(
    tables: Tables,
    *,
    observed_until: date,
    seed: int,
    progress: Progress,
    config: Config = UITVAL_CONFIG,
) -> Training:
    """Train and judge the drop-out risk on everything known by a day.

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

    Raises
    ------
    TooLittleDataError
        The history is too short or holds too few jongeren of either outcome.
    """
    progress("Risicoprofielen uit het verleden maken")
    history = uitval_history(tables, observed_until=observed_until)
    return train_model(
        UitvalrisicoModel, UITVAL_RULE, history, observed_until, config, seed, progress
    )


def train_model(
    kind: type[RegisteredModel],
    rule: Sequence[Points],
    history: History,
    observed_until: date,
    config: Config,
    seed: int,
    progress: Progress,
    learn: Learn | None = None,
) -> Training:
    """Judge a kind of model on later time, fit it on all that has matured, and write its card."""
    progress("Toetsen op een latere periode")
    holdout = hold_out(
        kind, rule, history, observed_until=observed_until, config=config, seed=seed, learn=learn
    )
    found = measure(holdout, seed=seed)
    progress("Model maken van alle bekende uitkomsten")
    model = refit(
        kind, history, observed_until=observed_until, config=config, seed=seed, learn=learn
    )
    card = model_card(
        kind,
        history,
        found,
        config=as_stack(config),
        seed=seed,
        observed_until=observed_until,
        test_start=holdout.test_start,
    )
    return Training(model, found, card, kind.name)


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
    labels = history.label(observed_until)
    known = ~np.isnan(labels)
    frame, labels = history.frame.filter(known), labels[known]
    split = refit_split(frame["peildatum"])
    check_enough(kind.name, labels[split.training], "to fit on", NEEDED)
    return (learn or kind.fit)(
        frame.filter(split.training),
        labels[split.training],
        calibration=(frame.filter(split.calibration), labels[split.calibration]),
        config=config,
        seed=seed,
    )
