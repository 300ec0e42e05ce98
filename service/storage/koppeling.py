"""The mapping list in the store: what people decided on the own words of a school."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.competentieruimte import KOPPELING, USED_IN
from features.vocabulary import SoortCompetentie
from service.storage.tables import CANONICAL
from service.storage.tables import KOPPELING as TABLE

COMPETENTIE = CANONICAL["competentie"]


class Besluit(StrEnum):
    """What a person said of own words beside a competentie."""

    BEVESTIGD = "bevestigd"
    AFGEWEZEN = "afgewezen"


@dataclass(frozen=True)
class Koppeling:
    """One decision: `eigen_id` means `competentie_id`, or does not.

    `zekerheid` is the confidence that was shown when it was decided, None when the competentie
    had not been proposed.
    """

    eigen_id: str
    competentie_id: str
    besluit: Besluit
    zekerheid: float | None
    door: str
    besloten_op: datetime


class KoppelingRepository:
    """Every query on the mapping list; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def decide(self, koppelingen: Sequence[Koppeling]) -> None:
        """Record decisions; the latest on a pair counts, and own words mean one competentie.

        Confirming a pair takes back an earlier confirmation of the same own words. Both ids must
        be stored competenties.
        """
        for one in koppelingen:
            same_words = TABLE.c.eigen_id == one.eigen_id
            replaced = TABLE.c.competentie_id == one.competentie_id
            if one.besluit is Besluit.BEVESTIGD:
                replaced |= TABLE.c.besluit == Besluit.BEVESTIGD
            self._session.execute(sa.delete(TABLE).where(same_words & replaced))
            self._session.execute(sa.insert(TABLE).values(vars(one)))

    def list(self) -> tuple[Koppeling, ...]:
        """Return all decisions, ordered by own words and competentie."""
        rows = self._session.execute(sa.select(TABLE)).mappings()
        decided = [Koppeling(**{**row, "besluit": Besluit(row["besluit"])}) for row in rows]
        return tuple(sorted(decided, key=lambda one: (one.eigen_id, one.competentie_id)))

    def pairs(self, besluit: Besluit) -> pl.DataFrame:
        """Return the pairs with this decision, with the columns of `KOPPELING`, ordered."""
        rows = [(one.eigen_id, one.competentie_id) for one in self.list() if one.besluit is besluit]
        return pl.DataFrame(rows, schema=KOPPELING, orient="row")

    def waiting(self) -> pl.DataFrame:
        """Return the own words of schools and in how many stored rows each is used.

        Returns
        -------
        DataFrame
            ``eigen_id``, ``tekst`` (as it was written first) and ``regels``, ordered by id.
        """
        own = sa.select(COMPETENTIE.c.competentie_id, COMPETENTIE.c.titel).where(
            COMPETENTIE.c.soort == SoortCompetentie.EIGEN_LIJST
        )
        texts = {one.competentie_id: one.titel for one in self._session.execute(own)}
        used: Counter[str] = Counter()
        for name in USED_IN:
            column = CANONICAL[name].c.competentie_id
            rows = (
                sa.select(column, sa.func.count())
                .join(COMPETENTIE, COMPETENTIE.c.competentie_id == column)
                .where(COMPETENTIE.c.soort == SoortCompetentie.EIGEN_LIJST)
                .group_by(column)
            )
            for eigen_id, number in self._session.execute(rows):
                used[eigen_id] += number
        return pl.DataFrame(
            [(one, texts[one], used[one]) for one in sorted(texts)],
            schema={"eigen_id": pl.String, "tekst": pl.String, "regels": pl.Int64},
            orient="row",
        )

    def count_waiting(self) -> int:
        """Return of how many own words of schools nobody said yet what they mean."""
        known = sa.select(TABLE.c.eigen_id).where(TABLE.c.besluit == Besluit.BEVESTIGD)
        own = COMPETENTIE.c.soort == SoortCompetentie.EIGEN_LIJST
        waiting = sa.select(sa.func.count()).select_from(COMPETENTIE).where(own)
        found = self._session.scalar(waiting.where(COMPETENTIE.c.competentie_id.not_in(known)))
        return found or 0

    def last_decided(self) -> datetime | None:
        """Return when the newest decision was made; None when there is none."""
        newest: datetime | None = self._session.scalar(sa.select(sa.func.max(TABLE.c.besloten_op)))
        return newest
