"""From past stages to a model of how a plaatsing goes, also for pairs that nobody chose.

In two steps. Teachers learn from past stages, where a stage counts for more the less likely it was
to come about: by the chance that a matchtafel wrote down where there is one, and by how people
chose among places. Then one small set of trees learns what the teachers say of any pair that a
suggestion may be asked for, with as much hidden of the jongere as is usually unknown: so that what
is unknown counts for what it is among all pairs, not among those that people with better knowledge
chose.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from features.contract import Tables
from features.passendheid import pair_features
from models.baselines import PLAATSING_RULE
from models.booster import BoosterConfig
from models.calibration import UNCHANGED
from models.choice import NEEDED, ChoiceModel, choice_sets
from models.distributed import Cluster
from models.gate import Oordeel, with_places
from models.goede_plekken import carded, goede_plekken
from models.history import History, groepen_at
from models.interval import NOTHING_SEEN, Spread
from models.leakage import refuse_columns_from_later
from models.leerwerkplek import PlaatsingModel
from models.members import TreeMember
from models.plaatsing_history import plaatsing_history
from models.plaatsing_order import Judged, judge_order, order_metrics
from models.plaatsing_population import offered_pairs
from models.propensity import NOTHING_RECORDED, recorded_of, recorded_weights
from models.registered import Labelled, count_jongeren
from models.splitting import add_months, temporal_split
from models.stack import Stack, StackConfig
from models.study import Search
from models.training import (
    NO_SEARCH,
    Progress,
    Training,
    from_study,
    search_first,
    train_model,
)

Vector = NDArray[np.float64]

PLAATSING_CONFIG = BoosterConfig(rounds=150, rows_per_leaf=30, column_share=0.6, l2=5.0)
"""Of the teachers: there are fewer stages than jongeren on peildata, and each happens once, so
finer leaves pay. What scores in the end is one set of twice as many trees."""
PEILDATA, STEP_MONTHS = 4, 5
"""Days from which pairs are offered, counted back from the newest example: in all seasons."""
MOST_WEIGHT = 10.0
"""Bound of the inverse propensities, either way."""
KEY = ["jongere_id", "leerwerkplek_id", "peildatum"]


@dataclass(frozen=True)
class PlaatsingLearner:
    """Fits as `models.registered.RegisteredModel.fit` does, from the tables behind the examples.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; of each example only what was known on its peildatum counts.
    choices : DataFrame
        `models.choice.choice_sets` of all examples; no outcome is in it.
    recorded : DataFrame
        `models.propensity.recorded_of`: weights of examples of which the log knows how likely it
        was that they came about.
    cluster : Cluster, optional
        Machines that grow the trees; without them this one does.
    """

    tables: Tables
    choices: pl.DataFrame
    recorded: pl.DataFrame
    cluster: Cluster | None = None

    @classmethod
    def of(
        cls,
        tables: Tables,
        examples: pl.DataFrame,
        *,
        seed: int,
        recorded: pl.DataFrame = NOTHING_RECORDED,
    ) -> "PlaatsingLearner":
        """Return a learner for these examples or any part of them.

        Parameters
        ----------
        tables : mapping of name to DataFrame
            Canonical tables.
        examples : DataFrame
            Past stages as pairs.
        seed : int
            Draws the places that were not chosen.
        recorded : DataFrame
            Columns of `models.propensity.RECORDED`.
        """
        choices = choice_sets(tables, examples, seed=seed)
        chosen = choices.select("keuze", "gekozen", *KEY, *NEEDED)
        return cls(tables, chosen, recorded_of(tables, recorded))

    def __call__(
        self,
        frame: pl.DataFrame,
        labels: Vector,
        *,
        calibration: Labelled,
        config: BoosterConfig,
        seed: int,
    ) -> PlaatsingModel:
        """Return a small model of any pair; the calibration rows are learned from too."""
        later, outcome = calibration
        both = pl.concat([frame, later])
        told = np.concatenate([labels, outcome])
        once = both.select(pl.struct(KEY).is_first_distinct()).to_series().to_numpy()
        both, told = both.filter(once), told[once]
        teachers = self._teachers(both, told, config, seed)
        newest = max(both["peildatum"])
        peildata = [add_months(newest, -STEP_MONTHS * number) for number in range(PEILDATA)]
        offered = offered_pairs(self.tables, peildata, seed=seed)
        if offered.full.is_empty():
            return _model(teachers, config, both, told)
        said = expit(teachers.margins(PlaatsingModel.matrix(offered.full)))
        small = replace(config, rounds=2 * config.rounds, seeds=1)
        seen = PlaatsingModel.matrix(offered.seen)
        student = _grow(seen, said, np.ones(len(said)), small, seed, self.cluster)
        return _model(TreeMember((student,), small.threads), small, both, told)

    def _teachers(
        self, frame: pl.DataFrame, labels: Vector, config: BoosterConfig, seed: int
    ) -> TreeMember:
        matrix, weights = PlaatsingModel.matrix(frame), self._weights(frame)
        seeds = np.random.default_rng(seed).integers(0, 2**31 - 1, size=config.seeds)
        texts = [_grow(matrix, labels, weights, config, int(one), self.cluster) for one in seeds]
        return TreeMember(tuple(texts), config.threads)

    def _weights(self, frame: pl.DataFrame) -> Vector:
        """Return weights with a mean of 1 by how likely each example was to come about.

        Of how people chose among places, which is fitted, the root counts: half the way to no
        selection. The whole way leaves an eighth of the examples as effective number, and orders
        worse. What was recorded is known, and counts whole.
        """
        mine = self._numbers(frame)
        rows, sets = self._sets(mine)
        model = ChoiceModel.fit(rows, sets, rows["gekozen"].to_numpy())
        size = pl.len().over("keuze")
        found = rows.select("keuze", "gekozen", size.alias("aantal")).with_columns(
            kans=model.propensities(rows, sets)
        )
        share = 1 / (pl.col("aantal") * pl.col("kans"))
        inverse = found.filter("gekozen").select(
            "keuze", gewicht=share.clip(1 / MOST_WEIGHT, MOST_WEIGHT).sqrt()
        )
        weight = pl.DataFrame({"keuze": mine}).join(
            inverse, on="keuze", how="left", maintain_order="left"
        )["gewicht"]
        found_weights = weight.to_numpy() * recorded_weights(frame, self.recorded)
        return np.asarray(found_weights / found_weights.mean())

    def choice(self, frame: pl.DataFrame) -> ChoiceModel:
        """Return how people chose, learned from these examples."""
        rows, sets = self._sets(self._numbers(frame))
        return ChoiceModel.fit(rows, sets, rows["gekozen"].to_numpy())

    def _numbers(self, frame: pl.DataFrame) -> pl.Series:
        """Return the number of the choice of each example."""
        numbers = self.choices.filter("gekozen").select(*KEY, "keuze").unique(KEY, keep="first")
        return frame.select(KEY).join(numbers, on=KEY, how="left", maintain_order="left")["keuze"]

    def _sets(self, mine: pl.Series) -> tuple[pl.DataFrame, NDArray[np.int64]]:
        """Return the rows of these choices, and the number of the choice of each row."""
        rows = self.choices.filter(pl.col("keuze").is_in(mine.unique().implode()))
        return rows, rows["keuze"].cast(pl.Int64).to_numpy()


def train_plaatsing(
    tables: Tables,
    *,
    observed_until: date,
    seed: int,
    progress: Progress,
    config: BoosterConfig = PLAATSING_CONFIG,
    search: Search = NO_SEARCH,
    cluster: Cluster | None = None,
    recorded: pl.DataFrame = NOTHING_RECORDED,
) -> Training:
    """Train and judge the success of a plaatsing on everything known by a day.

    Parameters and errors as `models.training.train_uitvalrisico`; the examples are past stages
    on a known leerwerkplek. A search is for the settings of the teachers. `recorded` is what the
    log knows of how stages came about (`models.propensity.RECORDED`).
    """
    progress("Stages uit het verleden naast hun leerwerkplek leggen")
    history = plaatsing_history(tables, observed_until=observed_until)
    refuse_columns_from_later(PlaatsingModel, pair_features, tables, history.frame.select(KEY))
    learner = PlaatsingLearner.of(tables, history.frame, seed=seed, recorded=recorded)
    learner = replace(learner, cluster=cluster)
    tuned = search_first(PlaatsingModel, history, config, search, seed, progress)
    config = tuned.trees
    training = train_model(
        PlaatsingModel,
        PLAATSING_RULE,
        history,
        observed_until,
        config,
        seed,
        progress,
        learn=learner,
    )
    training = from_study(training, tuned)
    if training.model.te_weinig_gegevens:
        return training
    judged = past_order(learner, history, observed_until, config, seed)
    told, found = order_metrics(judged, seed=seed)
    finite = {name: value for name, value in told.items() if isfinite(value)}
    card = training.card | {"volgorde": finite | {"oordeel": found.oordeel}}
    card |= _with_places(card, judged, tables, seed=seed)
    return replace(training, metrics=training.metrics | finite, card=card)


def _with_places(
    card: Mapping[str, Any], judged: Judged, tables: Tables, *, seed: int
) -> dict[str, Any]:
    """Return what the card says of good places, and the verdict that counts them (TRUST F6)."""
    if judged.frame.is_empty():
        return {}
    lists = judged.frame.select("keuze", "jongere_id", "peildatum").unique("keuze").sort("keuze")
    groups = groepen_at(tables, lists.drop("keuze")).drop("instelling")
    table = goede_plekken(judged.frame, tables, groups, seed=seed)
    lines = carded(table.iter_rows(named=True))
    oordeel = with_places(Oordeel.from_described(card["oordeel"]), lines)
    return {"goede_plekken": lines, "oordeel": oordeel.described()}


def past_order(
    learner: PlaatsingLearner,
    history: History,
    observed_until: date,
    config: BoosterConfig,
    seed: int,
) -> Judged:
    """Return later choices beside the order of a model that was made before them."""
    split = temporal_split(history.peildatum, history.known_by)
    start = split.test_start or observed_until
    then, now = history.label(start), history.label(observed_until)
    fitting, test = split.fitting & ~np.isnan(then), split.test & ~np.isnan(now)
    known = history.frame.filter(fitting)
    model = learner(
        known, then[fitting], calibration=(known.clear(), then[:0]), config=config, seed=seed
    )
    return judge_order(
        learner.tables,
        history.frame.filter(test),
        now[test],
        model=model,
        choice=learner.choice(known),
        seed=seed,
    )


def _grow(
    matrix: NDArray[np.float64],
    targets: Vector,
    weights: Vector,
    config: BoosterConfig,
    seed: int,
    cluster: Cluster | None,
) -> str:
    """Return trees as LightGBM's text, grown on chances between 0 and 1 with weights."""
    import lightgbm

    features = PlaatsingModel.features
    columns = [feature.name for feature in features]
    parameters = config.parameters([feature.direction for feature in features], seed)
    parameters |= {"objective": "cross_entropy"}
    if cluster is not None and cluster.pays(len(targets)):
        return cluster.train(parameters, config.rounds, (matrix, targets, weights), columns=columns)
    rows = lightgbm.Dataset(
        matrix,
        targets,
        weight=weights,
        feature_name=columns,
        params={"verbosity": -1, "num_threads": config.threads, "deterministic": True},
    )
    return str(lightgbm.train(parameters, rows, config.rounds).model_to_string())


def _model(
    trees: TreeMember, config: BoosterConfig, frame: pl.DataFrame, labels: Vector
) -> PlaatsingModel:
    stack = Stack(
        tuple(feature.name for feature in PlaatsingModel.features),
        (trees,),
        (1.0,),
        UNCHANGED,
        Spread(0.0),
        StackConfig((config,), None, config.seeds),
    )
    n_positief = count_jongeren(frame["jongere_id"], labels, 1)
    return PlaatsingModel(stack, n_positief).with_strays(NOTHING_SEEN)
