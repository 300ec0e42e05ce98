"""Contributions of a score as data: what raised it, what lowered it, and by how much."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reden:
    """One reason: a registered feature, its value, and what it did to the probability.

    `waarde` is None when the value is unknown. `bijdrage` is signed, in points of a hundred:
    +4.2 says that without this the chance would have been 4.2 of the 100 lower.
    """

    feature: str
    waarde: float | None
    bijdrage: float
