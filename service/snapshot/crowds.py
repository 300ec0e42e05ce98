"""Who has which places high, taken over from the region before for whom nothing changed.

The chance of a pair is a function of the row of the jongere, the row of the place, and the model.
So pairs of which both rows are bit for bit what they were keep their chance, and only the others
are scored again. Of who stands in nobody's way the best places stay; who lost one is ranked anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.pair_arrays import UNKNOWN, Floats, Ints
from models.ranking import Crowd, crowd
from service.paren import Paren, scored

MOST_PLACES = 0.1
"""When more of the places changed than this share, everybody is ranked anew."""
ROW_NUMBERS = ("plek_code", "spot")
"""Fields of a place that say in which row something stands, and nothing of the place itself."""

CHUNK = 200
"""Jongeren whose open pairs are held in memory at once."""

Array = NDArray[Any]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Moved:
    """Where the rows of the former region stand now, and which of them say something else.

    Parameters
    ----------
    plek : array of int of shape (n_former,)
        Row now of each former place; -1 when it is gone.
    gone, come : array of int
        Rows of places that changed: as they were (former rows) and as they are (rows now).
    same : mask of shape (n_zoekend,)
        Who of those who look now looked before too, with the same row.
    before : array of int of shape (n_zoekend,)
        Their place in the former crowd; -1 for who was not in it.
    """

    plek: Ints
    gone: Ints
    come: Ints
    same: Bools
    before: Ints


def crowd_after(former: Paren, now: Paren) -> Crowd:
    """Return the crowd of a region, equal to `now.crowd()`, from that of the region before.

    Parameters
    ----------
    former, now : Paren
        The pairs before and now. With another model all pairs are scored again.
    """
    if former.scorer is not now.scorer:
        return now.crowd()
    moved = _moved(former, now)
    if len(moved.come) > MOST_PLACES * max(len(now.plekken), 1):
        return now.crowd()
    return _merged(former, now, moved)


def _merged(former: Paren, now: Paren, moved: Moved) -> Crowd:
    known = former.crowd()
    lost = np.isin(known.best[moved.before], moved.gone).any(axis=1)
    kept, again = np.flatnonzero(moved.same & ~lost), np.flatnonzero(~moved.same | lost)
    # of who stays: the best as they were, and the places that changed as they are now
    row, rank = np.nonzero(known.best[moved.before[kept]] >= 0)
    old = moved.before[kept[row]]
    come = _open(now, now.zoekend, kept, moved.come)
    anew = _open(now, now.zoekend, again, np.arange(len(now.plekken)))
    found = crowd(
        np.concatenate([kept[row], come[0], anew[0]]),
        np.concatenate([moved.plek[known.best[old, rank]], come[1], anew[1]]),
        np.concatenate([known.kansen[old, rank], come[2], anew[2]]),
        len(now.zoekend),
        len(now.plekken),
    )
    counts = found.open_places.copy()
    gone, *_ = _open(former, former.zoekend, moved.before[kept], moved.gone)
    left = known.open_places - np.bincount(gone, minlength=len(former.zoekend))
    counts[kept] = left[moved.before[kept]]
    counts[kept] += np.bincount(come[0], minlength=len(counts))[kept]
    return replace(found, open_places=counts)


def _open(
    paren: Paren, crowd_of: Sequence[str], places: Ints, plekken: Ints
) -> tuple[Ints, Ints, Floats]:
    """Return the open pairs of some of a crowd beside some places.

    Returns
    -------
    tuple of arrays of shape (n_open,)
        Place in the crowd, row of the leerwerkplek, chance.
    """
    who, plek, kans = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    rows = paren.context.jongere_rows(crowd_of)
    for start in range(0, len(places) if len(plekken) else 0, CHUNK):
        some = places[start : start + CHUNK]
        found = scored(paren.score([crowd_of[one] for one in some], plekken=plekken.tolist()))
        # both are ordered by jongere_id
        who.append(np.searchsorted(rows, found.jongere))
        plek.append(found.plek)
        kans.append(found.kans)
    return np.concatenate(who), np.concatenate(plek), np.concatenate(kans)


def _moved(former: Paren, now: Paren) -> Moved:
    plek = _places(former.context.plekken["leerwerkplek_id"].to_list(), now.context.plek_row)
    before = _places(now.zoekend, {name: place for place, name in enumerate(former.zoekend)})
    stays, looked = np.flatnonzero(plek >= 0), np.flatnonzero(before >= 0)
    names = [now.zoekend[place] for place in looked]
    unchanged = np.zeros(len(plek), dtype=np.bool_)
    unchanged[stays] = _equal(_plek(former, stays), _plek(now, plek[stays]))
    same = np.zeros(len(before), dtype=np.bool_)
    same[looked] = _equal(_jongere(former, names, plek), _jongere(now, names, None))
    come = np.setdiff1d(np.arange(len(now.plekken)), plek[unchanged])
    return Moved(plek, np.flatnonzero(~unchanged), come, same, before)


def _places(names: Sequence[str], place: Mapping[str, int]) -> Ints:
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def _plek(paren: Paren, rows: Ints) -> list[Array]:
    """Return all that scoring reads of places, without the numbers of rows."""
    side = paren.context.plek
    fields = [name for name in side.rij.dtype.names or () if name not in ROW_NUMBERS]
    return [
        *(side.rij[name][rows] for name in fields),
        side.erkent[rows],
        side.eisen[rows],
        side.eigen[rows],
    ]


def _jongere(paren: Paren, names: Sequence[str], plek: Ints | None) -> list[Array]:
    """Return all that scoring reads of jongeren; `plek` says in which row a place stands now."""
    context = paren.context
    rows = context.jongere_rows(names)
    rij = context.jongere.rij[rows]
    if plek is not None:
        own = rij["eigen_plek"]
        rij["eigen_plek"] = np.where(own >= 0, np.append(plek, UNKNOWN)[own], own)
    side = context.jongere
    return [
        rij,
        side.wensen[rows],
        side.niveaus[rows],
        side.eigen[rows],
        context.beoordeeld[rows],
        paren.may(names),
    ]


def _equal(former: list[Array], now: list[Array]) -> Bools:
    """Return which rows are bit for bit the same in all arrays."""
    same = np.ones(len(former[0]), dtype=np.bool_)
    for one, other in zip(former, now, strict=True):
        if one.shape[1:] != other.shape[1:]:
            return np.zeros(len(same), dtype=np.bool_)
        if one.size:
            same &= (_bytes(one) == _bytes(other)).all(axis=1)
    return same


def _bytes(rows: Array) -> NDArray[np.uint8]:
    return np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1)
