"""Figures of a contest beside counts by hand."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import metrics
from models.evaluate_contest import KAMPIOEN, UITDAGER, Contest
from models.evaluate_figures import (
    Persons,
    calibration_intercept,
    capacity_table,
    drawn_points,
    figure,
    gain,
    lead_time,
    on_the_list,
    stability,
    whole_figures,
)
from models.evaluation import Holdout
from models.interval import Bounds

FIRST, SECOND = date(2026, 1, 1), date(2026, 2, 1)
GONE = (date(2026, 6, 1) - date(1970, 1, 1)).days
SCORES = np.array([0.9, 0.8, 0.3, 0.2, 0.1, 0.9, 0.2, 0.8, 0.3, 0.1])
"""Five jongeren on two days. First list of two: A and B; second: A and C."""
LABELS = np.array([1.0, 0, 1, 0, 0, 1, 0, 1, 0, 0])


def hand_made(scores: np.ndarray = SCORES, labels: np.ndarray = LABELS, times: int = 1) -> Holdout:
    """Return a test of two lists; `times` puts as many other jongeren beside them."""
    names = [f"{name}{copy}" for copy in range(times) for name in "ABCDE"]
    frame = pl.DataFrame({"jongere_id": [*names, *names]}).with_columns(
        peildatum=pl.Series([FIRST] * len(names) + [SECOND] * len(names))
    )
    both = [np.tile(part, times) for one in (scores, labels) for part in np.split(one, 2)]
    said, seen = np.concatenate(both[:2]), np.concatenate(both[2:])
    return Holdout(
        frame=frame,
        labels=seen,
        scores=said,
        baseline=np.full(len(said), 0.3),
        n_fitted=100,
        test_start=FIRST,
        bounds=Bounds(said, said),
        left=np.where(seen > 0, float(GONE), np.nan),
        groepen=pl.DataFrame({"soort": ["pro"] * len(said)}),
    )


@pytest.fixture
def whole() -> Holdout:
    """Enough jongeren that each day is a list of its own."""
    return hand_made(times=60)


def test_what_coaches_find_equals_a_count_by_hand(whole: Holdout) -> None:
    held = Contest(whole, {UITDAGER: whole.scores, KAMPIOEN: 1 - whole.scores}, 1)

    mine, other = capacity_table(held, [0.4], seed=1, draws=50)

    # two of five on each list: A and B of the first, A and C of the second, in 60 copies
    assert (mine["uitgenodigd"], mine["raak"]) == (240, 180)
    assert mine["precision"]["waarde"] == 0.75
    assert mine["recall"]["waarde"] == 0.75
    assert other["uitgenodigd"] == 240
    assert mine["winst"] == {"waarde": 0, "laag": 0, "hoog": 0}


def test_of_a_list_with_few_who_were_right_or_wrong_nothing_is_told_that_counts_them(
    whole: Holdout,
) -> None:
    held = Contest(whole, {UITDAGER: whole.scores, KAMPIOEN: 1 - whole.scores}, 1)

    for line in capacity_table(held, [0.4, 5, 40, 0.9], seed=1, draws=5):
        chosen = on_the_list(held.scores[line["kandidaat"]], whole.lists, line["ruimte"])
        right = chosen & (whole.labels > 0)
        people = [np.unique(whole.jongeren[own]).size for own in (right, chosen & ~right)]
        hidden = min(people) < 10
        assert (line["raak"] is None) is hidden
        for key in ("precision", "recall", "winst"):
            assert (line[key]["waarde"] is None) is hidden


@pytest.mark.parametrize(("room", "wanted"), [(7, 7), (1, 1), (10_000, 300), (0.1, 30)])
def test_a_list_is_as_long_as_the_room_of_the_coaches(
    whole: Holdout, room: float, wanted: int
) -> None:
    chosen = on_the_list(whole.scores, whole.lists, room)

    for one in np.unique(whole.lists):
        own = whole.lists == one
        assert chosen[own].sum() == wanted
        if wanted < own.sum():
            assert whole.scores[own & chosen].min() >= whole.scores[own & ~chosen].max()


def test_lead_time_is_counted_from_the_first_list_that_names_somebody(whole: Holdout) -> None:
    chosen = on_the_list(whole.scores, whole.lists, 0.4)

    found = lead_time(whole, chosen, seed=1, draws=20)

    # A is named on 1 January, C on 1 February: 151 and 120 days before 1 June
    assert found["vertrekkers"] == 120
    assert found["genoemd"]["waarde"] == 1
    assert found["op_tijd"]["waarde"] == 1
    days = [(date(2026, 6, 1) - one).days for one in (FIRST, SECOND)]
    assert found["maanden"]["waarde"] == pytest.approx(np.median(days) * 12 / 365.25, abs=1e-5)


def test_of_few_who_left_no_lead_time_is_told() -> None:
    few = hand_made(times=4)

    found = lead_time(few, on_the_list(few.scores, few.lists, 0.4), seed=1, draws=20)

    assert found["vertrekkers"] is None
    assert {found[key]["waarde"] for key in ("genoemd", "op_tijd", "maanden")} == {None}


def test_who_is_named_too_late_does_not_count_as_found_in_time(whole: Holdout) -> None:
    soon = (SECOND + timedelta(days=60) - date(1970, 1, 1)).days
    left = np.where(np.isnan(whole.left), np.nan, float(soon))
    late = Holdout(**{**vars(whole), "left": left})

    found = lead_time(late, on_the_list(late.scores, late.lists, 0.4), seed=1, draws=20)

    # A: 31 + 60 = 91 days before; C: 60 days
    assert found["op_tijd"]["waarde"] == 0.5
    assert found["op_tijd"]["laag"] < 0.5 < found["op_tijd"]["hoog"]


def test_half_of_a_hand_made_list_stays(whole: Holdout) -> None:
    chosen = on_the_list(whole.scores, whole.lists, 0.4)

    found = stability(whole, chosen, seed=1, draws=50)

    assert (found["lijsten"], found["vergeleken"]) == (2, 120)
    assert found["blijft"]["waarde"] == 0.5
    assert found["blijft"]["laag"] == found["blijft"]["hoog"] == 0.5 or (
        found["blijft"]["laag"] < 0.5 < found["blijft"]["hoog"]
    )


def test_one_list_has_nothing_to_stay_on() -> None:
    few = hand_made()

    assert stability(few, few.scores > 0.5, seed=1, draws=5)["blijft"]["waarde"] is None


def test_the_same_scores_differ_by_nought_and_worse_ones_by_less(whole: Holdout) -> None:
    rng = np.random.default_rng(1)
    noisy = np.clip(whole.scores + rng.normal(0, 0.3, len(whole.scores)), 0.01, 0.99)
    held = Contest(whole, {UITDAGER: whole.scores, KAMPIOEN: whole.scores.copy(), "bos": noisy}, 1)

    found = whole_figures(held, seed=1, draws=50)

    for one in found["verschillen"][KAMPIOEN].values():
        assert one == {"waarde": 0, "laag": 0, "hoog": 0}
    worse = found["verschillen"]["bos"]["auc"]
    assert 0 < worse["laag"] < worse["waarde"] < worse["hoog"]
    mine, noise = (found["kandidaten"][name]["auc"]["waarde"] for name in (UITDAGER, "bos"))
    assert worse["waarde"] == pytest.approx(mine - noise, abs=2e-6)
    assert found["verschillen"]["bos"]["brier"]["waarde"] > 0


@given(st.lists(st.floats(0.02, 0.98), min_size=4, max_size=30), st.integers(0, 1000))
def test_the_figure_itself_is_that_of_all_rows(chances: list[float], seed: int) -> None:
    scores = np.array(chances)
    labels = (np.arange(len(scores)) % 2).astype(np.float64)
    who = np.arange(len(scores)) // 2

    drawn = drawn_points(labels, [scores], who, ["auc", "brier"], seed=seed, draws=5)

    assert drawn["auc"][0][0] == metrics.auc(labels, scores)
    assert drawn["brier"][0][0] == metrics.brier(labels, scores)
    assert gain("brier", drawn["brier"][0], drawn["brier"][0] + 1)[0] == pytest.approx(1)


def test_an_interval_of_a_share_is_as_wide_as_theory_says() -> None:
    rng = np.random.default_rng(1)
    hits = (rng.random(2000) < 0.3).astype(np.float64)

    found = figure(Persons(np.arange(2000), seed=1, draws=1000).ratio(hits, np.ones(2000)))

    reach = 1.96 * np.sqrt(0.3 * 0.7 / 2000)
    assert found["waarde"] == pytest.approx(hits.mean())
    assert found["hoog"] - found["laag"] == pytest.approx(2 * reach, rel=0.15)  # type: ignore[operator]  # not None


def test_the_intercept_says_how_far_all_chances_are_off() -> None:
    rng = np.random.default_rng(1)
    odds = rng.normal(-1, 1, 20_000)
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    too_low = 1 / (1 + np.exp(-(odds - 0.5)))

    assert calibration_intercept(labels, too_low) == pytest.approx(0.5, abs=0.05)
    assert np.isnan(calibration_intercept(np.ones(3), np.full(3, 0.5)))


def test_a_figure_that_resampling_pushes_up_lies_within_its_interval() -> None:
    rng = np.random.default_rng(1)
    scores = rng.uniform(0.1, 0.5, 800)
    labels = (rng.random(800) < scores).astype(np.float64)
    drawn = drawn_points(labels, [scores], np.arange(800), ["ece"], seed=1, draws=100)["ece"][0]

    plain, moved = figure(drawn), figure(drawn, upward=True)

    assert moved["waarde"] == plain["waarde"]
    assert moved["laag"] < moved["waarde"] < moved["hoog"] < plain["hoog"]  # type: ignore[operator]  # not None
