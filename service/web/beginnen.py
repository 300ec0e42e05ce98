"""Where somebody begins: the first screen of their roles, and for which purpose they look."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from service.audit.spoor import current_spoor
from service.dependencies import (
    DOEL_COOKIE,
    ActorDep,
    InstallationDep,
    RegioDep,
    ToegangDep,
    require,
    require_own_site,
)
from service.rechten.begrippen import Actor, Doel, Handeling
from service.rechten.matrix import allowed_doelen, doelen_of
from service.web.rendering import page

FIRST_SCREENS = (
    (Handeling.RISICO_LEZEN, "/jongeren"),
    (Handeling.MATCHTAFELS_LEZEN, "/matchtafels"),
    (Handeling.PROFIELEN_LEZEN, "/profielen"),
    (Handeling.CIJFERS_LEZEN, "/toezicht/volggedrag"),
    (Handeling.GEBRUIKERS_BEHEREN, "/beheer"),
    (Handeling.MODELLEN_STOPPEN, "/toezicht/modellen"),
)
ACCOUNT = "/mijn-account"
DOELEN = {
    Doel.BEGELEIDING: "Begeleiding: jongeren van uw school of gemeente, of van u",
    Doel.MATCHTAFEL: "Matchtafel: jongeren van de hele regio",
    Doel.ANALYSE: "Analyse: cijfers, zonder personen",
    Doel.BEHEER: "Beheer: accounts, bestanden en modellen",
    Doel.TOEZICHT: "Toezicht: alles van de regio, alleen lezen",
    Doel.WERVING: "Werving: profielen die aan u zijn vrijgegeven",
}
"""Each purpose as a person chooses it."""
router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


def first_screen(actor: Actor) -> str:
    """Return the first screen that the roles of somebody allow."""
    for handeling, path in FIRST_SCREENS:
        if allowed_doelen(actor.rollen, handeling):
            return path
    return ACCOUNT


@router.get("/doel", dependencies=[require(Handeling.EIGEN_ACCOUNT)])
def show_doel(request: Request, actor: ActorDep) -> HTMLResponse:
    """Show for which purposes somebody may look, and which was chosen."""
    may = doelen_of(actor.rollen)
    chosen = request.cookies.get(DOEL_COOKIE, "")
    told = {
        "doelen": {doel: DOELEN[doel] for doel in may},
        "gekozen": chosen if chosen in may else next(iter(may), ""),
    }
    return page("doel.html", told, actor=actor.naam)


@router.post("/doel", dependencies=[require(Handeling.EIGEN_ACCOUNT)])
def receive_doel(
    actor: ActorDep,
    installation: InstallationDep,
    doel: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Keep the choice for this browser; what it may do still follows from the roles."""
    response = RedirectResponse(first_screen(actor), HTTPStatus.SEE_OTHER)
    if doel in doelen_of(actor.rollen):
        secure = installation.sessies.secure
        response.set_cookie(
            DOEL_COOKIE, doel, path="/", secure=secure, httponly=True, samesite="lax"
        )
    return response


@router.get("/profielen", dependencies=[require(Handeling.PROFIELEN_LEZEN)])
def show_profielen(
    installation: InstallationDep, regio: RegioDep, toegang: ToegangDep
) -> HTMLResponse:
    """Show the profiles that jongere and coach released to a leerbedrijf (TRUST H9)."""
    seen = sorted(installation.zicht.zichtbaar(installation.engine, toegang).jongeren)
    current_spoor().about(*seen)
    told = {
        "profielen": [
            (regio.jongere(one), regio.vaardigheden(one), regio.matching.wensen(one))
            for one in seen
        ],
        "peildatum": regio.peildatum,
    }
    return page("profielen.html", told, actor=toegang.actor.naam)
