"""The champion of each model: the version that was approved or put back last.

The table of besluiten is the truth, and what serves asks it alone. The alias ``champion`` in the
registry of MLflow says the same to who reads MLflow; it is written after the besluit, and put right
at the next start when that was cut off.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.beside import Live
from models.errors import AlteredModelError, ModelNotFoundError, UnregisteredColumnError
from models.store import KINDS, Champion, ModelStore
from service.logs import get_log
from service.storage.engine import unit_of_work
from service.storage.modelbesluit import (
    AFGEWEZEN,
    GOEDGEKEURD,
    TERUGGEZET,
    Modelbesluit,
    ModelbesluitRepository,
)


def champions(session: Session) -> dict[str, Champion]:
    """Return the champion of each model that has one, by name."""
    besluiten = ModelbesluitRepository(session).all()
    found = {name: reigns(one for one in besluiten if one.model == name) for name in KINDS}
    return {name: champion_of(stack[-1]) for name, stack in found.items() if stack}


def reigns(besluiten: Iterable[Modelbesluit]) -> list[Modelbesluit]:
    """Return the besluiten by which a model got its champions, without those that were undone.

    The last one holds now, and the one before it is what a return leads to; so a return never
    leads to a version that people left by a return, nor to one that they refused after its reign.

    Parameters
    ----------
    besluiten : iterable of Modelbesluit
        On one model, the oldest first.
    """
    stack: list[Modelbesluit] = []
    for one in besluiten:
        if one.besluit == GOEDGEKEURD:
            stack.append(one)
        elif one.besluit == TERUGGEZET:
            stack.pop()
        elif one.besluit == AFGEWEZEN:
            stack = [other for other in stack if other.versie != one.versie]
    return stack


def champion_of(besluit: Modelbesluit) -> Champion:
    """Return the version that a besluit is about, with the hash that was approved."""
    return Champion(besluit.versie, besluit.sha256)


def in_use(engine: Engine, models: ModelStore, name: str) -> Live | None:
    """Return the champion of a model, to hold a new one beside it; None where there is none.

    None too where it cannot be read, as that of an older Vangnet with other features.
    """
    with unit_of_work(engine, read_only=True) as session:
        champion = champions(session).get(name)
    if champion is None:
        return None
    try:
        stored = models.load(name, champion.version)
    except (AlteredModelError, ModelNotFoundError, UnregisteredColumnError):
        return None
    until = stored.card.get("gegevens", {}).get("bekend_tot")
    if until is None or stored.sha256 != champion.sha256:
        return None
    return Live(stored.model, stored.version, date.fromisoformat(until))


def align(engine: Engine, models: ModelStore) -> None:
    """Let the aliases in MLflow say what the besluiten say.

    A version of which the files are gone or were altered gets no alias; nothing loads it either.
    """
    with unit_of_work(engine, read_only=True) as session:
        wanted = champions(session)
    for name in KINDS:
        champion = wanted.get(name)
        if models.champion(name) == champion:
            continue
        try:
            if champion is None:
                models.demote(name)
            else:
                models.promote(name, champion.version, sha256=champion.sha256)
        except (AlteredModelError, ModelNotFoundError) as error:
            get_log(__name__).warning("champion_not_aligned", model=name, problem=str(error))
