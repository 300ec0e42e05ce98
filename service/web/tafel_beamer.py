"""A matchtafel on a wall: large, one line at a time, a number instead of a name until asked.

No chance of success and no risk stands on it: everybody in the room reads along (TRUST U6).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from service.dependencies import ActorDep, InstallationDep, RegioDep, require, require_own_site
from service.matchtafel.agenda import RISICO, ZOEKT
from service.matchtafel.woorden import NIEUWS
from service.rechten.begrippen import Handeling
from service.storage.engine import unit_of_work
from service.suggestielog.tafel_tonen import record_agenda, record_voorstel
from service.web.rendering import page
from service.web.tafel_page import TafelId
from service.web.tafel_regels import Regel
from service.web.tafel_view import look_at

router = APIRouter(
    prefix="/matchtafels", dependencies=[Depends(require_own_site)], include_in_schema=False
)
MOST_REGELS = 10_000


@router.get("/{tafel_id}/beamer", dependencies=[require(Handeling.MATCHTAFELS_LEZEN)])
def show_beamer(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    regel: Annotated[int, Query(ge=0, le=MOST_REGELS)] = 0,
    naam: Annotated[str, Query(max_length=2)] = "",
) -> HTMLResponse:
    """Show the agenda with numbers; `regel` shows one line, and `naam` opens the name on it."""
    with unit_of_work(installation.engine, read_only=True) as session:
        beeld = look_at(session, regio.tafel, tafel_id)
        kijker = installation.toezicht.kijker(actor.gebruiker_id)
        record_agenda(session, regio.tafel, tafel_id, kijker)
        if beeld.voorstel is not None:
            record_voorstel(session, beeld.voorstel.voorstel, kijker)
    count = len(beeld.regels)
    number = min(regel, count)
    one = beeld.regels[number - 1] if number else None
    return page(
        "tafel_beamer.html",
        {
            "beeld": beeld,
            "table": beeld.table,
            "nummer": number,
            "regel": one,
            "urgentie": without_risk(one) if one else (),
            "open_naam": naam == "ja",
            "vorige": number - 1 if number > 1 else 0,
            "volgende": number + 1 if number < count else 0,
            "nieuws": NIEUWS,
        },
        actor=actor.naam,
    )


def without_risk(regel: Regel) -> tuple[str, ...]:
    """Return the words of urgency that may stand on a wall: not the risk."""
    return tuple(one for one in regel.urgentie if not one.endswith(RISICO)) or (ZOEKT,)
