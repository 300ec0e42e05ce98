"""Success of a plaatsing: the calibrated probability that a pair holds, and why."""

from typing import ClassVar

from features.blokkade import Blokkade, column
from features.passendheid import PAIR_FEATURES
from features.registry import Feature
from models.registered import RegisteredModel


class PlaatsingModel(RegisteredModel):
    """Calibrated P(plaatsing is sustained | jongere, leerwerkplek) on a peildatum.

    Blokkades and the bare travel minutes may stand beside the features; they are not used:
    what blocks falls out before any score. `fit` learns from the pairs that people chose;
    `models.plaatsing_training.PlaatsingLearner` makes a model of any pair of it.
    """

    name: ClassVar[str] = "plaatsing"
    features: ClassVar[tuple[Feature, ...]] = PAIR_FEATURES
    carried: ClassVar[frozenset[str]] = frozenset(
        {"jongere_id", "leerwerkplek_id", "peildatum", "reistijd_minuten"}
        | {column(rule) for rule in Blokkade}
    )
