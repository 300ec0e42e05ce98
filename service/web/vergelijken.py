"""The screen that holds two or three leerwerkplekken for one jongere next to each other."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from service.dependencies import ActorDep, RegioDep, RegioView, require, require_own_site
from service.errors import NotFoundError
from service.rechten.begrippen import Handeling
from service.suggesties import OngescoordPaar, Suggestie, Suggesties, Uitgesloten, Volgorde
from service.web.pages import FIRST_PLEKKEN, MOST_PLEKKEN
from service.web.rendering import page

LEAST, MOST = 2, 3
KIES = "Vink twee of drie plekken aan. Dan staan ze hier naast elkaar."
Kant = Suggestie | OngescoordPaar | Uitgesloten

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get(
    "/jongeren/{jongere_id}/vergelijken", dependencies=[require(Handeling.SUGGESTIES_LEZEN)]
)
def show_vergelijking(
    actor: ActorDep,
    regio: RegioDep,
    jongere_id: str,
    plek: Annotated[list[str], Query(max_length=50)] = [],  # noqa: B006  # FastAPI copies it
    plekken: Annotated[int, Query(ge=1, le=MOST_PLEKKEN)] = FIRST_PLEKKEN,
    volgorde: Volgorde = "passendheid",
) -> HTMLResponse:
    """Show two or three places beside each other; `plekken` and `volgorde` name the list."""
    chosen = list(dict.fromkeys(plek))
    right = LEAST <= len(chosen) <= MOST
    found = regio.matching.suggesties(jongere_id, top=plekken, volgorde=volgorde)
    return page(
        "vergelijken.html",
        {
            "jongere": regio.jongere(jongere_id),
            "address": f"/jongeren/{quote(jongere_id, safe='')}",
            "kanten": kanten(regio, jongere_id, found, chosen) if right else (),
            "titels": found.titels,
            "fout": "" if right else KIES,
            "peildatum": regio.peildatum,
            "model_versie": found.model_versie,
        },
        actor=actor.naam,
        status=HTTPStatus.OK if right else HTTPStatus.BAD_REQUEST,
    )


def kanten(
    regio: RegioView, jongere_id: str, found: Suggesties, ids: Sequence[str]
) -> tuple[Kant, ...]:
    """Return what is known of each of these places for a jongere, in the order of the ids.

    Parameters
    ----------
    regio : RegioView
        Asked for a longer list when a place is not in `found`.
    jongere_id : str
        For whom.
    found : Suggesties
        The list from which was chosen.
    ids : sequence of str
        Which places.

    Raises
    ------
    NotFoundError
        There is no such place.
    """
    known = _by_id(found, ids)
    if len(known) < len(ids):
        known = _by_id(regio.matching.suggesties(jongere_id, top=MOST_PLEKKEN), ids)
    for one in ids:
        if one not in known:
            raise NotFoundError("leerwerkplek", one)
    return tuple(known[one] for one in ids)


def _by_id(found: Suggesties, ids: Sequence[str]) -> dict[str, Kant]:
    wanted = set(ids)
    known: dict[str, Kant] = {}
    for group in (found.suggesties, found.zonder_score, found.uitgesloten):
        if len(known) == len(wanted):
            break
        known |= {
            one.leerwerkplek.leerwerkplek_id: one
            for one in group
            if one.leerwerkplek.leerwerkplek_id in wanted
        }
    return known
