"""Which files were imported, when, by whom, and what that changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.errors import NotFoundError
from service.storage.merging import MergeCount
from service.storage.tables import IMPORTRUN


@dataclass(frozen=True)
class ImportRun:
    """One imported file; `tellingen` says per table what it did."""

    id: int
    tijdstip: datetime
    bestand: str
    sha256: str
    soort: str
    tellingen: Mapping[str, MergeCount]
    actor: str


class ImportRepository:
    """Every query on imports; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, *, tijdstip: datetime, bestand: str, sha256: str, soort: str, actor: str) -> int:
        """Record the start of an import and return its id, for the rows that it brings.

        Parameters
        ----------
        tijdstip : datetime
            With a time zone.
        bestand : str
            Name of the file, without its folder.
        sha256 : str
            Hexadecimal digest of its bytes.
        soort : str
            Kind of file, as `ParsedFile.kind`.
        actor : str
            Who imports: the naam of a gebruiker, or ``"opdrachtregel"``.
        """
        statement = (
            sa.insert(IMPORTRUN)
            .values(
                tijdstip=tijdstip,
                bestand=bestand,
                sha256=sha256,
                soort=soort,
                tellingen={},
                actor=actor,
            )
            .returning(IMPORTRUN.c.id)
        )
        import_id: int = self._session.execute(statement).scalar_one()
        return import_id

    def finish(self, import_id: int, tellingen: Mapping[str, MergeCount]) -> None:
        """Record what an import did, per table.

        Raises
        ------
        NotFoundError
            There is no such import.
        """
        counts = {
            name: {"new": count.new, "changed": count.changed, "unchanged": count.unchanged}
            for name, count in tellingen.items()
        }
        done = self._session.execute(
            sa.update(IMPORTRUN)
            .where(IMPORTRUN.c.id == import_id)
            .values(tellingen=counts)
            .returning(IMPORTRUN.c.id)
        ).scalar()
        if done is None:
            raise NotFoundError("import", str(import_id))

    def find(self, sha256: str) -> ImportRun | None:
        """Return the newest import of a file with these bytes."""
        newest = sa.select(IMPORTRUN).order_by(IMPORTRUN.c.id.desc()).limit(1)
        row = self._session.execute(newest.where(IMPORTRUN.c.sha256 == sha256)).mappings().first()
        return None if row is None else _to_run(row)

    def files(self, *, offset: int, limit: int) -> tuple[tuple[ImportRun, ...], int]:
        """Return a part of the imported files, the newest first, and how many there are.

        What people enter by hand is no file.
        """
        is_file = IMPORTRUN.c.sha256 != ""
        total = self._session.scalar(
            sa.select(sa.func.count()).select_from(IMPORTRUN).where(is_file)
        )
        newest = sa.select(IMPORTRUN).where(is_file).order_by(IMPORTRUN.c.id.desc())
        rows = self._session.execute(newest.offset(offset).limit(limit)).mappings()
        return tuple(_to_run(row) for row in rows), total or 0

    def file(self, import_id: int) -> ImportRun:
        """Return one imported file; NotFoundError when there is none."""
        statement = sa.select(IMPORTRUN).where(IMPORTRUN.c.id == import_id)
        row = self._session.execute(statement.where(IMPORTRUN.c.sha256 != "")).mappings().first()
        if row is None:
            raise NotFoundError("import", str(import_id))
        return _to_run(row)

    def list(self, limit: int | None = None) -> tuple[ImportRun, ...]:
        """Return the imports, the newest first."""
        newest = sa.select(IMPORTRUN).order_by(IMPORTRUN.c.id.desc()).limit(limit)
        return tuple(_to_run(row) for row in self._session.execute(newest).mappings())

    def state(self) -> tuple[int, int]:
        """Return how many runs there are and the highest id: other numbers after each run."""
        count, newest = self._session.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(IMPORTRUN.c.id), 0))
        ).one()
        return count, newest

    def ids(self) -> frozenset[int]:
        """Return the ids of all runs."""
        return frozenset(self._session.scalars(sa.select(IMPORTRUN.c.id)))


def _to_run(row: sa.RowMapping) -> ImportRun:
    values = dict(row)
    counts = {name: MergeCount(**count) for name, count in values.pop("tellingen").items()}
    return ImportRun(tellingen=counts, **values)
