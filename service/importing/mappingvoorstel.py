"""A mapping file made by choosing: the columns of a file beside the columns of a table.

What is proposed is what an import finds by itself, and after that the column whose name or
explanation resembles the heading most (`features.text_matching`).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from features.contract import Table
from features.text_matching import LabelIndex, words
from service.importing.canonical import EXPLANATION_SHEET, canonical_name
from service.importing.cells import DATE_ORDERS, Notation, convert
from service.importing.conceal import conceal
from service.importing.explanations import explain
from service.importing.mapping import (
    CONTRACTS,
    MAPPING_NAME,
    MappingError,
    TabelMapping,
    find_mappings,
    missing_columns,
    read_mapping,
)
from service.importing.persons import NUMBERS
from service.importing.rawfile import EXCEL_SUFFIXES, read_raw
from service.importing.rawtable import RawTable

EXAMPLES = 3
MOST_WORDS = 30
"""Distinct texts of a column from which on it holds no list of words."""
YES_NO = ("ja", "nee")
CALLED = {
    "bsn nummer": "bsn",
    "burgerservicenummer": "bsn",
    "pgn": "bsn",
    "onderwijsnr": "onderwijsnummer",
    "geb datum": "geboortedatum",
    "roepnaam": "voornamen",
    "voornaam": "voornamen",
    "tussenvoegsels": "tussenvoegsel",
    "familienaam": "achternaam",
    "plaats": "woonplaats",
    "e mail": "email",
    "mobiel": "telefoon",
    "telefoonnummer": "telefoon",
}
"""Headings that schools use for a column and that resemble neither its name nor its explanation."""
LEAST = 0.45
"""Likeness from which a column is proposed."""
JONGERE_ID = "jongere_id"


@dataclass(frozen=True)
class Kolom:
    """A column of a file with its first values, numbers of persons concealed."""

    kop: str
    voorbeelden: tuple[str, ...]
    woorden: tuple[str, ...] = ()
    """Every distinct text, ordered; empty where there are too many to be words of a list."""


@dataclass(frozen=True)
class Keuze:
    """What a person chose: which table, which files, and what each column is.

    `bestand` is a pattern such as ``verzuim*.csv``; `datum` is empty or a form of
    `service.importing.cells.DATE_ORDERS`; `kolommen` maps a heading to a column of the contract;
    `waarden` says per column what a word of the file means, `vast` what holds for every row.
    """

    tabel: str
    bestand: str
    kolommen: Mapping[str, str]
    datum: str = ""
    blad: str = ""
    waarden: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    vast: Mapping[str, str] = field(default_factory=dict)


def open_columns(path: Path) -> tuple[str, list[Kolom]]:
    """Return the sheet that is read (empty for text) and its columns.

    Raises
    ------
    FileError
        The file cannot be read.
    """
    raw = _first_sheet(read_raw(path))
    found = [
        Kolom(
            kop,
            tuple(conceal(str(one)) for one in values.drop_nulls().head(EXAMPLES)),
            _words_of(values),
        )
        for at, kop in enumerate(raw.headers)
        for values in [raw.frame[str(at)]]
    ]
    return raw.sheet if path.suffix.lower() in EXCEL_SUFFIXES else "", found


def _words_of(values: pl.Series) -> tuple[str, ...]:
    """Return every distinct text of a column of few words, numbers of persons left out."""
    if values.n_unique() > MOST_WORDS:
        return ()
    found = {str(one).strip() for one in values.drop_nulls()}
    return tuple(sorted(one for one in found if one and conceal(one) == one))


def choices_of(table: Table, name: str) -> tuple[str, ...]:
    """Return the values between which a column of a table chooses; none when it may hold more."""
    if name not in table.schema or table.column(name).is_list:
        return ()
    column = table.column(name)
    return YES_NO if isinstance(column.dtype, pl.Boolean) else column.values


def strange_words(table: Table, name: str, woorden: Sequence[str]) -> list[str]:
    """Return the words that an import would refuse in a column that chooses between values."""
    allowed = choices_of(table, name)
    if not allowed or not woorden:
        return []
    read, bad = convert(pl.Series(list(woorden), dtype=pl.String), table.column(name), Notation())
    wrong = bad if read.dtype == pl.Boolean else bad | ~read.is_in(list(allowed)).fill_null(True)
    return [word for word, refused in zip(woorden, wrong, strict=True) if refused]


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
    by_name = {name: header for header in headers if (name := _called(header)) in targets}
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


def _called(header: str) -> str:
    """Return the column that a heading names, by its own name or by one that schools use."""
    return CALLED.get(" ".join(words(header)), canonical_name(header))


def stored_keuze(folder: Path, path: Path, tabel: str = "") -> Keuze | None:
    """Return what was chosen before for a file; None when nobody did, or for another table.

    Parameters
    ----------
    folder : Path
        Of the mapping files; one that does not read any more is passed over.
    path : Path
        The file with columns.
    tabel : str
        The table that is asked for; empty for any.
    """
    for one in reversed(find_mappings(folder)):
        try:
            known = read_mapping(one)
        except MappingError:
            continue
        for mapping in known:
            if mapping.fits(path) and tabel in ("", mapping.table.name):
                return _keuze_of(mapping)
    return None


def _keuze_of(mapping: TabelMapping) -> Keuze:
    notation = mapping.notation
    return Keuze(
        mapping.table.name,
        mapping.pattern,
        mapping.columns,
        DATE_ORDERS.get(notation.date_order or "", ""),
        mapping.sheet or "",
        notation.values,
        mapping.constants,
    )


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
    parts = ["[[tabel]]", *lines, "", "[tabel.kolommen]", *columns]
    for kolom, vertaald in keuze.waarden.items():
        parts += ["", f"[tabel.waarden.{_text(kolom)}]"]
        parts += [f"{_text(woord)} = {_text(waarde)}" for woord, waarde in vertaald.items()]
    if keuze.vast:
        parts += ["", "[tabel.vast]"]
        parts += [f"{_text(kolom)} = {_text(waarde)}" for kolom, waarde in keuze.vast.items()]
    return "\n".join([*parts, ""])


def _text(value: str) -> str:
    return json.dumps("".join(sign for sign in value if sign.isprintable()), ensure_ascii=False)


def _first_sheet(sheets: Sequence[RawTable]) -> RawTable:
    filled = [one for one in sheets if one.headers and one.sheet != EXPLANATION_SHEET]
    return filled[0] if filled else sheets[0]
