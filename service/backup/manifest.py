"""What a backup says about itself: which schema, how many rows, and the hash of every part."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class TableDigest:
    """How many rows a table has, and the SHA-256 of them in the order of their keys."""

    rijen: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The contents of a backup.

    `gemaakt_op` is the moment of the data in it. `reeksen` tells where PostgreSQL goes on
    numbering. `sleutel` recognises the key of the pseudonyms without telling it: with another key
    no new file could be joined to the jongeren in the backup.
    """

    gemaakt_op: datetime
    database: str
    revision: str
    sleutel: str
    tabellen: Mapping[str, TableDigest]
    bestanden: Mapping[str, str]
    reeksen: Mapping[str, int]

    @property
    def rijen(self) -> int:
        """Number of rows in all tables."""
        return sum(one.rijen for one in self.tabellen.values())

    def to_json(self) -> str:
        """Return the text that is kept in the backup."""
        return json.dumps(
            {"formaat": FORMAT} | asdict(self) | {"gemaakt_op": self.gemaakt_op.isoformat()},
            indent=1,
            sort_keys=True,
        )


def read_manifest(text: bytes) -> Manifest:
    """Return the manifest that a text holds.

    Raises
    ------
    ValueError
        It is no manifest of this format.
    """
    try:
        values: dict[str, Any] = json.loads(text)
        if values.pop("formaat") != FORMAT:
            raise ValueError("another format")
        values["gemaakt_op"] = datetime.fromisoformat(values["gemaakt_op"])
        values["tabellen"] = {name: TableDigest(**one) for name, one in values["tabellen"].items()}
        return Manifest(**values)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no manifest") from error


def fingerprint(key: bytes) -> str:
    """Return what recognises a secret key of 256 bits, from which it cannot be found."""
    return hmac.new(key, b"vangnet backup", hashlib.sha256).hexdigest()[:16]
