"""From past stages to a model of learning werkprocessen that was judged on later time."""

from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.labels_werkproces import werkproces_beheerst, werkproces_voorbeelden
from features.werkproces import werkproces_history_features
from models.baselines import Points
from models.booster import BoosterConfig
from models.distributed import Cluster
from models.errors import TooLittleDataError
from models.fallback import NEEDED_JONGEREN
from models.history import History
from models.leakage import refuse_columns_from_later
from models.linear import LinearConfig
from models.praktijkverklaring_leren import WerkprocesModel
from models.stack import StackConfig, as_stack
from models.study import Search
from models.training import (
    NO_SEARCH,
    Config,
    Progress,
    Training,
    from_study,
    learner_on,
    search_first,
    train_model,
)

WERKPROCES_CONFIG = StackConfig(
    (BoosterConfig(rounds=200, rows_per_leaf=20, column_share=0.6, l2=5.0),),
    LinearConfig(knots=6, ridge=10.0, iterations=60),
    sets=4,
)
WERKPROCES_RULE: Final = tuple(Points("startniveau", 1, minimum=niveau) for niveau in range(5))
"""The rate of each start niveau; what was never judged has a rate of its own."""


def werkproces_history(tables: Tables, *, observed_until: date) -> History:
    """Return every werkproces that a stage whose outcome is due set out to teach, twice.

    Once as it was, and once as if nobody had judged the start: most of what a jongere may learn
    was never judged, and a model that never saw that would guess. In half of those nothing of
    the opleiding was judged either.
    """
    rows = werkproces_voorbeelden(tables).filter(pl.col("known_by") <= observed_until)
    frame = werkproces_history_features(tables, rows)
    half = pl.int_range(pl.len()) % 2 == 0
    unjudged = frame.with_columns(
        pl.lit(None, pl.Float64).alias("startniveau"),
        pl.lit(None, pl.Float64).alias("startniveau_maanden"),
        pl.when(half).then("niveau_opleiding").alias("niveau_opleiding"),
    )

    def label(day: date) -> NDArray[np.float64]:
        outcome = werkproces_beheerst(tables, rows, observed_until=day)
        return np.tile(outcome.cast(pl.Float64).fill_null(float("nan")).to_numpy(), 2)

    return History(
        pl.concat([frame, unjudged]), pl.concat([rows["known_by"], rows["known_by"]]), label
    )


def train_werkproces(
    tables: Tables,
    *,
    observed_until: date,
    seed: int,
    progress: Progress,
    config: Config = WERKPROCES_CONFIG,
    search: Search = NO_SEARCH,
    cluster: Cluster | None = None,
) -> Training:
    """Train and judge how likely a werkproces is learned; as `train_uitvalrisico`.

    Raises
    ------
    TooLittleDataError
        Too little was judged before and after stages. A rule of points would not do here: what is
        chosen hangs on how much hours help, and only data can tell that.
    """
    progress("Oordelen over werkprocessen voor en na stages naast elkaar leggen")
    history = werkproces_history(tables, observed_until=observed_until)
    refuse_columns_from_later(
        WerkprocesModel, werkproces_history_features, tables, werkproces_voorbeelden(tables)
    )
    stack = as_stack(config)
    tuned = search_first(WerkprocesModel, history, stack.trees[0], search, seed, progress)
    stack = replace(stack, trees=(tuned.trees, *stack.trees[1:]))
    training = from_study(
        train_model(
            WerkprocesModel,
            WERKPROCES_RULE,
            history,
            observed_until,
            stack,
            seed,
            progress,
            learn=learner_on(cluster, WerkprocesModel),
        ),
        tuned,
    )
    if training.model.te_weinig_gegevens:
        n = training.model.n_positief
        raise TooLittleDataError(
            WerkprocesModel.name, "jongeren of one outcome", n, NEEDED_JONGEREN
        )
    return training
