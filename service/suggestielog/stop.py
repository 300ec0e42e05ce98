"""The stop switch: a model that people stop scores nobody any more, and work goes on (TRUST H7).

It stands in the database, so every worker and every command sees it: a worker looks again after
`LOOK_SECONDS`. What a stopped region answers is in `service.regio.Regio.zonder`.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.store import KINDS
from service.errors import NotFoundError, RefusedError, Weigering
from service.storage.engine import unit_of_work
from service.storage.modelstop import OVERAL, Modelstop, ModelstopRepository
from service.storage.suggestielog_tables import SHORTEST_REDEN

LOOK_SECONDS = 5.0
"""Age at which what a process knows of the stops is asked again; 60 is the most allowed."""


def stop_model(
    session: Session, model: str, regio: str, *, reden: str, door: str, op: datetime
) -> None:
    """Stop a model in a region, or everywhere for an empty region.

    Raises
    ------
    NotFoundError
        There is no such model.
    RefusedError
        It is stopped there already, or the reason is too short.
    """
    _check(model, reden)
    repository = ModelstopRepository(session)
    if _find(repository.standing(), model, regio) is not None:
        raise RefusedError(Weigering.AL_GESTOPT)
    repository.add(model, regio, reden=reden.strip(), door=door, op=op)


def use_again(
    session: Session, model: str, regio: str, *, reden: str, door: str, op: datetime
) -> None:
    """End the stop of a model in a region (empty: the stop that counts everywhere).

    Raises
    ------
    NotFoundError
        There is no such model.
    RefusedError
        It is not stopped there, or the reason is too short.
    """
    _check(model, reden)
    repository = ModelstopRepository(session)
    found = _find(repository.standing(), model, regio)
    if found is None or not repository.end(found.id, reden=reden.strip(), door=door, op=op):
        raise RefusedError(Weigering.NIET_GESTOPT)


def stopped(stops: Iterable[Modelstop], regios: Iterable[str] | None) -> frozenset[str]:
    """Return the names of the models that are stopped in any of these regions, or everywhere.

    None stands for all regions: what is for everybody keeps to every stop.
    """
    asked = None if regios is None else {OVERAL, *regios}
    return frozenset(one.model for one in stops if asked is None or one.regio in asked)


def stopped_now(session: Session, regios: Iterable[str] | None) -> frozenset[str]:
    """Return what `stopped` returns, of the stops that stand at this moment."""
    return stopped(ModelstopRepository(session).standing(), regios)


@dataclass
class Schakelbord:
    """What a process knows of the stops, asked again every few seconds.

    Parameters
    ----------
    engine : Engine
        The store.
    look_seconds : float
        Age at which what is known is asked again.
    """

    engine: Engine
    look_seconds: float = LOOK_SECONDS
    _known: tuple[Modelstop, ...] = ()
    _until: float = -1.0
    _lock: Lock = field(default_factory=Lock)

    def stopped(self, regios: Iterable[str] | None) -> frozenset[str]:
        """Return the names of the models that are stopped in any of these regions."""
        return stopped(self._stops(), regios)

    @property
    def is_fresh(self) -> bool:
        """Whether the next question is answered without asking the store."""
        return time.monotonic() < self._until

    def look(self) -> None:
        """Ask again at the next question, because this process itself changed something."""
        self._until = -1.0

    def _stops(self) -> tuple[Modelstop, ...]:
        if self.is_fresh:
            return self._known
        with self._lock:
            if not self.is_fresh:
                with unit_of_work(self.engine, read_only=True) as session:
                    self._known = tuple(ModelstopRepository(session).standing())
                self._until = time.monotonic() + self.look_seconds
        return self._known


def _check(model: str, reden: str) -> None:
    if model not in KINDS:
        raise NotFoundError("model", model)
    if len(reden.strip()) < SHORTEST_REDEN:
        raise RefusedError(Weigering.REDEN_TE_KORT)


def _find(stops: Iterable[Modelstop], model: str, regio: str) -> Modelstop | None:
    return next((one for one in stops if (one.model, one.regio) == (model, regio)), None)
