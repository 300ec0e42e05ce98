"""What only the organisation knows: questions, and its answers in a file of its own.

`Antwoorden` are read from ``publicatie.toml`` in the data folder. The first run writes that file
with every question above its empty answer.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.errors import SettingsError

FILE = "publicatie.toml"
QUESTIONS = Path(__file__).parent / "teksten" / "vragen.toml"
HEAD = """\
# Wat Vangnet niet zelf kan weten. Vul achter elk = een antwoord in, tussen aanhalingstekens.
# Schrijf korte zinnen, en noem nergens een persoon: deze antwoorden worden openbaar.
# Daarna: vangnet publiceer MAP
"""


@dataclass(frozen=True)
class Vraag:
    """A question to the organisation; one that is not `verplicht` may stay empty."""

    sleutel: str
    vraag: str
    verplicht: bool = True


@cache
def vragen() -> Mapping[str, Vraag]:
    """Return every question, by the key of its answer."""
    told = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))
    return {key: Vraag(key, **one) for key, one in told.items()}


@dataclass(frozen=True)
class Antwoorden:
    """Answers of the organisation by the key of the question; an empty text is no answer."""

    gegeven: Mapping[str, str]

    def __getitem__(self, sleutel: str) -> str:
        """Return an answer, or an empty text; KeyError when nobody asks this."""
        return self.gegeven.get(vragen()[sleutel].sleutel, "").strip()

    def ontbreekt(self) -> tuple[Vraag, ...]:
        """Return the questions that must be answered and are not."""
        waived = self._waived()
        return tuple(
            one
            for one in vragen().values()
            if one.verplicht and not self[one.sleutel] and one.sleutel not in waived
        )

    def _waived(self) -> frozenset[str]:
        """Return what the status makes needless."""
        status = self["status"]
        begin = {"begindatum"} if status == "In ontwikkeling" else set()
        end = set() if status == "Buiten gebruik" else {"einddatum"}
        return frozenset(begin | end)


def read_antwoorden(folder: Path) -> Antwoorden:
    """Return the answers in a data folder; write the file with the questions when it is absent.

    Raises
    ------
    SettingsError
        The file is no TOML, or answers what nobody asks or with something else than text.
    """
    path = folder / FILE
    if not path.exists():
        path.write_text(blank(), encoding="utf-8")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(FILE, "is no TOML in UTF-8") from error
    for key, value in told.items():
        if key not in vragen() or not isinstance(value, str):
            raise SettingsError(f"{FILE}: {key}", "nobody asks this, or its answer is no text")
    return Antwoorden(told)


def blank() -> str:
    """Return the file with every question and no answer."""
    asked = (
        f'\n# {one.vraag}{"" if one.verplicht else " (mag leeg blijven)"}\n{one.sleutel} = ""\n'
        for one in vragen().values()
    )
    return HEAD + "".join(asked)
