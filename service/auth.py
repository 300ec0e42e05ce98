"""Names of `service.aanmelden` under their former address."""

from service.aanmelden.accounts import create_gebruiker, set_gebruiker_actief
from service.aanmelden.limits import ATTEMPTS, PAUSE
from service.aanmelden.login import Refusal, log_in
from service.aanmelden.rules import SessieRules
from service.aanmelden.sessies import actor_of, keep_alive, log_out
from service.rechten.begrippen import Actor

__all__ = [
    "ATTEMPTS",
    "PAUSE",
    "Actor",
    "Refusal",
    "SessieRules",
    "actor_of",
    "create_gebruiker",
    "keep_alive",
    "log_in",
    "log_out",
    "set_gebruiker_actief",
]
