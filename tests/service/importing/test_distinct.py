import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from service.importing.distinct import map_distinct

TEXTS = st.lists(st.none() | st.sampled_from(["a", "b", "ccc", ""]))


@given(TEXTS)
def test_every_row_gets_the_answer_for_its_own_text(texts: list[str | None]) -> None:
    told = map_distinct(pl.Series(texts, dtype=pl.String), lambda distinct: distinct + "!")

    assert told.to_list() == [None if text is None else text + "!" for text in texts]


def test_every_text_is_asked_once_and_an_empty_cell_never() -> None:
    asked: list[str] = []

    def answer(distinct: pl.Series) -> pl.Series:
        asked.extend(distinct)
        return distinct

    map_distinct(pl.Series(["a", "a", None, "b", "a"]), answer)

    assert sorted(asked) == ["a", "b"]
