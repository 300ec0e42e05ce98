"""May a model be promoted: red, orange or green, by rules that nobody can talk around (TRUST F5).

Red stops: the interval of a group's recall gap lies wholly beyond five points; what is said of a
group is more than three points off with an interval without 0; or a group's recall is more than
three points below that of the model in use, likewise. Orange asks a named person to sign with a
reason: a gap of more than five points, a selection ratio outside 0.8 to 1.25, being three points
off with less certainty, or good places that stand less than 0.8 or more than 1.25 times as often in
the top of a group's lists as in those of others, counted in what was open to it (TRUST F6). A group
with fewer than a hundred positives says too little: it never makes green.

An attribute has many groups, and of twenty fair groups one lies outside its 95% interval by chance.
So red asks an interval that holds for all groups of the attribute together (Bonferroni).

Of the attributes in `NEEDS` the base rates differ by what they are: many more leave from entree
than from praktijkonderwijs. One list by risk must then find a larger share of the ones than of the
others, also when every chance is right (Kleinberg et al.): recall at one threshold follows the
spread of risk in a group, not how it is treated (infra-marginality, Corbett-Davies & Goel). There
red asks that the gap is more than the chances themselves account for, and the gap itself asks a
signature. Of any other attribute, such as geslacht or herkomst, no base rate excuses a gap: it is
judged by the raw rule of TRUST F5, for an attribute counts as need only when it stands in `NEEDS`.
Schools are not judged as groups (`models.training.per_group` says why).

References
----------
Kleinberg, Mullainathan, Raghavan (2017), Inherent trade-offs in the fair determination of risk
scores, ITCS.
Corbett-Davies, Goel (2018), The measure and mismeasure of fairness, arXiv:1808.00023.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import polars as pl

from models.fairness import Report, Scored, Vector, behind

RECALL_GAP: Final = 0.05
CALIBRATION: Final = 0.03
BEHIND: Final = 0.03
SELECTION: Final = (0.8, 1.25)
"""Default of Aequitas (tau 0.8)."""
NEEDS: Final = frozenset({"onderwijssoort", "leerweg", "leeftijd"})
"""Attributes that say what somebody learns and how old he is: need, by which help is given."""
FEWEST_POSITIVES: Final = 100
"""With a hundred positives recall is known to nine points either way."""


class Kleur(StrEnum):
    """What the gate says, the worst first."""

    ROOD = "rood"
    ORANJE = "oranje"
    TE_WEINIG = "te weinig gegevens"
    GROEN = "groen"


class Regel(StrEnum):
    """Which rule spoke."""

    RECALL = "recall"
    KALIBRATIE = "kalibratie"
    ACHTERUIT = "achteruit"
    SELECTIE = "selectie"
    PLEKKEN = "goede plekken"
    TE_WEINIG = "te weinig"


@dataclass(frozen=True)
class Bevinding:
    """What one rule found of one group: a figure with its 95% interval.

    `maat` says which places it is about, for `Regel.PLEKKEN`.
    """

    kleur: Kleur
    regel: Regel
    kenmerk: str
    waarde: str
    gevonden: float
    laag: float
    hoog: float
    maat: str = ""


@dataclass(frozen=True)
class Oordeel:
    """What the gate says, and why: the findings, the worst first; none for a clean green."""

    kleur: Kleur
    bevindingen: tuple[Bevinding, ...]

    def described(self) -> dict[str, Any]:
        """Return plain data, ready for JSON; NaN becomes None."""
        found = [
            {key: None if value != value else value for key, value in asdict(one).items()}
            for one in self.bevindingen
        ]
        return {"kleur": str(self.kleur), "bevindingen": found}

    @classmethod
    def from_described(cls, described: dict[str, Any]) -> "Oordeel":
        """Read back what `described` gave."""
        found = tuple(
            Bevinding(
                Kleur(one["kleur"]),
                Regel(one["regel"]),
                one["kenmerk"],
                one["waarde"],
                **{key: float("nan") if one[key] is None else one[key] for key in _FIGURES},
                maat=one.get("maat", ""),
            )
            for one in described["bevindingen"]
        )
        return cls(Kleur(described["kleur"]), found)


SAID: Final = "calibration_in_the_large"
_FIGURES = ("gevonden", "laag", "hoog")
_ORDER = list(Kleur)


def judge(
    report: Report,
    *,
    attributes: pl.DataFrame | None = None,
    live: Scored | None = None,
    challenger: Scored | None = None,
    seed: int = 0,
) -> Oordeel:
    """Return what the gate says of a model.

    Parameters
    ----------
    report : Report
        Of the model that wants in, on held-out rows.
    attributes : DataFrame, optional
        The attributes of these rows, to hold each group beside the model in use.
    live, challenger : Scored, optional
        The model in use and the new one on the same rows; without them nothing is held beside it.
    seed : int
        Of the resamples of that comparison.
    """
    found: list[Bevinding] = []
    for row in report.groepen.iter_rows(named=True):
        found += _of_group(row)
    if attributes is not None and live is not None and challenger is not None:
        for row in report.groepen.iter_rows(named=True):
            if row["positief"] >= FEWEST_POSITIVES:
                own = attributes[row["kenmerk"]].cast(pl.String) == row["waarde"]
                flags = own.fill_null(value=False).to_numpy()
                found += _behind(row, behind(live, challenger, flags, seed=seed))
    if not report.groepen.height:
        return Oordeel(Kleur.TE_WEINIG, ())
    return _worst(Kleur.GROEN, found)


def with_places(oordeel: Oordeel, places: Iterable[Mapping[str, Any]]) -> Oordeel:
    """Return a verdict that also counts which groups a list shows the good places (TRUST F6).

    Parameters
    ----------
    oordeel : Oordeel
        What the gate says of the chances.
    places : iterable of mapping
        Lines of `models.goede_plekken.goede_plekken`, or those of a card.
    """
    found = [one for row in places for one in _of_places(row)]
    return _worst(oordeel.kleur, [*oordeel.bevindingen, *found])


def _worst(kleur: Kleur, found: Iterable[Bevinding]) -> Oordeel:
    """Return the findings, the worst first, with their colour; never better than the one given."""
    ordered = sorted(found, key=lambda one: _ORDER.index(one.kleur))
    worst = min((kleur, *(one.kleur for one in ordered)), key=_ORDER.index)
    return Oordeel(worst, tuple(ordered))


def _of_places(row: Mapping[str, Any]) -> Iterator[Bevinding]:
    """Yield a finding when a group is shown good places too little or too much."""
    ratio, low, high = (row[f"verhouding{end}"] for end in ("", "_low", "_high"))
    if ratio is None or not np.isfinite(ratio) or SELECTION[0] <= ratio <= SELECTION[1]:
        return
    group = row["kenmerk"], row["waarde"]
    yield Bevinding(Kleur.ORANJE, Regel.PLEKKEN, *group, ratio, low, high, maat=row["maat"])


def _of_group(row: dict[str, Any]) -> Iterator[Bevinding]:
    """Yield what the rules find of one group."""
    if row["positief"] < FEWEST_POSITIVES:
        yield _found(Kleur.TE_WEINIG, Regel.TE_WEINIG, row, "recall")
        return
    gap = "recall_excess_gap" if row["kenmerk"] in NEEDS else "recall_gap"
    low, high = row[f"{gap}_sure_low"], row[f"{gap}_sure_high"]
    if low > RECALL_GAP or high < -RECALL_GAP:
        yield _found(Kleur.ROOD, Regel.RECALL, row, gap, "_sure")
    elif abs(row["recall_gap"]) > RECALL_GAP:
        yield _found(Kleur.ORANJE, Regel.RECALL, row, "recall_gap")
    if abs(row[SAID]) > CALIBRATION and _excludes_nought(row, SAID, "_sure"):
        yield _found(Kleur.ROOD, Regel.KALIBRATIE, row, SAID, "_sure")
    elif abs(row[SAID]) > CALIBRATION and _excludes_nought(row, SAID):
        yield _found(Kleur.ORANJE, Regel.KALIBRATIE, row, SAID)
    ratio = row["selection_ratio"]
    if np.isfinite(ratio) and not SELECTION[0] <= ratio <= SELECTION[1]:
        yield _found(Kleur.ORANJE, Regel.SELECTIE, row, "selection_ratio")


def _behind(row: dict[str, Any], found: Vector) -> Iterator[Bevinding]:
    """Yield a finding when recall is surely lower than with the model in use."""
    value, low, high = (float(one) for one in found)
    if value < -BEHIND and high < 0:
        yield Bevinding(
            Kleur.ROOD, Regel.ACHTERUIT, row["kenmerk"], row["waarde"], value, low, high
        )


def _excludes_nought(row: dict[str, Any], name: str, bounds: str = "") -> bool:
    return bool(row[f"{name}{bounds}_low"] > 0 or row[f"{name}{bounds}_high"] < 0)


def _found(
    kleur: Kleur, regel: Regel, row: dict[str, Any], name: str, bounds: str = ""
) -> Bevinding:
    return Bevinding(
        kleur,
        regel,
        row["kenmerk"],
        row["waarde"],
        row[name],
        row[f"{name}{bounds}_low"],
        row[f"{name}{bounds}_high"],
    )
