"""What a feature is: its name, what it means to a reader, and which way it may push a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Direction = Literal[-1, 0, 1]
"""Sign that the field is sure of: 1, a higher value never lowers the score; 0, not sure."""


@dataclass(frozen=True)
class Feature:
    """One registered column; a model takes no column that is not registered (TRUST F1).

    Parameters
    ----------
    name : str
        Column name.
    label : str
        Readable Dutch name, as a reason names it; starts in lower case.
    unit : str
        Dutch unit of the value, such as ``"uur per week"``; empty for a pure number.
    source : str
        Canonical table it is made of.
    purpose : str
        Why it may be used, in Dutch.
    direction : {-1, 0, 1}
        Monotone constraint on the score.
    group : str
        Dutch word for what a person would call it: features of one group are one reason.
    """

    name: str
    label: str
    unit: str
    source: str
    purpose: str
    direction: Direction = 0
    group: str = ""


def grouped(
    group: str,
    purpose: str,
    source: str,
    name: str,
    label: str,
    unit: str,
    direction: Direction = 0,
) -> Feature:
    """Return a feature with what it shares with its neighbours first, for tables of features."""
    return Feature(name, label, unit, source, purpose, direction, group)


def names(features: Sequence[Feature]) -> list[str]:
    """Return the column names of registered features, in order."""
    return [feature.name for feature in features]
