"""Question: do routes choose what is learned best, and do their chances hold.

A made-up region knows how likely each jongere masters each werkproces at each place in so many
hours. The learned model is judged on later time and against that truth; the choice of
werkprocessen against an oracle that knows the truth, a greedy one and a random one.

Run: ``python experiments/region_routes.py --seeds 1 2 3 --jongeren 6000``
"""

import argparse
import time
from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import norm

from features.blokkade import Blokkade, column
from features.passendheid import pair_features, prepare_pairs
from features.peildatum import cut_to_peildatum
from features.synthetic import (
    Region,
    RegionConfig,
    generate_region,
    true_beheersing,
    true_plaatsing,
)
from models import metrics
from models.evaluation import Holdout, hold_out
from models.plaatsing_training import train_plaatsing
from models.praktijkverklaring import routes
from models.praktijkverklaring_context import RouteContext, prepare_routes
from models.praktijkverklaring_kandidaten import (
    Kandidaat,
    Vraag,
    as_problems,
    chances,
    find_kandidaten,
)
from models.praktijkverklaring_keuze import SIZES, STEP_HOURS, Keuze, Keuzes, solve
from models.praktijkverklaring_leren import (
    WerkprocesModel,
    chance_at_least,
    sets_of,
    stages_of,
)
from models.praktijkverklaring_plannen import RouteConfig
from models.praktijkverklaring_route import PraktijkverklaringRoute, SoortStap
from models.praktijkverklaring_training import (
    WERKPROCES_CONFIG,
    WERKPROCES_RULE,
    train_werkproces,
    werkproces_history,
)

Floats = NDArray[np.float64]
Found = Mapping[tuple[Vraag, float], Floats]
Row = dict[str, object]
BLOCKED = pl.any_horizontal(column(rule) for rule in Blokkade)
DRAWS = 20
HUNDRED, HUNDREDS = 100, 2
"""Jongeren whose first routes are taken together, and how many times so many."""


def learning(region: Region, seed: int) -> list[Row]:
    """Judge the model of learning on later time, with and without a judged start."""
    day = region.config.peildatum
    history = werkproces_history(region.tables, observed_until=day)
    held = hold_out(
        WerkprocesModel,
        WERKPROCES_RULE,
        history,
        observed_until=day,
        config=WERKPROCES_CONFIG,
        seed=seed,
    )
    keys = ["jongere_id", "leerwerkplek_id", "werkproces_id", "peildatum", "uren"]
    truth = true_beheersing(region, held.frame.select(keys))
    judged = held.frame["startniveau"].is_not_null().to_numpy()
    return [
        judge(held, truth, rows, part)
        for part, rows in (("start judged", judged), ("start not judged", ~judged))
    ]


def judge(held: Holdout, truth: Floats, rows: NDArray[np.bool_], part: str) -> Row:
    """Return the figures of some rows of a test."""
    labels, scores = held.labels[rows], held.scores[rows]
    base, true = held.baseline[rows], truth[rows]
    said, happened = sets_of(scores, labels, stages_of(held.frame.filter(rows)), 0.15)
    return {
        "part": part,
        "rows": int(rows.sum()),
        "rate": labels.mean(),
        "auc": metrics.auc(labels, scores),
        "auc_base": metrics.auc(labels, base),
        "auc_truth": metrics.auc(labels, true),
        "brier": metrics.brier(labels, scores),
        "brier_base": metrics.brier(labels, base),
        "brier_truth": metrics.brier(labels, true),
        "ece": metrics.ece(labels, scores),
        "ece_floor": metrics.ece_noise_floor(scores, rng=np.random.default_rng(0)),
        "rmse_truth": float(np.sqrt(np.mean((scores - true) ** 2))),
        "set_said": said.mean(),
        "set_seen": happened.mean(),
        "set_auc": metrics.auc(happened, said),
        "set_ece": metrics.ece(happened, said),
    }


def choosing(region: Region, seed: int, n: int) -> tuple[list[Row], list[Row], Floats, float]:
    """Compare the chosen sets, and the best routes, with what the truth would choose."""
    day = region.config.peildatum
    tables = cut_to_peildatum(region.tables, day)
    quiet = lambda _: None  # noqa: E731  # nothing to tell
    model = train_werkproces(region.tables, observed_until=day, seed=seed, progress=quiet).model
    plaatsing = train_plaatsing(region.tables, observed_until=day, seed=seed, progress=quiet).model
    if not isinstance(model, WerkprocesModel):
        raise TypeError(type(model).__name__)
    began = time.process_time()
    context = prepare_routes(tables, day)
    prepared = time.process_time() - began
    pairs_of = prepare_pairs(tables, day)
    rng = np.random.default_rng(seed)
    spent, rows, told = [], [], []
    for who in rng.permutation(tables["jongere"]["jongere_id"].to_numpy()):
        if len(told) == HUNDREDS * HUNDRED:
            break
        pairs = tables["leerwerkplek"].select(
            pl.lit(who).alias("jongere_id"), "leerwerkplek_id", pl.lit(day).alias("peildatum")
        )
        fitting = pair_features(pairs_of, pairs).filter(~BLOCKED)
        if not fitting.height:
            continue
        plekken = fitting.select("leerwerkplek_id").with_columns(
            pl.Series("kans", plaatsing.predict(fitting))
        )
        began = time.process_time()
        found = routes(context, model, who, plekken)
        spent.append(time.process_time() - began)
        if found.routes:
            if len(told) < n:
                rows += compare(region, context, model, who, plekken, day, rng)
            told.append(first_route(region, who, found.routes[0], day))
    return rows, told, np.array(spent), prepared


def first_route(region: Region, who: str, route: PraktijkverklaringRoute, day: date) -> Row:
    """Return what is said of the first route beside the truth.

    Given the truth of each werkproces they succeed apart from each other.
    """
    stap = next(one for one in route.stappen if one.soort is SoortStap.LEERWERKPLEK)
    doelen = pl.DataFrame(
        [(doel.leerwerkplek_id, doel.werkproces_id, doel.uren) for doel in stap.leerdoelen],
        schema=["leerwerkplek_id", "werkproces_id", "uren"],
        orient="row",
    ).with_columns(pl.lit(who).alias("jongere_id"), pl.lit(day).alias("peildatum"))
    pair = pl.DataFrame({"jongere_id": [who], "leerwerkplek_id": [stap.id], "peildatum": [day]})
    stays = float(true_plaatsing(region, pair)[0])
    learned = chance_at_least(true_beheersing(region, doelen), route.nodig, 0.0)
    return {
        "said": route.kans,
        "truth": stays * learned,
        "laag": route.laag,
        "hoog": route.hoog,
        "stays_said": route.blijft,
        "stays": stays,
        "learned_said": route.kans / route.blijft,
        "learned": learned,
    }


def hundreds(told: list[Row]) -> pl.DataFrame:
    """Return, per hundred jongeren with like chances, how often its interval holds.

    The interval is about a hundred jongeren with one chance; the number of them who reach it is
    about normal, with the variance of chances that differ.
    """
    variance = (pl.col("truth") * (1 - pl.col("truth"))).sum()
    frame = pl.DataFrame(told).sort("said").with_columns(groep=pl.int_range(pl.len()) // HUNDRED)
    groups = frame.group_by("groep", maintain_order=True).agg(
        pl.all().exclude("groep").mean(), spread=variance.sqrt()
    )
    low, high = (groups[name].to_numpy() * HUNDRED for name in ("laag", "hoog"))
    mean, spread = groups["truth"].to_numpy() * HUNDRED, groups["spread"].to_numpy()
    holds = norm.cdf((high + 0.5 - mean) / spread) - norm.cdf((low - 0.5 - mean) / spread)
    return groups.with_columns(holds=holds)


def compare(
    region: Region,
    context: RouteContext,
    model: WerkprocesModel,
    who: str,
    plekken: pl.DataFrame,
    day: date,
    rng: np.random.Generator,
) -> list[Row]:
    """Return the true gain of each way of choosing, for three budgets."""
    config = RouteConfig()
    feiten = context.feiten(who)
    kansen = dict(plekken.iter_rows())
    options = find_kandidaten(
        context, feiten, kansen, most=config.plekken, most_together=config.samen
    )
    said = chances(context, model, who, options)
    true, stays = truth_of(region, who, options, list(said), day)
    ours, oracle = (as_problems(context, feiten, options, one) for one in (said, true))
    found = []
    for weken in (8, 16, 32):
        budgets = [max(int(one.uren_per_week * weken // STEP_HOURS), SIZES[0]) for one in options]
        solved = [solve(one, max(budgets)) for one in (ours, oracle)]
        for row, budget in enumerate(budgets):
            best = solved[0].keuze(row, budget)
            found.append(
                {
                    "weken": weken,
                    "who": who,
                    "said": options[row].blijft * best.winst,
                    "stays": stays[row],
                    "exact": true_gain(oracle, row, best),
                    "oracle": float(solved[1].winst[row, budget]),
                    "greedy": true_gain(oracle, row, greedy(ours, row, budget)),
                    "random": float(
                        np.mean(
                            [
                                true_gain(oracle, row, random_set(ours, row, budget, rng))
                                for _ in range(DRAWS)
                            ]
                        )
                    ),
                }
            )
    return found


def truth_of(
    region: Region,
    who: str,
    options: list[Kandidaat],
    asked: list[tuple[Vraag, float]],
    day: date,
) -> tuple[Found, Floats]:
    """Return the true chances in the shape of `chances`, and that each candidate is stayed at."""
    rows = pl.DataFrame(
        [(plek, one, size * STEP_HOURS) for (plek, one), _ in asked for size in SIZES],
        schema=["leerwerkplek_id", "werkproces_id", "uren"],
        orient="row",
    ).with_columns(pl.lit(who).alias("jongere_id"), pl.lit(day).alias("peildatum"))
    true = true_beheersing(region, rows).reshape(len(asked), len(SIZES))
    pairs = pl.DataFrame(
        {"leerwerkplek_id": [one.plek.leerwerkplek_id for one in options]}
    ).with_columns(pl.lit(who).alias("jongere_id"), pl.lit(day).alias("peildatum"))
    return dict(zip(asked, true, strict=True)), true_plaatsing(region, pairs)


def true_gain(oracle: Keuzes, row: int, keuze: Keuze) -> float:
    """Return what a choice is worth with the true chances."""
    certified = {
        chain: least
        for chain, least in enumerate(oracle.drempel[row])
        if sum(one == chain for one, *_ in keuze.gekozen) >= least
    }
    return float(
        sum(
            oracle.waarde[row, chain, place]
            * oracle.kans[row, chain, place, size]
            * (1 + oracle.toeslag[row, chain] * (place < certified.get(chain, 0)))
            for chain, place, size in keuze.gekozen
        )
    )


def greedy(keuzes: Keuzes, row: int, budget: int) -> Keuze:
    """Take the next werkproces with the most gain an hour, until nothing fits."""
    taken = np.zeros(keuzes.lengte.shape[1], np.int64)
    chosen: list[tuple[int, int, int]] = []
    left = budget
    while True:
        options = [
            (gain / SIZES[size], chain, size)
            for chain in np.flatnonzero(taken < keuzes.lengte[row])
            for size in range(len(SIZES))
            if SIZES[size] <= left
            for gain in [
                keuzes.waarde[row, chain, taken[chain]]
                * keuzes.kans[row, chain, taken[chain], size]
            ]
            if gain > 0
        ]
        if not options:
            return Keuze(tuple(chosen), 0.0, 0.0)
        _, chain, size = max(options)
        chosen.append((int(chain), int(taken[chain]), size))
        taken[chain] += 1
        left -= SIZES[size]


def random_set(keuzes: Keuzes, row: int, budget: int, rng: np.random.Generator) -> Keuze:
    """Take werkprocessen and hours at random, until nothing fits."""
    taken = np.zeros(keuzes.lengte.shape[1], np.int64)
    chosen: list[tuple[int, int, int]] = []
    left = budget
    while True:
        chains = np.flatnonzero(taken < keuzes.lengte[row])
        fitting = [size for size in range(len(SIZES)) if SIZES[size] <= left]
        if not chains.size or not fitting:
            return Keuze(tuple(chosen), 0.0, 0.0)
        chain, size = int(rng.choice(chains)), int(rng.choice(fitting))
        chosen.append((chain, int(taken[chain]), size))
        taken[chain] += 1
        left -= SIZES[size]


def summary(rows: list[Row]) -> pl.DataFrame:
    """Return, per budget, shares of the oracle: of the set at a place, and of the best route."""
    frame = pl.DataFrame(rows)
    ways = ["exact", "greedy", "random"]
    sets = frame.group_by("weken").agg(
        (pl.col(way) / pl.col("oracle")).mean().alias(f"set_{way}") for way in ways
    )
    worth = frame.with_columns(pl.col(way) * pl.col("stays") for way in [*ways, "oracle"])
    best = worth.group_by("weken", "who").agg(
        pl.col("exact").sort_by("said").last(),
        pl.col("said").max(),
        pl.col("greedy").sort_by("said").last(),
        pl.col("exact").mean().alias("any_place"),
        pl.col("oracle").max(),
    )
    top = best.group_by("weken").agg(
        (pl.col("exact").mean() / pl.col("oracle").mean()).alias("route_exact"),
        (pl.col("any_place").mean() / pl.col("oracle").mean()).alias("route_any_place"),
        pl.col("said").mean().alias("gain_said"),
        pl.col("exact").mean().alias("gain_true"),
    )
    return sets.join(top, on="weken").sort("weken")


def main() -> None:
    """Print one line per seed and part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--jongeren", type=int, default=6000)
    parser.add_argument("--routes", type=int, default=40)
    asked = parser.parse_args()
    share = asked.jongeren / RegionConfig().jongeren
    with pl.Config(tbl_cols=-1, tbl_width_chars=200, float_precision=3):
        for seed in asked.seeds:
            region = generate_region(
                RegionConfig(
                    jongeren=asked.jongeren,
                    leerbedrijven=round(400 * share),
                    leerwerkplekken=round(1200 * share),
                    seed=seed,
                    leren=True,
                )
            )
            print(f"seed {seed}")
            print(pl.DataFrame(learning(region, seed)))
            rows, told, spent, prepared = choosing(region, seed, asked.routes)
            print(summary(rows))
            print(hundreds(told))
            p50, p99 = 1000 * np.quantile(spent, [0.5, 0.99])
            print(f"CPU: prepare {prepared:.2f} s; routes of one: p50 {p50:.0f}, p99 {p99:.0f} ms")


if __name__ == "__main__":
    main()
