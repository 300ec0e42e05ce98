"""A mapping file made by choosing: the columns of a file beside the columns of a table.

What is proposed is what an import finds by itself, and after that the column whose name or
explanation resembles the heading most (`features.text_matching`).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from features.contract import Table
from features.text_matching import LabelIndex, words
from service.importing.canonical import EXPLANATION_SHEET, canonical_name
from service.importing.conceal import conceal
from service.importing.explanations import explain
from service.importing.mapping import CONTRACTS, MAPPING_NAME, missing_columns, read_mapping
from service.importing.persons import NUMBERS
from service.importing.rawfile import EXCEL_SUFFIXES, read_raw
from service.importing.rawtable import RawTable

EXAMPLES = 3
LEAST = 0.45
"""Likeness from which a column is proposed."""
JONGERE_ID = "jongere_id"


@dataclass(frozen=True)
class Kolom:
    """A column of a file with its first values, numbers of persons concealed."""

    kop: str
    voorbeelden: tuple[str, ...]


@dataclass(frozen=True)
class Keuze:
    """What a person chose: which table, which files, and what each column is.

    `bestand` is a pattern such as ``verzuim*.csv``; `datum` is empty or a form of
    `service.importing.cells.DATE_ORDERS`; `kolommen` maps a heading to a column of the contract.
    """

    tabel: str
    bestand: str
    kolommen: Mapping[str, str]
    datum: str = ""
    blad: str = ""


def open_columns(path: Path) -> tuple[str, list[Kolom]]:
    """Return the sheet that is read (empty for text) and its columns.

    Raises
    ------
    FileError
        The file cannot be read.
    """
    raw = _first_sheet(read_raw(path))
    found = [
        Kolom(kop, tuple(conceal(str(one)) for one in values.drop_nulls().head(EXAMPLES)))
        for at, kop in enumerate(raw.headers)
        for values in [raw.frame[str(at)]]
    ]
    return raw.sheet if path.suffix.lower() in EXCEL_SUFFIXES else "", found


def targets_of(table: Table) -> list[tuple[str, str]]:
    """Return what a column of a file may be in a table: its name, and its explanation."""
    named = [name for name in table.schema.names() if name != JONGERE_ID]
    numbers = list(NUMBERS) if JONGERE_ID in table.schema else []
    return [(one, explain(table.name, JONGERE_ID)[0]) for one in numbers] + [
        (one, explain(table.name, one)[0]) for one in named
    ]


def suggest_table(headers: Sequence[str], stem: str = "") -> str:
    """Return the table after which a file is called, else the one that most headings fit.

    Parameters
    ----------
    headers : sequence of str
        Headings of the file; of tables that fit equally well the one that lacks least is taken.
    stem : str
        Name of the file without its suffix.
    """
    called = [name for name in CONTRACTS if canonical_name(stem).startswith(name)]
    if called:
        return max(called, key=len)

    def fit(table: Table) -> tuple[int, int]:
        given = {canonical_name(header) for header in headers} & {
            *table.schema.names(),
            *NUMBERS,
        }
        return len(given), -len(missing_columns(table, given))

    return max(CONTRACTS.values(), key=fit).name


def suggest_columns(table: Table, headers: Sequence[str]) -> dict[str, str]:
    """Return the column of a table that each heading probably is; each column at most once."""
    targets = dict(targets_of(table))
    by_name = {name: header for header in headers if (name := canonical_name(header)) in targets}
    found = {header: name for name, header in by_name.items()}
    left = [header for header in headers if header not in found and words(header)]
    if not left:
        return found
    names = [name for name in targets if name not in found.values()]
    labels = [name.replace("_", " ") for name in names] + [targets[name] for name in names]
    matches = LabelIndex(labels, [*range(len(names))] * 2).search(left, top=1)
    scored = zip(left, matches.thing[:, 0].tolist(), matches.score[:, 0].tolist(), strict=True)
    for header, thing, score in sorted(scored, key=lambda one: -one[2]):
        if score >= LEAST and names[thing] not in found.values():
            found[header] = names[thing]
    return found


def pattern_of(name: str) -> str:
    """Return a pattern for files of this kind: digits of a day or a number may differ.

    Examples
    --------
    >>> pattern_of("verzuim_2026-10.csv"), pattern_of("export [1].xlsx")
    ('verzuim_*.csv', 'export *.xlsx')
    """
    stem, dot, suffix = name.rpartition(".")
    return re.sub(r"[\[\]*?\d]([\d\-_.\[\]*?]*[\[\]*?\d])?", "*", stem) + dot + suffix


def write_mapping(folder: Path, keuze: Keuze) -> Path:
    """Write a mapping file as `vangnet import` reads it, in place of an earlier one of its name.

    Raises
    ------
    MappingError
        The choice does not fill the table; nothing was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    slug = re.sub(r"[^a-z0-9]+", "-", keuze.bestand.lower()).strip("-") or "bestand"
    path = folder / f"{keuze.tabel}-{slug[:60]}.{MAPPING_NAME}"
    draft = path.with_suffix(".nieuw")
    draft.write_text(_toml(keuze), encoding="utf-8")
    try:
        read_mapping(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _toml(keuze: Keuze) -> str:
    """Return the text of a mapping file; a TOML text is written as JSON writes one."""
    told = {"naam": keuze.tabel, "bestand": keuze.bestand, "blad": keuze.blad, "datum": keuze.datum}
    lines = [f"{name} = {_text(value)}" for name, value in told.items() if value]
    columns = [f"{_text(kop)} = {_text(doel)}" for kop, doel in keuze.kolommen.items() if doel]
    return "\n".join(["[[tabel]]", *lines, "", "[tabel.kolommen]", *columns, ""])


def _text(value: str) -> str:
    return json.dumps("".join(sign for sign in value if sign.isprintable()), ensure_ascii=False)


def _first_sheet(sheets: Sequence[RawTable]) -> RawTable:
    filled = [one for one in sheets if one.headers and one.sheet != EXPLANATION_SHEET]
    return filled[0] if filled else sheets[0]
