"""The region that everybody sees, while other processes import and train."""

from threading import Event, Thread

import pytest

from service.dependencies import RegioHolder
from service.errors import NoDataError, NoModelError
from tests.service.fakes import FakeRegio


class Source:
    """Data that a test changes under a running service."""

    def __init__(self) -> None:
        self.version = 1
        self.failure: Exception | None = None
        self.loads = 0

    def load(self) -> FakeRegio:
        self.loads += 1
        if self.failure is not None:
            raise self.failure
        return FakeRegio(n_jongeren=self.version)

    def stamp(self) -> int:
        return self.version


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def holder(source: Source) -> RegioHolder:
    return RegioHolder(source.load, source.stamp)


def test_a_region_is_read_once_as_long_as_nothing_changes(
    source: Source, holder: RegioHolder
) -> None:
    first = holder.get()

    assert not holder.renew()
    assert holder.get() is first
    assert source.loads == 1


def test_many_first_users_read_the_region_once(source: Source, holder: RegioHolder) -> None:
    threads = [Thread(target=holder.get) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert source.loads == 1


def test_new_data_give_a_new_region(source: Source, holder: RegioHolder) -> None:
    holder.get()
    source.version = 2

    assert holder.renew()
    assert holder.get().jongeren()[1] == 2


def test_who_asks_while_a_newer_region_is_read_gets_the_former_at_once(source: Source) -> None:
    reading, go_on = Event(), Event()

    def slow() -> FakeRegio:
        if source.version > 1:
            reading.set()
            assert go_on.wait(10)
        return source.load()

    holder = RegioHolder(slow, source.stamp)
    former = holder.get()
    source.version = 2
    thread = Thread(target=holder.renew)
    thread.start()
    assert reading.wait(10)

    assert holder.get() is former
    go_on.set()
    thread.join()
    assert holder.get() is not former


def test_a_region_that_changes_while_it_is_read_is_read_again(source: Source) -> None:
    def load() -> FakeRegio:
        regio = source.load()
        source.version += source.loads == 1
        return regio

    holder = RegioHolder(load, source.stamp)
    holder.get()

    assert holder.renew()
    assert holder.get().jongeren()[1] == 2


def test_a_newer_region_that_cannot_be_read_leaves_the_former_and_is_tried_again(
    source: Source, holder: RegioHolder
) -> None:
    former = holder.get()
    source.version, source.failure = 2, NoModelError("plaatsing")

    with pytest.raises(NoModelError):
        holder.renew()
    assert holder.get() is former
    source.failure = None
    assert holder.renew()


def test_as_long_as_there_is_no_region_everybody_hears_why(
    source: Source, holder: RegioHolder
) -> None:
    source.failure = NoDataError("the store is empty")

    assert not holder.renew()
    for _ in range(2):
        with pytest.raises(NoDataError):
            holder.get()
    source.failure = None
    assert holder.get().jongeren()[1] == 1
