"""The models in use as the watch sees them: version, files, last day known, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.errors import AlteredModelError, ModelNotFoundError, UnregisteredColumnError
from models.registered import RegisteredModel
from models.store import KINDS, ModelStore, StoredModel
from service.modelbeheer.kampioenen import reigns
from service.storage.modelbesluit import ModelbesluitRepository


@dataclass(frozen=True)
class Kampioen:
    """A version in use.

    Parameters
    ----------
    naam, versie : str
        Of the model.
    sinds : date
        Day on which it came in use.
    model : RegisteredModel, optional
        None where the files are gone or are not those that were approved.
    bekend_tot : date, optional
        Last day of which it knew anything; None where its card does not say so.
    stand : mapping
        What that day looked like then (`models.drift.stand_of`); empty where its card has none.
    sha256 : str
        Of its files as they were approved.
    """

    naam: str
    versie: str
    sinds: date
    model: RegisteredModel | None
    bekend_tot: date | None
    stand: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""


def kampioenen(session: Session, models: ModelStore | None) -> list[Kampioen]:
    """Return every model in use; without a store of models, only what was decided."""
    besluiten = ModelbesluitRepository(session).all()
    found = []
    for naam in KINDS:
        stack = reigns(one for one in besluiten if one.model == naam)
        if stack:
            last = stack[-1]
            told = (naam, last.versie, last.tijdstip.date())
            een = _kampioen(*told, _loaded(models, naam, last.versie, last.sha256))
            found.append(replace(een, sha256=last.sha256))
    return found


def _kampioen(naam: str, versie: str, sinds: date, stored: StoredModel | None) -> Kampioen:
    if stored is None:
        return Kampioen(naam, versie, sinds, None, None)
    until = stored.card.get("gegevens", {}).get("bekend_tot")
    day = None if until is None else date.fromisoformat(until)
    return Kampioen(naam, versie, sinds, stored.model, day, stored.card.get("stand", {}))


def _loaded(models: ModelStore | None, naam: str, versie: str, sha256: str) -> StoredModel | None:
    """Return a version whose files are those that were approved; None otherwise."""
    if models is None:
        return None
    try:
        stored = models.load(naam, versie)
    except (AlteredModelError, ModelNotFoundError, UnregisteredColumnError):
        return None
    return stored if stored.sha256 == sha256 else None
