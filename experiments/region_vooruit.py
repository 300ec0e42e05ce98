"""Question: does it pay to hold a scarce place for the jongeren of next month.

Twenty-four monthly tables of a made-up region whose places are filled by the proposal alone: who is
placed keeps the seat for five months, who is not waits for at most three. Each month the myopic
table takes the best total; the one that looks ahead first subtracts from every chance what the
seat is expected to be worth next month: its price in joint allocations of the jongeren of that
calendar month a year before, drawn again with their number from a Poisson distribution.

Run: python experiments/region_vooruit.py --jongeren 3000 --seeds 2 --krap 0.3
"""

import argparse
import time
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from region_matchtafel import first_day, learn, made_up
from scipy.stats import t as student_t

from features.blokkade import Blokkade, bit
from features.pair_context import prepare_pairs
from features.passendheid import blocked_by
from features.peildatum import cut_to_peildatum
from features.synthetic import Region, true_plaatsing
from features.synthetic_records import jongere_ids
from features.synthetic_state import gathered
from features.synthetic_tables import leerwerkplek_ids
from models.allocation import Doel, allocate
from models.allocation_problem import SCALE
from models.scoring import Scorer, score_pairs

Ints = NDArray[np.int64]
MONTHS, YEAR = 24, 12
STAY, PATIENCE = 5, 3
SCENARIOS = 4
PAIRS = ["jongere_id", "leerwerkplek_id", "kans", "waar"]


@dataclass
class Wachtrij:
    """Pairs of who waits, with the month in which each jongere came."""

    pairs: pl.DataFrame
    sinds: dict[str, int]


def main() -> None:
    """Compare both tables over regions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=3000)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--krap", type=float, default=0.3, help="share of the room that is kept")
    options = parser.parse_args()
    gains = []
    for seed in range(options.first, options.first + options.seeds):
        began = time.process_time()
        region = made_up(options.jongeren, options.jongeren // 5, seed)
        months, room = arrivals(region, seed, options.krap)
        myopic = play(months, room, ahead=False, seed=seed)
        ahead = play(months, room, ahead=True, seed=seed)
        gains.append(ahead / myopic - 1)
        came = sum(one["jongere_id"].n_unique() for one in months[-MONTHS:])
        print(
            f"| {seed} | {came} | {int(room.sum())} | {myopic:.1f} | {ahead:.1f} "
            f"| {gains[-1]:+.2%} | {time.process_time() - began:.0f} s |",
            flush=True,
        )
    gain = np.array(gains)
    if len(gain) > 1:
        half = student_t.ppf(0.975, len(gain) - 1) * gain.std(ddof=1) / np.sqrt(len(gain))
        print(f"winst van vooruitkijken: {gain.mean():+.2%} ± {half:.2%} over {len(gain)} regio's")


def arrivals(region: Region, seed: int, krap: float) -> tuple[list[pl.DataFrame], Ints]:
    """Return the open pairs of who came in each of 36 months, and the seats of each place."""
    config = region.config
    first = config.months - MONTHS - YEAR
    learned = learn(region, first_day(region, first + YEAR), seed)
    rng = np.random.default_rng(seed)
    months = [came_in(region, month, learned) for month in range(first, config.months)]
    return months, rng.binomial(region.truth.places.plek_capaciteit, krap)


def came_in(region: Region, month: int, learned: Scorer) -> pl.DataFrame:
    """Return the pairs of who began a stage in a month; that a place is taken blocks nothing."""
    day = first_day(region, month)
    begun = gathered(region.truth.journal.stages)
    who = begun["who"][begun["dag"].astype("datetime64[M]") == np.datetime64(day, "M")]
    context = prepare_pairs(cut_to_peildatum(region.tables, day), day)
    jongeren = context.jongere_rows(jongere_ids(np.unique(who)).to_list())
    places = leerwerkplek_ids(np.arange(len(region.truth.places.plek_capaciteit))).to_list()
    plekken = context.plek_rows(places)
    blocked = blocked_by(context, jongeren, plekken) & ~np.uint16(bit(Blokkade.VOL))
    row, place = np.nonzero(blocked == 0)
    kans, _ = score_pairs(context, learned, jongeren[row], plekken[place])
    pairs = pl.DataFrame(
        {
            "jongere_id": context.jongeren["jongere_id"].gather(jongeren[row]),
            "leerwerkplek_id": context.plekken["leerwerkplek_id"].gather(plekken[place]),
            "kans": kans,
        }
    ).with_columns(pl.lit(day).alias("peildatum"))
    return pairs.with_columns(waar=true_plaatsing(region, pairs)).select(PAIRS)


def play(months: list[pl.DataFrame], room: Ints, *, ahead: bool, seed: int) -> float:
    """Return the true expected sustained plaatsingen of 24 tables."""
    names = leerwerkplek_ids(np.arange(len(room)))
    rng = np.random.default_rng((seed, 1))
    taken = np.zeros((len(months) + STAY, len(room)), np.int64)
    queue = Wachtrij(months[0].clear(), {})
    total = 0.0
    for number in range(YEAR, len(months)):
        queue = join(queue, months[number], number)
        vrij = pl.DataFrame({"leerwerkplek_id": names, "vrij": room - taken[number]})
        asked = queue.pairs
        if ahead and number + 1 < len(months):
            price = expected_price(months[number + 1 - YEAR], vrij, rng)
            asked = asked.join(price, on="leerwerkplek_id").with_columns(
                kans=(pl.col("kans") - pl.col("prijs")).clip(0.0, 1.0)
            )
        proposal = allocate(
            asked.select(PAIRS[:3]), vrij, doelen=(Doel.TOTAAL,), seed=seed
        ).proposal
        placed = proposal.select("jongere_id", "leerwerkplek_id").join(queue.pairs, on=PAIRS[:2])
        total += float(placed["waar"].sum())
        seats = placed["leerwerkplek_id"].str.slice(1).cast(pl.Int64).to_numpy()
        np.add.at(taken[number + 1 : number + STAY], (slice(None), seats), 1)
        gone = {
            *placed["jongere_id"],
            *(j for j, s in queue.sinds.items() if number - s >= PATIENCE),
        }
        queue = Wachtrij(
            queue.pairs.filter(~pl.col("jongere_id").is_in(sorted(gone))),
            {j: since for j, since in queue.sinds.items() if j not in gone},
        )
    return total


def join(queue: Wachtrij, came: pl.DataFrame, number: int) -> Wachtrij:
    """Let those who came join those who wait; who waits already keeps the first turn."""
    new = came.filter(~pl.col("jongere_id").is_in(list(queue.sinds)))
    turn = dict.fromkeys(new["jongere_id"].unique().to_list(), number)
    return Wachtrij(pl.concat([queue.pairs, new]), queue.sinds | turn)


def expected_price(
    came: pl.DataFrame, vrij: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Return what a seat of each place is expected to be worth to those who come next month."""
    ids = came["jongere_id"].unique().sort()
    total = np.zeros(vrij.height)
    for _ in range(SCENARIOS):
        drawn = ids.gather(rng.integers(0, len(ids), rng.poisson(len(ids)))) if len(ids) else ids
        copies = pl.DataFrame({"jongere_id": drawn}).with_row_index("nummer")
        pairs = copies.join(came, on="jongere_id").select(
            pl.concat_str("nummer", "jongere_id", separator="-").alias("jongere_id"), *PAIRS[1:3]
        )
        found = allocate(pairs, vrij, doelen=(Doel.TOTAAL,))
        net, n = found.network, len(found.problem.jongeren)
        price = net.price[-1, 0] - net.price[n:-1, 0]
        total += np.where(net.flow >= net.room, np.maximum(price, 0), 0) / SCALE
    ordered = vrij["leerwerkplek_id"].sort()
    return pl.DataFrame({"leerwerkplek_id": ordered, "prijs": total / SCENARIOS})


if __name__ == "__main__":
    main()
