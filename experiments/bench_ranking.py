"""Question: what does it cost to block, score and explain the pairs of a region.

A made-up region is generated, the plaatsing model is trained on its history, and all pairs are
blocked and scored: one jongere beside all places, and everybody beside all places. Beside it, in
the same run, LightGBM's own `Booster.predict` of the same trees on a matrix that lies ready. Then
one full suggestion for many jongeren in turn: conditions, score, order, explanation of ten places,
what would help, with the time of each step.

Times are of the processor (one thread): what else the machine does touches them less than the
clock; the clock is told for a full suggestion too.

Run: python experiments/bench_ranking.py --jongeren 2000 --plekken 1500
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lightgbm
import numpy as np
from numpy.typing import NDArray

from features.passendheid import blocked_by, pair_matrix
from features.peildatum import cut_to_peildatum
from features.synthetic import RegionConfig, generate_region
from models.leerwerkplek import PlaatsingModel
from models.members import TreeMember
from models.plaatsing_training import train_plaatsing
from models.scoring import Scorer, score_open, scorer, warm_up
from models.stack import Stack
from models.store import StoredModel
from models.verbetering import nieuwe_kansen, verbeteringen
from service.matching import Matching
from service.overzicht import jongere_overzicht

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REPEATS = 7
READY_ROWS = 20_000
PART = 200
"""Jongeren at a time, beside all places: bounds memory."""


@dataclass(frozen=True)
class Bench:
    """A region ready to be asked."""

    matching: Matching
    model: PlaatsingModel
    ready: Scorer
    jongeren: list[str]


def main() -> None:
    """Measure, and print markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=2000)
    parser.add_argument("--plekken", type=int, default=1500)
    parser.add_argument("--suggesties", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.process_time()
    warm_up()
    print(f"compile or read compiled code: {time.process_time() - began:.1f} s\n")
    bench = prepare(options.jongeren, options.plekken, options.seed)
    pairs_table(bench)
    suggestion_table(bench, options.suggesties)
    print(f"\nhighest memory: {memory_mb():.0f} MB")


def prepare(jongeren: int, plekken: int, seed: int) -> Bench:
    """Make a region and train its model."""
    region = generate_region(RegionConfig(jongeren, plekken // 3, plekken, seed=seed))
    day = region.config.peildatum
    training = train_plaatsing(region.tables, observed_until=day, seed=seed, progress=len)
    model = training.model
    if not isinstance(model, PlaatsingModel):
        raise TypeError(type(model).__name__)
    tables = cut_to_peildatum(region.tables, day)
    matching = Matching(
        tables,
        peildatum=day,
        plaatsing=StoredModel(model, "proef", "", {}),
        jongeren=jongere_overzicht(tables, day, {}),
    )
    return Bench(matching, model, scorer(model), tables["jongere"]["jongere_id"].to_list())


def seconds(run: Callable[[], object]) -> float:
    """Return the time of the processor of the quickest of some runs, first run left out."""
    run()
    found = []
    for _ in range(REPEATS):
        began = time.process_time()
        run()
        found.append(time.process_time() - began)
    return min(found)


def pairs_table(bench: Bench) -> None:
    """Print what blocking, features and scores cost per pair, beside LightGBM alone."""
    context, ready = bench.matching.paren.context, bench.ready
    plekken = np.arange(context.plekken.height)
    everybody = np.arange(context.jongeren.height)
    parts = [everybody[start : start + PART] for start in range(0, len(everybody), PART)]
    found = [score_open(context, ready, part, plekken) for part in parts]
    n_open = sum(len(one.kans) for one in found)
    n_pairs = len(everybody) * len(plekken)
    one = everybody[[int(np.argsort([np.sum(found[0].jongere == j) for j in parts[0]])[PART // 2])]]
    some = slice(0, READY_ROWS)
    j, p = np.concatenate([one.jongere for one in found]), np.concatenate([x.plek for x in found])
    matrix, _ = pair_matrix(context, j[some], p[some])
    steps = {
        "block, all pairs": (
            lambda: [blocked_by(context, part, plekken) for part in parts],
            n_pairs,
        ),
        "features, open pairs": (lambda: pair_matrix(context, j[some], p[some]), len(matrix.T)),
        "score (compiled trees), open pairs": (lambda: ready.kansen(matrix), len(matrix.T)),
        "LightGBM predict, ready matrix": (lightgbm_alone(bench.model, matrix), len(matrix.T)),
    }
    print(f"{n_pairs:,} pairs, {n_open:,} open ({n_open / n_pairs:.1%}); {trees(bench.model)}\n")
    print("| step | µs a pair |\n|---|---|")
    cost = {}
    for name, (run, rows) in steps.items():
        cost[name] = seconds(run) / rows * 1e6
        print(f"| {name} | {cost[name]:.3f} |", flush=True)
    print("\n| asked | time | pairs a second | open pairs a second |\n|---|---|---|---|")
    for name, jongeren in (("one jongere", [one]), ("everybody", parts)):
        opened = sum(len(score_open(context, ready, part, plekken).kans) for part in jongeren)
        took = seconds(lambda: [score_open(context, ready, part, plekken) for part in jongeren])  # noqa: B023  # run at once
        asked = sum(len(part) for part in jongeren) * len(plekken)
        print(
            f"| {name} x {len(plekken)} places | {1000 * took:.2f} ms | {asked / took:,.0f} "
            f"| {opened / took:,.0f} |",
            flush=True,
        )
    alone = 1e6 / cost["LightGBM predict, ready matrix"]
    print(f"| LightGBM predict, ready matrix |  |  | {alone:,.0f} |\n")


def lightgbm_alone(model: PlaatsingModel, features: Floats) -> Callable[[], object]:
    """Return a run of the same trees by LightGBM, on a matrix that lies ready."""
    boosters = [lightgbm.Booster(model_str=text) for text in texts(model)]
    columns = np.ascontiguousarray(features.T)
    return lambda: [one.predict(columns, raw_score=True, num_threads=1) for one in boosters]


def texts(model: PlaatsingModel) -> Iterator[str]:
    """Yield the trees of the model."""
    if isinstance(model.stack, Stack):
        for member in model.stack.members:
            if isinstance(member, TreeMember):
                yield from member.texts


def trees(model: PlaatsingModel) -> str:
    """Say how many trees there are."""
    return f"{sum(text.count('Tree=') for text in texts(model))} trees"


def suggestion_table(bench: Bench, n: int) -> None:
    """Print what one full suggestion costs, and its steps."""
    paren, uitleg = bench.matching.paren, bench.matching.uitleg
    context, ready = paren.context, bench.ready
    plekken = np.arange(context.plekken.height)
    paren.crowd()
    steps: dict[str, list[float]] = {}

    def timed(name: str, run: Callable[[], object]) -> object:
        began, busy = time.perf_counter(), time.process_time()
        found = run()
        steps.setdefault(name, []).append(time.process_time() - busy)
        steps.setdefault(f"{name}, by the clock", []).append(time.perf_counter() - began)
        return found

    rng = np.random.default_rng(1)
    for jongere in rng.choice(bench.jongeren, n + 5):
        row = context.jongere_rows([jongere])
        scores = score_open(context, ready, row, plekken)
        best = np.argsort(-scores.kans)[:10]
        ids = context.plekken["leerwerkplek_id"].gather(scores.plek[best]).to_list()
        timed("conditions and score", lambda: score_open(context, ready, row, plekken))  # noqa: B023
        timed("explain ten", lambda: uitleg.tell(context, scores.jongere[best], scores.plek[best]))  # noqa: B023
        timed("what would help ten", lambda: verbeteringen(context, ready, jongere, ids))  # noqa: B023
        timed("what opens another", lambda: nieuwe_kansen(context, ready, jongere))  # noqa: B023
        timed("**the whole suggestion**", lambda: bench.matching.suggesties(jongere))  # noqa: B023
    print("| one jongere x all places, ms | p50 | p99 | most |\n|---|---|---|---|")
    for name, took in steps.items():
        ms = 1000 * np.array(took[5:])
        print(f"| {name} | {np.median(ms):.1f} | {np.quantile(ms, 0.99):.1f} | {ms.max():.1f} |")


def memory_mb() -> float:
    """Return the highest memory use so far, in MB; Linux keeps it per program started."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
