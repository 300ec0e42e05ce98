"""From past stages to a model of how a plaatsing goes: examples, held-out time, final fit, card."""

from datetime import date

from features.contract import Tables
from models.baselines import PLAATSING_RULE
from models.booster import BoosterConfig
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_history import plaatsing_history
from models.training import Config, Progress, Training, train_model

PLAATSING_CONFIG = BoosterConfig(rounds=150, rows_per_leaf=30, column_share=0.6, l2=5.0)
"""There are fewer stages than jongeren on peildata, and each happens once: finer leaves pay."""


def train_plaatsing(
    tables: Tables,
    *,
    observed_until: date,
    seed: int,
    progress: Progress,
    config: Config = PLAATSING_CONFIG,
) -> Training:
    """Train and judge the success of a plaatsing on everything known by a day.

    Parameters and errors as `models.training.train_uitvalrisico`; the examples are past stages
    on a known leerwerkplek.
    """
    progress("Stages uit het verleden naast hun leerwerkplek leggen")
    history = plaatsing_history(tables, observed_until=observed_until)
    return train_model(
        PlaatsingModel, PLAATSING_RULE, history, observed_until, config, seed, progress
    )
