"""Making a backup: the store, the register of models and their files, never the keys."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from sqlalchemy import make_url

from service.backup.archive import ArchiveWriter, write_archive
from service.backup.database import copy_sqlite, dump
from service.backup.manifest import Manifest, fingerprint
from service.privacy.grootboek import NAME as LEDGER
from service.settings import Settings
from service.storage.beschermd import FILE as KLUIS_FILE
from service.storage.beschermd import kluis_path
from service.storage.engine import open_engine

MODELS = "modellen"
REGISTER = "mlflow.db"
OWNER_ONLY = 0o700


@dataclass(frozen=True)
class Kopie:
    """A backup that was made: where it lies, what it holds, and how long it took in seconds."""

    path: Path
    manifest: Manifest
    seconds: float


def make_backup(settings: Settings, folder: Path, *, now: datetime) -> Kopie:
    """Write a backup of an installation into a folder, while people go on working.

    The store comes first and the files of models last: what the store speaks of is then there.

    Parameters
    ----------
    settings : Settings
        Of the installation. Its ``instellingen.toml`` does not come along: keep that apart, for
        with it a pseudonym in the backup can be traced to a person.
    folder : Path
        Where the file goes, named by the moment in UTC; made when it is not there.
    now : datetime
        Moment of the backup.

    Raises
    ------
    StoreError
        The database cannot be read.
    OSError
        The folder cannot be written, or is full; no half file stays behind.
    """
    began = time.perf_counter()
    folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    secret = secret_of(settings)
    path = folder / f"vangnet-{now:%Y%m%dT%H%M%SZ}.{'zip' if secret is None else 'dicht'}"
    engine = open_engine(settings.database)
    try:
        with write_archive(path, secret) as archive:
            found = dump(engine, archive, folder)
            _add_kluis(settings, archive, folder)
            _add_models(settings, archive, folder)
            manifest = Manifest(
                gemaakt_op=now,
                database=engine.dialect.name,
                revision=found.revision,
                sleutel=key_of(settings),
                tabellen=found.tabellen,
                bestanden=dict(archive.bestanden),
                reeksen=found.reeksen,
            )
            archive.finish(manifest)
    finally:
        engine.dispose()
    _copy_ledger(settings.data / LEDGER, folder)
    return Kopie(path, manifest, time.perf_counter() - began)


def _copy_ledger(ledger: Path, folder: Path) -> None:
    """Lay the newest ledger of erasures beside the backups: an older one must know it too."""
    if ledger.exists():
        with NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
            file.write(ledger.read_bytes())
        Path(file.name).replace(folder / LEDGER)


def secret_of(settings: Settings) -> bytes | None:
    """Return the key that seals backups; None when they are not sealed."""
    key = settings.backup_key
    return None if key is None else key.get_secret_value().encode()


def key_of(settings: Settings) -> str:
    """Return what recognises the keys under which jongeren have their ids."""
    keys = (settings.pseudonym_key, *settings.matching_keys)
    return fingerprint("\n".join(one.get_secret_value() for one in keys).encode())


def register_of(settings: Settings) -> Path:
    """Return where the register of models lies, unless it is a database of a server.

    Of that the server makes the backups; the files of the models are copied in any case.
    """
    url = make_url(settings.tracking)
    if url.get_backend_name() != "sqlite":
        return settings.data / REGISTER
    return Path(url.database or "")


def _add_kluis(settings: Settings, archive: ArchiveWriter, scratch: Path) -> None:
    """Take along the protected attributes, which on SQLite lie in a file of their own."""
    path = kluis_path(make_url(settings.database))
    if path is not None and path.exists():
        with TemporaryDirectory(dir=scratch) as folder:
            copy = Path(folder) / KLUIS_FILE
            copy_sqlite(path, copy)
            archive.add(KLUIS_FILE, copy)


def _add_models(settings: Settings, archive: ArchiveWriter, scratch: Path) -> None:
    register = register_of(settings)
    if register.exists():
        with TemporaryDirectory(dir=scratch) as folder:
            copy = Path(folder) / REGISTER
            copy_sqlite(register, copy)
            archive.add(REGISTER, copy)
    for path in sorted(settings.models.rglob("*")):
        if path.is_file():
            name = path.relative_to(settings.models).as_posix()
            archive.add(f"{MODELS}/{name}", path)
