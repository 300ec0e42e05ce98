"""What the watch asks about persons: what was shown of them, decided, and which place they got."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.matchtafel.begrippen import Keuze
from service.rechten.rijen import rijen
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT, OPVOLGING
from service.storage.suggestielog_tables import LIJST, SUGGESTIE, VERTONING
from service.suggestielog.lijst import Soort

HELPT = (Keuze.VOORSTELLEN.value, Keuze.ANDERE_ROUTE.value)
"""Choices by which somebody is helped."""
RANG: Mapping[str, sa.ColumnElement[int]] = MappingProxyType(
    {
        Soort.LEERWERKPLEKKEN.value: SUGGESTIE.c.rang,
        Soort.VOORSTEL.value: sa.literal(1),
        Soort.KEUZES.value: SUGGESTIE.c.rang + 1,
    }
)
"""Where a place stands for a jongere, by the kind of list: in a proposal every line is the first
choice, whatever its place on the agenda, and the other choices of a table come after it. In no
other list does a rang say that, such as among the kandidaten for one place."""
LATER = BESLUIT.alias("later")
STANDS = ~sa.exists().where(LATER.c.vervangt_id == BESLUIT.c.id)
"""Whether no other besluit replaced this one."""


@dataclass(frozen=True)
class Getoond:
    """A score that was shown of somebody."""

    jongere_id: str
    peildatum: date
    score: float


@dataclass(frozen=True)
class Gekozen:
    """Somebody whom people decided to help, and the day."""

    jongere_id: str
    dag: date


@dataclass(frozen=True)
class Voorgesteld:
    """A besluit to propose a place, with where it stood in the list that was seen last before it.

    `trekkans` is how likely chance put the jongere on that agenda: 0 where it was not by chance,
    or no chance was needed. `stage_id` is the stage that a follow-up named, if any.
    """

    besluit_id: int
    jongere_id: str
    leerwerkplek_id: str
    tijdstip: datetime
    aselect: bool
    trekkans: float
    model: str
    versie: str
    rang: int
    stage_id: str | None


class BewakenRepository:
    """Every query of the watch about persons; only figures of groups leave it further on."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def getoond(self, model: str, versie: str) -> list[Getoond]:
        """Return every score of a version about a jongere alone that was stored, each day once."""
        asked = (
            rijen(SUGGESTIE, SUGGESTIE.c.jongere_id, LIJST.c.peildatum, SUGGESTIE.c.score)
            .join(LIJST, LIJST.c.sha256 == SUGGESTIE.c.lijst_sha256)
            .where(LIJST.c.model == model, LIJST.c.model_versie == versie)
            .where(SUGGESTIE.c.score.is_not(None), SUGGESTIE.c.object_id.is_(None))
            .distinct()
        )
        return [Getoond(**row) for row in self._session.execute(asked).mappings()]

    def gekozen(self) -> list[Gekozen]:
        """Return whom people decided to help, and when; no besluit that another one replaced."""
        asked = (
            rijen(AGENDAPUNT, AGENDAPUNT.c.jongere_id, BESLUIT.c.tijdstip)
            .join(BESLUIT, BESLUIT.c.agendapunt_id == AGENDAPUNT.c.id)
            .where(BESLUIT.c.keuze.in_(HELPT), STANDS)
        )
        return [Gekozen(who, at.date()) for who, at in self._session.execute(asked)]

    def voorgesteld(self) -> list[Voorgesteld]:
        """Return every besluit that stands on a place that was suggested before, the oldest first.

        Suggested is: it stood in a list of `RANG` that was seen; of these the last one counts.
        """
        asked = (
            rijen(
                BESLUIT,
                BESLUIT.c.id.label("besluit_id"),
                AGENDAPUNT.c.jongere_id,
                BESLUIT.c.leerwerkplek_id,
                BESLUIT.c.tijdstip,
                AGENDAPUNT.c.aselect,
                AGENDAPUNT.c.trekkans,
                LIJST.c.model,
                LIJST.c.model_versie.label("versie"),
                sa.case(dict(RANG), value=LIJST.c.soort).label("rang"),
            )
            .join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
            .join(
                SUGGESTIE,
                sa.and_(
                    SUGGESTIE.c.jongere_id == AGENDAPUNT.c.jongere_id,
                    SUGGESTIE.c.object_id == BESLUIT.c.leerwerkplek_id,
                ),
            )
            .join(LIJST, LIJST.c.sha256 == SUGGESTIE.c.lijst_sha256)
            .join(VERTONING, VERTONING.c.lijst_sha256 == LIJST.c.sha256)
            .where(BESLUIT.c.keuze == Keuze.VOORSTELLEN.value, STANDS)
            .where(LIJST.c.soort.in_(RANG))
            .where(VERTONING.c.tijdstip <= BESLUIT.c.tijdstip)
            .order_by(BESLUIT.c.id, VERTONING.c.tijdstip)
        )
        named = self._stages()
        last = {row["besluit_id"]: row for row in self._session.execute(asked).mappings()}
        return [Voorgesteld(**row, stage_id=named.get(key)) for key, row in last.items()]

    def _stages(self) -> dict[int, str]:
        """Return the stage that a follow-up of a besluit named."""
        asked = rijen(OPVOLGING, OPVOLGING.c.besluit_id, OPVOLGING.c.stage_id)
        found = self._session.execute(asked.where(OPVOLGING.c.stage_id.is_not(None)))
        return {besluit_id: str(stage_id) for besluit_id, stage_id in found}
