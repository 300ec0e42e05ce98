"""Question: how good is the list of places, beside the best possible one and what people chose.

Regions of three sizes whose truth is known, each with a history in which people chose with all
they knew (confounded) and one in which they took any place they had in mind. Of a sample of
jongeren every place that nothing blocks is ordered by: the truth (oracle), the model of
`train_plaatsing`, the same trees on history alone, the rule of points, the cosine of skills, and
chance; beside what people would choose for the same jongeren on the same day. The ceiling is the
same set of trees taught by the true probability of pairs of other jongeren.

Results are added to a file, and what is there already is not run again.

Run: python experiments/region_ranking.py --jongeren 1500 4000 8000 --seeds 1 2 3 --out ranking.csv
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from features.blokkade import Blokkade, column
from features.contract import Tables
from features.passendheid import pair_features
from features.risicoprofiel import population
from features.synthetic import Region, RegionConfig, generate_region, true_plaatsing
from features.synthetic_plaatsing import Situation, choose_places
from features.vaardigheidsprofiel import vaardigheidsprofiel
from models.baselines import PLAATSING_RULE, PointsRule
from models.history import History
from models.leerwerkplek import PlaatsingModel
from models.offpolicy import evaluate
from models.plaatsing_history import plaatsing_history
from models.plaatsing_training import PLAATSING_CONFIG, PlaatsingLearner, past_order

Vector = NDArray[np.float64]
SAMPLE = 300
"""Jongeren whose lists are looked at."""
NEW_PLACES = 10
DRAWS = 20
"""Times that people choose for each jongere."""
KEY = ["jongere_id", "leerwerkplek_id", "peildatum"]
BINS = 10


def main() -> None:
    """Run what is not in the file yet, and print the table of what is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, nargs="+", default=[1500, 4000, 8000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    for n in options.jongeren:
        for seed in options.seeds:
            for knowing in (True, False):
                _once(options.out, n, seed, knowing=knowing)
    print(table(pl.read_csv(options.out)))


def _once(out: Path, n: int, seed: int, *, knowing: bool) -> None:
    """Measure one region unless the file has it."""
    told = pl.read_csv(out) if out.exists() else None
    if told is not None:
        mine = (pl.col("jongeren") == n, pl.col("seed") == seed, pl.col("verstrengeld") == knowing)
        if told.filter(*mine).height:
            return
    began = time.process_time()
    row = {"jongeren": n, "seed": seed, "verstrengeld": knowing, **judge(n, seed, knowing=knowing)}
    row["cpu"] = time.process_time() - began
    frame = pl.DataFrame([row]).with_columns(pl.selectors.float().round(4))
    both = frame if told is None else pl.concat([told, frame], how="diagonal_relaxed")
    both.write_csv(out)
    print({name: row[name] for name in ("jongeren", "seed", "verstrengeld", "cpu")}, flush=True)


def judge(n: int, seed: int, *, knowing: bool) -> dict[str, float]:
    """Return all figures of one region."""
    places = max(60, n // 5)
    config = RegionConfig(n, max(20, n // 15), places, seed=seed, verstrengeld=knowing)
    region = generate_region(config)
    until = config.peildatum
    history = plaatsing_history(region.tables, observed_until=until)
    labels = history.label(until)
    known = ~np.isnan(labels)
    learner = PlaatsingLearner.of(region.tables, history.frame, seed=seed)
    chosen, told = history.frame.filter(known), labels[known]
    nothing = (chosen.clear(), told[:0])
    model = learner(chosen, told, calibration=nothing, config=PLAATSING_CONFIG, seed=seed)
    plain = PlaatsingModel.fit(
        chosen, told, calibration=nothing, config=PLAATSING_CONFIG, seed=seed
    )
    frame, truth = open_pairs(region, seed)
    scores = {
        "willekeurig": np.random.default_rng(seed).random(len(truth)),
        "vaardigheden": cosine(region.tables, frame),
        "regel": PointsRule.fit(PLAATSING_RULE, chosen, told).predict(frame),
        "geschiedenis": plain.predict(frame),
        "model": model.predict(frame),
        "plafond": taught_by_truth(region, frame, seed),
        "waarheid": truth,
    }
    people = of_people(region, frame, seed)
    found = {"mensen": people}
    for name, said in scores.items():
        found |= {f"{name}_{what}": value for what, value in order(frame, said, truth).items()}
    best = found["waarheid_eerste"] - people
    for name in ("geschiedenis", "model", "plafond"):
        found[f"{name}_weg"] = (found[f"{name}_eerste"] - people) / best
    found |= by_limit(frame, scores, truth)
    for name in ("geschiedenis", "model", "plafond"):
        found |= calibration(region, frame, name, scores[name], truth)
    return (
        found
        | new_places(region, model, frame, truth, seed)
        | off_policy(region, learner, history, seed)
    )


def open_pairs(region: Region, seed: int) -> tuple[pl.DataFrame, Vector]:
    """Return all pairs of a sample of jongeren that no rule blocks, and their truth."""
    spine = population(region.tables, [region.config.peildatum]).sort("jongere_id")
    places = region.tables["leerwerkplek"].select("leerwerkplek_id").sort("leerwerkplek_id")
    pairs = spine.sample(min(SAMPLE, spine.height), seed=seed).join(places, how="cross")
    frame = _unblocked(pair_features(region.tables, pairs))
    return frame, true_plaatsing(region, frame.select(KEY))


def order(frame: pl.DataFrame, said: Vector, truth: Vector) -> dict[str, float]:
    """Return mean true P of the first and the first five, and NDCG@5 with true P as gain."""
    told = pl.DataFrame({"jongere": frame["jongere_id"], "said": said, "waar": truth})
    listed = told.sort("said", descending=True).group_by("jongere").head(5)
    rank = pl.int_range(pl.len()).over("jongere")
    gain = (pl.col("waar") / (rank + 2).log(2)).sum().over("jongere")
    best = told.sort("waar", descending=True).group_by("jongere").head(5)
    reached = listed.with_columns(gain=gain).unique("jongere").select("jongere", "gain")
    most = best.with_columns(most=gain).unique("jongere").select("jongere", "most")
    ratio = reached.join(most, on="jongere").select(pl.col("gain") / pl.col("most")).to_series()
    first = listed.group_by("jongere", maintain_order=True).first()["waar"]
    return {
        "eerste": _mean(first),
        "vijf": _mean(listed.group_by("jongere").agg(pl.col("waar").mean())["waar"]),
        "ndcg": _mean(ratio),
    }


def of_people(region: Region, frame: pl.DataFrame, seed: int) -> float:
    """Return the mean true P of what people would choose for these jongeren on this day."""
    who = np.repeat(_number(frame["jongere_id"].unique(maintain_order=True)), DRAWS)
    state = region.truth.states[region.config.months]
    _, known, logit = choose_places(
        region.truth.jongeren.take(who),
        Situation(state.toestand[who], state.ervaring[who]),
        state.opleiding[who].astype(np.int64),
        np.datetime64(region.config.peildatum, "D"),
        region.truth.places,
        None,
        np.random.default_rng(seed),
    )
    return float(expit(logit[known]).mean())


def cosine(tables: Tables, frame: pl.DataFrame) -> Vector:
    """Return the cosine of judged niveaus and demands of each pair; 0 where nothing is shared."""
    spine = frame.select("jongere_id", "peildatum").unique()
    have = vaardigheidsprofiel(tables, spine).select("jongere_id", "competentie_id", "niveau")
    asked = tables["leerwerkplek_eis"].select("leerwerkplek_id", "competentie_id", vraag="niveau")
    length = (pl.col("niveau").cast(pl.Float64) ** 2).sum().sqrt()
    wide = (pl.col("vraag").cast(pl.Float64) ** 2).sum().sqrt()
    dots = (
        have.join(asked, on="competentie_id")
        .group_by("jongere_id", "leerwerkplek_id")
        .agg(dot=(pl.col("niveau") * pl.col("vraag")).sum())
        .join(have.group_by("jongere_id").agg(own=length), on="jongere_id")
        .join(asked.group_by("leerwerkplek_id").agg(wide=wide), on="leerwerkplek_id")
    )
    near = frame.select("jongere_id", "leerwerkplek_id").join(
        dots, on=["jongere_id", "leerwerkplek_id"], how="left", maintain_order="left"
    )
    angle = near.select(pl.col("dot") / (pl.col("own") * pl.col("wide"))).to_series()
    return angle.fill_nan(None).fill_null(0.0).to_numpy()


def taught_by_truth(region: Region, frame: pl.DataFrame, seed: int) -> Vector:
    """Return what trees of the same size say that learned the truth of other jongeren."""
    import lightgbm

    spine = population(region.tables, [region.config.peildatum]).sort("jongere_id")
    others = spine.filter(~pl.col("jongere_id").is_in(frame["jongere_id"].unique().implode()))
    places = region.tables["leerwerkplek"].select("leerwerkplek_id")
    pairs = others.join(places, how="cross")
    pairs = pairs.sample(min(pairs.height, 300_000), seed=seed)
    known = _unblocked(pair_features(region.tables, pairs))
    small = replace(PLAATSING_CONFIG, rounds=2 * PLAATSING_CONFIG.rounds)
    directions = [feature.direction for feature in PlaatsingModel.features]
    parameters = small.parameters(directions, seed) | {"objective": "cross_entropy"}
    rows = lightgbm.Dataset(PlaatsingModel.matrix(known), true_plaatsing(region, known.select(KEY)))
    booster = lightgbm.train(parameters, rows, small.rounds)
    return np.asarray(booster.predict(PlaatsingModel.matrix(frame), num_threads=1))


def by_limit(frame: pl.DataFrame, scores: dict[str, Vector], truth: Vector) -> dict[str, float]:
    """Return the first of the list apart for jongeren whose own limit to the journey is known."""
    known = (frame["reistijd_grens_onbekend"] == 0).to_numpy()
    return {
        f"{name}_eerste_{what}": order(frame.filter(mask), scores[name][mask], truth[mask])[
            "eerste"
        ]
        for name in ("geschiedenis", "model", "plafond", "waarheid")
        for what, mask in (("grens_bekend", known), ("grens_onbekend", ~known))
    }


def calibration(
    region: Region, frame: pl.DataFrame, name: str, said: Vector, truth: Vector
) -> dict[str, float]:
    """Return ECE against the truth: of all pairs, and the greatest of a level and of a sector."""
    places = region.tables["leerwerkplek"].join(
        region.tables["leerbedrijf"].select("leerbedrijf_id", "sector"), on="leerbedrijf_id"
    )
    facts = frame.select("leerwerkplek_id", "niveau_verschil").join(
        places.select("leerwerkplek_id", "sector", "opleidingcode").join(
            region.tables["kwalificatie"].select("opleidingcode", "niveau"),
            on="opleidingcode",
            how="left",
        ),
        on="leerwerkplek_id",
        how="left",
        maintain_order="left",
    )
    found = {f"{name}_gezegd": float(said.mean()), f"{name}_ece": ece(said, truth)}
    for what in ("niveau", "sector"):
        groups = facts[what].cast(pl.String).fill_null("-").to_numpy()
        parts = [ece(said[groups == one], truth[groups == one]) for one in np.unique(groups)]
        found[f"{name}_ece_{what}"] = max(parts)
    return found


def ece(said: Vector, truth: Vector) -> float:
    """Return the mean distance of said and true probability over equally filled bins."""
    order_ = np.argsort(said, kind="stable")
    parts = [part for part in np.array_split(order_, BINS) if len(part)]
    gaps = [abs(said[part].mean() - truth[part].mean()) * len(part) for part in parts]
    return float(sum(gaps) / len(said))


def new_places(
    region: Region, model: PlaatsingModel, frame: pl.DataFrame, truth: Vector, seed: int
) -> dict[str, float]:
    """Return NDCG@5 within ten places whose history is taken away, and within other tens."""
    rng = np.random.default_rng(seed)
    ids = np.sort(frame["leerwerkplek_id"].unique().to_numpy())
    tens = rng.permutation(ids)[: 6 * NEW_PLACES].reshape(-1, NEW_PLACES)
    bare = dict(region.tables)
    past = pl.col("leerwerkplek_id").is_in(tens[0].tolist()) & pl.col("einddatum").is_not_null()
    bare["stage"] = bare["stage"].filter(~past.fill_null(value=False))
    found = []
    for number, ten in enumerate(tens):
        mask = frame["leerwerkplek_id"].is_in(ten.tolist()).to_numpy()
        part = frame.filter(mask)
        if number == 0:
            part = pair_features(bare, part.select(KEY))
        found.append(order(part, model.predict(part), truth[mask])["ndcg"])
    return {"nieuw_ndcg": found[0], "ander_ndcg": float(np.mean(found[1:]))}


def off_policy(
    region: Region, learner: PlaatsingLearner, history: History, seed: int
) -> dict[str, float]:
    """Return estimates of the new order on past choices, beside what it truly brings."""
    judged = past_order(learner, history, region.config.peildatum, PLAATSING_CONFIG, seed)
    truth = true_plaatsing(region, judged.frame.select(KEY))
    value = pl.DataFrame({"keuze": judged.frame["keuze"], "deel": judged.frame["nieuw"] * truth})
    logged = judged.logged()
    found = evaluate(logged, rng=np.random.default_rng(seed))
    told = {
        "ope_waar": _mean(value.group_by("keuze").agg(pl.col("deel").sum())["deel"]),
        "ope_gekozen": found.observed.value,
        "ope_keuzes": float(len(logged.outcome)),
        "ope_ess": found.ess,
        "ope_gedragen": float(found.supported),
    }
    for name in ("ips", "snips", "dr"):
        one = getattr(found, name)
        told |= {
            f"ope_{name}": one.value,
            f"ope_{name}_low": one.low,
            f"ope_{name}_high": one.high,
            f"ope_{name}_dekt": float(one.low <= told["ope_waar"] <= one.high),
        }
    return told


def table(told: pl.DataFrame) -> str:
    """Return the means over seeds as markdown, with the standard error of the most important."""
    lines = []
    for (n, knowing), part in told.sort("jongeren").group_by(
        "jongeren", "verstrengeld", maintain_order=True
    ):
        kind = "confounded" if knowing else "unconfounded"
        lines.append(
            f"\n{n} jongeren, {kind}, {part.height} seeds; people: {part['mensen'].mean():.3f}\n"
        )
        lines += [
            "| order | NDCG@5 | first | first five | share of the way |",
            "|---|---|---|---|---|",
        ]
        for name in (
            "willekeurig",
            "vaardigheden",
            "regel",
            "geschiedenis",
            "model",
            "plafond",
            "waarheid",
        ):
            ndcg, first, five = (
                _told(part, f"{name}_{what}") for what in ("ndcg", "eerste", "vijf")
            )
            way = _told(part, f"{name}_weg") if f"{name}_weg" in part.columns else "-"
            lines.append(f"| {name} | {ndcg} | {first} | {five} | {way} |")
        for what in ("ece", "ece_niveau", "ece_sector"):
            names = ("geschiedenis", "model", "plafond")
            told_names = ", ".join(f"{name} {_told(part, f'{name}_{what}')}" for name in names)
            lines.append(f"- {what}: {told_names}")
        lines.append(
            f"- new places {_told(part, 'nieuw_ndcg')}, others {_told(part, 'ander_ndcg')}"
        )
        carried = part.filter(pl.col("ope_gedragen") == 1)
        lines.append(
            f"- off-policy carried in {carried.height} of {part.height}; DR minus truth "
            f"{_told(carried.with_columns(d=pl.col('ope_dr') - pl.col('ope_waar')), 'd')}, "
            f"covered {_told(carried, 'ope_dr_dekt')}; "
            f"SNIPS covered {_told(carried, 'ope_snips_dekt')}"
        )
    return "\n".join(lines)


def _told(part: pl.DataFrame, name: str) -> str:
    values = part[name].drop_nulls().to_numpy()
    if not len(values):
        return "-"
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return f"{values.mean():.3f} ± {error:.3f}"


def _unblocked(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(~pl.any_horizontal(column(rule) for rule in Blokkade))


def _number(ids: pl.Series) -> NDArray[np.int64]:
    return ids.str.slice(1).cast(pl.Int64).to_numpy()


def _mean(values: pl.Series) -> float:
    return float(values.to_numpy().mean())


if __name__ == "__main__":
    main()
