"""The screen of one leerwerkplek: the kandidaten for it."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from service.audit.spoor import current_spoor
from service.dependencies import ActorDep, RegioDep, require, require_own_site
from service.rechten.begrippen import Handeling
from service.suggesties import Volgorde
from service.web.buiten import EERSTE, group_uitgesloten, named
from service.web.rendering import page

FIRST_KANDIDATEN, MORE_KANDIDATEN, MOST_KANDIDATEN = 10, 20, 100

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


async def get_sent(request: Request) -> Mapping[str, Sequence[str]]:
    """Return every value of every field of a form that was sent."""
    form = await request.form()
    return {name: [str(value) for value in form.getlist(name)] for name in form}


SentDep = Annotated[Mapping[str, Sequence[str]], Depends(get_sent)]


@router.get(
    "/leerwerkplekken/{leerwerkplek_id}", dependencies=[require(Handeling.KANDIDATEN_LEZEN)]
)
def show_leerwerkplek(
    actor: ActorDep,
    regio: RegioDep,
    leerwerkplek_id: str,
    kandidaten: Annotated[int, Query(ge=1, le=MOST_KANDIDATEN)] = FIRST_KANDIDATEN,
    volgorde: Volgorde = "passendheid",
) -> HTMLResponse:
    """Show one leerwerkplek: the jongeren who suit it, and those who fall out."""
    found = regio.matching.kandidaten(leerwerkplek_id, top=kandidaten, volgorde=volgorde)
    outside = group_uitgesloten(found.uitgesloten)
    current_spoor().about(*(one.jongere.jongere_id for one in named(outside)))
    return page(
        "leerwerkplek.html",
        {
            "plek": found.leerwerkplek,
            "found": found,
            "address": f"/leerwerkplekken/{quote(leerwerkplek_id, safe='')}",
            "shown": kandidaten,
            "more": min(len(found.kandidaten) + MORE_KANDIDATEN, MOST_KANDIDATEN, found.passend),
            "outside": outside,
            "eerste_buiten": EERSTE,
        },
        actor=actor.naam,
    )
