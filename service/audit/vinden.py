"""From what an independent reviewer asks to the lines that answer it."""

from datetime import datetime

from sqlalchemy import Engine

from service.audit.spoor import JONGERE
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.sleutels import Domein, Sleutels
from service.settings import Settings
from service.storage.audit import Regelvraag


def wanted(
    engine: Engine,
    settings: Settings,
    *,
    jongere: str = "",
    actor: str = "",
    actie: str = "",
    van: datetime | None = None,
    tot: datetime | None = None,
) -> Regelvraag:
    """Return the question to the log; a jongere is asked for by its pseudonym of the log."""
    object_ = ""
    if jongere:
        pseudoniemen = Pseudoniemen(engine, Sleutels.of(settings))
        object_ = f"{JONGERE}:{pseudoniemen.of(Domein.AUDIT, jongere)}"
    return Regelvraag(van=van, tot=tot, actor=actor, actie=actie, object=object_)
