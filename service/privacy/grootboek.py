"""The ledger of erasures: a file that outlives every backup and names nobody (TRUST P4).

It stands beside the settings and not in the database, so that restoring an older backup does not
take it back in time. A line holds an HMAC of the id without its second layer, so it also knows a
person after a rotation of keys, and tells nothing without the key. Lines are only ever added.
"""

import hmac
import json
import os
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from service.privacy.sleutels import Domein, Sleutels

NAME = "verwijderingen.jsonl"
OWNER_ONLY = 0o600


class Stap(StrEnum):
    """What a line of the ledger says of a person; the last one counts."""

    VERWIJDERD = "verwijderd"
    TOEGELATEN = "weer toegelaten"


class Grootboek:
    """The erasures of one data folder.

    Parameters
    ----------
    folder : Path
        The data folder.
    sleutels : Sleutels
        The keys.
    vingerafdruk : str
        Layer under which the ids lie that are asked about.
    """

    def __init__(self, folder: Path, sleutels: Sleutels, vingerafdruk: str) -> None:
        self.path = folder / NAME
        self._sleutels = sleutels
        self._vingerafdruk = vingerafdruk
        self._key = sleutels.key(Domein.GROOTBOEK)

    def kenmerk(self, jongere_id: str) -> str:
        """Return the mark of a person: 64 hexadecimal digits."""
        return self._marks([jongere_id])[0]

    def add(self, jongere_id: str, stap: Stap, op: datetime) -> str:
        """Write a line, and have it on disk before anything else happens; return the mark."""
        mark = self.kenmerk(jongere_id)
        line = json.dumps({"kenmerk": mark, "stap": stap, "op": op.isoformat()}) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        return mark

    def erased_among(self, jongeren: Collection[str]) -> frozenset[str]:
        """Return who of these was erased and not admitted again since."""
        gone = {mark for mark, stap in self._last().items() if stap == Stap.VERWIJDERD}
        if not gone:
            return frozenset()
        ids = list(jongeren)
        return frozenset(
            one for one, mark in zip(ids, self._marks(ids), strict=True) if mark in gone
        )

    def _marks(self, ids: list[str]) -> list[str]:
        plain = self._sleutels.uncover(ids, self._vingerafdruk)
        return [hmac.digest(self._key, one.encode(), "sha256").hex() for one in plain]

    def _last(self) -> dict[str, str]:
        """Return the last step by mark; a line cut off by a crash is no line."""
        if not self.path.exists():
            return {}
        found: dict[str, str] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                told = json.loads(line)
            except json.JSONDecodeError:
                continue
            found[told["kenmerk"]] = told["stap"]
        return found
