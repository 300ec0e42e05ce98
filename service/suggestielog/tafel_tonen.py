"""Recording what the routes and screens of a matchtafel show (TRUST H1)."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.allocation import Allocation
from models.allocation_answers import Verschil
from service.matchtafel.begrippen import Voorstel
from service.matchtafel.zicht import TafelZicht
from service.storage.matchtafel import MatchtafelRepository
from service.suggestielog.lijst import Soort
from service.suggestielog.tafel import (
    Score,
    moved_scores,
    of_agenda,
    of_paren,
    of_voorstel,
    reserve_scores,
)
from service.suggestielog.tonen import Kijker


def record_agenda(session: Session, zicht: TafelZicht, matchtafel_id: int, kijker: Kijker) -> None:
    """Record that an agenda is shown; without the risk no model had a part in what is shown."""
    tables = MatchtafelRepository(session)
    if not zicht.risico_gestopt:
        table = tables.get(matchtafel_id)
        kijker.shows(of_agenda(table, tables.agendapunten(matchtafel_id)))


def record_voorstel(session: Session, voorstel: Voorstel, kijker: Kijker) -> None:
    """Record that a kept proposal is shown."""
    tables = MatchtafelRepository(session)
    table_id = voorstel.matchtafel_id
    jongeren = {one.id: one.jongere_id for one in tables.agendapunten(table_id)}
    day = tables.get(table_id).datum
    kijker.shows(of_voorstel(voorstel, tables.regels(voorstel.id), jongeren, day))


def record_answers(
    zicht: TafelZicht,
    kijker: Kijker,
    matchtafel_id: int,
    allocation: Allocation | None,
    changes: Iterable[Verschil],
) -> None:
    """Record the spare candidates and the moves that an answer about a proposal shows."""
    spare = [] if allocation is None else reserve_scores(allocation)
    onderwerp = f"matchtafel:{matchtafel_id}"
    kijker.shows(
        of_paren(zicht, Soort.RESERVES, spare, onderwerp=onderwerp),
        of_paren(zicht, Soort.KEUZES, moved_scores(changes), onderwerp=onderwerp),
    )


def record_screen(
    zicht: TafelZicht,
    kijker: Kijker,
    matchtafel_id: int,
    *,
    keuzes: Iterable[Score],
    spare: Iterable[Score],
) -> None:
    """Record the places that lines offer, and the spare candidates beside them."""
    onderwerp = f"matchtafel:{matchtafel_id}"
    kijker.shows(
        of_paren(zicht, Soort.KEUZES, keuzes, onderwerp=onderwerp),
        of_paren(zicht, Soort.RESERVES, spare, onderwerp=onderwerp),
    )
