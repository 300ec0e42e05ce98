"""What was there at the start is left alone by the collector; a former region goes by itself."""

import gc
import os
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.regio import Regio
from service.snapshot.settling import Settling, give_back
from tests.service.region import small_region
from tests.service.snapshot.test_follow import build, changed, widen


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def used(former: Regio | None) -> Regio:
    tables = small_region().tables if former is None else changed([(widen, 1)])
    regio = build(tables, former)
    regio.jongeren()
    regio.matching.suggesties(regio.matching.paren.zoekend[0])
    return regio


def test_a_former_region_goes_without_the_collector() -> None:
    settling = Settling(lambda: used(None))
    regio = settling()
    assert gc.get_freeze_count() > 0
    gone = [weakref.ref(one) for one in (regio, regio.matching, regio.matching.paren)]
    gc.disable()

    regio = used(regio)

    assert [one() for one in gone] == [None] * len(gone)
    assert regio.matching.paren.zoekend


def test_only_the_first_load_settles_and_a_failed_one_does_not() -> None:
    asked: list[int] = []

    def load() -> int:
        asked.append(gc.get_freeze_count())
        if len(asked) == 1:
            raise ValueError("no region yet")
        return len(asked)

    settling = Settling(load)
    with pytest.raises(ValueError, match="no region yet"):
        settling()
    assert gc.get_freeze_count() == asked[0]
    assert (settling(), settling()) == (2, 3)
    assert asked[1] < asked[2] == gc.get_freeze_count()


def test_memory_that_is_not_used_any_more_goes_back_to_the_system() -> None:
    # many small pieces between which one stays: the library of C keeps the rest to itself
    pieces = [bytes(2_000) for _ in range(100_000)]
    last = pieces[-1]
    pieces.clear()
    held = resident()
    give_back()
    assert resident() < held - 100_000_000
    assert len(last) == 2_000


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
