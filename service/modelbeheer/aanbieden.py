"""Offering a version that was trained: from then on it waits for a second person."""

from datetime import datetime

from sqlalchemy import Engine

from models.store import ModelStore
from service.audit.spoor import current_spoor
from service.modelbeheer.kampioenen import champions
from service.modelbeheer.oordeel import colour_of, fairness_of
from service.modelbeheer.wie import analist_of
from service.storage.engine import unit_of_work
from service.storage.modelbesluit import AANGEBODEN, ModelbesluitRepository

MODELBESLUIT = "modelbesluit"
"""How a line in the audit log names a besluit: by its number."""


def aanbieden(
    engine: Engine, models: ModelStore, name: str, version: str, *, trainer: str, op: datetime
) -> None:
    """Record a version that was just stored, with the hash of its files and who trained it.

    Parameters
    ----------
    engine : Engine
        The store.
    models : ModelStore
        Where the version is.
    name, version : str
        Of the model.
    trainer : str
        Name of the account that had it trained. Empty when nobody said so: then the version is
        there to look at, and can never be promoted.
    op : datetime
        Now.

    Raises
    ------
    RefusedError
        The trainer is no open account with the role analist.
    """
    card = models.card(name, version)
    with unit_of_work(engine) as session:
        who = analist_of(session, trainer) if trainer else None
        number = ModelbesluitRepository(session).add(
            model=name,
            versie=version,
            sha256=card.sha256,
            trainer_id=None if who is None else who.id,
            oordeel=colour_of(card, champions(session).get(name), fairness_of(session, card)).value,
            besluit=AANGEBODEN,
            door_id=None if who is None else who.id,
            reden="",
            tijdstip=op,
        )
        current_spoor().note(MODELBESLUIT, number)
