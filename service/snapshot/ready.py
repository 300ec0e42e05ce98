"""Answers as the bytes that are sent; what was made of the same object is sent again.

The region hands out the same object as long as nothing about it changed, so an answer that was
made of it is still right. Who may see it was decided before the object was handed out.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

MOST_BYTES = 32 * 1024 * 1024
"""Bytes of answers that a process keeps."""


class Ready:
    """Answers by the object they were made of; what was asked longest ago goes first.

    Parameters
    ----------
    room : int
        How many bytes are kept.
    """

    def __init__(self, room: int = MOST_BYTES) -> None:
        self._room = room
        self._kept: OrderedDict[tuple[int, Hashable], tuple[object, bytes]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept now."""
        return self._size

    def forget(self) -> None:
        """Let all answers go, and what they were made of: a newer region made its own."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def bytes_of(self, source: object, make: Callable[[], bytes], asked: Hashable = None) -> bytes:
        """Return the answer that is kept, or make it.

        Parameters
        ----------
        source : object
            What the answer is made of, and of nothing else but `asked`. It is kept beside the
            answer, so that its id cannot become that of another object.
        make : callable
            Makes the answer.
        asked : hashable
            What else decides the answer.
        """
        key = (id(source), asked)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][1]
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = source, made
                self._size += len(made)
            while self._size > self._room:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._size -= len(oldest)
        return made
