"""Who guides whom."""

from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.rechten_tables import TOEWIJZING


class ToewijzingRepository:
    """Every question about who guides whom; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begeleiders(self, jongere_id: str) -> frozenset[int]:
        """Return the accounts to which a jongere whom who looks may see is assigned."""
        mine = TOEWIJZING.c.jongere_id == jongere_id
        found = self._session.execute(rijen(TOEWIJZING, TOEWIJZING.c.gebruiker_id).where(mine))
        return frozenset(row.gebruiker_id for row in found)

    def jongeren(self, gebruiker_id: int) -> frozenset[str]:
        """Return the jongeren whom an account guides, of those whom who looks may see."""
        mine = TOEWIJZING.c.gebruiker_id == gebruiker_id
        found = self._session.scalars(rijen(TOEWIJZING, TOEWIJZING.c.jongere_id).where(mine))
        return frozenset(found)
