"""The screen of the routes of one jongere towards a praktijkverklaring."""

from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from service.dependencies import ActorDep, RegioDep, require, require_own_site
from service.rechten.begrippen import Handeling
from service.web.rendering import page

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get("/jongeren/{jongere_id}/routes", dependencies=[require(Handeling.SUGGESTIES_LEZEN)])
def show_routes(actor: ActorDep, regio: RegioDep, jongere_id: str) -> HTMLResponse:
    """Show the routes of one jongere towards a praktijkverklaring."""
    return page(
        "routes.html",
        {
            "jongere": regio.jongere(jongere_id),
            "address": f"/jongeren/{quote(jongere_id, safe='')}",
            "found": regio.routes.routes(jongere_id),
        },
        actor=actor.naam,
    )
