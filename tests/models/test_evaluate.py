"""A whole evaluation on a small made-up model: what is told, and what may not be."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from models.baselines import Points
from models.evaluate import Plan, evaluate, groups, proxy_lines, settings_of
from models.evaluate_contest import KAMPIOEN, RIVALEN, UITDAGER, Contest, contest
from models.stack import StackConfig
from tests.models.evaluaties import QUICK, tiny_fit

PLAN = Plan(windows=1, room=20, draws=20, ablation=False, shuffles=1)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    fit = tiny_fit()
    return evaluate(fit, replace(fit), plan=PLAN, reasons={})


@pytest.fixture(scope="module")
def held() -> Contest:
    return contest(tiny_fit(), windows=2)


def test_all_contenders_score_the_same_rows_that_none_learned_from(held: Contest) -> None:
    assert list(held.scores) == [UITDAGER, *RIVALEN]
    assert {len(one) for one in held.scores.values()} == {len(held.whole.labels)}
    assert all(((one >= 0) & (one <= 1)).all() for one in held.scores.values())
    fitted = tiny_fit().history.known_by <= held.whole.test_start
    assert held.windows == 2
    assert held.whole.n_fitted >= fitted.sum()
    days = held.whole.frame["peildatum"]
    assert (days >= held.whole.test_start).all()


def test_no_contender_learns_from_what_became_known_after_its_test_began() -> None:
    fit = tiny_fit()
    first = contest(fit)
    start = first.whole.test_start
    label = fit.history.label

    def turned(day: date) -> NDArray[np.float64]:
        told = label(day)
        return np.where(np.isnan(label(start)), 1 - told, told)

    again = contest(replace(fit, history=replace(fit.history, label=turned)))

    assert (again.whole.labels == 1 - first.whole.labels).all()
    for name, scores in first.scores.items():
        assert np.array_equal(scores, again.scores[name]), name


def test_a_model_beside_itself_differs_by_nought(found: dict[str, Any]) -> None:
    for one in found["verschillen"][KAMPIOEN].values():
        assert (one["waarde"], one["laag"], one["hoog"]) == (0, 0, 0)
    for line in found["groepen"]["regels"]:
        assert {one["waarde"] for one in line["verschil"].values()} == {0}


def test_a_worse_rival_is_surely_worse(found: dict[str, Any]) -> None:
    rule = found["verschillen"]["regel"]["auc"]

    assert rule["laag"] > 0
    assert found["kandidaten"]["regel"]["auc"] == {"waarde": 0.5, "laag": 0.5, "hoog": 0.5}
    assert found["kandidaten"]["logistisch"]["auc"]["waarde"] > 0.7


def test_the_list_of_the_coaches_is_told_with_counts(found: dict[str, Any]) -> None:
    first = found["capaciteit"][0]

    assert first["ruimte"] == 20
    assert first["recall"]["waarde"] == pytest.approx(
        first["raak"] / found["toets"]["positief"], abs=1e-6
    )
    assert first["precision"]["waarde"] == pytest.approx(
        first["raak"] / first["uitgenodigd"], abs=1e-6
    )
    shares = {one["ruimte"] for one in found["capaciteit"]} - {20}
    assert 0.5 in shares
    assert all(one * 200 >= 10 for one in shares)
    assert found["lijsten"][UITDAGER]["voorsprong"]["vertrekkers"] > 0


def test_only_groups_of_persons_are_told(found: dict[str, Any]) -> None:
    assert {one["kenmerk"] for one in found["groepen"]["regels"]} == {"leerweg"}
    assert found["proxies"]["gemeten"] == ["leerweg"]


def test_a_group_of_a_few_is_hidden_and_with_it_what_tells_its_size(
    held: Contest,
) -> None:
    names = held.whole.frame["jongere_id"]
    few = pl.Series("leerweg", np.where(names.is_in(["J1", "J2", "J3"]), "derde leerweg", "bol"))
    held = replace(held, whole=replace(held.whole, groepen=pl.DataFrame([few])))

    told = groups(held, PLAN, seed=1, has_list=True)

    assert [one["waarde"] for one in told["regels"]] == ["bol"]
    assert told["te_klein"] == 1
    assert "n" not in told["regels"][0]


def test_a_planted_proxy_is_red_until_somebody_writes_why_it_may() -> None:
    fit = tiny_fit()
    groepen = fit.history.groepen
    assert groepen is not None
    copy = (groepen["leerweg"] == "bbl").cast(pl.Float64).alias("d")
    fit = replace(fit, history=replace(fit.history, frame=fit.history.frame.with_columns(copy)))

    bare = proxy_lines(fit, {})
    half = proxy_lines(fit, {("leerweg", "d"): "omdat het mag"})
    whole = proxy_lines(fit, {("leerweg", "*"): "omdat het mag"})

    assert bare["rood"]
    assert {one["kolom"] for one in bare["regels"]} == {"samen", "d"}
    assert [one["rood"] for one in half["regels"]] == [True, False]
    assert not whole["rood"]


def test_the_settings_of_a_stored_model_are_read_back() -> None:
    fit = tiny_fit()
    frame = fit.history.frame.head(800)
    labels = fit.history.label(fit.observed_until)[:800]
    model = fit.kind.fit(
        frame.head(600), labels[:600], calibration=(frame[600:], labels[600:]), config=QUICK, seed=1
    )

    assert settings_of(model, QUICK) == StackConfig((QUICK,), None, QUICK.seeds)
    assert settings_of(fit.kind.fit_rule([Points("a", 1, minimum=0)], frame, labels), QUICK) is None
