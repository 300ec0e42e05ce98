"""One thread that writes for all requests of a process: what waits together is committed once.

A commit that survives a power cut costs milliseconds, whatever it holds. While one is under way
the next lines gather, so fifty readers wait for two commits instead of for fifty.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from service.audit.spoor import Gebeurd
from service.errors import StoreError
from service.logs import get_log

MOST_AT_ONCE = 500


class _Waiting(NamedTuple):
    happened: Gebeurd
    loop: asyncio.AbstractEventLoop
    written: "asyncio.Future[None]"


class GroupWriter:
    """Writes lines in groups; `close` it when the last request has been answered.

    Parameters
    ----------
    write : callable
        Stores what happened in one transaction, or raises and stores nothing.
    """

    def __init__(self, write: Callable[[Sequence[Gebeurd]], None]) -> None:
        self._write = write
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    async def record(self, happened: Gebeurd) -> None:
        """Return when the line is stored; raise what went wrong when it is not."""
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        self._queue.put(_Waiting(happened, loop, written))
        await written

    def close(self) -> None:
        """Write what waits, and stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        going_on = True
        while going_on:
            first = self._queue.get()
            if first is None:
                return
            group, going_on = self._gather(first)
            self._write_group(group)

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        """Return what waits now, and whether more may come."""
        group = [first]
        with suppress(Empty):
            while len(group) < MOST_AT_ONCE:
                following = self._queue.get_nowait()
                if following is None:
                    return group, False
                group.append(following)
        return group, True

    def _write_group(self, group: list[_Waiting]) -> None:
        try:
            self._write([one.happened for one in group])
        except StoreError as error:
            _settle(group, error)
        except Exception as error:  # noqa: BLE001  # whatever it is, nobody may wait for ever
            if len(group) > 1:  # one line that cannot be written keeps back no other
                for one in group:
                    self._write_group([one])
                return
            get_log(__name__).error("audit_line_refused", kind=type(error).__name__, exc_info=error)
            _settle(group, error)
        else:
            _settle(group, None)


def _settle(group: Sequence[_Waiting], error: Exception | None) -> None:
    """Wake up who waits, once per event loop."""
    for loop in {one.loop for one in group}:
        mine = [one.written for one in group if one.loop is loop]
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_wake, mine, error)


def _wake(waiting: Sequence["asyncio.Future[None]"], error: Exception | None) -> None:
    for one in waiting:
        if one.done():  # whoever asked has gone
            continue
        if error is None:
            one.set_result(None)
        else:
            one.set_exception(error)
