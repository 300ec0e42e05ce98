"""The long jobs: import, and open a region; the commands and the demo call the same ones."""

import secrets
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl
from sqlalchemy import Engine

from models.leerwerkplek import PlaatsingModel
from models.store import ModelStore
from models.uitvalrisico import UitvalrisicoModel
from service.aanmelden.accounts import create_gebruiker
from service.audit.command import record_before_output
from service.errors import NoModelError, OutputError
from service.importing.report import ImportReport, write_problems
from service.importing.run import ImportOptions, Progress, import_paths, no_progress
from service.modelbeheer.kampioenen import align, champions
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.rotatie import pseudonym_key
from service.privacy.sleutels import Sleutels
from service.privacy.verwijdering import open_grootboek
from service.reference import count_postcodes, load_postcodes
from service.regio import Regio
from service.settings import Settings
from service.snapshot.source import RegioSource
from service.storage.alone import alone
from service.storage.engine import open_engine, unit_of_work
from service.storage.merging import MergeCount
from service.storage.migrate import check_migrated, current_revision, migrate
from service.suggestielog.stop import stopped_now

LOCAL_ACTOR = "opdrachtregel"
PASSWORD_BYTES = 12
NEEDED = frozenset({UitvalrisicoModel.name, PlaatsingModel.name})
"""Models without which a region shows no scores."""
WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".csv": lambda frame, path: frame.write_csv(path),
    ".parquet": lambda frame, path: frame.write_parquet(path),
}


@contextmanager
def store(settings: Settings) -> Iterator[Engine]:
    """Open the store; an empty database gets its schema, an older one asks for `vangnet migrate`.

    Raises
    ------
    StoreError
        The database cannot be used, or has the schema of another version.
    """
    engine = open_engine(settings.database)
    try:
        if current_revision(engine) is None:
            migrate(engine)
        check_migrated(engine)
        yield engine
    finally:
        engine.dispose()


def check_store(settings: Settings) -> None:
    """Raise `StoreError` when the store cannot be used, so that a server need not start."""
    with store(settings):
        pass


def model_store(settings: Settings) -> ModelStore:
    """Return the store of trained models of a data folder."""
    return ModelStore(settings.tracking, settings.models)


def has_models(settings: Settings) -> bool:
    """Whether every model that a region needs has a version that was promoted."""
    with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
        return champions(session).keys() >= NEEDED


def align_models(settings: Settings) -> None:
    """Let MLflow name the champions that were approved; also makes its tables at a first start."""
    with store(settings) as engine, alone(settings.tracking):
        align(engine, model_store(settings))


def migrate_store(settings: Settings) -> str:
    """Bring the database to the schema of this version and return its revision."""
    engine = open_engine(settings.database)
    try:
        migrate(engine)
        return current_revision(engine) or ""
    finally:
        engine.dispose()


def import_into_store(
    settings: Settings,
    paths: Sequence[Path],
    *,
    mapping: Path | None = None,
    dry_run: bool = False,
    allow_masked: bool = False,
    actor: str = LOCAL_ACTOR,
    progress: Progress = no_progress,
) -> ImportReport:
    """Import files and folders in one transaction; bad rows go to `problems_file`.

    Raises
    ------
    StoreError
        Nothing could be read or written; the store is as it was.
    """
    with store(settings) as engine:
        options = ImportOptions(
            mapping=mapping,
            dry_run=dry_run,
            allow_masked=allow_masked,
            meldvertraging_dagen=settings.meldvertraging_dagen,
            actor=actor,
            gewist=open_grootboek(engine, settings).erased_among,
        )
        key = pseudonym_key(engine, settings)
        report = import_paths(paths, engine=engine, key=key, options=options, progress=progress)
    if report.problems.height:
        write_problems(report, problems_file(settings))
    return report


def load_reference(settings: Settings, path: Path) -> MergeCount:
    """Store a table of postcodes; see `service.reference.load_postcodes`."""
    with store(settings) as engine:
        return load_postcodes(engine, path, actor=LOCAL_ACTOR)


def postcodes(settings: Settings) -> int:
    """Return how many postcodes are stored; without any no travel time is known."""
    with store(settings) as engine:
        return count_postcodes(engine)


def problems_file(settings: Settings) -> Path:
    """Return where the bad rows of the last refused import stand."""
    return settings.reports / "foute-regels.csv"


def open_regio(settings: Settings, peildatum: date | None = None) -> Regio:
    """Read the store and the models into a region seen from a peildatum.

    Without a peildatum, the newest day of which the store knows something, today at the latest.

    Raises
    ------
    NoDataError
        The store is empty.
    NoModelError
        No version of a model was promoted, or that is one of an older Vangnet.
    """
    with store(settings) as engine:
        regio = RegioSource(settings, engine, regios=None).load(peildatum)
        with unit_of_work(engine, read_only=True) as session:
            absent = (NEEDED & regio.gestopt) - stopped_now(session, None)
    if absent:
        raise NoModelError(min(absent))
    return regio


def regio_stamp(settings: Settings) -> Callable[[], Hashable]:
    """Return a function that tells which region `open_regio` would read, as `RegioSource.stamp`."""

    def stamp() -> Hashable:
        with store(settings) as engine:
            return RegioSource(settings, engine).stamp()

    return stamp


def check_output(path: Path) -> None:
    """Raise `OutputError` when the name of a file does not say how to write it."""
    if path.suffix not in WRITERS:
        raise OutputError(str(path))


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as Parquet or CSV, by the name of the file; whole or not at all.

    Raises
    ------
    OutputError
        The name ends in neither ``.parquet`` nor ``.csv``.
    OSError
        The file cannot be written.
    """
    check_output(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=path.suffix, delete=False) as file:
        draft = Path(file.name)
    try:
        WRITERS[path.suffix](frame, draft)
        record_before_output(frame)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_recorded(
    settings: Settings, frame: pl.DataFrame, path: Path, record: Callable[[Engine], None]
) -> None:
    """Write a frame with scores once what is in it is on record; as `write_frame` otherwise.

    The file names persons by their pseudonym of the export domain, which nothing else holds.

    Parameters
    ----------
    settings : Settings
        Of the data folder.
    frame : DataFrame
        What to write.
    path : Path
        Where.
    record : callable
        Hands over what is shown to the trace of the command (TRUST H1).

    Raises
    ------
    StoreError
        It cannot be recorded, so nothing is written.
    """
    check_output(path)
    with store(settings) as engine:
        record(engine)
        record_before_output(frame)
        given = Pseudoniemen(engine, Sleutels.of(settings)).give_out(frame)
    write_frame(given, path)


def set_random_password(settings: Settings, naam: str) -> str:
    """Make an account, or give it a new password; returns the password, which is kept nowhere."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with store(settings) as engine, unit_of_work(engine) as session:
        create_gebruiker(session, naam, password, rollen=())
    return password
