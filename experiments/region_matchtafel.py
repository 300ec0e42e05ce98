"""Question: what does one joint proposal a month bring, beside history and how tables divide now.

Twelve monthly tables of a made-up region. At each sit the jongeren whose stage began in that month
in the history, before the places that were free on its first day; the model saw nothing later than
the first table. What each way of dividing chooses is held against the true chance that the
plaatsing is sustained. Who gets no place goes where he went in the history, if it is still free.

Run: python experiments/region_matchtafel.py --jongeren 3000 --seeds 2
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import t as student_t

from features.pair_context import prepare_pairs
from features.peildatum import cut_to_peildatum
from features.synthetic import Region, RegionConfig, generate_region, true_plaatsing
from features.synthetic_config import first_days, sigmoid
from features.synthetic_history import free_capacity
from features.synthetic_records import jongere_ids
from features.synthetic_state import gathered
from features.synthetic_tables import leerwerkplek_ids
from models.allocation import STANDAARD, Allocation, Doel, allocate
from models.allocation_answers import prijs_van_bescherming
from models.baselines_allocation import (
    first_come_first_served,
    own_top_list,
    random_order,
    stable_matching,
)
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_history import plaatsing_history
from models.plaatsing_training import PLAATSING_CONFIG, PlaatsingLearner
from models.scoring import Scorer, score_open, scorer
from models.training import refit

Vector = NDArray[np.float64]
MONTHS = 12
FIGURES = ("waar", "voorgesteld", "rang", "nijd")
NAMES = ("jongere_id", "leerwerkplek_id")
WITHOUT = tuple(
    doel for doel in STANDAARD if doel not in (Doel.MOEILIJK_PLAATSBAAR, Doel.ZWAKSTE_KANS)
)


@dataclass(frozen=True)
class Tafel:
    """One month: open pairs with score, true chance and journey; room; who sits and in what order.

    `alle` are the pairs with every place that is free, with the true chance as if no rule blocked.

    `gekozen` is the true chance of what each of `wie` did in history, and `plek` where that was
    (None outside the known places); `wie` is in the order in which those stages began.
    """

    pairs: pl.DataFrame
    alle: pl.DataFrame
    vrij: pl.DataFrame
    wie: list[str]
    gekozen: Vector
    plek: list[str | None]


@dataclass(frozen=True)
class Gevolg:
    """What one way of dividing came to, per jongere.

    True chance (0 without a place), whether proposed, rank on the own list, and envy.
    """

    waar: Vector
    voorgesteld: Vector
    rang: Vector
    nijd: Vector


Deel = Callable[[Tafel, int], pl.DataFrame]


def joint(kans: str, doelen: tuple[Doel, ...]) -> Deel:
    """Return the joint proposal on these scores, for these objectives."""
    return lambda tafel, seed: _solved(tafel, seed, kans, doelen).proposal


def _solved(tafel: Tafel, seed: int, kans: str, doelen: tuple[Doel, ...]) -> Allocation:
    pairs = tafel.pairs.with_columns(kans=kans)
    return allocate(pairs, tafel.vrij, doelen=doelen, seed=seed)


WAYS: dict[str, Deel] = {
    "wie het eerst komt": lambda t, _: first_come_first_served(t.pairs, t.vrij, volgorde=t.wie),
    "willekeurige volgorde": lambda t, seed: random_order(t.pairs, t.vrij, seed=seed),
    "eigen eerste drie": lambda t, _: own_top_list(t.pairs, t.vrij, volgorde=t.wie, top=3),
    "stabiel": lambda t, _: stable_matching(t.pairs, t.vrij),
    "gezamenlijk": joint("kans", STANDAARD),
    "gezamenlijk, zonder bescherming": joint("kans", WITHOUT),
    "gezamenlijk, ware kansen": joint("waar", STANDAARD),
    "gezamenlijk, ware kansen, zonder bescherming": joint("waar", WITHOUT),
    "gezamenlijk, ware kansen, zonder regels": lambda t, seed: (
        allocate(t.alle.rename({"waar": "kans"}), t.vrij, doelen=WITHOUT, seed=seed).proposal
    ),
}
HISTORY = "historie"


def main() -> None:
    """Hold the ways of dividing against each other over regions and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=3000)
    parser.add_argument("--plekken", type=int, default=0, help="0: one per five jongeren")
    parser.add_argument(
        "--krap", type=float, default=1.0, help="share of the free room that is kept"
    )
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first", type=int, default=1)
    options = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {}
    for seed in range(options.first, options.first + options.seeds):
        began = time.process_time()
        region = made_up(options.jongeren, options.plekken or options.jongeren // 5, seed)
        tables = list(monthly_tables(region, seed, options.krap))
        for name, summary in judge(tables, seed).items():
            found.setdefault(name, []).append(summary)
        sizes = [len(one.wie) for one in tables]
        room = [int(one.vrij["vrij"].sum()) for one in tables]
        print(
            f"<!-- regio {seed}: jongeren {sizes}, vrij {room}, "
            f"{time.process_time() - began:.0f} s -->",
            flush=True,
        )
        report(found)


def made_up(jongeren: int, plekken: int, seed: int) -> Region:
    """Return a region of this size."""
    return generate_region(
        RegionConfig(
            jongeren=jongeren,
            leerbedrijven=max(20, jongeren // 15),
            leerwerkplekken=plekken,
            seed=seed,
        )
    )


def monthly_tables(region: Region, seed: int, krap: float) -> list[Tafel]:
    """Return the tables of the last twelve months in which stages began."""
    config = region.config
    first = config.months - MONTHS
    learned = learn(region, first_day(region, first), seed)
    rng = np.random.default_rng(seed)
    tables = [table_of(region, month, learned, krap, rng) for month in range(first, config.months)]
    return [one for one in tables if one is not None]


def first_day(region: Region, month: int) -> date:
    """Return the first day of a month of the region."""
    day: date = first_days(region.config, np.array([month]))[0].astype(object)
    return day


def learn(region: Region, until: date, seed: int) -> Scorer:
    """Return the model that is fitted on what was known on a day."""
    known = cut_to_peildatum(region.tables, until)
    history = plaatsing_history(known, observed_until=until)
    learner = PlaatsingLearner.of(known, history.frame, seed=seed)
    model = refit(
        PlaatsingModel,
        history,
        observed_until=until,
        config=PLAATSING_CONFIG,
        seed=seed,
        learn=learner,
    )
    return scorer(PlaatsingModel(model.stack))


def table_of(
    region: Region, month: int, learned: Scorer, krap: float, rng: np.random.Generator
) -> Tafel | None:
    """Return the table of one month; None when no stage began."""
    day = first_day(region, month)
    begun = gathered(region.truth.journal.stages)
    next_day = (
        first_day(region, month + 1)
        if month + 1 < region.config.months
        else region.config.peildatum
    )
    mine = (begun["dag"] >= np.datetime64(day)) & (begun["dag"] < np.datetime64(next_day))
    order = np.argsort(begun["dag"][mine], kind="stable")
    who = begun["who"][mine][order]
    if not who.size:
        return None
    free = free_capacity(region.truth.states[month], region.truth.places)
    kept = rng.binomial(free, krap) if krap < 1 else free
    ids = jongere_ids(who).to_list()
    places = leerwerkplek_ids(np.arange(len(free))).to_list()
    context = prepare_pairs(cut_to_peildatum(region.tables, day), day)
    scores = score_open(context, learned, context.jongere_rows(ids), context.plek_rows(places))
    pairs = pl.DataFrame(
        {
            "jongere_id": context.jongeren["jongere_id"].gather(scores.jongere),
            "leerwerkplek_id": context.plekken["leerwerkplek_id"].gather(scores.plek),
            "kans": scores.kans,
            "reistijd_minuten": scores.reistijd_minuten,
        }
    ).with_columns(pl.lit(day).alias("peildatum"), pl.col("reistijd_minuten").fill_nan(None))
    alle = (
        pl.DataFrame({"jongere_id": ids})
        .join(
            pl.DataFrame({"leerwerkplek_id": [p for p, k in zip(places, kept, strict=True) if k]}),
            how="cross",
        )
        .with_columns(pl.lit(day).alias("peildatum"))
    )
    return Tafel(
        pairs.with_columns(waar=true_plaatsing(region, pairs)),
        alle.with_columns(waar=true_plaatsing(region, alle)),
        pl.DataFrame({"leerwerkplek_id": places, "vrij": kept}),
        ids,
        sigmoid(begun["logit"][mine][order]),
        [
            places[p] if known else None
            for p, known in zip(
                begun["plek"][mine][order], begun["bekend"][mine][order], strict=True
            )
        ],
    )


def judge(tables: list[Tafel], seed: int) -> dict[str, dict[str, float]]:
    """Return what each way came to over all tables of a region, and history."""
    chosen = np.concatenate([one.gekozen for one in tables])
    nothing = np.full(len(chosen), np.nan)
    told = {HISTORY: summary(Gevolg(chosen, nothing, nothing, nothing), len(chosen))}
    for name, way in WAYS.items():
        parts = [outcome(one, way(one, seed)) for one in tables]
        all_parts = Gevolg(
            *(np.concatenate([getattr(part, key) for part in parts]) for key in FIGURES)
        )
        told[name] = summary(all_parts, len(chosen))
    price = [prijs_van_bescherming(_solved(one, seed, "kans", STANDAARD)).winst for one in tables]
    told["gezamenlijk"]["prijs"] = float(np.sum(price) / len(chosen))
    return told


def outcome(tafel: Tafel, proposal: pl.DataFrame) -> Gevolg:
    """Hold a proposal against the truth and the own lists of the jongeren.

    Envy: the own list has a better place that somebody else got. Both are by the scores that the
    table sees.
    """
    ranked = tafel.pairs.with_columns(
        rang=pl.col("kans").rank("min", descending=True).over("jongere_id")
    )
    mine = pl.DataFrame({"jongere_id": tafel.wie}).join(
        proposal.select(NAMES)
        .join(tafel.alle.select(*NAMES, "waar"), on=NAMES)
        .join(ranked.drop("waar"), on=NAMES, how="left"),
        on="jongere_id",
        how="left",
        maintain_order="left",
    )
    given = proposal.select("leerwerkplek_id").unique()
    best_given = (
        ranked.join(given, on="leerwerkplek_id")
        .group_by("jongere_id")
        .agg(pl.col("kans").max().alias("beste_elders"))
    )
    mine = mine.join(best_given, on="jongere_id", how="left", maintain_order="left")
    envy = (pl.col("beste_elders") > pl.col("kans").fill_null(0.0)).fill_null(value=False)
    proposed = mine["waar"].is_not_null().to_numpy()
    return Gevolg(
        np.where(proposed, mine["waar"].fill_null(0.0).to_numpy(), on_their_own(tafel, proposal)),
        proposed.astype(np.float64),
        mine["rang"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        mine.select(envy.cast(pl.Float64)).to_series().to_numpy(),
    )


def on_their_own(tafel: Tafel, proposal: pl.DataFrame) -> Vector:
    """Return the true chance of who searches alone: as in the history, if there is still room."""
    left = dict(tafel.vrij.iter_rows())
    for plek in proposal["leerwerkplek_id"]:
        left[plek] -= 1
    placed = set(proposal["jongere_id"])
    chance = np.zeros(len(tafel.wie))
    for row, (jongere, plek) in enumerate(zip(tafel.wie, tafel.plek, strict=True)):
        if jongere in placed or (plek is not None and left[plek] < 1):
            continue
        chance[row] = tafel.gekozen[row]
        if plek is not None:
            left[plek] -= 1
    return chance


def summary(gevolg: Gevolg, n: int) -> dict[str, float]:
    """Return the figures of one line."""
    worst = np.sort(gevolg.waar)[: max(1, n // 10)]
    placed = gevolg.waar > 0
    proposed = gevolg.voorgesteld == 1
    with_rank = gevolg.rang[~np.isnan(gevolg.rang)]
    return {
        "behouden": float(gevolg.waar.sum() / n),
        "voorgesteld": float(np.mean(gevolg.voorgesteld)),
        "geplaatst": float(placed.mean()),
        "per voorstel": float(gevolg.waar[proposed].mean()) if proposed.any() else np.nan,
        "slechtste tiende": float(worst.mean()),
        "nijd": float(gevolg.nijd.mean()),
        "rang": float(np.median(with_rank)) if with_rank.size else np.nan,
    }


def report(found: dict[str, list[dict[str, float]]]) -> None:
    """Print the means over regions, with a 95% interval of the gain over history."""
    print(
        "| verdeling | behouden per jongere | t.o.v. historie | voorgesteld | geplaatst "
        "| per voorstel | slechtste tiende | nijd | mediane rang |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )
    base = np.array([one["behouden"] for one in found[HISTORY]])
    for name, lines in found.items():
        mean = {key: float(np.mean([one[key] for one in lines])) for key in lines[0]}
        gain = np.array([one["behouden"] for one in lines]) / base - 1
        half = (
            student_t.ppf(0.975, len(gain) - 1) * gain.std(ddof=1) / np.sqrt(len(gain))
            if len(gain) > 1
            else np.nan
        )
        print(
            f"| {name} | {mean['behouden']:.3f} | {gain.mean():+.1%} ± {half:.1%} "
            f"| {mean['voorgesteld']:.1%} | {mean['geplaatst']:.1%} | {mean['per voorstel']:.3f} "
            f"| {mean['slechtste tiende']:.3f} | {mean['nijd']:.1%} | {mean['rang']:.0f} |"
        )
    price = np.mean([one["prijs"] for one in found["gezamenlijk"]])
    print(
        f"<!-- prijs van bescherming: {price:.4f} verwachte plaatsing per jongere -->", flush=True
    )


if __name__ == "__main__":
    main()
