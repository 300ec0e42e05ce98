"""Putting a backup back into an empty place, whole or not at all, and checking what came back."""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, make_url

from service.audit.controle import Controle, check_log
from service.audit.koppen import read_koppen
from service.audit.opening import audit_sleutels
from service.backup.archive import ArchiveReader, open_archive
from service.backup.database import SQLITE_PART, digest, fill_postgres, is_empty
from service.backup.making import MODELS, REGISTER, key_of, register_of, secret_of
from service.backup.manifest import Manifest, TableDigest
from service.errors import BackupError, BackupProblem
from service.privacy.grootboek import NAME as LEDGER
from service.privacy.verwijdering import replay
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import Settings
from service.storage.beschermd import FILE as KLUIS_FILE
from service.storage.beschermd import kluis_path
from service.storage.engine import open_engine, unit_of_work
from service.storage.migrate import is_known, migrate


@dataclass(frozen=True)
class Herstel:
    """What came back.

    `opnieuw_gewist` persons were in the backup and erased since it was made. `seconds` is how long
    everything took, from the file to a store that can be used.
    """

    manifest: Manifest
    log: Controle
    opnieuw_gewist: int
    seconds: float

    @property
    def duur(self) -> timedelta:
        """How long putting back took."""
        return timedelta(seconds=self.seconds)


def restore(settings: Settings, path: Path) -> Herstel:
    """Put a backup into an empty data folder and an empty database.

    Afterwards the store has the schema of this version, counts and hashes were compared, the
    chain of the audit log was followed and held against the exported heads (`Settings.koppen`)
    that are older than the backup, and who was erased since is erased again.

    Parameters
    ----------
    settings : Settings
        Of the place to fill, with the keys of the installation that the backup is of.
    path : Path
        The backup.

    Raises
    ------
    BackupError
        The backup cannot be used here, or the place is not empty; nothing was changed.
    FileError
        A file among the exported heads is none; nothing was changed.
    StoreError
        The database cannot be used.
    OSError
        A file cannot be read or written.
    """
    began = time.perf_counter()
    koppen = read_koppen(settings.koppen)
    with open_archive(path, secret_of(settings)) as archive:
        manifest = archive.manifest
        _check_fits(settings, manifest, path)
        with _files_in_place(settings, archive, path):
            _put_rows(settings, archive, path)
    _take_ledger(path.parent / LEDGER, settings.data / LEDGER)
    engine = open_engine(settings.database)
    try:
        migrate(engine)
        with looking_as(SYSTEEM), unit_of_work(engine, read_only=True) as session:
            log = check_log(
                session,
                [one for one in koppen if one.moment <= manifest.gemaakt_op],
                public_keys=(audit_sleutels(settings).public_key,),
            )
        erased = replay(engine, settings)
    finally:
        engine.dispose()
    return Herstel(manifest, log, erased, time.perf_counter() - began)


def _take_ledger(kept: Path, own: Path) -> None:
    """Take the ledger of erasures from beside the backup, unless this place has its own."""
    if kept.exists() and not own.exists():
        shutil.copy(kept, own)


def _check_fits(settings: Settings, manifest: Manifest, path: Path) -> None:
    """Raise `BackupError` when this backup cannot go to this place."""
    wanted = make_url(settings.database).get_backend_name()
    for problem, wrong in {
        BackupProblem.OTHER_DATABASE: manifest.database != wanted,
        BackupProblem.OTHER_KEY: manifest.sleutel != key_of(settings),
        BackupProblem.NEWER: not is_known(manifest.revision),
    }.items():
        if wrong:
            raise BackupError(problem, str(path))
    for place in _places(settings).values():
        if place.exists():
            raise BackupError(BackupProblem.NOT_EMPTY, str(place))
    if not _has_room(settings):
        raise BackupError(BackupProblem.NOT_EMPTY, "de database")


def _has_room(settings: Settings) -> bool:
    """Return whether the database is not there yet, or holds no table."""
    address = make_url(settings.database)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return True
    engine = open_engine(settings.database)
    try:
        return is_empty(engine)
    finally:
        engine.dispose()


def _places(settings: Settings) -> dict[str, Path]:
    """Return where each file or folder goes that lies beside the database."""
    found = {MODELS: settings.models, REGISTER: register_of(settings)}
    kluis = kluis_path(make_url(settings.database))
    return found if kluis is None else {**found, KLUIS_FILE: kluis}


@contextmanager
def _files_in_place(settings: Settings, archive: ArchiveReader, path: Path) -> Iterator[None]:
    """Put the models in their place as long as nothing goes wrong; take them away when it does."""
    placed: list[tuple[Path, Path]] = []
    with TemporaryDirectory(dir=settings.data, prefix=".herstel-") as name:
        staging = Path(name)
        for part in archive.manifest.bestanden:
            if part in (REGISTER, KLUIS_FILE) or part.startswith(f"{MODELS}/"):
                archive.extract(part, staging / part)
        try:
            for part, place in _places(settings).items():
                staged = staging / part
                if staged.exists():
                    staged.replace(place)
                    placed.append((place, staged))
            yield
        except BaseException:
            for place, staged in placed:
                place.replace(staged)
            raise


def _put_rows(settings: Settings, archive: ArchiveReader, path: Path) -> None:
    """Fill the database, and compare what is in it with the manifest before it counts."""
    address = make_url(settings.database)
    if address.get_backend_name() == "sqlite":
        _put_sqlite(Path(address.database or ""), archive, path)
        return
    engine = open_engine(settings.database)
    try:
        with fill_postgres(engine, archive) as found:
            _compare(found, archive.manifest, path)
    finally:
        engine.dispose()


def _put_sqlite(place: Path, archive: ArchiveReader, path: Path) -> None:
    with TemporaryDirectory(dir=place.parent, prefix=".herstel-") as name:
        staged = Path(name) / SQLITE_PART
        archive.extract(SQLITE_PART, staged)
        engine: Engine = open_engine(f"sqlite:///{staged.as_posix()}")
        try:
            _compare(digest(engine), archive.manifest, path)
        finally:
            engine.dispose()  # the last connection takes the write-ahead log away
        staged.replace(place)


def _compare(found: Mapping[str, TableDigest], manifest: Manifest, path: Path) -> None:
    if dict(found) != dict(manifest.tabellen):
        raise BackupError(BackupProblem.DIFFERENT, str(path))
