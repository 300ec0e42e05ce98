"""Names and contact details of jongeren: apart from all that a model may read."""

from collections.abc import Collection

import polars as pl
from sqlalchemy.orm import Session

from service.identity import IDENTITEIT
from service.rechten.rijen import rijen
from service.storage.merging import Merge, MergeCount, merge_rows
from service.storage.rows import (
    IN_AT_ONCE,
    conform,
    insert_rows,
    lock_merges,
    read_beside,
    update_rows,
)
from service.storage.tables import IDENTITEIT_TABLE


class IdentiteitRepository:
    """Every query on identities; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def merge(self, frame: pl.DataFrame, import_id: int) -> MergeCount:
        """Write the rows of a newer source, as `CanonicalRepository.merge` does.

        Raises
        ------
        TableError
            A column is missing or of another type.
        """
        lock_merges(self._session)
        merge = self._compare(frame)
        insert_rows(self._session, IDENTITEIT_TABLE, IDENTITEIT, merge.new, import_id)
        update_rows(self._session, IDENTITEIT_TABLE, IDENTITEIT, merge.changed, import_id)
        return merge.count

    def preview(self, frame: pl.DataFrame) -> MergeCount:
        """Return what `merge` would count, without writing."""
        return self._compare(frame).count

    def names(self, ids: Collection[str]) -> dict[str, str]:
        """Return first names, particle and surname in one, by jongere_id.

        A jongere of whom no name is stored is absent.
        """
        wanted = sorted(set(ids))
        found: dict[str, str] = {}
        for at in range(0, len(wanted), IN_AT_ONCE):
            found |= self._names(wanted[at : at + IN_AT_ONCE])
        return found

    def _names(self, ids: list[str]) -> dict[str, str]:
        row = IDENTITEIT_TABLE.c
        rows = self._session.execute(
            rijen(
                IDENTITEIT_TABLE,
                row.jongere_id,
                row.voornamen,
                row.tussenvoegsel,
                row.achternaam,
            ).where(row.jongere_id.in_(ids))
        )
        named = {
            jongere_id: " ".join(part for part in parts if part) for jongere_id, *parts in rows
        }
        return {jongere_id: name for jongere_id, name in named.items() if name}

    def _compare(self, frame: pl.DataFrame) -> Merge:
        incoming = conform(frame, IDENTITEIT)
        stored = read_beside(self._session, IDENTITEIT_TABLE, IDENTITEIT, incoming)
        return merge_rows(IDENTITEIT, stored, incoming)
