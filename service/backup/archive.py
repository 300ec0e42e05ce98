"""The file of a backup: a zip of parts and their hashes, sealed when there is a key."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, BinaryIO, Protocol

from service.backup.manifest import NAME, Manifest, read_manifest
from service.backup.sealing import SealBrokenError, SealingWriter, is_sealed, unseal
from service.errors import BackupError, BackupProblem

PIECE = 1 << 20
OWNER_ONLY = 0o600
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError)
"""What Python says of a zip file that was cut off or changed."""


class Sink(Protocol):
    """Takes the bytes of one part."""

    def write(self, data: "bytes | bytearray | memoryview") -> object:
        """Take some bytes."""


class _Hashed:
    """Hands bytes on, and knows the SHA-256 of all of them."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._digest = hashlib.sha256()

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        self._digest.update(data)
        self._target.write(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class ArchiveWriter:
    """Takes the parts of a backup one after the other."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self.bestanden: dict[str, str] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[Sink]:
        """Give what takes the bytes of a part."""
        with self._packed.open(name, "w", force_zip64=True) as target:
            hashed = _Hashed(target)
            yield hashed
        self.bestanden[name] = hashed.sha256

    def add(self, name: str, path: Path) -> None:
        """Take a file as a part."""
        with path.open("rb") as source, self.part(name) as target:
            while piece := source.read(PIECE):
                target.write(piece)

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, which is the last part."""
        self._packed.writestr(NAME, manifest.to_json())


@contextmanager
def write_archive(path: Path, secret: bytes | None) -> Iterator[ArchiveWriter]:
    """Give a writer; the file is there under its name when all went well, and not otherwise.

    Only its owner can read it.
    """
    # without a name in the folder until it is whole, also when the process is killed
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".deel", delete=False) as file:
        draft = Path(file.name)
        try:
            with ExitStack() as layers:
                target: BinaryIO = file  # type: ignore[assignment]  # its wrapper has the same methods
                if secret is not None:
                    target = layers.enter_context(SealingWriter(target, secret))  # type: ignore[assignment]  # has what zipfile asks
                packed = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
                yield ArchiveWriter(layers.enter_context(packed))
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


class ArchiveReader:
    """Gives the parts of a backup; each is checked against its hash."""

    def __init__(self, path: Path, packed: zipfile.ZipFile) -> None:
        self._path = path
        self._packed = packed
        try:
            self.manifest = read_manifest(packed.read(NAME))
        except BROKEN as error:
            raise self._damaged() from error
        names = set(packed.namelist()) - {NAME}
        if names != set(self.manifest.bestanden) or not all(map(_is_inside, names)):
            raise self._damaged()

    def read(self, name: str) -> Iterator[bytes]:
        """Give the bytes of a part.

        Raises
        ------
        BackupError
            They are not those that were written; known for sure only at the end.
        """
        digest = hashlib.sha256()
        try:
            with self._packed.open(name) as source:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    yield piece
        except BROKEN as error:
            raise self._damaged() from error
        if digest.hexdigest() != self.manifest.bestanden[name]:
            raise self._damaged()

    def extract(self, name: str, path: Path) -> None:
        """Write a part to a file that only its owner can read."""
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as target:
            target.writelines(self.read(name))

    def _damaged(self) -> BackupError:
        return BackupError(BackupProblem.DAMAGED, str(self._path))


@contextmanager
def open_archive(path: Path, secret: bytes | None) -> Iterator[ArchiveReader]:
    """Give a reader of a backup.

    Raises
    ------
    BackupError
        It is damaged, cut off or no backup; or it is sealed and the key is absent or another.
    OSError
        The file cannot be read.
    """
    with ExitStack() as opened:
        file: IO[bytes] = opened.enter_context(path.open("rb"))
        if is_sealed(file):  # type: ignore[arg-type]  # a file of bytes
            if secret is None:
                raise BackupError(BackupProblem.SEALED, str(path))
            file = opened.enter_context(_unsealed(path, file, secret))
        try:
            packed = opened.enter_context(zipfile.ZipFile(file))
        except BROKEN as error:
            raise BackupError(BackupProblem.DAMAGED, str(path)) from error
        yield ArchiveReader(path, packed)


@contextmanager
def _unsealed(path: Path, sealed: IO[bytes], secret: bytes) -> Iterator[IO[bytes]]:
    """Give the content of a sealed file as a file without a name, beside it."""
    with TemporaryFile(dir=path.parent) as plain:
        try:
            for piece in unseal(sealed, secret):  # type: ignore[arg-type]  # a file of bytes
                plain.write(piece)
        except SealBrokenError as error:
            raise BackupError(BackupProblem.UNREADABLE, str(path)) from error
        plain.seek(0)
        yield plain


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name
