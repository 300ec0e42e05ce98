"""What was made lately, kept as long as there is room."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """Answers by question; what was asked longest ago goes first when it is full.

    Parameters
    ----------
    room : int
        How many answers are kept, at least 1.

    Notes
    -----
    Two threads that ask the same at once may both make it; the first answer stays, so that
    everybody gets the same object.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._made)

    def get(self, key: Hashable) -> Made | None:
        """Return the answer that is kept, or None."""
        with self._lock:
            if key not in self._made:
                return None
            self._made.move_to_end(key)
            return self._made[key]

    def keep(self, key: Hashable, made: Made) -> Made:
        """Keep an answer and return it, or the one that another thread was first to keep."""
        with self._lock:
            kept = self._made.setdefault(key, made)
            self._made.move_to_end(key)
            if len(self._made) > self._room:
                self._made.popitem(last=False)
            return kept

    def made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the answer that is kept, or make it; nobody waits for another's answer."""
        kept = self.get(key)
        return self.keep(key, make()) if kept is None else kept
