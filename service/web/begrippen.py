"""The words of this field that not everybody knows, with what they mean in plain Dutch."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

SOURCE = Path(__file__).with_name("begrippen.toml")


@dataclass(frozen=True)
class Begrip:
    """A term, its article with a space (or none), and what it means."""

    term: str
    uitleg: str
    lidwoord: str = ""

    @property
    def id(self) -> str:
        """Mark of the term in an address.

        Examples
        --------
        >>> Begrip("kans op uitval", "").id
        'kans-op-uitval'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.term.lower()).strip("-")


def read_begrippen(source: Path = SOURCE) -> Mapping[str, Begrip]:
    """Return all terms in the order of the alphabet."""
    found = tomllib.loads(source.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            term: Begrip(term, one["uitleg"], f"{one['lidwoord']} " if "lidwoord" in one else "")
            for term, one in sorted(found.items(), key=lambda item: item[0].lower())
        }
    )


BEGRIPPEN = read_begrippen()
