"""Drop-out risk: the calibrated probability of uitval within the horizon, and why."""

from typing import ClassVar

from features.registry import Feature
from features.risicoprofiel import FEATURES
from models.levels import Kind
from models.registered import RegisteredModel


class UitvalrisicoModel(RegisteredModel):
    """Calibrated P(uitval | risicoprofiel) of a jongere on a peildatum."""

    name: ClassVar[str] = "uitvalrisico"
    features: ClassVar[tuple[Feature, ...]] = FEATURES
    carried: ClassVar[frozenset[str]] = frozenset({"jongere_id", "peildatum"})
    kinds: ClassVar[tuple[Kind, ...]] = (
        Kind("inschrijving_pro", 1),
        Kind("inschrijving_vso", 1),
        Kind("inschrijving_vo", 1),
        *(Kind("inschrijving_niveau", niveau) for niveau in (4, 3, 2, 1)),
    )
