"""What a running service holds to record, stop and explain its suggesties."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from service.suggestielog.instructie import Lezers
from service.suggestielog.stop import Schakelbord
from service.suggestielog.tonen import GetoondeRegio, Kijker, Suggestielog

if TYPE_CHECKING:
    from service.dependencies import RegioView


@dataclass
class Toezicht:
    """The log, the stop switches and the readers of the instruction of one process.

    Parameters
    ----------
    engine : Engine
        The store.
    """

    engine: Engine
    _zonder: "tuple[RegioView, frozenset[str], RegioView] | None" = None
    _seen: "RegioView | None" = None

    @cached_property
    def log(self) -> Suggestielog:
        """Records what is shown."""
        return Suggestielog(self.engine)

    @cached_property
    def schakelbord(self) -> Schakelbord:
        """Knows which models people stopped."""
        return Schakelbord(self.engine)

    @cached_property
    def lezers(self) -> Lezers:
        """Knows who read the instruction."""
        return Lezers(self.engine)

    def kijker(self, gebruiker_id: int | None, importrun: int | None = None) -> Kijker:
        """Return what records that this account looks (None is a command), at data of which run."""
        return Kijker(self.log, self.lezers, gebruiker_id, importrun)

    def knows(self, regio: "RegioView") -> bool:
        """Whether `allowed` needs no look at the store to tell of this region."""
        return regio is self._seen and self.schakelbord.is_fresh

    def allowed(self, regio: "RegioView", regios: Iterable[str] | None) -> "RegioView":
        """Return a region without the models that are stopped in any of these regions.

        The same region and stops give the same object, so that it can be kept.
        """
        if regio is not self._seen:  # a new region: answers of the former need not be held
            self._seen, self._zonder = regio, None
            self.log.forget()
        stops = self.schakelbord.stopped(regios)
        if stops <= regio.gestopt:
            return regio
        known = self._zonder
        if known is not None and known[0] is regio and known[1] == stops:
            return known[2]
        made = regio.zonder(stops)
        self._zonder = (regio, stops, made)
        return made

    def shown(self, regio: "RegioView", gebruiker_id: int | None) -> "RegioView":
        """Return a region of which every list that is asked for is recorded as shown."""
        return GetoondeRegio(regio, self.kijker(gebruiker_id, regio.importrun))
