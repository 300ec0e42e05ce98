"""How long rows of each table are kept: the one file of terms, read and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from models.splitting import add_months
from service.dutch import count

FILE = Path(__file__).with_name("bewaartermijnen.toml")
MONTHS = 12
IMPORT = "import"
"""Stands for the day of the run that brought or changed a row."""


@dataclass(frozen=True)
class Termijn:
    """How long rows of one table are kept; the meaning of each field stands in the file."""

    tabel: str
    vanaf: tuple[str, ...] = ()
    jaren: int = 0
    maanden: int = 0
    dagen: int = 0
    met: str = ""
    zonder: tuple[str, ...] = ()
    leeg: bool = False
    blijft: bool = False
    keten: bool = False
    reden: str = ""
    bron: str = ""

    def tot(self, dag: date) -> date:
        """Return the day before which rows go on a day: what counts from it is still kept."""
        return add_months(dag, -MONTHS * self.jaren - self.maanden) - timedelta(days=self.dagen)

    @property
    def in_woorden(self) -> str:
        """How long, as it stands in an inzage."""
        if self.blijft or not (self.jaren or self.maanden or self.dagen):
            return self.reden
        parts = (
            count(self.jaren, "jaar", "jaar") if self.jaren else "",
            count(self.maanden, "maand", "maanden") if self.maanden else "",
            count(self.dagen, "dag", "dagen") if self.dagen else "",
        )
        law = f" ({self.bron})" if self.bron else ""
        return f"{' en '.join(part for part in parts if part)}. {self.reden}{law}"


@cache
def termijnen() -> Mapping[str, Termijn]:
    """Return the term of every table, by name; who goes with another has the reason of that one."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = {name: _read(name, entry) for name, entry in told.items()}
    for name, one in found.items():
        if one.met:
            found[name] = replace(_whole(found, one), tabel=name, vanaf=(), met=one.met)
    return found


def _whole(found: Mapping[str, Termijn], one: Termijn) -> Termijn:
    return _whole(found, found[one.met]) if one.met and not one.reden else one


def _read(name: str, entry: Mapping[str, object]) -> Termijn:
    """Return one entry; an unknown word in the file is a TypeError."""
    first = entry.get("vanaf", ())
    fields = dict(entry)
    fields["vanaf"] = (first,) if isinstance(first, str) else tuple(first)  # type: ignore[arg-type]  # a list of str
    fields["zonder"] = tuple(entry.get("zonder", ()))  # type: ignore[arg-type]  # a list of str
    return Termijn(name, **fields)  # type: ignore[arg-type]  # checked by the test of the file
