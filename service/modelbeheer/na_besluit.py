"""The table of fairness of the model beside that of what people decided (TRUST F7).

A model that treats groups alike is no use when people follow it for the one group and not for the
other; of the checks on student grants it was the human step that made the difference larger. Of the
plaatsing what stands beside the model are the besluiten of matchtafels (`over_plekken`), of the
uitvalrisico whom people helped (`over_lijst`); both give the same lines.

References
----------
NGO-Algorithm-Audit, DUO-CUB (2024): selection by the model and after the manual step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from features.contract import Tables
from features.passendheid import pair_features
from models.fairness import DRAWS, Scored
from models.gate import FEWEST_POSITIVES, SELECTION
from models.goede_plekken import MATEN, kinds_of
from models.history import groepen_at
from models.rates import Parts, rates
from models.small_numbers import SMALLEST_GROUP
from service.matchtafel.begrippen import Keuze
from service.storage.bewaken import Gekozen
from service.storage.na_besluit import Beslist, decided_after

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHOSEN_DAYS: Final = 90
"""A besluit within so many days after a peildatum is the human decision on that list."""
VOORGESTELD: Final = "voorgesteld"
OP_DE_LIJST, GEVONDEN, RAAK, ONTERECHT = "op de lijst", "gevonden", "raak", "onterecht"
GEWOGEN: Final = frozenset({VOORGESTELD, *MATEN, OP_DE_LIJST, GEVONDEN})
"""Shares of which it is told that they are uneven. The others follow from how often the outcome
occurs in a group, and are for reading only."""
SIDES = ("model", "besluit")
KEY = ("kenmerk", "waarde", "maat")
ENDS = ("", "_low", "_high")
SURE = ("_sure_low", "_sure_high")
"""Ends of bounds that hold for all lines of a table together, by which lines are called uneven."""
Counted = Mapping[str, Parts]
"""What is counted of each row and out of what, by name of the share."""


@dataclass(frozen=True)
class NaBesluit:
    """What the model proposed beside what people decided, safe to show.

    Parameters
    ----------
    regels : tuple of mapping
        ``kenmerk``, ``waarde``, ``maat``; ``model`` and ``besluit``, the shares, and
        ``verhouding_model`` and ``verhouding_besluit``, beside the other groups: all with ``_low``
        and ``_high`` (the ratios with ``_sure_low`` and ``_sure_high`` too), None where there is
        nothing to say. ``jongeren`` where that betrays no hidden group. Of places the maten are
        ``voorgesteld`` (a place at all; and of those the share that is ``betaald``, ``bbl`` or at
        the own ``niveau``); of the list ``op de lijst``, ``gevonden`` (recall), ``raak``
        (precision) and ``onterecht`` (false positive rate).
    besluiten : int
        Final besluiten that a proposal went before, or rows for which people chose.
    te_klein : int
        Lines left out because fewer than `SMALLEST_GROUP` jongeren could be told from them.
    """

    regels: tuple[Mapping[str, Any], ...]
    besluiten: int
    te_klein: int

    @property
    def scheef(self) -> tuple[Mapping[str, Any], ...]:
        """The lines that are surely uneven after the besluit: outside 0.8-1.25 and not about 1."""
        return tuple(one for one in self.regels if _is_uneven(one, "besluit"))

    @property
    def door_mensen(self) -> tuple[Mapping[str, Any], ...]:
        """Those of `scheef` of which the model itself was even: the human step made them so."""
        return tuple(one for one in self.scheef if not _is_outside(one, "model"))

    def described(self) -> dict[str, Any]:
        """Return plain data, ready for JSON."""
        return {
            "regels": [dict(one) for one in self.regels],
            "besluiten": self.besluiten,
            "te_klein": self.te_klein,
        }

    @classmethod
    def from_described(cls, told: Mapping[str, Any]) -> "NaBesluit":
        """Read back what `described` gave."""
        return cls(tuple(told["regels"]), told["besluiten"], told["te_klein"])


NIETS: Final = NaBesluit((), 0, 0)


def over_plekken(
    session: Session, tables: Tables, *, since: datetime, seed: int = 0, draws: int = DRAWS
) -> NaBesluit:
    """Return which places were proposed and which were decided on since a moment, per group.

    Parameters
    ----------
    session : Session
        The store; only the tables that the actor may see count.
    tables : mapping of name to DataFrame
        Canonical tables: what groups the jongeren belonged to on the day of their matchtafel, and
        of what kind the places are.
    since : datetime
        Of the besluiten.
    seed, draws : int
        Of the intervals.
    """
    return beside(decided_after(session, since=since), tables, seed=seed, draws=draws)


def over_lijst(
    scored: Scored, gekozen: Flags, groups: pl.DataFrame, *, seed: int = 0, draws: int = DRAWS
) -> NaBesluit:
    """Return whom the model put on the list and whom people helped, per group.

    Parameters
    ----------
    scored : Scored
        Rows whose outcome is known, with the list of the model.
    gekozen : array of bool of shape (n_rows,)
        Whom people helped (`chosen_by_people`). Fewer than `FEWEST_POSITIVES` say nothing.
    groups : DataFrame
        What each row belongs to.
    seed, draws : int
        Of the intervals.
    """
    if gekozen.sum() < FEWEST_POSITIVES:
        return NIETS
    sides = {
        "model": _of_list(scored.labels, scored.selected),
        "besluit": _of_list(scored.labels, gekozen),
    }
    return _beside(sides, scored.jongeren, groups, int(gekozen.sum()), seed=seed, draws=draws)


def chosen_by_people(frame: pl.DataFrame, besluiten: Iterable[Gekozen]) -> Flags:
    """Return of which rows (``jongere_id``, ``peildatum``) somebody was helped soon after."""
    taken = pl.DataFrame(
        [(one.jongere_id, one.dag) for one in besluiten],
        schema={"jongere_id": pl.String, "dag": pl.Date},
        orient="row",
    )
    rows = frame.select("jongere_id", "peildatum").with_row_index("rij")
    after = (pl.col("dag") - pl.col("peildatum")).dt.total_days()
    helped = rows.join(taken, on="jongere_id").filter(after.is_between(0, CHOSEN_DAYS))
    return np.isin(rows["rij"].to_numpy(), helped["rij"].to_numpy())


def beside(
    found: Sequence[Beslist],
    tables: Tables,
    *,
    groups: pl.DataFrame | None = None,
    seed: int = 0,
    draws: int = DRAWS,
) -> NaBesluit:
    """Return the table of these besluiten; parameters as `over_plekken`.

    `groups` says what the jongere of each besluit belongs to, in place of onderwijssoort, leerweg
    and age.
    """
    if not found:
        return NIETS
    spine = pl.DataFrame(
        {
            "jongere_id": [one.jongere_id for one in found],
            "peildatum": [one.datum for one in found],
        }
    )
    kept = groepen_at(tables, spine).drop("instelling") if groups is None else groups
    who = spine["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()
    chosen = {
        "model": [one.voorstel for one in found],
        "besluit": [one.besluit if one.keuze == Keuze.VOORSTELLEN else None for one in found],
    }
    sides = {side: _of_places(spine, places, tables) for side, places in chosen.items()}
    return _beside(sides, who, kept, len(found), seed=seed, draws=draws)


def _beside(
    counted: Mapping[str, Counted],
    who: NDArray[np.int64],
    groups: pl.DataFrame,
    besluiten: int,
    *,
    seed: int,
    draws: int,
) -> NaBesluit:
    """Return the lines of both sides, over the same draws of jongeren."""
    sides = {
        side: _side(parts, who, groups, seed=seed, draws=draws) for side, parts in counted.items()
    }
    lines = [_line(sides, key) for key in sides["besluit"]]
    shown = _shown(lines, groups)
    return NaBesluit(tuple(shown), besluiten, len(lines) - len(shown))


def _of_list(labels: Vector, chosen: Flags) -> Counted:
    """Return what is counted of a list: of everybody, of the outcome, of the list, of the rest."""
    flags = chosen.astype(np.float64)
    return {
        OP_DE_LIJST: (flags, np.ones(len(flags))),
        GEVONDEN: (flags * labels, labels),
        RAAK: (flags * labels, flags),
        ONTERECHT: (flags * (1 - labels), 1 - labels),
    }


def _of_places(spine: pl.DataFrame, places: Sequence[str | None], tables: Tables) -> Counted:
    """Return what is counted: a place at all, and of the places those of each good kind."""
    pairs = spine.with_columns(pl.Series("leerwerkplek_id", places, dtype=pl.String))
    here = pairs["leerwerkplek_id"].is_not_null().to_numpy().astype(np.float64)
    good = pairs.join(
        kinds_of(tables["leerwerkplek"]), on="leerwerkplek_id", how="left", maintain_order="left"
    ).join(
        _at_niveau(pairs, tables),
        on=pairs.columns,
        how="left",
        maintain_order="left",
    )
    counted: dict[str, Parts] = {VOORGESTELD: (here, np.ones(len(here)))}
    for maat in MATEN:
        flags = good[maat].fill_null(value=False).to_numpy().astype(np.float64)
        counted[maat] = (flags, here)
    return counted


def _at_niveau(pairs: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return the pairs that are known, with ``niveau``: the place is at the own niveau."""
    known = (
        pairs.drop_nulls()
        .unique()
        .join(tables["jongere"].select("jongere_id"), on="jongere_id", how="semi")
        .join(tables["leerwerkplek"].select("leerwerkplek_id"), on="leerwerkplek_id", how="semi")
    )
    if known.is_empty():
        return known.with_columns(niveau=pl.lit(value=False))
    same = (pl.col("niveau_verschil") == 0).fill_null(value=False)
    return pair_features(tables, known).select(*pairs.columns, niveau=same)


Found = dict[tuple[str, ...], dict[str, Any]]


def _side(
    counted: Counted,
    who: NDArray[np.int64],
    groups: pl.DataFrame,
    *,
    seed: int,
    draws: int,
) -> Found:
    """Return the lines of one side by their key, with the fewest jongeren that each tells of."""
    judged = groups.select(pl.all().n_unique()).sum_horizontal().item() * len(counted)
    table = rates(counted, who, groups, seed=seed, draws=draws, at_once=judged)
    found: Found = {}
    for row in table.iter_rows(named=True):
        own = (groups[row["kenmerk"]].cast(pl.String) == row["waarde"]).fill_null(value=False)
        top, whole = (part[own.to_numpy()] for part in counted[row["maat"]])
        told = (who[own.to_numpy()][flags] for flags in (top > 0, whole > top))
        fewest = min(row["jongeren"], *(np.unique(one).size for one in told))
        found[tuple(row[name] for name in KEY)] = row | {"fewest": fewest}
    return found


def _line(sides: Mapping[str, Found], key: tuple[str, ...]) -> dict[str, Any]:
    """Return one line of both sides; ``fewest`` is the smallest number that it tells of."""
    rows = {side: sides[side][key] for side in SIDES}
    line: dict[str, Any] = dict(zip(KEY, key, strict=True))
    line["jongeren"] = rows["besluit"]["jongeren"]
    line["fewest"] = min(row["fewest"] for row in rows.values())
    for side, row in rows.items():
        for end in SURE:
            line[f"verhouding_{side}{end}"] = _told(row[f"verhouding{end}"])
        for end in ENDS:
            line[f"{side}{end}"] = _told(row[f"aandeel{end}"])
            line[f"verhouding_{side}{end}"] = _told(row[f"verhouding{end}"])
    return line


def _shown(lines: Iterable[Mapping[str, Any]], groups: pl.DataFrame) -> list[dict[str, Any]]:
    """Return lines that tell of enough jongeren, without counts where a group is hidden."""
    told = list(lines)
    maten = {one["maat"] for one in told}
    hidden = {(one["kenmerk"], one["maat"]) for one in told if one["fewest"] < SMALLEST_GROUP}
    for kenmerk in groups.columns:
        known = {one["waarde"] for one in told if one["kenmerk"] == kenmerk}
        if groups[kenmerk].drop_nulls().n_unique() > len(known):
            hidden |= {(kenmerk, maat) for maat in maten}
    return [
        {
            name: value
            for name, value in one.items()
            if name != "fewest"
            and not (name == "jongeren" and (one["kenmerk"], one["maat"]) in hidden)
        }
        for one in told
        if one["fewest"] >= SMALLEST_GROUP
    ]


def _is_uneven(line: Mapping[str, Any], side: str) -> bool:
    """Whether a line is surely uneven on one side: outside the bounds, and not about 1."""
    low, high = (line[f"verhouding_{side}{end}"] for end in SURE)
    if line["maat"] not in GEWOGEN or low is None or high is None:
        return False
    return _is_outside(line, side) and not low <= 1 <= high


def _is_outside(line: Mapping[str, Any], side: str) -> bool:
    ratio = line[f"verhouding_{side}"]
    return ratio is not None and not SELECTION[0] <= ratio <= SELECTION[1]


def _told(value: float) -> float | None:
    return round(value, 4) if isfinite(value) else None
