"""An import in two steps: files are received and tried, and only then read for good.

Between the steps the files lie in a folder of the data folder that only the owner of the process
may open. It goes away when the import is done or given up. What waits for more than an hour is not
shown again; the next upload or the nightly `vangnet bewaar` removes it.
"""

import json
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self

import polars as pl

from service.errors import ConflictError, NotFoundError
from service.importing.mapping import find_mappings
from service.importing.report import ImportReport, conclusion
from service.importing.uploads import Bestand, digest_of, receive

OWNER_ONLY = 0o700
KEPT_SECONDS = 3600
ABOUT, REPORT, PROBLEMS, FILES = "voorstel.json", "verslag.json", "fouten.parquet", "bestanden"
BUSY = ".bezig"
"""Suffix of the folder of an import that is being read for good: nobody begins it twice."""
WHAT = "voorstel"


class Importeer(Protocol):
    """Reads files into the store, all or nothing; `service.jobs.import_into_store` does."""

    def __call__(self, paths: Sequence[Path], *, dry_run: bool, actor: str) -> ImportReport:
        """Return what the files did, or would do."""


@dataclass(frozen=True)
class Werkplaats:
    """Where uploads lie for a while, and mapping files for good."""

    uploads: Path
    mappings: Path

    @classmethod
    def of(cls, data: Path) -> Self:
        """Return that of a data folder."""
        return cls(data / "uploads", data / "mappings")


@dataclass(frozen=True)
class Proefbestand:
    """What a trial made of one file: rows per table that can be read, and what stands out."""

    naam: str
    soort: str
    rijen: Mapping[str, int]
    waarschuwingen: Sequence[str]
    overgeslagen: bool


@dataclass(frozen=True)
class Proef:
    """What an import would do: per table new, changed and unchanged rows, and every bad row."""

    conclusie: str
    tellingen: Mapping[str, tuple[int, int, int]]
    bestanden: Sequence[Proefbestand]
    waarschuwingen: Sequence[str]
    fouten: pl.DataFrame

    @property
    def goed(self) -> bool:
        """Whether all rows can be read and there is something new to read."""
        return not self.fouten.height and any(not one.overgeslagen for one in self.bestanden)


@dataclass(frozen=True)
class Voorstel:
    """Files that wait for a decision, of one account."""

    sleutel: str
    map: Path
    door: int
    bestanden: tuple[Bestand, ...]

    @property
    def paden(self) -> list[Path]:
        """The files."""
        return [self.map / FILES / one.naam for one in self.bestanden]

    @property
    def hash(self) -> str:
        """What tells these bytes from all others, for the form that confirms."""
        return "-".join(one.sha256[:16] for one in self.bestanden)


def lay_down(
    werkplaats: Werkplaats, sent: Sequence[tuple[str, BinaryIO]], *, door: int
) -> Voorstel:
    """Receive files into a folder of their own.

    Raises
    ------
    FileError
        See `service.importing.uploads.receive`; nothing is left behind.
    """
    clean(werkplaats)
    sleutel = secrets.token_urlsafe(18)
    folder = werkplaats.uploads / sleutel
    (folder / FILES).mkdir(parents=True, mode=OWNER_ONLY)
    folder.chmod(OWNER_ONLY)
    try:
        bestanden = receive(folder / FILES, sent)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    told = {"door": door, "bestanden": [asdict(one) for one in bestanden]}
    (folder / ABOUT).write_text(json.dumps(told), encoding="utf-8")
    return Voorstel(sleutel, folder, door, bestanden)


def find(werkplaats: Werkplaats, sleutel: str, *, door: int) -> Voorstel:
    """Return files that wait; NotFoundError when they are gone or of another account."""
    for one in waiting(werkplaats, door=door):
        if secrets.compare_digest(one.sleutel.encode(), sleutel.encode()):
            return one
    raise NotFoundError(WHAT, sleutel)


def waiting(werkplaats: Werkplaats, *, door: int | None = None) -> list[Voorstel]:
    """Return all that wait, or those of one account, the newest last."""
    there = []
    for about in werkplaats.uploads.glob(f"*/{ABOUT}"):
        with suppress(FileNotFoundError):  # removed meanwhile
            there.append((about.stat().st_mtime, about.parent, about.read_text(encoding="utf-8")))
    found = []
    for since, folder, text in sorted(there):
        if folder.suffix == BUSY or time.time() - since > KEPT_SECONDS:
            continue
        told = json.loads(text)
        bestanden = tuple(Bestand(**one) for one in told["bestanden"])
        if door is None or told["door"] == door:
            found.append(Voorstel(folder.name, folder, told["door"], bestanden))
    return found


def clean(werkplaats: Werkplaats) -> int:
    """Remove what waited for more than an hour, and return how many uploads that were."""
    folders = list(werkplaats.uploads.iterdir()) if werkplaats.uploads.is_dir() else []
    old = [one for one in folders if time.time() - one.stat().st_mtime > KEPT_SECONDS]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def try_out(
    voorstel: Voorstel, werkplaats: Werkplaats, importeer: Importeer, *, actor: str
) -> Proef:
    """Say what an import would do, and keep that beside the files."""
    take_mappings(voorstel, werkplaats)
    report = importeer(voorstel.paden, dry_run=True, actor=actor)
    proef = _told(report)
    proef.fouten.write_parquet(voorstel.map / PROBLEMS)
    told = {name: value for name, value in vars(proef).items() if name != "fouten"}
    told["bestanden"] = [asdict(one) for one in proef.bestanden]
    (voorstel.map / REPORT).write_text(json.dumps(told), encoding="utf-8")
    return proef


def read_proef(voorstel: Voorstel) -> Proef:
    """Return what the trial of these files told; NotFoundError before the first one."""
    try:
        told: dict[str, Any] = json.loads((voorstel.map / REPORT).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFoundError(WHAT, voorstel.sleutel) from error
    bestanden = [Proefbestand(**one) for one in told.pop("bestanden")]
    fouten = pl.read_parquet(voorstel.map / PROBLEMS)
    return Proef(**told, bestanden=bestanden, fouten=fouten)


def confirm(voorstel: Voorstel, importeer: Importeer, *, hash: str, actor: str) -> ImportReport:
    """Read the files for good: the same bytes that were tried, by one request only.

    Parameters
    ----------
    voorstel : Voorstel
        What waits.
    importeer : Importeer
        Reads all or nothing.
    hash : str
        As `Voorstel.hash` told the person who confirms.
    actor : str
        Who confirms.

    Returns
    -------
    ImportReport
        When it holds problems nothing was written and the files wait again; else they are gone.

    Raises
    ------
    ConflictError
        The bytes are others than those that were tried.
    NotFoundError
        Another request was first.
    """
    busy = voorstel.map.with_name(voorstel.sleutel + BUSY)
    changed = any(
        digest_of(path) != one.sha256
        for path, one in zip(voorstel.paden, voorstel.bestanden, strict=True)
    )
    if changed or hash != voorstel.hash:
        raise ConflictError(WHAT, voorstel.sleutel)
    try:
        voorstel.map.rename(busy)
    except FileNotFoundError as error:
        raise NotFoundError(WHAT, voorstel.sleutel) from error
    succeeded = False
    try:
        paths = [busy / FILES / one.naam for one in voorstel.bestanden]
        report = importeer(paths, dry_run=False, actor=actor)
        succeeded = report.succeeded
        return report
    finally:
        if succeeded:
            shutil.rmtree(busy, ignore_errors=True)
        else:
            busy.rename(voorstel.map)


def discard(voorstel: Voorstel) -> None:
    """Remove files that will not be read."""
    shutil.rmtree(voorstel.map, ignore_errors=True)


def take_mappings(voorstel: Voorstel, werkplaats: Werkplaats) -> None:
    """Lay the mapping files of this installation beside the files, in place of earlier copies."""
    beside = voorstel.map / FILES
    for old in find_mappings(beside):
        old.unlink()
    for mapping in find_mappings(werkplaats.mappings):
        shutil.copy(mapping, beside / mapping.name)


def _told(report: ImportReport) -> Proef:
    return Proef(
        conclusion(report),
        {name: (one.new, one.changed, one.unchanged) for name, one in report.counts.items()},
        [
            Proefbestand(one.path.name, one.kind, dict(one.rows), list(one.warnings), one.skipped)
            for one in report.files
        ],
        list(report.warnings),
        report.problems,
    )
