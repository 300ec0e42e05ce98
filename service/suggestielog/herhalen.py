"""Making a stored suggestie again, from what is kept of it alone (TRUST H1).

The model is loaded by the SHA-256 of its files, the input comes from the stored snapshot, and the
order from what was kept of the others that could have stood in the list. Routes are made again from
their chances on: which werkprocessen were chosen is taken from the record.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from models.errors import ModelNotFoundError
from models.praktijkverklaring_leren import WerkprocesModel
from models.praktijkverklaring_variatie import Kenmerk, pick_different
from models.registered import RegisteredModel
from models.store import ModelStore
from service.storage.suggestielog import StoredLijst, StoredSuggestie
from service.suggestielog.herkomst import sha256_of
from service.suggestielog.lijst import Soort
from service.suggestielog.ordening import Ordening

CLOSE = 1e-9
"""How far a score that is made again may lie from what was shown."""
ByHash = Callable[[str, str, str], RegisteredModel]
"""Gives a model by its name, version and SHA-256."""


@dataclass(frozen=True)
class Herhaald:
    """What came of making a list again.

    Parameters
    ----------
    suggesties : int
        Lines with a score and an input.
    verschil : float
        Greatest difference of a score.
    zelfde_rang : bool, optional
        Whether the order is the same; None where people or another order than that of the scores
        decided it.
    heel : bool
        Whether every input and explanation still has its hash.
    """

    suggesties: int
    verschil: float
    zelfde_rang: bool | None
    heel: bool

    @property
    def goed(self) -> bool:
        """Whether it came out as it was shown."""
        return self.heel and self.verschil <= CLOSE and self.zelfde_rang is not False


def by_hash(store: ModelStore) -> ByHash:
    """Return a function that loads models of a store by their hash, each once.

    It raises ModelNotFoundError when no version of the model has that hash.
    """
    known: dict[str, RegisteredModel] = {}

    def load(name: str, version: str, sha256: str) -> RegisteredModel:
        if sha256 not in known:
            found = next(
                (
                    one
                    for one in (store.load(name, asked) for asked in _first(store, name, version))
                    if one.sha256 == sha256
                ),
                None,
            )
            if found is None:
                raise ModelNotFoundError(name, version)
            known[sha256] = found.model
        return known[sha256]

    return load


def _first(store: ModelStore, name: str, version: str) -> list[str]:
    """Return every version of a model, this one first."""
    return sorted(store.versions(name), key=lambda one: one != version)


def repeat(lijst: StoredLijst, lines: Sequence[StoredSuggestie], load: ByHash) -> Herhaald:
    """Make a list again and say how it compares with what was shown.

    Parameters
    ----------
    lijst : StoredLijst
        Its head.
    lines : sequence of StoredSuggestie
        Its lines in their order, with their inputs.
    load : callable
        As `by_hash` gives.
    """
    whole = all(map(is_whole, lines))
    known = [one for one in lines if one.score is not None and _rows(one)]
    if not known:
        return Herhaald(0, 0.0, None, whole)
    model = load(lijst.model, lijst.model_versie, lijst.model_sha256)
    scores = [_score(model, json.loads(one.invoer or "{}")) for one in known]
    shown = np.array([one.score for one in known], dtype=np.float64)
    return Herhaald(
        len(known),
        float(np.abs(np.array(scores) - shown).max()),
        _same_order(lijst, known, scores) if len(known) == len(lines) else None,
        whole,
    )


def is_whole(line: StoredSuggestie) -> bool:
    """Whether the input and the explanation of a line still have their hashes."""
    pairs = ((line.invoer, line.invoer_sha256), (line.uitleg, line.uitleg_sha256))
    return all(key is None or (text is not None and sha256_of(text) == key) for text, key in pairs)


def _rows(line: StoredSuggestie) -> bool:
    return bool(json.loads(line.invoer or "{}").get("rijen"))


def _score(model: RegisteredModel, invoer: Mapping[str, Any]) -> float:
    rows = invoer["rijen"]
    names = [feature.name for feature in model.features]
    known = [
        [float(row[name]) if row.get(name) is not None else None for name in names] for row in rows
    ]
    frame = pl.DataFrame(known, schema=dict.fromkeys(names, pl.Float64), orient="row")
    kansen = model.predict(frame)
    if isinstance(model, WerkprocesModel):
        return float(invoer["blijft"] * model.chance_of_set(kansen))
    return float(kansen[0])


def _same_order(
    lijst: StoredLijst, lines: Sequence[StoredSuggestie], scores: Sequence[float]
) -> bool | None:
    """Return whether the scores put the lines in the order that was shown."""
    kept = None if lijst.ordening is None else json.loads(lijst.ordening)
    if lijst.soort == Soort.UITVALRISICO and lijst.volgorde == "uitvalrisico":
        # equal scores stand by id, which a rotation of keys changes: any order of those is right
        falling = sorted(range(len(lines)), key=lambda one: -scores[one])
        return falling == list(range(len(lines)))
    if lijst.soort == Soort.ROUTES and kept is not None:
        kenmerken = [Kenmerk(frozenset(werk), *rest) for werk, *rest in kept["kenmerken"]]
        picked = pick_different(np.array(kept["winst"]), kenmerken, len(lines))
        return picked == list(range(len(lines)))
    if lijst.soort in {Soort.LEERWERKPLEKKEN, Soort.KANDIDATEN, Soort.VERKENNING} and kept:
        ordening = Ordening.from_json(kept)
        if len(ordening.getoond) != len(lines):  # somebody in it was erased
            return None
        return ordening.with_scores(scores).repeated() == ordening.getoond
    return None
