"""Question: how fast is the joint proposal, beside bare solvers that know one objective only.

Run: python experiments/bench_allocation.py --size small|middle|dense|large|refugee

Times are seconds of this process's processor (all threads) and of the clock; the bare solvers get
the sum of the chances as their one objective, on the same open pairs.
"""

import argparse
import gzip
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from models.allocation import Allocation, Doel, allocate
from models.allocation_network import breaches
from models.allocation_problem import SCALE, Problem
from models.baselines_allocation import random_order, stable_matching

Table = tuple[pl.DataFrame, pl.DataFrame]
Ints = NDArray[np.int64]
Found = TypeVar("Found")
SIZES = {
    "small": (200, 150, 100),
    "middle": (2000, 1500, 100),
    "dense": (2000, 1500, 450),
    "large": (10_000, 6_000, 100),
}
REFUGEES = Path(__file__).parents[1] / ".." / "shared" / "data" / "refugee_synthetic"
PINS = 50
REPEATS = {"small": 7, "middle": 3, "dense": 3, "large": 1}
DENSE_CELLS = 20_000_000
LP_PAIRS = 250_000
"""HiGHS is asked up to here; beyond it takes minutes."""


def main() -> None:
    """Measure one size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=[*SIZES, "refugee"], default="small")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.size == "refugee":
        refugees()
        return
    allocate(*made_up(20, 15, 5, 0)).with_pin("J00000", _first(made_up(20, 15, 5, 0)))
    table = made_up(*SIZES[options.size], options.seed)
    before = megabytes()
    bench(table, options.size, REPEATS[options.size])
    print(f"<!-- {options.size}: {before:.0f} MB before, {megabytes():.0f} MB at most -->")


def made_up(n_jongeren: int, n_plekken: int, per_jongere: int, seed: int) -> Table:
    """Draw a table: chances of jongere, place and pair in log-odds; one seat per place."""
    rng = np.random.default_rng(seed)
    j = np.repeat(np.arange(n_jongeren), per_jongere)
    p = np.concatenate(
        [rng.choice(n_plekken, per_jongere, replace=False) for _ in range(n_jongeren)]
    )
    logit = 1 + rng.normal(size=n_plekken)[p] + rng.normal(size=n_jongeren)[j]
    names = np.array([f"J{one:05d}" for one in range(n_jongeren)])
    places = np.array([f"P{one:05d}" for one in range(n_plekken)])
    pairs = pl.DataFrame(
        {
            "jongere_id": names[j],
            "leerwerkplek_id": places[p],
            "kans": 1 / (1 + np.exp(-logit - rng.normal(size=len(j)))),
            "reistijd_minuten": rng.uniform(5, 90, len(j)),
        }
    )
    return pairs, pl.DataFrame({"leerwerkplek_id": places, "vrij": np.ones(n_plekken, np.int64)})


def bench(table: Table, size: str, repeats: int) -> None:
    """Print a line per solver: seconds, times the bare OR-tools solve, and the value found."""
    one_goal = allocate(*table, doelen=(Doel.TOTAAL,))
    problem = one_goal.problem
    bare, bare_value = best_of(lambda: ortools_total(problem), repeats)
    print(
        "| oplosser | doelen | s (processor) | maal OR-tools | totaal |\n|---|---|---|---|---|\n"
        f"| OR-tools, kaal | totaal | {bare:.3f} | 1.0 | {bare_value / SCALE:.6f} |"
    )
    for doelen in ((Doel.TOTAAL,), None):
        options = {} if doelen is None else {"doelen": doelen}
        seconds, found = best_of(lambda options=options: allocate(*table, **options), repeats)
        check(found.gap == 0, "the proof")
        label = ", ".join(found.doelen)
        print(
            f"| allocate | {label} | {seconds:.3f} | {seconds / bare:.1f} "
            f"| {found.proposal['kans'].sum():.6f} |",
            flush=True,
        )
    print(pins(found, table), flush=True)
    print(f"<!-- at most {megabytes():.0f} MB so far -->")
    others: dict[str, Callable[[], int]] = {"scipy matching": lambda: scipy_total(problem)}
    if len(problem.jongeren) * len(problem.plekken) <= DENSE_CELLS:
        others["scipy LSA"] = lambda: lsa_total(problem)
    if len(problem.plek) <= LP_PAIRS:
        others["HiGHS (LP)"] = lambda: highs_total(problem)
    for name, solver in others.items():
        seconds, found = best_of(solver, 1 if name == "HiGHS (LP)" else repeats)
        print(
            f"| {name} | totaal | {seconds:.3f} | {seconds / bare:.1f} | {found / SCALE:.6f} |",
            flush=True,
        )
    stable = stable_matching(*table)["kans"].sum()
    print(f"| stabiel | - | - | - | {stable:.6f} ({stable / (bare_value / SCALE) - 1:+.1%}) |")


def pins(allocation: Allocation, table: Table) -> str:
    """Return how long a re-solve after one pin takes, each checked by its proof."""
    rng = np.random.default_rng(0)
    rows = table[0].select("jongere_id", "leerwerkplek_id").sample(PINS, seed=int(rng.integers(99)))
    seconds = []
    for jongere, plek in rows.iter_rows():
        began = time.process_time()
        bent = allocation.with_pin(jongere, plek)
        seconds.append(time.process_time() - began)
        check(breaches(bent.network) == 0, "the proof of a re-solve")
    cold = allocate(*table, pins=[(jongere, plek)])
    check(cold.uitkomst == bent.uitkomst, "a re-solve beside a cold solve")
    half, most = np.percentile(np.array(seconds) * 1000, [50, 99])
    return (
        f"| een pin erbij | alle | p50 {half:.1f} ms, p99 {most:.1f} ms | - | gelijk aan opnieuw |"
    )


def best_of(work: Callable[[], Found], repeats: int) -> tuple[float, Found]:
    """Return the least seconds of processor of some runs, and what the last found."""
    seconds = []
    for _ in range(repeats):
        began = time.process_time()
        found = work()
        seconds.append(time.process_time() - began)
    return min(seconds), found


def check(holds: bool, what: str) -> None:
    """Stop when something that is measured is not what it should be."""
    if not holds:
        raise RuntimeError(f"{what} does not hold")


def ortools_total(problem: Problem) -> int:
    """Return the best total with OR-tools alone."""
    n, m, e = len(problem.jongeren), len(problem.plekken), len(problem.plek)
    solver = min_cost_flow.SimpleMinCostFlow()
    tail = np.concatenate([problem.jongere, np.arange(n), n + np.arange(m)])
    head = np.concatenate([n + problem.plek, np.full(n + m, n + m)])
    cost = np.concatenate([-problem.kans, np.zeros(n + m, np.int64)])
    room = np.concatenate([np.ones(e + n, np.int64), problem.vrij])
    solver.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost)
    solver.set_nodes_supplies(np.arange(n), np.ones(n, np.int64))
    solver.set_node_supply(n + m, -n)
    check(solver.solve() == solver.OPTIMAL, "the solver")
    return -int(solver.optimal_cost())


def scipy_total(problem: Problem) -> int:
    """Return the best total with scipy's sparse matching; everybody has an own empty place too."""
    n, m = len(problem.jongeren), len(problem.plekken)
    rows = np.concatenate([problem.jongere, np.arange(n)])
    columns = np.concatenate([problem.plek, m + np.arange(n)])
    gain = np.concatenate([problem.kans, np.zeros(n, np.int64)])
    graph = csr_array((gain + 1.0, (rows, columns)), shape=(n, n + m))
    first, second = min_weight_full_bipartite_matching(graph, maximize=True)
    return int(sum(graph[first, second])) - n


def lsa_total(problem: Problem) -> int:
    """Return the best total with scipy's dense assignment."""
    gain = np.zeros((len(problem.jongeren), len(problem.plekken)))
    gain[problem.jongere, problem.plek] = problem.kans
    return int(gain[linear_sum_assignment(gain, maximize=True)].sum())


def highs_total(problem: Problem) -> int:
    """Return the best total with HiGHS, as a linear programme."""
    e, n, m = len(problem.plek), len(problem.jongeren), len(problem.plekken)
    rows = np.concatenate([problem.jongere, n + problem.plek])
    matrix = csr_array((np.ones(2 * e), (rows, np.tile(np.arange(e), 2))), shape=(n + m, e))
    limit = LinearConstraint(matrix, ub=np.concatenate([np.ones(n), problem.vrij]))
    found = milp(-problem.kans.astype(float), constraints=limit, bounds=Bounds(0, 1))
    return round(-found.fun)


def refugees() -> None:
    """Print what the joint proposal gains over chance and greedy on public synthetic instances."""
    kans = np.loadtxt(read("employment_probability"), delimiter=",", skiprows=1)
    outcome = np.loadtxt(read("employed_potential_outcome"), delimiter=",", skiprows=1)
    capacity = np.loadtxt(read("capacity"), delimiter=",", skiprows=1, dtype=np.int64)[:, 1:]
    totals: dict[str, list[float]] = {}
    drawn: dict[str, list[float]] = {}
    batches = kans.reshape(len(capacity), -1, kans.shape[1])
    for number, (batch, room) in enumerate(zip(batches, capacity, strict=True)):
        table = refugee_table(batch, room)
        ways = {
            "willekeurig": by_lot(batch, room, number),
            "willekeurige volgorde": random_order(*table, seed=number),
            "gretig (= stabiel)": stable_matching(*table),
            "gezamenlijk, totaal": allocate(*table, doelen=(Doel.TOTAAL,)).proposal,
            "gezamenlijk, alle doelen": allocate(*table).proposal,
        }
        happened = outcome.reshape(batches.shape)[number]
        for name, proposal in ways.items():
            who = proposal["jongere_id"].str.slice(1).cast(pl.Int64).to_numpy()
            where = proposal["leerwerkplek_id"].str.slice(1).cast(pl.Int64).to_numpy()
            totals.setdefault(name, []).append(batch[who, where].sum())
            drawn.setdefault(name, []).append(happened[who, where].sum())
    report(totals, drawn, kans.shape[0])


def report(totals: dict[str, list[float]], drawn: dict[str, list[float]], n: int) -> None:
    """Print the gain over chance with its interval over batches, and the regret to the optimum."""
    chance, best = np.array(totals["willekeurig"]), np.array(totals["gezamenlijk, totaal"])
    print("| verdeling | werk per honderd | t.o.v. willekeurig | achter het optimum | getrokken |")
    print("|---|---|---|---|---|")
    for name, found in totals.items():
        gain = np.array(found) / chance - 1
        half = 2.09 * gain.std(ddof=1) / np.sqrt(len(gain))
        lost = 1 - np.sum(found) / best.sum()
        print(
            f"| {name} | {100 * np.sum(found) / n:.2f} | {gain.mean():+.1%} ± {half:.1%} "
            f"| {lost:.2%} | {100 * np.sum(drawn[name]) / n:.1f} |"
        )


def read(name: str) -> list[str]:
    """Return the lines of one file of the data set."""
    with gzip.open(REFUGEES / f"{name}.csv.gz", "rt") as lines:
        return list(lines)


def refugee_table(batch: NDArray[np.float64], room: Ints) -> Table:
    """Return one batch as a table: everybody beside every state."""
    who, where = (part.ravel() for part in np.indices(batch.shape))
    pairs = pl.DataFrame(
        {
            "jongere_id": [f"J{one:03d}" for one in who],
            "leerwerkplek_id": [f"P{one:03d}" for one in where],
            "kans": batch.ravel(),
        }
    )
    names = [f"P{one:03d}" for one in range(len(room))]
    return pairs, pl.DataFrame({"leerwerkplek_id": names, "vrij": room})


def by_lot(batch: NDArray[np.float64], room: Ints, seed: int) -> pl.DataFrame:
    """Return a division by lot alone."""
    seats = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(room)), room))
    return pl.DataFrame(
        {
            "jongere_id": [f"J{one:03d}" for one in range(len(batch))],
            "leerwerkplek_id": [f"P{one:03d}" for one in seats[: len(batch)]],
        }
    )


def megabytes() -> float:
    """Return the most memory that this process has used so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _first(table: Table) -> str:
    pairs = table[0].filter(pl.col("jongere_id") == "J00000")
    return str(pairs["leerwerkplek_id"][0])


if __name__ == "__main__":
    main()
