"""A list that puts the good places lower for one group is found; a fair list is not."""

import numpy as np
import polars as pl
import pytest

from models.gate import Kleur, Oordeel, Regel, with_places
from models.goede_plekken import carded, goede_plekken, kinds_of
from models.offpolicy import top_policy

LISTS, PLACES, TOP = 1000, 20, 5
SEEDS = range(20)
DRAWS = 100
FAIR = Oordeel(Kleur.GROEN, ())
SOORTEN = np.array(["stage", "leerbaan", "ontwikkelbaan", "praktijkverklaring"])


def lists(seed: int, demoted: str = "", *, scarce: str = "") -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return open places beside the order, and the groups; paid ones cost one group a step.

    Of the scarce group the half of the paid places is not open.
    """
    rng = np.random.default_rng(seed)
    groups = rng.choice(["BBL", "BOL"], LISTS)
    keuze = np.repeat(np.arange(LISTS), PLACES)
    plek = np.tile(np.arange(PLACES), LISTS)
    group = groups[keuze]
    paid = np.isin(SOORTEN[plek % 4], ["leerbaan", "ontwikkelbaan"])
    scores = rng.normal(0, 1, keuze.size) - 0.7 * (paid & (group == demoted))
    closed = paid & (group == scarce) & (rng.random(keuze.size) < 0.5)
    here = ~closed
    pairs = pl.DataFrame(
        {
            "keuze": keuze[here],
            "jongere_id": [f"J{at:04}" for at in keuze[here]],
            "leerwerkplek_id": [f"P{at:02}" for at in plek[here]],
            "niveau": rng.random(here.sum()) < 0.4,
            "nieuw": top_policy(scores[here], keuze[here], top=TOP),
        }
    )
    return pairs, pl.DataFrame({"leerweg": groups})


def places() -> dict[str, pl.DataFrame]:
    ids = [f"P{at:02}" for at in range(PLACES)]
    return {
        "leerwerkplek": pl.DataFrame(
            {"leerwerkplek_id": ids, "soort": SOORTEN[np.arange(PLACES) % 4]}
        )
    }


def found(pairs: pl.DataFrame, groups: pl.DataFrame, seed: int) -> Oordeel:
    table = goede_plekken(pairs, places(), groups, seed=seed, draws=DRAWS)
    return with_places(FAIR, table.iter_rows(named=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fair_list_is_green_also_where_fewer_paid_places_are_open_to_a_group(seed: int) -> None:
    assert found(*lists(seed), seed) == FAIR
    assert found(*lists(seed, scarce="BOL"), seed) == FAIR


@pytest.mark.parametrize("seed", SEEDS)
def test_paid_places_put_lower_for_one_group_ask_a_signature(seed: int) -> None:
    oordeel = found(*lists(seed, demoted="BOL"), seed)

    assert oordeel.kleur is Kleur.ORANJE
    assert {one.regel for one in oordeel.bevindingen} == {Regel.PLEKKEN}
    low = [one for one in oordeel.bevindingen if (one.waarde, one.maat) == ("BOL", "betaald")]
    assert [one.hoog < 1 for one in low] == [True]


def test_a_leerbaan_is_paid_and_bbl_and_a_stage_is_neither() -> None:
    told = kinds_of(places()["leerwerkplek"]).head(4)

    assert told["betaald"].to_list() == [False, True, True, False]
    assert told["bbl"].to_list() == [False, True, False, False]


def test_a_group_of_nine_jongeren_is_left_out_and_a_card_tells_no_counts() -> None:
    pairs, groups = lists(1)
    few = groups.with_columns(
        pl.when(pl.int_range(pl.len()) < 9)
        .then(pl.lit("OVO"))
        .otherwise("leerweg")
        .alias("leerweg")
    )

    table = goede_plekken(pairs, places(), few, seed=1, draws=DRAWS)

    assert set(table["waarde"]) == {"BBL", "BOL"}
    assert all(not {"n", "jongeren"} & one.keys() for one in carded(table.iter_rows(named=True)))


def test_shares_are_those_counted_by_hand() -> None:
    pairs, groups = lists(2)
    table = goede_plekken(pairs, places(), groups, seed=2, draws=DRAWS)
    own = groups["leerweg"].to_numpy()[pairs["keuze"].to_numpy()] == "BBL"
    paid = pairs["leerwerkplek_id"].is_in(
        [one for one in pairs["leerwerkplek_id"].unique() if int(one[1:]) % 4 in (1, 2)]
    )
    shown = pairs.filter(pl.Series(own) & paid & (pairs["nieuw"] > 0)).height

    row = table.filter((pl.col("waarde") == "BBL") & (pl.col("maat") == "betaald"))

    lists_of_group = int((groups["leerweg"] == "BBL").sum())
    assert row["aandeel"].item() == pytest.approx(shown / (TOP * lists_of_group) / 0.5)
    assert row["aandeel_low"].item() < row["aandeel"].item() < row["aandeel_high"].item()


def test_a_verdict_that_was_red_or_had_too_little_stays_so() -> None:
    line = {"kenmerk": "leerweg", "waarde": "BOL", "maat": "bbl"}
    off = line | {"verhouding": 0.5, "verhouding_low": 0.4, "verhouding_high": 0.6}
    unknown = line | {"verhouding": None, "verhouding_low": None, "verhouding_high": None}

    assert with_places(Oordeel(Kleur.ROOD, ()), [off]).kleur is Kleur.ROOD
    assert with_places(Oordeel(Kleur.TE_WEINIG, ()), [off]).kleur is Kleur.ORANJE
    assert with_places(Oordeel(Kleur.TE_WEINIG, ()), [unknown]).kleur is Kleur.TE_WEINIG
    kept = with_places(FAIR, [off])
    assert Oordeel.from_described(kept.described()) == kept
