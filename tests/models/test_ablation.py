"""A group of features that is needed is told needed, and one that is not, not."""

from dataclasses import replace

import pytest

from models.ablation import ENOUGH, Ablation, ablation, without
from models.evaluate_sanity import NOISE, Sanity, sanity
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
    ("auc", "named", "good"), [(0.52, 0, True), (0.54, 0, False), (0.46, 0, False), (0.5, 1, False)]
)
def test_sanity_fails_on_what_is_found_where_nothing_is(
    auc: float, named: int, *, good: bool
) -> None:
    found = Sanity((auc,), auc, named, 100, 400)

    assert found.goed is good
    assert found.described()["goed"] is good
