"""The model in use is judged only on what it cannot have learned from."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from features.registry import names
from models.beside import Live, beside
from models.evaluation import Holdout
from models.fairness import report
from models.gate import Kleur, Regel, judge
from models.interval import Bounds
from models.reliability import FEWEST_ROWS, reliability
from models.uitvalrisico import UitvalrisicoModel

ROWS = 4000
DAYS = (date(2025, 1, 1), date(2026, 1, 1))


class Knowing(UitvalrisicoModel):
    """A model whose score is its first feature."""

    def predict(self, frame: pl.DataFrame) -> np.ndarray:
        """Return that feature."""
        return frame[names(UitvalrisicoModel.features)[0]].to_numpy()


def holdout(rng: np.random.Generator) -> Holdout:
    """Return a test of which the challenger guesses and the first feature knows."""
    truth = rng.beta(1, 3, ROWS)
    frame = pl.DataFrame(
        {
            "jongere_id": [f"J{at}" for at in range(ROWS)],
            "peildatum": [DAYS[at % 2] for at in range(ROWS)],
        }
    ).with_columns(
        pl.Series(name, truth if at == 0 else np.zeros(ROWS))
        for at, name in enumerate(names(UitvalrisicoModel.features))
    )
    return Holdout(
        frame=frame,
        labels=(rng.random(ROWS) < truth).astype(np.float64),
        scores=rng.uniform(0.2, 0.3, ROWS),
        baseline=np.zeros(ROWS),
        n_fitted=ROWS,
        test_start=DAYS[0],
        bounds=Bounds(np.zeros(ROWS), np.ones(ROWS)),
        left=np.full(ROWS, np.nan),
        groepen=pl.DataFrame({"geslacht": ["M", "V"] * (ROWS // 2)}).sample(
            fraction=1, shuffle=True, seed=1
        ),
    )


def live(until: date) -> Live:
    return Live(Knowing(stack=None), "3", until)  # type: ignore[arg-type]  # it scores by itself


def test_only_peildata_after_all_that_the_live_model_knew_count() -> None:
    whole = holdout(np.random.default_rng(1))

    found = beside(live(date(2025, 6, 1)), whole, 0.1)

    assert found.rows.sum() == ROWS / 2
    assert set(whole.frame["peildatum"].filter(pl.Series(found.rows))) == {DAYS[1]}
    assert found.live.selected.sum() == found.challenger.selected.sum() == ROWS / 20
    assert not beside(live(date(2026, 6, 1)), whole, 0.1).rows.any()


def test_a_challenger_that_finds_fewer_than_the_live_model_is_red() -> None:
    whole = holdout(np.random.default_rng(2))
    held = beside(live(date(2025, 6, 1)), whole, 0.1)
    of_all = report(held.challenger, whole.groepen.filter(pl.Series(held.rows)), seed=1, draws=50)

    found = judge(
        of_all,
        attributes=whole.groepen.filter(pl.Series(held.rows)),
        live=held.live,
        challenger=held.challenger,
        seed=1,
    )

    assert found.kleur is Kleur.ROOD
    assert Regel.ACHTERUIT in {one.regel for one in found.bevindingen}


def test_the_points_of_a_plot_rise_and_count_everybody_in_bins_that_are_large_enough() -> None:
    rng = np.random.default_rng(3)
    scores = rng.random(1000)
    bins = reliability((rng.random(1000) < scores).astype(np.float64), scores)

    assert sum(one["n"] for one in bins) == 1000
    said = [one["gezegd"] for one in bins]
    assert said == sorted(said)
    assert max(abs(one["gezegd"] - one["uitgekomen"]) for one in bins) < 0.15


@pytest.mark.parametrize("rows", [0, 10, FEWEST_ROWS - 1])
def test_too_few_rows_make_no_plot(rows: int) -> None:
    assert reliability(np.zeros(rows), np.linspace(0, 1, rows)) == []
