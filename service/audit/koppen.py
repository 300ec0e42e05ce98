"""Signed heads of the chain, kept in a second place (TRUST A3).

A chain does not notice that its tail was cut off. So its head is signed and written daily where
whoever can change the database cannot: `service.audit.controle` compares the two.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.audit.sleutels import AuditSleutels, is_signed
from service.errors import FileError
from service.storage.audit import Kop

PATTERN = "kop-*.json"


@dataclass(frozen=True)
class GetekendeKop:
    """Number and hash of a line, when they were signed, with which key, and the signature."""

    nummer: int
    hash: str
    tijdstip: str
    publieke_sleutel: str
    handtekening: str

    @property
    def kop(self) -> Kop:
        """The place in the chain that was signed."""
        return Kop(self.nummer, self.hash)

    @property
    def moment(self) -> datetime:
        """When it was signed."""
        return datetime.fromisoformat(self.tijdstip)

    def is_signed_by(self, public_keys: Sequence[str]) -> bool:
        """Whether one of these keys signed exactly this."""
        text = _text(self.kop, self.tijdstip)
        return self.publieke_sleutel in public_keys and is_signed(
            text, self.handtekening, self.publieke_sleutel
        )


def sign_kop(kop: Kop, sleutels: AuditSleutels, *, now: datetime) -> GetekendeKop:
    """Return a place in the chain with the signature of this installation."""
    moment = now.astimezone(UTC).isoformat(timespec="seconds")
    return GetekendeKop(
        nummer=kop.nummer,
        hash=kop.hash,
        tijdstip=moment,
        publieke_sleutel=sleutels.public_key,
        handtekening=sleutels.sign(_text(kop, moment)),
    )


def write_kop(kop: GetekendeKop, folder: Path) -> Path:
    """Write a signed head to a file of its own, which is never written again.

    Returns
    -------
    Path
        The file; the one that stands when this head was exported before.

    Raises
    ------
    OSError
        The folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"kop-{kop.nummer:012d}.json"
    if not path.exists():
        path.write_text(json.dumps(asdict(kop), indent=1) + "\n", encoding="utf-8")
    return path


def read_koppen(folder: Path) -> list[GetekendeKop]:
    """Return the exported heads of a folder, the oldest first.

    Raises
    ------
    FileError
        A file is no exported head.
    """
    return [_read(path) for path in sorted(folder.glob(PATTERN))]


def _read(path: Path) -> GetekendeKop:
    try:
        return GetekendeKop(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise FileError(str(path), "is no exported head of the audit log") from error


def _text(kop: Kop, moment: str) -> str:
    """Return what is signed."""
    return f"vangnet auditkop\n{kop.nummer}\n{kop.hash}\n{moment}"
