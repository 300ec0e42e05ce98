"""How pairs are scored: equal to the model, in any portion, and unmoved by what must not count."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit
from scipy.stats import kendalltau

from features.pair_context import PairContext, only_jongere, prepare_pairs, with_wensen
from features.passendheid import PAIR_FEATURES, pair_features, pair_matrix
from features.peildatum import cut_to_peildatum
from features.synthetic import Region
from models import scoring
from models.history import History
from models.leerwerkplek import PlaatsingModel
from models.scoring import PairScores, Scorer, score_open, score_pairs, scorer
from tests.models.contract import fit_all

Tables = dict[str, pl.DataFrame]
JONGEREN = 40
rows = st.integers(0, JONGEREN - 1)
fewer = settings(max_examples=30)


@pytest.fixture(scope="module")
def model(plaatsing_examples: History) -> PlaatsingModel:
    fitted = fit_all(plaatsing_examples, PlaatsingModel)
    assert isinstance(fitted, PlaatsingModel)
    return fitted


@pytest.fixture(scope="module")
def ready(model: PlaatsingModel) -> Scorer:
    return scorer(model)


@pytest.fixture(scope="module")
def tables(region: Region) -> Tables:
    """Return the region with a few jongeren, who look for a place."""
    cut = cut_to_peildatum(region.tables, region.config.peildatum)
    busy = region.tables["stage"].filter(pl.col("einddatum").is_null())["jongere_id"]
    free = cut["jongere"].filter(~pl.col("jongere_id").is_in(busy.implode())).head(JONGEREN)
    return {**cut, "jongere": free}


@pytest.fixture(scope="module")
def context(tables: Tables, region: Region) -> PairContext:
    return prepare_pairs(tables, region.config.peildatum)


def everything(context: PairContext, ready: Scorer) -> PairScores:
    jongeren, plekken = np.arange(context.jongeren.height), np.arange(context.plekken.height)
    return score_open(context, ready, jongeren, plekken)


def as_frame(context: PairContext, found: PairScores, day: date) -> pl.DataFrame:
    return pl.DataFrame(
        [
            context.jongeren["jongere_id"].gather(found.jongere),
            context.plekken["leerwerkplek_id"].gather(found.plek),
        ]
    ).with_columns(peildatum=pl.lit(day))


def test_a_quick_score_is_that_of_the_model(
    context: PairContext, ready: Scorer, model: PlaatsingModel, region: Region
) -> None:
    found = everything(context, ready)
    features = pair_features(context, as_frame(context, found, region.config.peildatum))

    gap = logit(found.kans) - logit(model.predict(features))

    assert len(found.kans) > 100
    assert np.abs(gap).max() < 1e-12
    assert np.array_equal(
        found.reistijd_minuten, features["reistijd_minuten"].fill_null(np.nan), equal_nan=True
    )


def test_scoring_in_portions_changes_nothing(
    context: PairContext, ready: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = everything(context, ready)
    monkeypatch.setattr(scoring, "ROWS", 7)

    assert (everything(context, ready).kans == whole.kans).all()


def test_what_is_open_and_what_is_blocked_are_together_everything(
    context: PairContext, ready: Scorer
) -> None:
    found = everything(context, ready)

    assert found.blokkades.size == JONGEREN * context.plekken.height
    assert len(found.kans) == np.count_nonzero(found.blokkades == 0)
    assert (found.blokkades[found.jongere, found.plek] == 0).all()
    assert ((found.kans > 0) & (found.kans < 1)).all()


def test_trees_that_are_not_compiled_score_the_same(
    context: PairContext, ready: Scorer, model: PlaatsingModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = everything(context, ready)
    monkeypatch.setattr(scoring, "_compiles", lambda member, columns: False)
    slow = everything(context, scorer(model))

    assert np.abs(logit(slow.kans) - logit(quick.kans)).max() < 1e-12


def test_another_place_removes_none_that_was_open(
    context: PairContext, ready: Scorer, tables: Tables, region: Region
) -> None:
    copies = [
        tables[name]
        .filter(pl.col("leerwerkplek_id") == context.plekken["leerwerkplek_id"][0])
        .with_columns(leerwerkplek_id=pl.lit("nieuw"))
        for name in ("leerwerkplek", "leerwerkplek_eis")
    ]
    more = {
        "leerwerkplek": pl.concat([tables["leerwerkplek"], copies[0]]),
        "leerwerkplek_eis": pl.concat([tables["leerwerkplek_eis"], copies[1]]),
    }
    greater = prepare_pairs({**tables, **more}, region.config.peildatum)

    before, after = everything(context, ready), everything(greater, ready)

    old = greater.plek_rows(context.plekken["leerwerkplek_id"].to_list())
    assert (after.blokkades[:, old] == before.blokkades).all()
    known = np.isin(after.plek, old)
    assert np.abs(after.kans[known] - before.kans).max() < 1e-12


def test_sex_name_and_origin_in_the_record_change_no_order(
    context: PairContext, ready: Scorer, tables: Tables, region: Region
) -> None:
    others = tables["jongere"].with_columns(
        geslacht=pl.lit("V"), naam=pl.lit("iemand anders"), herkomst=pl.lit("elders"),
        gemeente=pl.lit("Elders"),
    )  # fmt: skip
    changed = prepare_pairs({**tables, "jongere": others}, region.config.peildatum)

    before, after = everything(context, ready), everything(changed, ready)

    assert kendalltau(before.kans, after.kans).statistic == pytest.approx(1.0, abs=1e-12)
    assert (before.kans == after.kans).all()


@fewer
@given(rows, st.floats(0, 40))
def test_to_carry_fewer_hours_never_opens_or_betters_a_place(
    context: PairContext, ready: Scorer, row: int, hours: float
) -> None:
    jongere = context.jongeren["jongere_id"][row]
    can = float(context.jongere.rij["uren_max"][row])
    less = with_wensen(context, jongere, uren_max=min(hours, can) if can == can else hours)
    here = with_wensen(context, jongere, uren_max=can if can == can else 60.0)

    before, after = everything(here, ready), everything(less, ready)

    assert set(after.plek.tolist()) <= set(before.plek.tolist())
    same = np.isin(before.plek, after.plek)
    assert (after.kans <= before.kans[same] + 1e-12).all()


@fewer
@given(rows, st.floats(1, 30))
def test_a_place_that_asks_more_than_the_jongere_can_carry_is_never_open(
    context: PairContext, ready: Scorer, row: int, extra: float
) -> None:
    alone = only_jongere(context, row)
    can = float(alone.jongere.rij["uren_max"][0])
    asked = alone.plek.rij.copy()
    asked["uren_min"] = asked["uren_max"] = can + extra
    heavy = replace(alone, plek=alone.plek._replace(rij=asked))

    assert not len(everything(heavy, ready).kans) or np.isnan(can)


@fewer
@given(rows, st.floats(0, 1))
def test_a_nearer_place_that_is_the_same_is_never_ranked_lower(
    context: PairContext, ready: Scorer, row: int, share: float
) -> None:
    alone = only_jongere(context, row)
    home, near = alone.jongere.rij[0], alone.plek.rij.copy()
    points = {name: share * near[name] + (1 - share) * home[name] for name in ("x", "y", "z")}
    length = np.sqrt(sum(point**2 for point in points.values()))
    for name, point in points.items():
        near[name] = point / length
    nearer = replace(alone, plek=alone.plek._replace(rij=near))
    plekken = np.arange(context.plekken.height)
    jongeren = np.zeros(len(plekken), dtype=np.int64)

    far_kans, far = score_pairs(alone, ready, jongeren, plekken)
    near_kans, minutes = score_pairs(nearer, ready, jongeren, plekken)

    assert (np.isnan(far) | (minutes <= far + 1e-9)).all()
    assert (near_kans >= far_kans - 1e-12)[~np.isnan(far)].all()
    before, after = everything(alone, ready), everything(nearer, ready)
    assert set(before.plek.tolist()) <= set(after.plek.tolist())


def test_without_its_first_reason_a_score_falls_in_95_of_100_cases(
    context: PairContext, ready: Scorer, model: PlaatsingModel
) -> None:
    found = everything(context, ready)
    features, _ = pair_matrix(context, found.jongere, found.plek)
    names = [feature.name for feature in PAIR_FEATURES]
    groups = {one.name: [b.group == one.group for b in PAIR_FEATURES] for one in PAIR_FEATURES}
    some = np.random.default_rng(1).choice(len(found.kans), 100, replace=False)
    falls = []
    for row, (raising, _) in zip(
        some, model.redenen(pl.DataFrame(features[:, some].T, schema=names)), strict=True
    ):
        if raising:
            without = np.repeat(features[:, [row]], len(some), axis=1)
            group = np.array(groups[raising[0].feature])
            without[group] = features[np.ix_(group, some)]  # as others have it
            falls.append(ready.kansen(without).mean() < found.kans[row])

    assert len(falls) > 50
    assert np.mean(falls) >= 0.95
