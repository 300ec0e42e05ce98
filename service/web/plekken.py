"""The screens of pairs: a verkenning and routes for one jongere, kandidaten for one place."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from service.dependencies import ActorDep, RegioDep, RegioView, require, require_own_site
from service.observations.sentence import NIVEAUS
from service.rechten.begrippen import Handeling
from service.suggesties import Volgorde
from service.verkenning import Verkenning
from service.web.buiten import group_uitgesloten
from service.web.rendering import page
from service.web.verkenning_form import (
    SECTOREN,
    SETS,
    WENSEN,
    VerkenningForm,
    form_of,
    read_form,
    wijziging_of,
)

FIRST_KANDIDATEN, MORE_KANDIDATEN, MOST_KANDIDATEN = 10, 20, 100
VERKEND = 10
"""Places of each list that are held against each other."""

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
    return page(
        "leerwerkplek.html",
        {
            "plek": found.leerwerkplek,
            "found": found,
            "address": f"/leerwerkplekken/{quote(leerwerkplek_id, safe='')}",
            "shown": kandidaten,
            "more": min(len(found.kandidaten) + MORE_KANDIDATEN, MOST_KANDIDATEN, found.passend),
            "outside": group_uitgesloten(found.uitgesloten),
        },
        actor=actor.naam,
    )


@router.get("/jongeren/{jongere_id}/routes", dependencies=[require(Handeling.SUGGESTIES_LEZEN)])
def show_routes(actor: ActorDep, regio: RegioDep, jongere_id: str) -> HTMLResponse:
    """Show the routes of one jongere towards a praktijkverklaring."""
    return page(
        "routes.html",
        {
            "jongere": regio.jongere(jongere_id),
            "address": _address(jongere_id),
            "found": regio.routes.routes(jongere_id),
        },
        actor=actor.naam,
    )


@router.get("/jongeren/{jongere_id}/verkenning", dependencies=[require(Handeling.SUGGESTIES_LEZEN)])
def show_verkenning(actor: ActorDep, regio: RegioDep, jongere_id: str) -> HTMLResponse:
    """Show the form, filled in as it stands for the jongere now."""
    form = form_of(regio.matching.wensen(jongere_id))
    return _verkenning_page(actor.naam, regio, jongere_id, form, found=None)


@router.post(
    "/jongeren/{jongere_id}/verkenning", dependencies=[require(Handeling.SUGGESTIES_LEZEN)]
)
def receive_verkenning(
    actor: ActorDep,
    regio: RegioDep,
    jongere_id: str,
    sent: SentDep,
) -> HTMLResponse:
    """Show the list as it would be beside that of now, or the form again with what is wrong.

    A wish or a need for support stands in no address this way: not in the history of a browser,
    not in the log of a proxy.
    """
    nu = regio.matching.wensen(jongere_id)
    form = read_form(sent, regio.matching.competenties())
    if form.fouten:
        return _verkenning_page(actor.naam, regio, jongere_id, form, found=None)
    found = regio.matching.verkenning(jongere_id, wijziging_of(form, nu), top=VERKEND)
    return _verkenning_page(actor.naam, regio, jongere_id, form, found=found)


def _verkenning_page(
    actor: str,
    regio: RegioView,
    jongere_id: str,
    form: VerkenningForm,
    *,
    found: Verkenning | None,
) -> HTMLResponse:
    competenties = regio.matching.competenties()
    return page(
        "verkenning.html",
        {
            "jongere": regio.jongere(jongere_id),
            "address": _address(jongere_id),
            "form": form,
            "gevraagd": regio.matching.wensen(jongere_id).vervoer is not None,
            "sets": SETS,
            "sectoren": [(sector, sector) for sector in SECTOREN],
            "niveaus": list(enumerate(NIVEAUS)),
            "wensen": range(1, WENSEN + 1),
            "competenties": competenties,
            "found": found,
            "peildatum": regio.peildatum,
        },
        actor=actor,
        status=400 if form.fouten else 200,
    )


def _address(jongere_id: str) -> str:
    return f"/jongeren/{quote(jongere_id, safe='')}"
