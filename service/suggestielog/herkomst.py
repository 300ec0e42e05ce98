"""Where a score comes from: the model, the code and the rules, each by a hash (TRUST H1)."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import features
import models
from features.passendheid import PAIR_FEATURES
from features.registry import Feature
from features.risicoprofiel import FEATURES
from features.werkproces import WERKPROCES_FEATURES
from models.leerwerkplek import PlaatsingModel
from models.praktijkverklaring_leren import WerkprocesModel
from models.store import StoredModel
from models.uitvalrisico import UitvalrisicoModel

SHORT = 12
"""Digits of a hash that tell one version of the code from another."""
RULE_FILES = ("blokkade.py", "pair_kernel.py", "ranking.py")
"""The rules that block a pair, and those that put pairs in order."""
SCHEMAS: dict[str, tuple[Feature, ...]] = {
    UitvalrisicoModel.name: FEATURES,
    PlaatsingModel.name: tuple(PAIR_FEATURES),
    WerkprocesModel.name: tuple(WERKPROCES_FEATURES),
}
"""What goes into each model, in the order in which an input holds it."""


_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
"""Made once: `json.dumps` makes an encoder for each text."""


@dataclass(frozen=True)
class Herkomst:
    """Which model, code and rules made a list.

    Parameters
    ----------
    model, versie, sha256 : str
        Name and version of the model, and the SHA-256 of its files.
    code : str
        Version of Vangnet, and the beginning of the SHA-256 of all code that scores.
    schema : str
        SHA-256 of the names, units and directions of the features that go in.
    regels : str
        The same of the code that blocks pairs and puts them in order.
    """

    model: str
    versie: str
    sha256: str
    code: str
    schema: str
    regels: str

    @classmethod
    def of(cls, stored: StoredModel) -> Self:
        """Return the origin of the scores of a stored model, made by the code that runs now."""
        name = stored.model.name
        return cls(name, stored.version, stored.sha256, code_version(), schema(name), rules())


def canonical_json(value: Any) -> str:  # noqa: ANN401  # anything that JSON can hold
    """Return the one JSON text of a value: sorted keys, no spaces, no NaN.

    References
    ----------
    RFC 8785, JSON Canonicalization Scheme; numbers here as Python writes them, the shortest text
    that gives the same double.

    Examples
    --------
    >>> canonical_json({"b": 1.5, "a": None})
    '{"a":null,"b":1.5}'
    """
    return _CANONICAL.encode(value)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def schema(model: str) -> str:
    """Return the SHA-256 of what goes into a model."""
    return sha256_of(canonical_json(_described(SCHEMAS[model])))


def _described(registered: Sequence[Feature]) -> list[list[object]]:
    return [[one.name, one.unit, one.direction, one.group] for one in registered]


@cache
def code_version() -> str:
    """Return the version of Vangnet with a hash of the code from table to score."""
    return f"{version('vangnet')}+{_hash_of(_sources())[:SHORT]}"


@cache
def rules() -> str:
    """Return a hash of the code that blocks pairs and puts them in order."""
    return _hash_of(path for path in _sources() if path.name in RULE_FILES)[:SHORT]


def _sources() -> list[Path]:
    folders = [Path(str(package.__file__)).parent for package in (features, models)]
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def _hash_of(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.parent.name}/{path.name} {content}\n".encode())
    return digest.hexdigest()
