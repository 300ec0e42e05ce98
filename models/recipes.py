"""How each model is made: its examples, its rule to beat, its settings, and what trains it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from models.baselines import PLAATSING_RULE, UITVAL_RULE, Points
from models.booster import BoosterConfig
from models.history import History, uitval_history
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_history import plaatsing_history
from models.plaatsing_training import PLAATSING_CONFIG, train_plaatsing
from models.praktijkverklaring_leren import WerkprocesModel
from models.praktijkverklaring_training import (
    WERKPROCES_CONFIG,
    WERKPROCES_RULE,
    train_werkproces,
    werkproces_history,
)
from models.registered import RegisteredModel
from models.stack import as_stack
from models.training import UITVAL_CONFIG, Config, Training, train_uitvalrisico
from models.uitvalrisico import UitvalrisicoModel


@dataclass(frozen=True)
class Recipe:
    """What stands behind a model.

    Parameters
    ----------
    kind : type of RegisteredModel
        What is fitted, with its features.
    rule : sequence of Points
        The rule to beat.
    config : StackConfig or BoosterConfig
        Settings that count where nothing was searched.
    history : callable
        Takes tables and ``observed_until``, returns all examples.
    train : callable
        Takes tables, ``observed_until``, ``seed``, ``progress`` and more; returns a `Training`.
    """

    kind: type[RegisteredModel]
    rule: Sequence[Points]
    config: Config
    history: Callable[..., History]
    train: Callable[..., Training]

    @property
    def trees(self) -> BoosterConfig:
        """The trees from which a search begins."""
        return as_stack(self.config).trees[0]


RECIPES: Final = {
    recipe.kind.name: recipe
    for recipe in (
        Recipe(UitvalrisicoModel, UITVAL_RULE, UITVAL_CONFIG, uitval_history, train_uitvalrisico),
        Recipe(
            PlaatsingModel, PLAATSING_RULE, PLAATSING_CONFIG, plaatsing_history, train_plaatsing
        ),
        Recipe(
            WerkprocesModel,
            WERKPROCES_RULE,
            WERKPROCES_CONFIG,
            werkproces_history,
            train_werkproces,
        ),
    )
}
"""By the name of the model, in the order in which they are trained."""
