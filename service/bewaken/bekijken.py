"""An analyst says what was done about an alarm, with a name and a reason."""

from datetime import datetime

from sqlalchemy import Engine

from service.audit.spoor import current_spoor
from service.errors import RefusedError, Weigering
from service.modelbeheer.wie import analist_of
from service.storage.bewaking import BEKEKEN, BewakingRepository
from service.storage.engine import unit_of_work
from service.storage.matchtafel_tables import SHORTEST_REDEN

SOORT = "bewaakalarm"
"""How a line in the audit log names an alarm: by its number."""


def bekijk(engine: Engine, alarm_id: int, *, door: str, reden: str, op: datetime) -> None:
    """Record that an analyst looked at an alarm, and why that is enough for now.

    Parameters
    ----------
    engine : Engine
        The store.
    alarm_id : int
        Which.
    door : str
        Name of the account.
    reden : str
        At least ten characters.
    op : datetime
        Now.

    Raises
    ------
    NotFoundError
        There is no such alarm.
    RefusedError
        The reason is too short, or who asks is no analist.
    """
    told = reden.strip()
    if len(told) < SHORTEST_REDEN:
        raise RefusedError(Weigering.REDEN_TE_KORT)
    with unit_of_work(engine) as session:
        who = analist_of(session, door)
        repository = BewakingRepository(session)
        repository.alarm(alarm_id)
        repository.change(alarm_id, stand=BEKEKEN, reden=told, door_id=who.id, bekeken_op=op)
        current_spoor().note(SOORT, alarm_id)
