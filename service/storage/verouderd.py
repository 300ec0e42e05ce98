"""Suggesties that no longer hold because a value of the jongere was set right since (TRUST P6).

A correction comes with a run of its own. A suggestie is outdated when the list it stands in was
never shown from data that hold the last correction of the jongere. So it is from the commit of the
correction on, and no longer once the same list came out of the corrected data as well.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.privacy_tables import CORRECTIE
from service.storage.suggestielog_tables import LIJST, SUGGESTIE, VERTONING
from service.storage.tables import IMPORTRUN

SOORT = "correctie"
"""Kind of the run that a correction comes with, at the same moment."""


@dataclass(frozen=True)
class Verouderd:
    """A suggestie that is outdated: which, of whom, and what it was about."""

    lijst_sha256: str
    nummer: int
    jongere_id: str
    soort: str
    object_id: str | None


def outdated_suggesties(session: Session, jongere_id: str | None = None) -> list[Verouderd]:
    """Return the suggesties that are outdated, by jongere.

    Parameters
    ----------
    session : Session
        A unit of work that reads.
    jongere_id : str, optional
        Of one jongere only.
    """
    last = _last_corrections(jongere_id)
    mine = VERTONING.c.lijst_sha256 == SUGGESTIE.c.lijst_sha256
    since = sa.exists().where(mine, VERTONING.c.importrun_id >= last.c.run)
    before = sa.exists().where(
        mine, (VERTONING.c.importrun_id < last.c.run) | (VERTONING.c.tijdstip < last.c.op)
    )
    told = (SUGGESTIE.c.lijst_sha256, SUGGESTIE.c.nummer, SUGGESTIE.c.jongere_id)
    chosen = (
        rijen(SUGGESTIE, *told, LIJST.c.soort, SUGGESTIE.c.object_id)
        .join(LIJST, LIJST.c.sha256 == SUGGESTIE.c.lijst_sha256)
        .join(last, last.c.jongere_id == SUGGESTIE.c.jongere_id)
        .where(before, ~since)
        .order_by(SUGGESTIE.c.jongere_id, *told[:2])
    )
    return [Verouderd(*row) for row in session.execute(chosen)]


def _last_corrections(jongere_id: str | None) -> sa.Subquery:
    """Return the moment and the run of the last correction of everybody who has one."""
    row = CORRECTIE.c
    same_run = (IMPORTRUN.c.tijdstip == row.tijdstip) & (IMPORTRUN.c.soort == SOORT)
    chosen = rijen(
        CORRECTIE,
        row.jongere_id,
        sa.func.max(row.tijdstip).label("op"),
        sa.func.max(IMPORTRUN.c.id).label("run"),
    ).join(IMPORTRUN, same_run)
    if jongere_id is not None:
        chosen = chosen.where(row.jongere_id == jongere_id)
    return chosen.group_by(row.jongere_id).subquery()
