"""What the nightly watch found, and the alarms that people have yet to look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.errors import NotFoundError
from service.storage.bewaking_tables import BEVINDING, BEWAAKALARM, BEWAKING
from service.storage.tables import GEBRUIKER

OPEN, BEKEKEN, VOORBIJ = "open", "bekeken", "voorbij"
ALARM, LET_OP, RUSTIG, TE_WEINIG = "alarm", "let op", "rustig", "te weinig"


@dataclass(frozen=True)
class Bevinding:
    """One figure: of which model, what (`maat`) and about what (`onderwerp`).

    `niveau` is one of alarm, let op, rustig, te weinig; `laag` and `hoog` bound the figure,
    `toeval` is what chance alone gives, and beyond `grens` it is an alarm.
    """

    model: str
    versie: str
    maat: str
    onderwerp: str
    niveau: str
    tekst: str
    waarde: float | None = None
    laag: float | None = None
    hoog: float | None = None
    toeval: float | None = None
    grens: float | None = None
    n: int | None = None

    @property
    def sleutel(self) -> tuple[str, str, str, str]:
        """What the figure is of; the same every night."""
        return self.model, self.versie, self.maat, self.onderwerp


@dataclass(frozen=True)
class Bewaking:
    """One run, by the day on which it ran and the last day that the store knew."""

    id: int
    dag: date
    bekend_tot: date
    tijdstip: datetime


@dataclass(frozen=True)
class Bewaakalarm:
    """An alarm; `door` is the name of who looked at it, empty when nobody did."""

    id: int
    model: str
    versie: str
    maat: str
    onderwerp: str
    waarde: float | None
    tekst: str
    stand: str
    ontstaan_op: datetime
    gezien_op: datetime
    reden: str
    door_id: int | None
    bekeken_op: datetime | None
    door: str

    @property
    def sleutel(self) -> tuple[str, str, str, str]:
        """What it is about, as `Bevinding.sleutel`."""
        return self.model, self.versie, self.maat, self.onderwerp


class BewakingRepository:
    """Every query on the watch; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, found: Iterable[Bevinding], *, dag: date, bekend_tot: date, tijdstip: datetime
    ) -> int:
        """Store a run with what it found, and return its number."""
        run = sa.insert(BEWAKING).values(dag=dag, bekend_tot=bekend_tot, tijdstip=tijdstip)
        number: int = self._session.execute(run.returning(BEWAKING.c.id)).scalar_one()
        rows = [
            {"bewaking_id": number, "nummer": at, **vars(one)}
            for at, one in enumerate(found, start=1)
        ]
        if rows:
            self._session.execute(sa.insert(BEVINDING), rows)
        return number

    def runs(self, *, limit: int | None = None) -> list[Bewaking]:
        """Return the runs, the newest first."""
        asked = sa.select(BEWAKING).order_by(BEWAKING.c.id.desc()).limit(limit)
        return [Bewaking(**row) for row in self._session.execute(asked).mappings()]

    def found(self, bewaking_id: int) -> list[Bevinding]:
        """Return what a run found, in its order."""
        columns = [one for one in BEVINDING.c if one.name not in {"bewaking_id", "nummer"}]
        asked = sa.select(*columns).where(BEVINDING.c.bewaking_id == bewaking_id)
        rows = self._session.execute(asked.order_by(BEVINDING.c.nummer)).mappings()
        return [Bevinding(**row) for row in rows]

    def worst_per_day(self, maat: str, *, since: date) -> list[tuple[str, date, float]]:
        """Return model, day and the greatest figure of one kind that had rows enough, by day."""
        asked = (
            sa.select(BEVINDING.c.model, BEWAKING.c.dag, sa.func.max(BEVINDING.c.waarde))
            .join(BEWAKING, BEWAKING.c.id == BEVINDING.c.bewaking_id)
            .where(BEVINDING.c.maat == maat, BEVINDING.c.waarde.is_not(None))
            .where(BEVINDING.c.niveau != TE_WEINIG, BEWAKING.c.dag >= since)
            .group_by(BEVINDING.c.model, BEWAKING.c.dag)
            .order_by(BEWAKING.c.dag)
        )
        return [(model, dag, waarde) for model, dag, waarde in self._session.execute(asked)]

    def measured(self, model: str, versie: str) -> list[date]:
        """Return the days on which a version was measured, the oldest first."""
        asked = (
            sa.select(BEWAKING.c.dag)
            .join(BEVINDING, BEWAKING.c.id == BEVINDING.c.bewaking_id)
            .where(BEVINDING.c.model == model, BEVINDING.c.versie == versie)
            .distinct()
            .order_by(BEWAKING.c.dag)
        )
        return list(self._session.scalars(asked))

    def alarms(self, *standen: str) -> list[Bewaakalarm]:
        """Return the alarms in these states, the newest first."""
        asked = (
            sa.select(BEWAAKALARM, sa.func.coalesce(GEBRUIKER.c.naam, "").label("door"))
            .outerjoin(GEBRUIKER, GEBRUIKER.c.id == BEWAAKALARM.c.door_id)
            .where(BEWAAKALARM.c.stand.in_(standen))
            .order_by(BEWAAKALARM.c.id.desc())
        )
        return [Bewaakalarm(**row) for row in self._session.execute(asked).mappings()]

    def alarm(self, alarm_id: int) -> Bewaakalarm:
        """Return one alarm; NotFoundError when there is none."""
        for one in self.alarms(OPEN, BEKEKEN, VOORBIJ):
            if one.id == alarm_id:
                return one
        raise NotFoundError("melding", str(alarm_id))

    def raise_alarm(self, found: Bevinding, *, op: datetime) -> int:
        """Store a new alarm, and return its number."""
        model, versie, maat, onderwerp = found.sleutel
        stored = sa.insert(BEWAAKALARM).values(
            model=model,
            versie=versie,
            maat=maat,
            onderwerp=onderwerp,
            waarde=found.waarde,
            tekst=found.tekst,
            stand=OPEN,
            ontstaan_op=op,
            gezien_op=op,
            reden="",
        )
        number: int = self._session.execute(stored.returning(BEWAAKALARM.c.id)).scalar_one()
        return number

    def change(self, alarm_id: int, **values: object) -> None:
        """Change columns of one alarm."""
        self._session.execute(
            sa.update(BEWAAKALARM).where(BEWAAKALARM.c.id == alarm_id).values(**values)
        )

    def lock(self) -> None:
        """Let no other run raise alarms before this unit of work ends.

        On SQLite whoever writes is alone already.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(sa.text("LOCK TABLE bewaakalarm IN SHARE ROW EXCLUSIVE MODE"))
