"""What went into a model is kept as one canonical text, however it was given."""

import json
from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.suggestielog.herkomst import SCHEMAS, canonical_json
from service.suggestielog.lijst import invoer_json

NAMES = [feature.name for feature in SCHEMAS["plaatsing"]]
VALUES = st.one_of(
    st.floats(allow_infinity=False), st.integers(-(10**9), 10**9).map(float), st.just(nan)
)
ROWS = st.lists(st.lists(VALUES, min_size=len(NAMES), max_size=len(NAMES)), min_size=1, max_size=3)


@given(ROWS)
def test_the_text_of_an_input_tells_each_known_value_exactly_and_is_canonical(
    rows: list[list[float]],
) -> None:
    text = invoer_json("plaatsing", "J1", np.array(rows).tobytes(), object_id="P1")
    told = json.loads(text)
    assert told["rijen"] == [
        {name: one for name, one in zip(NAMES, row, strict=True) if not isnan(one)} for row in rows
    ]
    assert {name: told[name] for name in ("jongere", "object", "model")} == {
        "jongere": "J1",
        "object": "P1",
        "model": "plaatsing",
    }
    assert text == canonical_json(told)


def test_a_whole_number_stands_there_without_a_point_and_nought_without_a_sign() -> None:
    values = [1.0, -0.0, 100.05, *[nan] * (len(NAMES) - 3)]
    told = json.loads(invoer_json("plaatsing", "J1", values))["rijen"][0]
    assert [canonical_json(told[name]) for name in NAMES[:3]] == ["1", "0", "100.05"]


def test_what_is_unknown_may_be_given_as_nothing() -> None:
    none: list[float | None] = [None] * len(NAMES)
    unknown = [nan] * len(NAMES)
    assert invoer_json("plaatsing", "J1", none) == invoer_json("plaatsing", "J1", unknown)


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(ValueError, match="without end"):
        invoer_json("plaatsing", "J1", [inf] * len(NAMES))
