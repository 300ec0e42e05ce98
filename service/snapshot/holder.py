"""What everybody looks at: read when it can be, and again in the background when there is newer."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from service.rechten.toegang import SYSTEEM, looking_as

Seen = TypeVar("Seen")


class Holder(Generic[Seen]):
    """What everybody sees: loaded when it can be, and again when there is a newer one.

    Parameters
    ----------
    load : callable
        Reads it; takes seconds.
    stamp : callable
        Tells in milliseconds which data and models `load` would read; another value means
        another one.
    """

    def __init__(self, load: Callable[[], Seen], stamp: Callable[[], Hashable]) -> None:
        self._load = load
        self._stamp = stamp
        self._lock = Lock()
        self._held: tuple[Seen, Hashable] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether `get` returns at once."""
        return self._held is not None

    def get(self) -> Seen:
        """Return what is held; what the loader raises (no data, no model) goes to the caller.

        Only before the first one is there does anybody wait.
        """
        held = self._held
        return self._first() if held is None else held[0]

    def renew(self) -> bool:
        """Load again if the data or models changed; meanwhile all see the former.

        Returns
        -------
        bool
            Whether there is a new one.
        """
        if self._held is None or self._stamp() == self._held[1]:
            return False
        self._read()
        return True

    def _first(self) -> Seen:
        with self._lock:
            return self._read() if self._held is None else self._held[0]

    def _read(self) -> Seen:
        # the stamp first: what changes while it is read is then seen next time
        with looking_as(SYSTEEM):  # whoever asked first: it is for everybody
            stamp = self._stamp()
            loaded = self._load()
        self._held = loaded, stamp
        return loaded
