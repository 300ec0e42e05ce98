"""Answers to "why" about a kept proposal: found by solving it again, never guessed."""

from collections import OrderedDict
from threading import Lock

from sqlalchemy.orm import Session

from models.allocation import Allocation
from models.allocation_answers import Waarom, waarom_niet
from models.allocation_objectives import Doel
from models.errors import PinConflictError
from service.errors import RefusedError, Weigering
from service.matchtafel.begrippen import Voorstel
from service.matchtafel.voorstel import Opties, pose, refusal, solve
from service.matchtafel.zicht import TafelZicht
from service.storage.matchtafel import MatchtafelRepository

MOST_KEPT = 20
"""Solved proposals that are kept in memory; a table of sixty takes less than a megabyte."""


class Opgelost:
    """Proposals as they were solved, so that a question costs milliseconds."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], Allocation] = OrderedDict()
        self._lock = Lock()

    def of(
        self, session: Session, zicht: TafelZicht, voorstel: Voorstel, *, stempel: str
    ) -> Allocation:
        """Return a proposal as an allocation, solved again when it is not in memory.

        Parameters
        ----------
        session : Session
            The store.
        zicht : TafelZicht
            What the table sees.
        voorstel : Voorstel
            The proposal.
        stempel : str
            Of the region that is seen: what was solved with the scores of another is not told.

        Raises
        ------
        RefusedError
            The data, the models or the places on the table have changed since: it would be another.
        """
        key = (stempel, voorstel.id)
        with self._lock:
            known = self._kept.get(key)
        if known is not None:
            return known
        solved = _solve_again(session, zicht, voorstel)
        with self._lock:
            self._kept[key] = solved
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return solved


def _solve_again(session: Session, zicht: TafelZicht, voorstel: Voorstel) -> Allocation:
    asked = voorstel.opties
    opties = Opties(
        tuple(Doel(one) for one in asked["doelen"]),
        asked["minimum"],
        asked["minima"],
        asked["seed"],
    )
    tables = MatchtafelRepository(session)
    vraagstuk = pose(session, zicht, voorstel.matchtafel_id, of=voorstel)
    jongeren = {one.id: one.jongere_id for one in tables.agendapunten(voorstel.matchtafel_id)}
    kept = {jongeren[one.agendapunt_id]: one.leerwerkplek_id for one in tables.regels(voorstel.id)}
    solved = solve(zicht, vraagstuk, opties)
    found = dict.fromkeys(vraagstuk.punten) | dict(
        solved.proposal.select("jongere_id", "leerwerkplek_id").iter_rows()
    )
    if found != kept:
        raise RefusedError(Weigering.VOORSTEL_VEROUDERD)
    return solved


def why_not(
    zicht: TafelZicht, allocation: Allocation, jongere_id: str, leerwerkplek_id: str
) -> Waarom:
    """Tell who has a place and what the table loses if this jongere gets it.

    Raises
    ------
    RefusedError
        The pair cannot be: a rule blocks it or a pin is in its way; it says which.
    """
    if jongere_id not in allocation.problem.jongeren:
        raise RefusedError(Weigering.JONGERE_NIET_OP_AGENDA)
    try:
        return waarom_niet(allocation, jongere_id, leerwerkplek_id)
    except PinConflictError as error:
        raise refusal(zicht, error.reden, error.pins) from error
