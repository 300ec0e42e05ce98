"""The canonical tables as they are stored, held in memory and followed by reading what changed.

Every row says which run wrote it last (``import_id``), and every run that writes or removes rows
is recorded as one (`service.storage.importrun`). So after a first whole reading only the rows of
later runs are read. What was removed shows in the number of rows: after the new rows are laid
over the former ones, memory holds every stored key, and more only if some were removed.
"""

from dataclasses import dataclass
from typing import Self

import polars as pl
from sqlalchemy.orm import Session

from features.tables import TABLES
from service.storage.canonical import CanonicalRepository
from service.storage.importrun import ImportRepository

Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class StoredTables:
    """All canonical tables at one moment of the store.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Each as `CanonicalRepository.read` gives it, ordered by key. What did not change from one
        moment to the next is the same object.
    runs : frozenset of int
        The runs whose rows these hold.
    """

    tables: Frames
    runs: frozenset[int]

    @classmethod
    def read(cls, session: Session) -> Self:
        """Read everything; takes seconds per million rows."""
        runs = ImportRepository(session).ids()
        return cls(CanonicalRepository(session).read_all(), runs)

    def renewed(self, session: Session) -> Self:
        """Return the tables as they are stored now; equal to what `read` would give.

        Parameters
        ----------
        session : Session
            Of a transaction that sees one moment.
        """
        runs = ImportRepository(session).ids()
        canonical = CanonicalRepository(session)
        # the oldest run that was not seen: one may be committed after a run with a higher number
        since = min(runs - self.runs, default=None)
        tables = {
            name: _renewed(canonical, name, former, since) for name, former in self.tables.items()
        }
        if not tables["jongere"]["jongere_id"].equals(canonical.keys("jongere")["jongere_id"]):
            # everybody got another pseudonym: no run wrote that
            return self.read(session)
        return type(self)(tables, runs)


def _renewed(
    canonical: CanonicalRepository, name: str, former: pl.DataFrame, since: int | None
) -> pl.DataFrame:
    """Return one table as it is stored now; the same object when nothing changed."""
    key = list(TABLES[name].key)
    written = TABLES[name].empty() if since is None else canonical.written_since(name, since)
    laid = _laid_over(former, written, key)
    if laid.height == canonical.count(name):
        return laid
    return laid.join(canonical.keys(name), on=key, how="semi", maintain_order="left")


def _laid_over(former: pl.DataFrame, written: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return rows with newer ones of the same key in their place, ordered by key."""
    if not written.height:
        return former
    kept = former.join(written, on=key, how="anti", maintain_order="left")
    return pl.concat([kept, written]).sort(key)
