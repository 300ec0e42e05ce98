"""Drop-out risk: the calibrated probability of uitval within the horizon, and why."""

from typing import ClassVar

from features.registry import Feature
from features.risicoprofiel import FEATURES
from models.registered import RegisteredModel


class UitvalrisicoModel(RegisteredModel):
    """Calibrated P(uitval | risicoprofiel) of a jongere on a peildatum."""

    name: ClassVar[str] = "uitvalrisico"
    features: ClassVar[tuple[Feature, ...]] = FEATURES
    carried: ClassVar[frozenset[str]] = frozenset({"jongere_id", "peildatum"})
