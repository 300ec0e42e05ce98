"""Written reasons for features that tell a group (TRUST F2): of the product, and of the region."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from service.errors import FileError

FILE: Final = "proxy_redenen.toml"
OWN: Final = Path(__file__).parent / FILE
WRONG = (
    "Elke regel heeft model, kenmerk, kolom en een reden van minstens {least} tekens. "
    "Kijk na: {at}."
)
LEAST: Final = 20

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=LEAST, max_length=2000)]


class Reden(BaseModel):
    """Why one feature (``*`` for all) may stay although it tells an attribute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Word
    kenmerk: Word
    kolom: Word = "*"
    reden: Reason


class Redenen(BaseModel):
    """A file of reasons."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reden: tuple[Reden, ...] = ()


def read_redenen(data: Path, model: str) -> dict[tuple[str, str], str]:
    """Return the reasons for one model, by attribute and feature.

    Parameters
    ----------
    data : Path
        Data folder; its file goes before that of the product.
    model : str
        Name of the model.

    Raises
    ------
    FileError
        The file cannot be read or a reason says too little.
    """
    found: dict[tuple[str, str], str] = {}
    for path in (OWN, data / FILE):
        if path.exists():
            lines = _read(path).reden
            found |= {(one.kenmerk, one.kolom): one.reden for one in lines if one.model == model}
    return found


def _read(path: Path) -> Redenen:
    try:
        return Redenen.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        at = (
            ".".join(map(str, error.errors()[0]["loc"]))
            if isinstance(error, ValidationError)
            else "de opmaak"
        )
        raise FileError(str(path), WRONG.format(least=LEAST, at=at)) from error
