"""A group of features that is needed is told needed, and one that is not, not."""

from dataclasses import replace

import numpy as np
import pytest

from models.ablation import ENOUGH, Ablation, ablation, without
from models.evaluate_sanity import CHANCE, NOISE, Proef, Sanity, null_error, sanity
from models.metrics import auc
from tests.models.evaluaties import QUICK, Tiny, tiny_fit


@pytest.fixture(scope="module")
def found() -> dict[str, Ablation]:
    told: list[str] = []
    made = {one.groep: one for one in ablation(tiny_fit(), draws=60, progress=told.append)}
    assert told == ["Nog eens zonder de groep telt", "Nog eens zonder de groep telt niet"]
    return made


def test_a_needed_group_is_told_needed(found: dict[str, Ablation]) -> None:
    one = found["telt"]

    assert one.nodig
    assert one.winst is not None
    assert one.winst > 0.1
    assert one.auc_zonder == pytest.approx(0.5, abs=0.06)
    assert one.kolommen == ("a", "b")


def test_a_useless_group_is_told_useless(found: dict[str, Ablation]) -> None:
    one = found["telt niet"]

    assert not one.nodig
    assert one.winst is not None
    assert one.winst < ENOUGH


@pytest.mark.parametrize(
    ("winst", "laag", "nodig"),
    [(0.02, 0.001, True), (0.02, -0.001, False), (ENOUGH, 0.001, False), (None, None, False)],
)
def test_a_group_stays_when_its_gain_is_sure_and_large_enough(
    winst: float | None, laag: float | None, *, nodig: bool
) -> None:
    assert Ablation("g", ("a",), 0.6, winst, laag, 0.03).nodig is nodig


def test_a_model_without_a_group_never_uses_it() -> None:
    kind = without(Tiny, frozenset({"c"}))

    assert [one.name for one in kind.features] == ["a", "b", "d"]
    assert "c" in kind.carried
    assert len(Tiny.features) == 4


def test_outcomes_dealt_at_random_teach_nothing_and_noise_is_no_reason() -> None:
    found = sanity(replace(tiny_fit(), config=replace(QUICK, rounds=8)), shuffles=3)

    assert len(found.geschud) == 3
    assert found.geschud_gemiddeld == pytest.approx(0.5, abs=0.06)
    assert found.toeval_bekeken > 100
    assert found.n_toets > 300
    assert NOISE not in {one.name for one in Tiny.features}


@pytest.mark.parametrize(
    ("mean", "error", "named", "told"),
    [
        (0.52, 0.009, 0, Proef.GOED),
        (0.54, 0.009, 0, Proef.FOUT),
        (0.46, 0.009, 0, Proef.FOUT),
        (0.5, 0.009, 1, Proef.FOUT),
        (0.5, 0.02, 1, Proef.FOUT),
        (0.5, 0.02, 0, Proef.TE_WEINIG),
        (0.45, 0.02, 0, Proef.TE_WEINIG),
        (0.43, 0.02, 0, Proef.FOUT),
    ],
)
def test_sanity_fails_on_what_is_found_where_nothing_is_and_says_when_rows_are_too_few(
    mean: float, error: float, named: int, told: Proef
) -> None:
    found = Sanity((mean,), mean, error, named, 100, 400)

    assert found.oordeel is told
    assert found.described()["oordeel"] == told.value


@pytest.mark.parametrize(("n", "share"), [(60, 0.3), (900, 0.1)])
def test_the_spread_of_an_auc_without_relation_follows_from_the_number_of_rows(
    n: int, share: float
) -> None:
    rng = np.random.default_rng(1)
    labels = (np.arange(n) < share * n).astype(float)
    scores = rng.random(n)

    drawn = [auc(rng.permutation(labels), scores) for _ in range(600)]

    assert np.std(drawn) == pytest.approx(null_error(labels), rel=0.1)
    strayed = np.abs(np.asarray(drawn) - 0.5) > CHANCE * null_error(labels)
    assert strayed.mean() < 0.015
