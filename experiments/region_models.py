"""Question: how good are both models on later time of a region, beside rule and truth.

Run: python experiments/region_models.py --jongeren 6000 --seed 1
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.blokkade import Blokkade, column
from features.passendheid import pair_features
from features.risicoprofiel import population
from features.synthetic import Region, RegionConfig, generate_region, true_plaatsing, true_uitval
from models import metrics
from models.baselines import PLAATSING_RULE, UITVAL_RULE, Points, PointsRule
from models.evaluation import hold_out
from models.history import History, uitval_history
from models.interval import coverage
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_history import plaatsing_history
from models.plaatsing_training import PLAATSING_CONFIG, PlaatsingLearner
from models.registered import RegisteredModel
from models.training import UITVAL_CONFIG, Config, refit
from models.uitvalrisico import UitvalrisicoModel

Vector = NDArray[np.float64]
SAMPLE = 300
"""Jongeren and places of which all pairs are looked at."""
HEADER = (
    "| model | wie | n (jongeren) | positief | AUC | Brier | ECE | helling "
    "| bij 10%: precisie, vangst |\n|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Question:
    """One model with its rule, its examples and the truth behind them."""

    kind: type[RegisteredModel]
    rule: Sequence[Points]
    config: Config
    history: Callable[[Region], History]
    truth: Callable[[Region, pl.DataFrame], Vector]


QUESTIONS = (
    Question(
        UitvalrisicoModel,
        UITVAL_RULE,
        UITVAL_CONFIG,
        lambda region: uitval_history(region.tables, observed_until=region.config.peildatum),
        true_uitval,
    ),
    Question(
        PlaatsingModel,
        PLAATSING_RULE,
        PLAATSING_CONFIG,
        lambda region: plaatsing_history(region.tables, observed_until=region.config.peildatum),
        true_plaatsing,
    ),
)


def main() -> None:
    """Generate a region, judge both models on it, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    config = RegionConfig(
        jongeren=options.jongeren,
        leerbedrijven=max(20, options.jongeren // 15),
        leerwerkplekken=max(60, options.jongeren // 5),
        seed=options.seed,
    )
    began = time.perf_counter()
    region = generate_region(config)
    print(f"regio: {config.jongeren} jongeren, {time.perf_counter() - began:.1f} s")
    print(HEADER)
    for question in QUESTIONS:
        for line in judge(question, region, options.seed):
            print(line)
    for line in judge_suggesties(region, options.seed):
        print(line)


def judge(question: Question, region: Region, seed: int) -> list[str]:
    """Return the lines of the table for one model, and how long its parts took."""
    until = region.config.peildatum
    began = time.perf_counter()
    history = question.history(region)
    made = time.perf_counter()
    holdout = hold_out(
        question.kind,
        question.rule,
        history,
        observed_until=until,
        config=question.config,
        seed=seed,
    )
    judged = time.perf_counter()
    refit(question.kind, history, observed_until=until, config=question.config, seed=seed)
    ended = time.perf_counter()
    truth = question.truth(region, holdout.frame)
    known = ~np.isnan(truth)
    groups = holdout.frame["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()[known]
    labels = holdout.labels[known]
    lines = [
        line(name, labels, scores[known], groups, seed)
        for name, scores in (
            ("regel", holdout.baseline),
            ("model", holdout.scores),
            ("waarheid", truth),
        )
    ]
    return [
        *(f"| {question.kind.name} | {text}" for text in lines),
        f"<!-- {question.kind.name}: intervallen van 90% dekken "
        f"{coverage(holdout.labels, holdout.scores, holdout.bounds, holdout.lists):.1%} van de "
        "honderdtallen, "
        "ruisvloer ECE "
        f"{metrics.ece_noise_floor(holdout.scores, rng=np.random.default_rng(seed)):.3f}; "
        f" {history.frame.height} voorbeelden, "
        f"{holdout.n_fitted} geleerd, toets vanaf {holdout.test_start}; kenmerken "
        f"{made - began:.1f} s, toets {judged - made:.1f} s, model {ended - judged:.1f} s -->",
    ]


def judge_suggesties(region: Region, seed: int) -> list[str]:
    """Return how good the first five are among all pairs that nothing blocks, also the unchosen."""
    until = region.config.peildatum
    history = plaatsing_history(region.tables, observed_until=until)
    model = refit(
        PlaatsingModel,
        history,
        observed_until=until,
        config=PLAATSING_CONFIG,
        seed=seed,
        learn=PlaatsingLearner.of(region.tables, history.frame, seed=seed),
    )
    labels = history.label(until)
    known = ~np.isnan(labels)
    rule = PointsRule.fit(PLAATSING_RULE, history.frame.filter(known), labels[known])
    frame = open_pairs(region, seed)
    truth = true_plaatsing(region, frame.select("jongere_id", "leerwerkplek_id", "peildatum"))
    scores = {
        "willekeurig": np.random.default_rng(seed).random(frame.height),
        "regel": rule.predict(frame),
        "model": model.predict(frame),
        "waarheid": truth,
    }
    lines = ["| volgorde | kans: gezegd | waar | waar, eerste vijf |", "|---|---|---|---|"]
    for name, said in scores.items():
        told = frame.select("jongere_id", truth=pl.Series(truth), said=pl.Series(said))
        first = told.sort("said", descending=True).group_by("jongere_id").head(5)
        five = first["truth"].to_numpy().mean()
        lines.append(f"| {name} | {said.mean():.3f} | {truth.mean():.3f} | {five:.3f} |")
    return lines


def open_pairs(region: Region, seed: int) -> pl.DataFrame:
    """Return features of all unblocked pairs of a sample of jongeren and leerwerkplekken."""
    spine = population(region.tables, [region.config.peildatum]).sort("jongere_id")
    places = region.tables["leerwerkplek"].select("leerwerkplek_id").sort("leerwerkplek_id")
    pairs = spine.sample(min(SAMPLE, spine.height), seed=seed).join(
        places.sample(min(SAMPLE, places.height), seed=seed), how="cross"
    )
    frame = pair_features(region.tables, pairs)
    return frame.filter(~pl.any_horizontal([column(rule) for rule in Blokkade]))


def line(name: str, labels: Vector, scores: Vector, groups: NDArray[np.int64], seed: int) -> str:
    """Return one line of the table; intervals are over resampled jongeren."""
    spread = {
        metric.__name__: metrics.bootstrap_interval(
            metric, labels, scores, rng=np.random.default_rng(seed), groups=groups
        )
        for metric in (metrics.auc, metrics.brier)
    }
    auc, brier = spread["auc"], spread["brier"]
    return (
        f"{name} | {len(labels)} ({len(np.unique(groups))}) | {labels.mean():.1%} "
        f"| {metrics.auc(labels, scores):.3f} ({auc.low:.3f}-{auc.high:.3f}) "
        f"| {metrics.brier(labels, scores):.4f} ({brier.low:.4f}-{brier.high:.4f}) "
        f"| {metrics.ece(labels, scores):.3f} | {metrics.calibration_slope(labels, scores):.2f} "
        f"| {metrics.precision_at(labels, scores, 0.1):.2f}, "
        f"{metrics.recall_at(labels, scores, 0.1):.2f} |"
    )


if __name__ == "__main__":
    main()
