"""The screen of what one jongere can do."""

from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from service.dependencies import ActorDep, RegioDep, require, require_own_site
from service.rechten.begrippen import Handeling
from service.web.rendering import page

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get("/jongeren/{jongere_id}/vaardigheden", dependencies=[require(Handeling.JONGEREN_LEZEN)])
def show_vaardigheden(actor: ActorDep, regio: RegioDep, jongere_id: str) -> HTMLResponse:
    """Show each judged niveau with its age and judge."""
    return page(
        "vaardigheden.html",
        {
            "jongere": regio.jongere(jongere_id),
            "found": regio.vaardigheden(jongere_id),
            "address": f"/jongeren/{quote(jongere_id, safe='')}",
            "peildatum": regio.peildatum,
        },
        actor=actor.naam,
    )
