"""One import: find the files, read all, check all, then write all of it or nothing.

Reading and checking touch the store only to look. When every row is good, all tables are merged
in one transaction, a table before those that refer to it; whatever stops it half way, an
interrupt as well, leaves the store as it was.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import polars as pl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.audit.spoor import current_spoor
from service.dutch import count
from service.errors import FileError
from service.identity import IDENTITEIT
from service.importing.check import check_file, contradictions, known_keys, referenced_tables
from service.importing.conceal import conceal, conceal_problems
from service.importing.mapping import CONTRACTS
from service.importing.own_words import adopt_own_words
from service.importing.parsed import LINE, PROBLEMS, ParsedFile
from service.importing.persons import ReadOptions
from service.importing.pseudonym import Key
from service.importing.report import ImportedFile, ImportReport
from service.importing.sources import Source, file_problem, find_sources, read_source
from service.outbox.berichten import Soort, enqueue
from service.privacy.correctie import keep_corrections
from service.privacy.register import JONGERE_ID
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from service.storage.identiteit import IdentiteitRepository
from service.storage.importrun import ImportRepository
from service.storage.merging import MergeCount

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
    gewist : callable
        Tells who of these jongere_id's was erased; their rows are left out.
    """

    mapping: Path | None = None
    dry_run: bool = False
    allow_masked: bool = False
    meldvertraging_dagen: int = 75
    actor: str = "opdrachtregel"
    gewist: Callable[[Collection[str]], frozenset[str]] = lambda _: frozenset()


class _DryRunError(Exception):
    """Ends the transaction of a dry run: all that it wrote is rolled back."""


def import_paths(
    paths: Sequence[Path],
    *,
    engine: Engine,
    key: Key,
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
    key : Key
        Key of the pseudonyms.
    options : ImportOptions, optional
        How to import.
    progress : Progress, optional
        Told of every file and table.

    Returns
    -------
    ImportReport
        When it holds problems, nothing was written. A mapping file that is wrong is one too.

    Raises
    ------
    StoreError
        The store cannot be read or written.
    """
    options = options or ImportOptions()
    sources, problems, warnings = find_sources(
        paths, options.mapping, str(options.meldvertraging_dagen)
    )
    fresh, skipped = _leave_out_imported(engine, sources)
    read_options = ReadOptions(key, options.meldvertraging_dagen, options.allow_masked)
    parsed: list[tuple[Source, ParsedFile]] = []
    for done, source in enumerate(fresh):
        progress(READ, done, len(fresh))
        try:
            parsed.append((source, read_source(source, read_options)))
        except FileError as error:
            problems.append(file_problem(source.path, error.problem))
    progress(READ, len(fresh), len(fresh))
    parsed = [(source, _without_erased(file, options.gewist)) for source, file in parsed]
    checked, found = _check(engine, parsed, progress)
    everything = conceal_problems(pl.concat([pl.DataFrame(schema=PROBLEMS), *problems, *found]))
    warnings += contradictions([file for _, file in checked])
    counts: dict[Path, dict[str, MergeCount]] = {}
    if not everything.height:
        counts = _merge(engine, checked, options, progress)
        if not options.dry_run:
            _name_persons(file for _, file in checked)
    files = [_describe(file, counts.get(file.path, {})) for _, file in checked]
    return ImportReport(
        (*files, *skipped), everything, options.dry_run, tuple(map(conceal, warnings))
    )


def _name_persons(files: Iterable[ParsedFile]) -> None:
    """Name everybody of the files in the audit line; once stored, they have their pseudonyms."""
    spoor = current_spoor()
    for frame in (one for file in files for one in file.tables.values()):
        if JONGERE_ID in frame.columns:
            spoor.about(*frame[JONGERE_ID].drop_nulls().unique(maintain_order=True))


def _without_erased(
    file: ParsedFile, erased_among: Callable[[Collection[str]], frozenset[str]]
) -> ParsedFile:
    """Return a file without the rows of persons who were erased (TRUST P4)."""
    about = {name: one for name, one in file.tables.items() if JONGERE_ID in one.columns}
    ids = {one for frame in about.values() for one in frame[JONGERE_ID].drop_nulls().unique()}
    gone = list(erased_among(ids))
    if not gone:
        return file
    left = {name: one.filter(~one[JONGERE_ID].is_in(gone)) for name, one in about.items()}
    told = count(len(gone), "jongere is", "jongeren zijn")
    warning = f"{told} eerder op verzoek verwijderd. Die nemen we niet opnieuw op."
    return replace(file, tables={**file.tables, **left}, warnings=(*file.warnings, warning))


def _leave_out_imported(
    engine: Engine, sources: Sequence[Source]
) -> tuple[list[Source], list[ImportedFile]]:
    fresh: list[Source] = []
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


def _check(
    engine: Engine, parsed: Sequence[tuple[Source, ParsedFile]], progress: Progress
) -> tuple[list[tuple[Source, ParsedFile]], list[pl.DataFrame]]:
    with unit_of_work(engine, read_only=True) as session:
        canonical = CanonicalRepository(session)
        files = adopt_own_words([file for _, file in parsed], canonical.keys("competentie"))
        stored = {name: canonical.keys(name) for name in referenced_tables(files)}
    references = known_keys(stored, files)
    checked = []
    problems = []
    for done, ((source, _), file) in enumerate(zip(parsed, files, strict=True)):
        progress(CHECK, done, len(parsed))
        good, found = check_file(file, references)
        checked.append((source, good))
        problems.append(found)
    progress(CHECK, len(parsed), len(parsed))
    return checked, problems


def _merge(
    engine: Engine,
    checked: Sequence[tuple[Source, ParsedFile]],
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
            _announce(session, ids)
            if options.dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return counts


def _announce(session: Session, ids: dict[Path, int]) -> None:
    """Tell the team that data came in; one notice for all files of one import."""
    if ids:
        enqueue(
            session,
            Soort.IMPORT,
            sleutel=f"import/{max(ids.values())}",
            op=datetime.now(tz=UTC),
        )


def _record(
    session: Session, checked: Iterable[tuple[Source, ParsedFile]], options: ImportOptions
) -> dict[Path, int]:
    imports = ImportRepository(session)
    return {
        file.path: imports.add(
            tijdstip=datetime.now(tz=UTC),
            bestand=conceal(file.path.name),
            sha256=source.digest,
            soort=file.kind,
            actor=options.actor,
        )
        for source, file in checked
    }


def _merge_table(
    session: Session,
    name: str,
    checked: Sequence[tuple[Source, ParsedFile]],
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
    """Return what writes rows of a table; what people set right stays as they set it."""

    def merge(frame: pl.DataFrame, import_id: int) -> MergeCount:
        kept = keep_corrections(session, name, frame, op=datetime.now(tz=UTC))
        if name == IDENTITEIT.name:
            return IdentiteitRepository(session).merge(kept, import_id)
        return CanonicalRepository(session).merge(name, kept, import_id)

    return merge


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
    return ImportedFile(file.path, file.kind, rows, counts, tuple(map(conceal, file.warnings)))
