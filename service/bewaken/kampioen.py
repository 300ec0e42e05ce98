"""The models in use as the watch sees them: version, files, last day known, and since when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.errors import AlteredModelError, ModelNotFoundError, UnregisteredColumnError
from models.registered import RegisteredModel
from models.store import KINDS, ModelStore
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
    """

    naam: str
    versie: str
    sinds: date
    model: RegisteredModel | None
    bekend_tot: date | None


def kampioenen(session: Session, models: ModelStore | None) -> list[Kampioen]:
    """Return every model in use; without a store of models, only what was decided."""
    besluiten = ModelbesluitRepository(session).all()
    found = []
    for naam in KINDS:
        stack = reigns(one for one in besluiten if one.model == naam)
        if stack:
            last = stack[-1]
            model, until = _loaded(models, naam, last.versie, last.sha256)
            found.append(Kampioen(naam, last.versie, last.tijdstip.date(), model, until))
    return found


def _loaded(
    models: ModelStore | None, naam: str, versie: str, sha256: str
) -> tuple[RegisteredModel | None, date | None]:
    if models is None:
        return None, None
    try:
        stored = models.load(naam, versie)
    except (AlteredModelError, ModelNotFoundError, UnregisteredColumnError):
        return None, None
    if stored.sha256 != sha256:
        return None, None
    until = stored.card.get("gegevens", {}).get("bekend_tot")
    return stored.model, None if until is None else date.fromisoformat(until)
