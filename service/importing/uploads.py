"""Files that somebody sent from a browser: named, measured and weighed before anybody reads them.

Of a name only its last part counts, and no folder. A spreadsheet is a packed folder: how much is in
it is found out by unpacking it without keeping anything (OWASP ASVS 5.0, 5.2.3 and 5.3.2).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from service.errors import FileError
from service.importing.rawexcel import ZIP_MAGIC
from service.importing.rawfile import EXCEL_SUFFIXES, TEXT_SUFFIXES

ACCEPTED = EXCEL_SUFFIXES | TEXT_SUFFIXES
"""What one may send: text and spreadsheets, nothing that is packed otherwise."""
SAFE_NAME = "upload"
LONGEST_NAME = 100
MOST_FILES = 20
MOST_BYTES = 50_000_000
"""Of one request; DUO files of a large mbo institution are some tens of megabytes."""
MOST_UNPACKED = 300_000_000
MOST_PARTS = 2_000
CHUNK = 1 << 20
KINDS = "We lezen CSV (.csv, .txt) en Excel (.xlsx)."


@dataclass(frozen=True)
class Bestand:
    """A file that was received: its safe name, the SHA-256 of its bytes, and how many."""

    naam: str
    sha256: str
    bytes: int


def safe_name(name: str | None) -> str:
    r"""Return the name of an upload without folders or signs that no file system takes.

    Examples
    --------
    >>> safe_name("..\\..\\etc/RO_25LX.csv"), safe_name("..")
    ('RO_25LX.csv', 'upload')
    """
    bare = PurePosixPath((name or "").replace("\\", "/")).name
    kept = "".join(sign for sign in bare if sign.isprintable())[-LONGEST_NAME:]
    return kept if kept.strip(". ") else SAFE_NAME


def receive(folder: Path, sent: Sequence[tuple[str, BinaryIO]]) -> tuple[Bestand, ...]:
    """Write uploads to a folder piece by piece, and check each.

    Parameters
    ----------
    folder : Path
        Empty, and of nobody else.
    sent : sequence of pairs
        The name that the client gave and the open file.

    Raises
    ------
    FileError
        There is no file, there are too many, one is of another kind, twice there, too large or
        packed in an unreasonable way. What was written is left to the caller to remove.
    """
    if not sent or len(sent) > MOST_FILES:
        raise FileError(SAFE_NAME, f"Kies één tot {MOST_FILES} bestanden.")
    received = []
    for name, file in sent:
        path = folder / safe_name(name)
        if path.suffix.lower() not in ACCEPTED:
            raise FileError(path.name, KINDS)
        if path.exists():
            raise FileError(
                path.name, "Twee bestanden hebben dezelfde naam. Geef er één een andere."
            )
        received.append(_write(path, file))
        if path.suffix.lower() in EXCEL_SUFFIXES:
            check_package(path)
    return tuple(received)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_package(path: Path) -> None:
    """Refuse a spreadsheet that unpacks to more than anybody would send.

    What the package says of its own size is not believed: all parts are unpacked and counted.

    Raises
    ------
    FileError
        It is a zip bomb, damaged, or has too many parts; another kind of file is left to its
        reader, which says what is wrong with it.
    """
    with path.open("rb") as file:
        if file.read(len(ZIP_MAGIC)) != ZIP_MAGIC:
            return
    try:
        with ZipFile(path) as package:
            _count(path, package)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise FileError(
            path.name, "Het Excel-bestand is beschadigd. Sla het opnieuw op, zonder wachtwoord."
        ) from error


def _count(path: Path, package: ZipFile) -> None:
    parts = package.infolist()
    left = MOST_UNPACKED
    told = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or told > left:
        raise _too_much(path)
    for part in parts:
        with package.open(part) as unpacked:
            while chunk := unpacked.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _too_much(path)


def _too_much(path: Path) -> FileError:
    return FileError(
        path.name, "Uitgepakt is dit Excel-bestand te groot. Splits het, of sla het op als CSV."
    )


def _write(path: Path, file: BinaryIO) -> Bestand:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as kept:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size > MOST_BYTES:
                raise FileError(path.name, f"Het bestand is groter dan {MOST_BYTES // 10**6} MB.")
            kept.write(chunk)
    return Bestand(path.name, digest.hexdigest(), size)
