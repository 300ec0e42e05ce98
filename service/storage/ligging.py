"""Where towns, homes and leerwerkplekken lie, from the postcodes of the store."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen, zichtbaar
from service.storage.tables import CANONICAL

POSTCODE, JONGERE = CANONICAL["postcode"], CANONICAL["jongere"]
LEERWERKPLEK, LEERBEDRIJF = CANONICAL["leerwerkplek"], CANONICAL["leerbedrijf"]


@dataclass(frozen=True)
class Ligging:
    """A postcode with its town and coordinates in degrees (WGS 84)."""

    postcode4: str
    plaats: str
    gemeente: str | None
    breedtegraad: float
    lengtegraad: float


@dataclass(frozen=True)
class Adres:
    """What is known of where something is; None is not known."""

    postcode4: str | None
    plaats: str | None


class LiggingRepository:
    """Every query on where something lies; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def home(self, jongere_id: str) -> Adres:
        """Return where a jongere lives; of whom who looks may not see, nothing is known."""
        chosen = rijen(JONGERE, JONGERE.c.postcode4, JONGERE.c.woonplaats)
        row = self._session.execute(chosen.where(JONGERE.c.jongere_id == jongere_id)).first()
        return Adres(None, None) if row is None else Adres(*row)

    def places(self, leerwerkplekken: Sequence[str]) -> dict[str, Adres]:
        """Return where leerwerkplekken are, by id: where their leerbedrijf is."""
        chosen = (
            sa.select(LEERWERKPLEK.c.leerwerkplek_id, LEERBEDRIJF.c.postcode4, LEERBEDRIJF.c.plaats)
            .join(LEERBEDRIJF, LEERBEDRIJF.c.leerbedrijf_id == LEERWERKPLEK.c.leerbedrijf_id)
            .where(
                zichtbaar(LEERWERKPLEK),
                zichtbaar(LEERBEDRIJF),
                LEERWERKPLEK.c.leerwerkplek_id.in_(leerwerkplekken),
            )
        )
        return {name: Adres(code, town) for name, code, town in self._session.execute(chosen)}

    def of_codes(self, postcodes: Sequence[str], plaatsen: Sequence[str]) -> list[Ligging]:
        """Return these postcodes, and all postcodes of these towns."""
        named = POSTCODE.c.postcode4.in_(postcodes) | POSTCODE.c.plaats.in_(plaatsen)
        return self._read(named)

    def around(self, low: tuple[float, float], high: tuple[float, float]) -> list[Ligging]:
        """Return the postcodes between two corners, each of latitude and longitude."""
        return self._read(
            POSTCODE.c.breedtegraad.between(low[0], high[0])
            & POSTCODE.c.lengtegraad.between(low[1], high[1])
        )

    def _read(self, where: sa.ColumnElement[bool]) -> list[Ligging]:
        columns = (POSTCODE.c.postcode4, POSTCODE.c.plaats, POSTCODE.c.gemeente)
        degrees = (POSTCODE.c.breedtegraad, POSTCODE.c.lengtegraad)
        chosen = rijen(POSTCODE, *columns, *degrees).where(where).order_by(POSTCODE.c.postcode4)
        return [Ligging(*row) for row in self._session.execute(chosen)]
