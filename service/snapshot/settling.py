"""What a process does once a region is in memory: search less, and hold no more than that.

A search through everything that a process holds takes tenths of a second, in which nobody gets an
answer, and a renewal of the region sets off several. What was there at the start stays, or goes by
itself when nothing refers to it any more: a region holds no cycles, as a test shows.
"""

import ctypes
import gc
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

Loaded = TypeVar("Loaded")


class Settling(Generic[Loaded]):
    """Loads something; after the first time the collector leaves alone all that is there then.

    Parameters
    ----------
    load : callable
        Loads it, or raises.
    """

    def __init__(self, load: Callable[[], Loaded]) -> None:
        self._load = load
        self._settled = False
        self._lock = Lock()

    def __call__(self) -> Loaded:
        """Load it."""
        loaded = self._load()
        with self._lock:
            if not self._settled:
                gc.collect()
                gc.freeze()
                self._settled = True
        return loaded


def give_back() -> None:
    """Give memory back to the system that was needed to read a region and is not any more.

    The library of C keeps it otherwise, in each worker: a sixth of all that it holds. Where there
    is no such function (another system than Linux with glibc) nothing happens.

    References
    ----------
    GNU C Library manual, malloc_trim(3).
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
