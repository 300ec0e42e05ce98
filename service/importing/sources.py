"""Which files an import reads, and which reader takes each of them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from service.errors import FileError
from service.importing.canonical import PARQUET, read_canonical
from service.importing.mapping import MappingError, TabelMapping, find_mappings, read_mapping
from service.importing.parsed import PROBLEMS, ParsedFile
from service.importing.persons import ReadOptions
from service.importing.rawfile import EXCEL_SUFFIXES, TEXT_SUFFIXES
from service.importing.registratieoverzicht import (
    is_registratieoverzicht,
    read_registratieoverzicht,
)
from service.importing.tabular import read_tabular
from service.importing.vsv import is_vsv, read_vsv

SUFFIXES = EXCEL_SUFFIXES | TEXT_SUFFIXES | {PARQUET}
MAPPING_SUFFIX = ".toml"
PACKED = ".gz"
"""Only the files of DUO may be packed."""
CANNOT_OPEN = "Dit bestand is niet te openen."
READERS_VERSION = 1
"""Raise this when a reader makes other rows of the same file: then old files are read anew."""


@dataclass(frozen=True)
class Source:
    """A file to read, the mappings that fit it, and what identifies both."""

    path: Path
    mappings: tuple[TabelMapping, ...]
    digest: str


def find_sources(
    paths: Sequence[Path], mapping: Path | None, variant: str
) -> tuple[list[Source], list[pl.DataFrame], list[str]]:
    """Return the files to read, files that cannot be found, and what is passed over."""
    problems: list[pl.DataFrame] = []
    warnings: list[str] = []
    files: list[Path] = []
    for path in paths:
        files += _files_at(path, problems, warnings)
    given = _read_mappings([mapping], problems) if mapping else None
    beside: dict[Path, list[TabelMapping]] = {}
    sources = []
    for path in dict.fromkeys(files):
        if given is None and path.parent not in beside:
            beside[path.parent] = _read_mappings(find_mappings(path.parent), problems)
        known = given if given is not None else beside[path.parent]
        fitting = tuple(mapping for mapping in known if mapping.fits(path))
        try:
            sources.append(Source(path, fitting, _digest(path, fitting, variant)))
        except OSError:
            problems.append(file_problem(path, CANNOT_OPEN))
    if any(problem["bestand"][0].endswith(MAPPING_SUFFIX) for problem in problems):
        return [], problems, warnings  # without its mapping a file would be misread
    if given and not any(source.mappings for source in sources):
        warnings.append(
            "De mapping past bij geen van de bestanden: kijk “bestand” in de mapping na."
        )
    return sources, problems, warnings


def _read_mappings(paths: Iterable[Path], problems: list[pl.DataFrame]) -> list[TabelMapping]:
    """Return what the mapping files say; one that is wrong stops the import with its sentence."""
    entries: list[TabelMapping] = []
    for path in paths:
        try:
            entries += read_mapping(path)
        except MappingError as error:
            problems.append(file_problem(path, error.problem))
    return entries


def _files_at(path: Path, problems: list[pl.DataFrame], warnings: list[str]) -> list[Path]:
    """Return a file, or the files of a folder."""
    if path.is_dir():
        return _files_of(path, warnings)
    if not path.is_file():
        problems.append(file_problem(path, "Dit bestand of deze map bestaat niet."))
        return []
    return [path]


def _files_of(folder: Path, warnings: list[str]) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.name.startswith("~$") or not path.is_file():
            continue
        if _is_readable(path):
            found.append(path)
        elif path.suffix.lower() != ".toml":
            warnings.append(f"{path.name} is overgeslagen: dit soort bestand lezen we niet.")
    if not found:
        warnings.append(f"In de map {folder.name} staat geen bestand dat we kunnen lezen.")
    return found


def _is_readable(path: Path) -> bool:
    """Whether the name is one of a kind of file that some reader takes."""
    name = path.with_suffix("") if path.suffix.lower() == PACKED else path
    return name.suffix.lower() in (SUFFIXES if name == path else TEXT_SUFFIXES)


def _digest(path: Path, mappings: Iterable[TabelMapping], variant: str) -> str:
    """Return what identifies a file together with the way in which it is read."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    for mapping in mappings:
        digest.update(mapping.fingerprint.encode())
    digest.update(f"{READERS_VERSION} {variant}".encode())
    return digest.hexdigest()


def read_source(source: Source, options: ReadOptions) -> ParsedFile:
    """Read a file by its mapping, or else as what it looks like."""
    path = source.path
    try:
        if source.mappings:
            return read_tabular(path, source.mappings, options)
        if not _is_readable(path):
            raise FileError(
                str(path), "Dit soort bestand lezen we niet: geef CSV, Excel of Parquet."
            )
        is_text = path.suffix.lower() in TEXT_SUFFIXES | {PACKED}
        if is_text and is_registratieoverzicht(path):
            return read_registratieoverzicht(
                path,
                key=options.key,
                meldvertraging_dagen=options.meldvertraging_dagen,
                allow_masked=options.allow_masked,
            )
        if is_text and is_vsv(path):
            return read_vsv(path, key=options.key, allow_masked=options.allow_masked)
        return read_canonical(path, options)
    except OSError as error:
        raise FileError(str(path), CANNOT_OPEN) from error


def file_problem(path: Path, reden: str) -> pl.DataFrame:
    """Return a report of one line: what is wrong with a file as a whole."""
    return pl.DataFrame([(path.name, None, None, None, reden)], schema=PROBLEMS, orient="row")
