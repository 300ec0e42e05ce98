"""The table of fairness of the model beside that of what people decided (TRUST F7).

A model that treats groups alike is no use when people follow it for the one group and not for the
other; of the checks on student grants it was the human step that made the difference larger.

References
----------
NGO-Algorithm-Audit, DUO-CUB (2024): selection by the model and after the manual step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from features.contract import Tables
from features.passendheid import pair_features
from models.fairness import DRAWS
from models.gate import SELECTION
from models.goede_plekken import MATEN, kinds_of
from models.history import groepen_at
from models.rates import Parts, rates
from models.small_numbers import SMALLEST_GROUP
from service.matchtafel.begrippen import Keuze
from service.storage.na_besluit import Beslist, decided_after

Vector = NDArray[np.float64]

VOORGESTELD = "voorgesteld"
SIDES = ("model", "besluit")
KEY = ("kenmerk", "waarde", "maat")
ENDS = ("", "_low", "_high")


@dataclass(frozen=True)
class NaBesluit:
    """What the model proposed beside what people decided, safe to show.

    Parameters
    ----------
    regels : tuple of mapping
        ``kenmerk``, ``waarde``, ``maat`` (``voorgesteld``: a place at all; and of those the share
        that is ``betaald``, ``bbl`` or at the own ``niveau``); ``model`` and ``besluit``, the
        shares, and ``verhouding_model`` and ``verhouding_besluit``, beside the other groups: all
        with ``_low`` and ``_high``, None where there is nothing to say. ``jongeren`` where that
        betrays no hidden group.
    besluiten : int
        Final besluiten that a proposal went before.
    te_klein : int
        Lines left out because fewer than `SMALLEST_GROUP` jongeren could be told from them.
    """

    regels: tuple[Mapping[str, Any], ...]
    besluiten: int
    te_klein: int

    @property
    def scheef(self) -> tuple[Mapping[str, Any], ...]:
        """The lines that are surely uneven after the besluit: outside 0.8-1.25 and not about 1."""
        return tuple(one for one in self.regels if _is_uneven(one))


def na_besluit(session: Session, tables: Tables, *, since: datetime, seed: int = 0) -> NaBesluit:
    """Return what was proposed and what was decided since a moment, per group.

    Parameters
    ----------
    session : Session
        The store; only the tables that the actor may see count.
    tables : mapping of name to DataFrame
        Canonical tables: what groups the jongeren belonged to on the day of their matchtafel, and
        of what kind the places are.
    since : datetime
        Of the besluiten.
    seed : int
        Of the intervals.
    """
    return beside(decided_after(session, since=since), tables, seed=seed)


def beside(
    found: Sequence[Beslist], tables: Tables, *, seed: int = 0, draws: int = DRAWS
) -> NaBesluit:
    """Return the table of these besluiten; parameters as `na_besluit`."""
    if not found:
        return NaBesluit((), 0, 0)
    spine = pl.DataFrame(
        {
            "jongere_id": [one.jongere_id for one in found],
            "peildatum": [one.datum for one in found],
        }
    )
    groups = groepen_at(tables, spine).drop("instelling")
    who = spine["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()
    chosen = {
        "model": [one.voorstel for one in found],
        "besluit": [one.besluit if one.keuze == Keuze.VOORSTELLEN else None for one in found],
    }
    sides = {
        side: _side(_counted(spine, places, tables), who, groups, seed=seed, draws=draws)
        for side, places in chosen.items()
    }
    lines = [_line(sides, key) for key in sides["besluit"]]
    shown = _shown(lines, groups)
    return NaBesluit(tuple(shown), len(found), len(lines) - len(shown))


def _counted(spine: pl.DataFrame, places: Sequence[str | None], tables: Tables) -> dict[str, Parts]:
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
    counted: Mapping[str, Parts],
    who: NDArray[np.int64],
    groups: pl.DataFrame,
    *,
    seed: int,
    draws: int,
) -> Found:
    """Return the lines of one side by their key, with the fewest jongeren that each tells of."""
    table = rates(counted, who, groups, seed=seed, draws=draws)
    found: Found = {}
    for row in table.iter_rows(named=True):
        own = (groups[row["kenmerk"]].cast(pl.String) == row["waarde"]).fill_null(value=False)
        top, whole = (part[own.to_numpy()].sum() for part in counted[row["maat"]])
        fewest = int(min(row["jongeren"], top, whole - top))
        found[tuple(row[name] for name in KEY)] = row | {"fewest": fewest}
    return found


def _line(sides: Mapping[str, Found], key: tuple[str, ...]) -> dict[str, Any]:
    """Return one line of both sides; ``fewest`` is the smallest number that it tells of."""
    rows = {side: sides[side][key] for side in SIDES}
    line: dict[str, Any] = dict(zip(KEY, key, strict=True))
    line["jongeren"] = rows["besluit"]["jongeren"]
    line["fewest"] = min(row["fewest"] for row in rows.values())
    for side, row in rows.items():
        for end in ENDS:
            line[f"{side}{end}"] = _told(row[f"aandeel{end}"])
            line[f"verhouding_{side}{end}"] = _told(row[f"verhouding{end}"])
    return line


def _shown(lines: Iterable[Mapping[str, Any]], groups: pl.DataFrame) -> list[dict[str, Any]]:
    """Return lines that tell of enough jongeren, without counts where a group is hidden."""
    told = list(lines)
    hidden = {(one["kenmerk"], one["maat"]) for one in told if one["fewest"] < SMALLEST_GROUP}
    for kenmerk in groups.columns:
        known = {one["waarde"] for one in told if one["kenmerk"] == kenmerk}
        if groups[kenmerk].drop_nulls().n_unique() > len(known):
            hidden |= {(kenmerk, maat) for maat in (VOORGESTELD, *MATEN)}
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


def _is_uneven(line: Mapping[str, Any]) -> bool:
    ratio, low, high = (line[f"verhouding_besluit{end}"] for end in ENDS)
    if ratio is None or low is None or high is None:
        return False
    return not SELECTION[0] <= ratio <= SELECTION[1] and not low <= 1 <= high


def _told(value: float) -> float | None:
    return round(value, 4) if isfinite(value) else None
