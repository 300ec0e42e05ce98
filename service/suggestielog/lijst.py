"""A shown list as it is kept: its head, and one line per suggestie, all content addressed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

import numpy as np

from service.suggestielog.herkomst import SCHEMAS, Herkomst, canonical_json, sha256_of

Row = Mapping[str, object]
ROWS = "rijen"
"""Key of the features in an input: the last one in the alphabet."""
NAN, INFINITE = "NaN", "Infinity"
"""As the encoder writes them; the first is left out, the second refused."""
_NUMBERS = json.JSONEncoder(separators=(",", ":"))


class Soort(StrEnum):
    """What a list holds."""

    UITVALRISICO = "uitvalrisico"
    """Jongeren with their risk, a page of the list or one alone."""
    LEERWERKPLEKKEN = "leerwerkplekken"
    """Places for one jongere."""
    KANDIDATEN = "kandidaten"
    """Jongeren for one place."""
    ROUTES = "routes"
    """Routes towards a praktijkverklaring for one jongere."""
    VERKENNING = "verkenning"
    """Places for one jongere as if something were otherwise."""
    NIEUWE_KANSEN = "nieuwe kansen"
    """Places that a small change would open for one jongere."""
    ERNAAST = "ernaast"
    """Places of one of the lists of a verkenning, with the chance that the other side gives."""
    AGENDA = "agenda"
    """Whom a matchtafel discusses; in part a draw."""
    VOORSTEL = "voorstel"
    """Lines of a joint proposal; the rang is their place in it."""
    KEUZES = "keuzes"
    """Places that a line of a matchtafel offers beside its proposal."""
    RESERVES = "reserves"
    """Others for a place of a proposal."""
    UITVOER = "uitvoer"
    """Of a file that a command wrote."""


@dataclass(frozen=True)
class Regel:
    """One suggestie of a list.

    Parameters
    ----------
    jongere_id : str
        Pseudonym of the subject.
    object_id : str, optional
        The leerwerkplek; None where the list is about risk.
    rang : int
        Place in the list as the reader sees it, from 1.
    score : float, optional
        What was shown.
    invoer : str
        Canonical JSON of what went into the model.
    uitleg : str
        Canonical JSON of what was told of it.
    """

    jongere_id: str
    object_id: str | None
    rang: int
    score: float | None
    invoer: str
    uitleg: str

    @cached_property
    def hashes(self) -> tuple[str, str]:
        """SHA-256 of the input and of the explanation."""
        return sha256_of(self.invoer), sha256_of(self.uitleg)


@dataclass(frozen=True)
class Lijst:
    """A list as it was shown; two with the same content have the same hash.

    `jongere_id` and `onderwerp` say about whom or what it is, when that is one; `ordening` is
    what decided its order, as JSON.
    """

    soort: Soort
    peildatum: date
    herkomst: Herkomst
    regels: tuple[Regel, ...]
    volgorde: str = ""
    jongere_id: str | None = None
    onderwerp: str | None = None
    ordening: str | None = None
    passend: int | None = None
    uitgesloten: int | None = None

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the head and all lines."""
        return sha256_of_list(
            self.columns,
            [
                [one.jongere_id, one.object_id, one.rang, one.score, *one.hashes]
                for one in self.regels
            ],
        )

    @property
    def jongeren(self) -> frozenset[str]:
        """Everybody about whom a line is."""
        return frozenset(one.jongere_id for one in self.regels)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the list itself, but its hash."""
        made = self.herkomst
        return {
            "soort": self.soort.value,
            "jongere_id": self.jongere_id,
            "onderwerp": self.onderwerp,
            "peildatum": self.peildatum,
            "volgorde": self.volgorde,
            "model": made.model,
            "model_versie": made.versie,
            "model_sha256": made.sha256,
            "code_versie": made.code,
            "schema_sha256": made.schema,
            "regel_versie": made.regels,
            "ordening": self.ordening,
            "passend": self.passend,
            "uitgesloten": self.uitgesloten,
        }

    def head(self) -> Row:
        """Return the row of the list itself."""
        return {"sha256": self.sha256, **self.columns}

    def inhoud(self) -> list[Row]:
        """Return the row with the input and the explanation of each line."""
        sha256 = self.sha256
        return [
            {
                "lijst_sha256": sha256,
                "nummer": nummer,
                "jongere_id": one.jongere_id,
                "invoer": one.invoer,
                "uitleg": one.uitleg,
            }
            for nummer, one in enumerate(self.regels, start=1)
        ]

    def rows(self) -> list[Row]:
        """Return the row of each line."""
        return [
            {
                "lijst_sha256": self.sha256,
                "nummer": nummer,
                "jongere_id": one.jongere_id,
                "object_id": one.object_id,
                "rang": one.rang,
                "score": one.score,
                "invoer_sha256": one.hashes[0],
                "uitleg_sha256": one.hashes[1],
            }
            for nummer, one in enumerate(self.regels, start=1)
        ]


def sha256_of_list(columns: Row, lines: Sequence[Sequence[object]]) -> str:
    """Return the SHA-256 of a list with these lines.

    Parameters
    ----------
    columns : mapping
        Those of the list itself, as `Lijst.columns`.
    lines : sequence of sequence
        Of each line the jongere_id, object_id, rang, score and both hashes.
    """
    head = {name: one for name, one in columns.items() if name != "sha256"}
    told = {name: one.isoformat() if isinstance(one, date) else one for name, one in head.items()}
    return sha256_of(canonical_json([told, [list(one) for one in lines]]))


def invoer_json(
    model: str,
    jongere_id: str,
    invoer: bytes | Sequence[float | None],
    *,
    object_id: str | None = None,
    meer: Mapping[str, object] | None = None,
) -> str:
    """Return the canonical JSON of what went into a model for one suggestie.

    What is unknown is left out, and a whole number stands there without a point: a row of the
    store then fits on one page, which halves what has to be written.

    Parameters
    ----------
    model : str
        Name of the model.
    jongere_id, object_id : str
        Whom and what it is about; so no input is shared between two jongeren.
    invoer : bytes or sequence of float
        Doubles, row after row, in the order of the registered features.
    meer : mapping, optional
        What else went into the score; its keys come before `ROWS` in the alphabet.

    Raises
    ------
    ValueError
        A value is infinite.
    """
    told = canonical_json(
        {"jongere": jongere_id, "object": object_id, "model": model, **(meer or {})}
    )
    order, names = _sorted_names(model)
    known = invoer if isinstance(invoer, bytes) else np.array(invoer, dtype=np.float64).tobytes()
    rows = np.frombuffer(known).reshape(-1, len(names))[:, order]
    # no minus before a nought; of a whole number the text ends in .0, which is cut off
    texts = (_NUMBERS.encode(row)[1:-1] + "," for row in (rows + 0.0).tolist())
    cut = (text.replace(".0,", ",").split(",") for text in texts)
    written = ",".join(
        "{"
        + ",".join([name + one for name, one in zip(names, row, strict=False) if one != NAN])
        + "}"
        for row in cut
    )
    if INFINITE in written:
        raise ValueError("an input without end cannot be kept")
    return f'{told[:-1]},"{ROWS}":[{written}]}}'


@cache
def _sorted_names(model: str) -> tuple[list[int], tuple[str, ...]]:
    """Return the places of the features of a model in the order of their names, and those as keys.

    Their names come after every other key of an input, as canonical JSON asks.
    """
    names = [feature.name for feature in SCHEMAS[model]]
    order = sorted(range(len(names)), key=names.__getitem__)
    return order, tuple(f"{canonical_json(names[place])}:" for place in order)
