"""The random secret of each person, from which the pseudonyms of every domain are made."""

import secrets
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.privacy_tables import PERSOONSSLEUTEL

SECRET_BYTES = 32
IN_AT_ONCE = 500


class PersoonssleutelRepository:
    """Every query on the secrets of persons; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_missing(self, jongeren: Iterable[str]) -> None:
        """Give everybody of these who has none a secret of 256 bits."""
        wanted = sorted(set(jongeren))
        known = self.of(wanted)
        rows = [
            {"jongere_id": one, "sleutel": secrets.token_hex(SECRET_BYTES)}
            for one in wanted
            if one not in known
        ]
        if rows:
            self._session.execute(sa.insert(PERSOONSSLEUTEL), rows)

    def of(self, jongeren: Collection[str]) -> dict[str, str]:
        """Return the secrets of these persons by jongere_id; who is unknown is absent."""
        row, wanted = PERSOONSSLEUTEL.c, sorted(set(jongeren))
        found: dict[str, str] = {}
        for at in range(0, len(wanted), IN_AT_ONCE):
            some = wanted[at : at + IN_AT_ONCE]
            chosen = rijen(PERSOONSSLEUTEL, row.jongere_id, row.sleutel)
            chosen = chosen.where(row.jongere_id.in_(some))
            found |= {one.jongere_id: one.sleutel for one in self._session.execute(chosen)}
        return found

    def all(self) -> dict[str, str]:
        """Return every secret by jongere_id."""
        chosen = rijen(PERSOONSSLEUTEL, PERSOONSSLEUTEL.c.jongere_id, PERSOONSSLEUTEL.c.sleutel)
        return {one.jongere_id: one.sleutel for one in self._session.execute(chosen)}
