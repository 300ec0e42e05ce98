"""One import: find the files, read all, check all, then write all of it or nothing.

Reading and checking touch the store only to look. When every row is good, all tables are merged
in one transaction, a table before those that refer to it; whatever stops it half way, an
interrupt as well, leaves the store as it was.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import polars as pl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.errors import FileError
from service.identity import IDENTITEIT
from service.importing.canonical import PARQUET, read_canonical
from service.importing.check import check_file, known_keys, referenced_tables
from service.importing.mapping import CONTRACTS, TabelMapping, find_mappings, read_mapping
from service.importing.parsed import LINE, PROBLEMS, ParsedFile
from service.importing.persons import ReadOptions
from service.importing.rawfile import EXCEL_SUFFIXES, TEXT_SUFFIXES
from service.importing.registratieoverzicht import (
    is_registratieoverzicht,
    read_registratieoverzicht,
)
from service.importing.report import ImportedFile, ImportReport
from service.importing.tabular import read_tabular
from service.importing.vsv import is_vsv, read_vsv
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from service.storage.identiteit import IdentiteitRepository
from service.storage.importrun import ImportRepository
from service.storage.merging import MergeCount

SUFFIXES = EXCEL_SUFFIXES | TEXT_SUFFIXES | {PARQUET}
READERS_VERSION = 1
"""Raise this when a reader makes other rows of the same file: then old files are read anew."""
ROUND = "ronde"
READ, CHECK, STORE = "Bestanden lezen", "Rijen nakijken", "Opslaan"
"""Names of the steps, as a user reads them."""


class Progress(Protocol):
    """Told of every step: its Dutch name, how many files (or tables) are done, and of how many."""

    def __call__(self, stap: str, gedaan: int, totaal: int) -> None:
        """Take note of how far a step is."""


def no_progress(stap: str, gedaan: int, totaal: int) -> None:
    """Take no note."""


@dataclass(frozen=True)
class ImportOptions:
    """How to import.

    Parameters
    ----------
    mapping : Path or None
        Mapping file for all files; without it the mapping files beside each file count.
    dry_run : bool
        Say what would change, and write nothing.
    allow_masked : bool
        Let masked numbers of persons pass, as in published samples.
    meldvertraging_dagen : int
        Days between leaving school and others knowing it, where a file does not say.
    actor : str
        Who imports.
    """

    mapping: Path | None = None
    dry_run: bool = False
    allow_masked: bool = False
    meldvertraging_dagen: int = 75
    actor: str = "opdrachtregel"


@dataclass(frozen=True)
class _Source:
    """A file to read, the mappings that fit it, and what identifies both."""

    path: Path
    mappings: tuple[TabelMapping, ...]
    digest: str


class _DryRunError(Exception):
    """Ends the transaction of a dry run: all that it wrote is rolled back."""


def import_paths(
    paths: Sequence[Path],
    *,
    engine: Engine,
    key: bytes,
    options: ImportOptions | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Import files and folders, all or nothing.

    Parameters
    ----------
    paths : sequence of Path
        Files, and folders of which every file counts.
    engine : Engine
        The store, migrated.
    key : bytes
        Key of the pseudonyms.
    options : ImportOptions, optional
        How to import.
    progress : Progress, optional
        Told of every file and table.

    Returns
    -------
    ImportReport
        When it holds problems, nothing was written.

    Raises
    ------
    MappingError
        A mapping file is itself wrong.
    StoreError
        The store cannot be read or written.
    """
    options = options or ImportOptions()
    sources, problems, warnings = _find_sources(paths, options)
    fresh, skipped = _leave_out_imported(engine, sources)
    read_options = ReadOptions(key, options.meldvertraging_dagen, options.allow_masked)
    parsed: list[tuple[_Source, ParsedFile]] = []
    for done, source in enumerate(fresh):
        progress(READ, done, len(fresh))
        try:
            parsed.append((source, _read(source, read_options)))
        except FileError as error:
            problems.append(_file_problem(source.path, error.problem))
    progress(READ, len(fresh), len(fresh))
    checked, found = _check(engine, parsed, progress)
    everything = pl.concat([pl.DataFrame(schema=PROBLEMS), *problems, *found])
    counts: dict[Path, dict[str, MergeCount]] = {}
    if not everything.height:
        counts = _merge(engine, checked, options, progress)
    files = [_describe(file, counts.get(file.path, {})) for _, file in checked]
    return ImportReport((*files, *skipped), everything, options.dry_run, tuple(warnings))


def _find_sources(
    paths: Sequence[Path], options: ImportOptions
) -> tuple[list[_Source], list[pl.DataFrame], list[str]]:
    """Return the files to read, files that cannot be found, and what is passed over."""
    problems: list[pl.DataFrame] = []
    warnings: list[str] = []
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += _files_of(path, warnings)
        elif path.is_file():
            files.append(path)
        else:
            problems.append(_file_problem(path, "Dit bestand of deze map bestaat niet."))
    given = read_mapping(options.mapping) if options.mapping else None
    beside: dict[Path, list[TabelMapping]] = {}
    sources = []
    for path in dict.fromkeys(files):
        if given is None and path.parent not in beside:
            beside[path.parent] = [
                entry for file in find_mappings(path.parent) for entry in read_mapping(file)
            ]
        known = given if given is not None else beside[path.parent]
        fitting = tuple(mapping for mapping in known if mapping.fits(path))
        sources.append(_Source(path, fitting, _digest(path, fitting, options)))
    return sources, problems, warnings


def _files_of(folder: Path, warnings: list[str]) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        if path.suffix.lower() in SUFFIXES:
            found.append(path)
        elif path.suffix.lower() != ".toml":
            warnings.append(f"{path.name} is overgeslagen: dit soort bestand lezen we niet.")
    if not found:
        warnings.append(f"In de map {folder.name} staat geen bestand dat we kunnen lezen.")
    return found


def _digest(path: Path, mappings: Iterable[TabelMapping], options: ImportOptions) -> str:
    """Return what identifies a file together with the way in which it is read."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    for mapping in mappings:
        digest.update(mapping.fingerprint.encode())
    digest.update(f"{READERS_VERSION} {options.meldvertraging_dagen}".encode())
    return digest.hexdigest()


def _leave_out_imported(
    engine: Engine, sources: Sequence[_Source]
) -> tuple[list[_Source], list[ImportedFile]]:
    fresh: list[_Source] = []
    skipped: list[ImportedFile] = []
    seen: set[str] = set()
    with unit_of_work(engine, read_only=True) as session:
        imports = ImportRepository(session)
        for source in sources:
            if source.digest in seen or imports.find(source.digest) is not None:
                skipped.append(ImportedFile(source.path, "", {}, {}, (), skipped=True))
            else:
                fresh.append(source)
            seen.add(source.digest)
    return fresh, skipped


def _read(source: _Source, options: ReadOptions) -> ParsedFile:
    """Read a file by its mapping, or else as what it looks like."""
    path = source.path
    try:
        if source.mappings:
            return read_tabular(path, source.mappings, options)
        if path.suffix.lower() in TEXT_SUFFIXES and is_registratieoverzicht(path):
            return read_registratieoverzicht(
                path,
                key=options.key,
                meldvertraging_dagen=options.meldvertraging_dagen,
                allow_masked=options.allow_masked,
            )
        if path.suffix.lower() in TEXT_SUFFIXES and is_vsv(path):
            return read_vsv(path, key=options.key, allow_masked=options.allow_masked)
        return read_canonical(path, options)
    except OSError as error:
        raise FileError(str(path), "Dit bestand is niet te openen.") from error


def _file_problem(path: Path, reden: str) -> pl.DataFrame:
    return pl.DataFrame([(path.name, None, None, None, reden)], schema=PROBLEMS, orient="row")


def _check(
    engine: Engine, parsed: Sequence[tuple[_Source, ParsedFile]], progress: Progress
) -> tuple[list[tuple[_Source, ParsedFile]], list[pl.DataFrame]]:
    files = [file for _, file in parsed]
    with unit_of_work(engine, read_only=True) as session:
        canonical = CanonicalRepository(session)
        stored = {name: canonical.keys(name) for name in referenced_tables(files)}
    references = known_keys(stored, files)
    checked = []
    problems = []
    for done, (source, file) in enumerate(parsed):
        progress(CHECK, done, len(parsed))
        good, found = check_file(file, references)
        checked.append((source, good))
        problems.append(found)
    progress(CHECK, len(parsed), len(parsed))
    return checked, problems


def _merge(
    engine: Engine,
    checked: Sequence[tuple[_Source, ParsedFile]],
    options: ImportOptions,
    progress: Progress,
) -> dict[Path, dict[str, MergeCount]]:
    """Write everything in one transaction; a dry run does the same and takes it back."""
    counts: dict[Path, dict[str, MergeCount]] = {file.path: {} for _, file in checked}
    try:
        with unit_of_work(engine) as session:
            ids = _record(session, checked, options)
            steps = [name for name in CONTRACTS if any(name in file.tables for _, file in checked)]
            for done, name in enumerate(steps):
                progress(STORE, done, len(steps))
                _merge_table(session, name, checked, ids, counts)
            progress(STORE, len(steps), len(steps))
            imports = ImportRepository(session)
            for path, done_by_file in counts.items():
                imports.finish(ids[path], done_by_file)
            if options.dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return counts


def _record(
    session: Session, checked: Iterable[tuple[_Source, ParsedFile]], options: ImportOptions
) -> dict[Path, int]:
    imports = ImportRepository(session)
    return {
        file.path: imports.add(
            tijdstip=datetime.now(tz=UTC),
            bestand=file.path.name,
            sha256=source.digest,
            soort=file.kind,
            actor=options.actor,
        )
        for source, file in checked
    }


def _merge_table(
    session: Session,
    name: str,
    checked: Sequence[tuple[_Source, ParsedFile]],
    ids: dict[Path, int],
    counts: dict[Path, dict[str, MergeCount]],
) -> None:
    """Merge one table of all files.

    A key that several files hold is merged once per round, the oldest knowledge first, so that
    neither the order nor the split of the files matters.
    """
    merge = _merger(session, name)
    parts = [
        (file.path, file.tables[name].drop(LINE)) for _, file in checked if name in file.tables
    ]
    for path, frame in _rounds(parts, name):
        count = merge(frame, ids[path])
        before = counts[path].get(name, MergeCount(0, 0, 0))
        counts[path][name] = MergeCount(
            before.new + count.new,
            before.changed + count.changed,
            before.unchanged + count.unchanged,
        )


def _merger(session: Session, name: str) -> Callable[[pl.DataFrame, int], MergeCount]:
    if name == IDENTITEIT.name:
        return IdentiteitRepository(session).merge
    canonical = CanonicalRepository(session)
    return lambda frame, import_id: canonical.merge(name, frame, import_id)


def _rounds(
    parts: Sequence[tuple[Path, pl.DataFrame]], name: str
) -> Iterable[tuple[Path, pl.DataFrame]]:
    """Return the frames to merge one after the other; within a round no key occurs twice."""
    if len(parts) == 1:
        return parts
    contract = CONTRACTS[name]
    together = pl.concat(
        [frame.with_columns(pl.lit(at).alias(LINE)) for at, (_, frame) in enumerate(parts)]
    )
    twice = pl.struct(contract.key).is_duplicated()
    days = [day for day in ("bekend_op", "einde_bekend_op") if day in together.columns]
    order = [*days, *(column for column in contract.schema.names() if column not in days)]
    repeated = (
        together.filter(twice)
        .sort(order)
        .with_columns(pl.int_range(pl.len()).over(contract.key).alias(ROUND))
    )
    single = together.filter(~twice).with_columns(pl.lit(0, pl.Int64).alias(ROUND))
    ordered = pl.concat([single, repeated.select(single.columns)])
    return [
        (parts[at][0], frame.drop(ROUND, LINE))
        for (_, at), frame in sorted(
            ordered.partition_by(ROUND, LINE, as_dict=True).items(), key=lambda item: item[0]
        )
    ]


def _describe(file: ParsedFile, counts: dict[str, MergeCount]) -> ImportedFile:
    rows = {name: frame.height for name, frame in file.tables.items()}
    return ImportedFile(file.path, file.kind, rows, counts, file.warnings)
