from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from features.registry import Direction, Feature
from models.booster import BoosterConfig
from models.errors import MissingColumnError, UnregisteredColumnError
from models.registered import RegisteredModel
from tests.models.strategies import COLUMNS, DIRECTIONS, made_up_examples


def feature(name: str, direction: Direction) -> Feature:
    return Feature(name, name, "", "verzuim", "toets", direction)


class ToyModel(RegisteredModel):
    name: ClassVar[str] = "toy"
    features: ClassVar[tuple[Feature, ...]] = tuple(map(feature, COLUMNS, DIRECTIONS))
    carried: ClassVar[frozenset[str]] = frozenset({"jongere_id"})


class NarrowedModel(ToyModel):
    features: ClassVar[tuple[Feature, ...]] = ToyModel.features[:2]


def examples(n_rows: int, seed: int) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    made_up = made_up_examples(n_rows, seed)
    frame = pl.DataFrame(made_up.matrix, schema=list(COLUMNS)).with_columns(
        pl.all().fill_nan(None), jongere_id=pl.lit("J1")
    )
    return frame, made_up.labels


@pytest.fixture(scope="module")
def model() -> ToyModel:
    frame, labels = examples(600, 1)
    return ToyModel.fit(
        frame,
        labels,
        calibration=examples(300, 2),
        config=BoosterConfig(rounds=20, rows_per_leaf=10),
        seed=1,
    )


BANNED = (
    "geslacht",
    "geboorteland",
    "nationaliteit",
    "herkomst",
    "naam",
    "thuistaal",
    "postcode4",
    "gemeente",
    "religie",
    "gezondheid",
    "politie",
    "inkomen_ouders",
    "bsn",
    "leeftijd",
)


@pytest.mark.parametrize("banned", BANNED)
def test_a_column_off_the_list_stops_training_and_scoring(model: ToyModel, banned: str) -> None:
    frame, labels = examples(50, 3)
    tainted = frame.with_columns(pl.lit(1.0).alias(banned))

    for use in (
        lambda: model.predict(tainted),
        lambda: model.redenen(tainted),
        lambda: ToyModel.fit(
            tainted, labels, calibration=(frame, labels), config=BoosterConfig(rounds=1), seed=1
        ),
        lambda: ToyModel.fit(
            frame, labels, calibration=(tainted, labels), config=BoosterConfig(rounds=1), seed=1
        ),
    ):
        with pytest.raises(UnregisteredColumnError) as refused:
            use()
        assert refused.value.column == banned


def test_a_registered_column_that_is_absent_stops_scoring(model: ToyModel) -> None:
    frame, _ = examples(5, 3)

    with pytest.raises(MissingColumnError) as refused:
        model.predict(frame.drop("wissels"))

    assert refused.value.column == "wissels"


def test_the_order_of_columns_and_what_is_carried_along_change_nothing(model: ToyModel) -> None:
    frame, _ = examples(100, 3)

    turned = model.predict(frame.select(reversed(frame.columns)))

    assert (turned == model.predict(frame)).all()
    assert (model.predict(frame.drop("jongere_id")) == model.predict(frame)).all()


def test_a_stored_model_with_a_column_that_is_no_longer_registered_is_refused(
    model: ToyModel, tmp_path: Path
) -> None:
    model.save(tmp_path)

    with pytest.raises(UnregisteredColumnError):
        NarrowedModel.load(tmp_path)
