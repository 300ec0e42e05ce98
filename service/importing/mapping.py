"""A mapping file: which file goes to which table, and how its columns and values are called.

A TOML file ``mapping.toml`` or ``*.mapping.toml`` with one ``[[tabel]]`` per kind of file::

    [[tabel]]
    naam = "verzuim"
    bestand = "verzuim*.csv"
    scheidingsteken = ";"
    codering = "windows-1252"
    decimale_komma = true
    datum = "dd-mm-jjjj"

    [tabel.kolommen]
    "Leerlingnummer" = "onderwijsnummer"
    "Weekstart" = "week"

    [tabel.waarden.soort]
    "LV" = "luxeverzuim"

    [tabel.vast]
    bron = "Magister"
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from features.contract import Column, Table
from features.tables import TABLES
from service.errors import VangnetError
from service.identity import IDENTITEIT
from service.importing.cells import DATE_ORDERS, Notation, convert, holds_plain_numbers
from service.importing.defaults import defaulted_columns
from service.importing.persons import NUMBERS, refuse_numbers_in

CONTRACTS: Mapping[str, Table] = {**TABLES, IDENTITEIT.name: IDENTITEIT}
"""Every table that a file may fill: the canonical ones and the names and addresses."""


ENCODINGS = ("utf-8", "utf-8-sig", "windows-1252")
MAPPING_NAME = "mapping.toml"
KEYS = {
    "naam": str,
    "bestand": str,
    "blad": str,
    "scheidingsteken": str,
    "codering": str,
    "decimale_komma": bool,
    "datum": str,
    "lijstteken": str,
    "kolommen": dict,
    "waarden": dict,
    "vast": dict,
}
"""What a ``[[tabel]]`` may hold, and of which type."""


@dataclass
class MappingError(VangnetError):
    """A mapping file is itself wrong; `problem` is a Dutch sentence that says what to change."""

    path: str
    table: str
    problem: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"mapping {self.path}, table {self.table}: {self.problem}"


@dataclass(frozen=True)
class TabelMapping:
    """How one kind of file becomes one table.

    `columns` maps a column of the file to a canonical column (or ``bsn``, ``onderwijsnummer``),
    `constants` holds fixed values per canonical column, as text.
    """

    table: Table
    columns: Mapping[str, str]
    pattern: str = "*"
    sheet: str | None = None
    separator: str | None = None
    encoding: str | None = None
    notation: Notation = field(default_factory=Notation)
    constants: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def fits(self, path: Path) -> bool:
        """Whether the name of a file fits the pattern; capitals make no difference."""
        return fnmatch(path.name.lower(), self.pattern.lower())

    def is_number(self, header: str) -> bool:
        """Whether the column under a header may be read as numbers at once."""
        target = self.columns.get(header)
        return target in self.table.schema and holds_plain_numbers(
            self.table.column(str(target)), self.notation
        )

    @property
    def fingerprint(self) -> str:
        """A short text that changes with anything in the mapping."""
        return sha256(repr((self.table.name, self)).encode()).hexdigest()


def read_mapping(path: Path) -> list[TabelMapping]:
    """Read a mapping file.

    Raises
    ------
    MappingError
        It is not TOML, or asks for something that does not exist.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = re.search(r"line (\d+)", str(error))
        where = f" (regel {place[1]})" if place else ""
        raise MappingError(
            str(path), "", f"De mapping is geen geldig TOML-bestand{where}."
        ) from error
    except OSError as error:
        raise MappingError(str(path), "", "De mapping bestaat niet of is niet te lezen.") from error
    entries = content.get("tabel")
    if not isinstance(entries, list) or not entries or set(content) != {"tabel"}:
        raise MappingError(str(path), "", "De mapping hoort alleen [[tabel]]-delen te hebben.")
    return [_Reader(path, entry).mapping() for entry in entries]


def find_mappings(folder: Path) -> list[Path]:
    """Return the mapping files of a folder, in order of name."""
    return sorted({*folder.glob(MAPPING_NAME), *folder.glob(f"*.{MAPPING_NAME}")})


class _Reader:
    """Checks one ``[[tabel]]`` and turns it into a mapping."""

    def __init__(self, path: Path, entry: Mapping[str, Any]) -> None:
        self.path = path
        self.entry = entry
        self.name = str(entry.get("naam", "")) if isinstance(entry, dict) else ""

    def mapping(self) -> TabelMapping:
        self._check_keys()
        table = self._table()
        columns = self._texts("kolommen")
        constants = self._texts("vast")
        for target in (*columns.values(), *constants):
            self._check_target(table, target)
        if set(constants) & set(NUMBERS):
            raise self._refuse("een BSN of onderwijsnummer kan geen vaste waarde zijn.")
        self._check_complete(table, {*columns.values(), *constants}, list(columns.values()))
        notation = self._notation(table)
        self._check_constants(table, constants, notation)
        return TabelMapping(
            table,
            columns,
            self.entry.get("bestand", f"{table.name}*"),
            self.entry.get("blad"),
            self._separator(),
            self._encoding(),
            notation,
            constants,
            self.path.name,
        )

    def _refuse(self, problem: str) -> MappingError:
        place = f"Mapping {self.path.name}, tabel {self.name or '(zonder naam)'}: "
        return MappingError(str(self.path), self.name, place + problem)

    def _check_keys(self) -> None:
        if not isinstance(self.entry, dict):
            raise self._refuse("schrijf [[tabel]] met dubbele haken.")
        for key, value in self.entry.items():
            if key not in KEYS:
                raise self._refuse(f"“{key}” kennen we niet; kies uit {', '.join(KEYS)}.")
            if not isinstance(value, KEYS[key]):
                raise self._refuse(f"“{key}” heeft een verkeerde vorm.")

    def _table(self) -> Table:
        if self.name not in CONTRACTS:
            raise self._refuse(f"deze tabel bestaat niet; kies uit {', '.join(CONTRACTS)}.")
        return CONTRACTS[self.name]

    def _texts(self, key: str) -> dict[str, str]:
        part = self.entry.get(key, {})
        for name, value in part.items():
            if isinstance(value, dict | list):
                raise self._refuse(f"“{name}” hoort een tekst te zijn.")
        return {name.strip(): _as_text(value) for name, value in part.items()}

    def _check_target(self, table: Table, target: str) -> None:
        allowed = {*table.schema.names(), *(NUMBERS if "jongere_id" in table.schema else ())}
        if target not in allowed:
            raise self._refuse(
                f"de kolom “{target}” bestaat niet; kies uit {', '.join(sorted(allowed))}.",
            )

    def _check_complete(self, table: Table, given: set[str], targets: list[str]) -> None:
        if len(targets) != len(set(targets)):
            raise self._refuse("een kolom wordt door twee kolommen gevuld.")
        missing = missing_columns(table, given)
        if missing:
            raise self._refuse(f"er ontbreekt een kolom voor {', '.join(missing)}.")

    def _notation(self, table: Table) -> Notation:
        values = self.entry.get("waarden", {})
        for name, words in values.items():
            self._check_target(table, name)
            if not isinstance(words, dict) or any(
                isinstance(value, dict | list) for value in words.values()
            ):
                raise self._refuse(f"“waarden.{name}” hoort een lijst te zijn.")
        return Notation(
            self._date_order(),
            self.entry.get("decimale_komma"),
            self.entry.get("lijstteken"),
            {
                name: {word.strip(): _as_text(value) for word, value in words.items()}
                for name, words in values.items()
            },
        )

    def _date_order(self) -> str | None:
        wanted = self.entry.get("datum")
        if wanted is None:
            return None
        for order, form in DATE_ORDERS.items():
            if wanted.lower().replace("/", "-").replace("y", "j") == form:
                return order
        raise self._refuse(
            f"datum “{wanted}” kennen we niet; kies uit {', '.join(DATE_ORDERS.values())}.",
        )

    def _separator(self) -> str | None:
        separator = self.entry.get("scheidingsteken")
        if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
            raise self._refuse("het scheidingsteken hoort één teken te zijn.")
        return separator

    def _encoding(self) -> str | None:
        encoding = self.entry.get("codering")
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise self._refuse(f"codering hoort {' of '.join(ENCODINGS)} te zijn.")
        return encoding.lower() if encoding else "utf-8"

    def _check_constants(
        self, table: Table, constants: Mapping[str, str], notation: Notation
    ) -> None:
        for name, value in constants.items():
            column: Column = table.column(name)
            text = pl.Series([value], dtype=pl.String)
            if name == "jongere_id" or refuse_numbers_in(text).any():
                raise self._refuse(f"een persoon kan geen vaste waarde zijn (kolom “{name}”).")
            if convert(text, column, notation)[1].any():
                raise self._refuse(f"de vaste waarde “{value}” past niet in kolom “{name}”.")


def _as_text(value: object) -> str:
    return {True: "ja", False: "nee"}[value] if isinstance(value, bool) else str(value)


def missing_columns(table: Table, given: set[str]) -> list[str]:
    """Return the required columns that are neither given nor have a default."""
    known = given | defaulted_columns(table)
    if given & set(NUMBERS):
        known = known | {"jongere_id"}
    return [column.name for column in table.columns if column.required and column.name not in known]
