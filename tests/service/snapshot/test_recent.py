"""What is kept in memory stays within its room, and is what was made."""

import json
import weakref
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.ready import as_json, page_of
from service.api.schemas import JongerenOut, Links
from service.snapshot.ready import Ready
from service.snapshot.recent import Recent


@given(asked=st.lists(st.integers(0, 9), max_size=60), room=st.integers(1, 5))
def test_an_answer_is_right_and_no_more_are_kept_than_there_is_room_for(
    asked: list[int], room: int
) -> None:
    kept: Recent[list[int]] = Recent(room)
    for one in asked:
        assert kept.made(one, lambda one=one: [one]) == [one]  # type: ignore[misc]
        assert len(kept) <= room


def test_who_asks_again_gets_the_same_object_and_the_first_answer_stays() -> None:
    kept: Recent[list[int]] = Recent(2)
    first = kept.made("a", lambda: [1])

    assert kept.made("a", lambda: [2]) is first
    assert kept.keep("a", [3]) is first


def test_what_was_asked_longest_ago_goes_first() -> None:
    kept: Recent[str] = Recent(2)
    for name in ("a", "b", "a", "c"):
        kept.made(name, lambda name=name: name)  # type: ignore[misc]

    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("a", None, "c")


@given(sizes=st.lists(st.integers(1, 40), max_size=30))
def test_bytes_are_made_once_per_object_and_stay_within_their_room(sizes: list[int]) -> None:
    ready = Ready(room=100)
    sources = [[size] for size in sizes]
    for source in sources:
        for _ in range(2):
            assert ready.bytes_of(source, partial(written, source)) == written(source)
        assert ready.size <= 100


def written(source: list[int]) -> bytes:
    return b"x" * source[0]


def test_what_is_forgotten_holds_nothing_any_more() -> None:
    class Source:
        """Something that can be followed."""

    ready, source = Ready(), Source()
    ready.bytes_of(source, lambda: b"12")
    gone = weakref.ref(source)
    del source
    assert gone() is not None

    ready.forget()

    assert (gone(), ready.size) == (None, 0)


def test_an_equal_object_is_another_source_and_another_question_another_answer() -> None:
    ready, one, other = Ready(), ["a"], ["a"]

    assert ready.bytes_of(one, lambda: b"1") == b"1"
    assert ready.bytes_of(other, lambda: b"2") == b"2"
    assert ready.bytes_of(one, lambda: b"3", asked=25) == b"3"
    assert ready.bytes_of(one, lambda: b"4") == b"1"


def test_a_page_put_together_is_the_page_as_it_would_be_written() -> None:
    head = JongerenOut.model_construct(
        peildatum=None,
        totaal=2,
        pagina=1,
        paginagrootte=25,
        links=Links(first='/x?zoek="resultaten":[]', prev=None, next=None, last="/y"),
        resultaten=[],
    )
    page = json.loads(page_of(head, [b'{"a":1}', b'{"b":2}']))

    assert page["resultaten"] == [{"a": 1}, {"b": 2}]
    assert page | {"resultaten": []} == json.loads(as_json(head))
    with pytest.raises(ValueError, match="results of its own"):
        page_of(Links(first="", prev=None, next=None, last=""), [])
