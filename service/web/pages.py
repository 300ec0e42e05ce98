"""The screens: logging in, the list, one jongere, how it works."""

from datetime import UTC, datetime
from http import HTTPStatus
from math import ceil
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from service import wording
from service.auth import Refusal, log_in, log_out
from service.dependencies import (
    ActorDep,
    ActorNameDep,
    Installation,
    InstallationDep,
    RegioDep,
    RegioView,
    require,
    require_own_site,
)
from service.errors import NotFoundError
from service.rechten.begrippen import Handeling
from service.suggesties import Uitvalrisico, Volgorde
from service.web.buiten import group_uitgesloten
from service.web.forms import START, local_path
from service.web.rendering import page

PAGE_SIZE = 25
FIRST_PLEKKEN, MORE_PLEKKEN = 5, 10
MOST_PLEKKEN = 50
LONGEST_INPUT = 200

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


class JongerenFilter(BaseModel):
    """What the list is asked to show; an empty field of the form means no filter."""

    model_config = ConfigDict(frozen=True)

    zoek: str = Field("", max_length=LONGEST_INPUT)
    onderwijssoort: str = Field("", max_length=LONGEST_INPUT)
    sortering: Literal["uitvalrisico", "naam"] = "uitvalrisico"
    pagina: int = Field(1, ge=1, le=1_000_000)

    def address(self, pagina: int) -> str:
        """Return the address of another page of the same list."""
        asked = self.model_copy(update={"pagina": pagina}).model_dump(exclude_defaults=True)
        return f"{START}?{urlencode(asked)}" if asked else START


@router.get("/", dependencies=[require(Handeling.OPENBAAR)])
def go_to_start() -> Response:
    """Lead to the list."""
    return RedirectResponse(START, HTTPStatus.SEE_OTHER)


@router.get("/inloggen", dependencies=[require(Handeling.OPENBAAR)])
def show_login(volgende: Annotated[str, Query(max_length=2000)] = "") -> HTMLResponse:
    """Show the login form."""
    return _login_page(volgende, naam="", refusal=None)


@router.post("/inloggen", dependencies=[require(Handeling.OPENBAAR)])
def receive_login(
    installation: InstallationDep,
    naam: Annotated[str, Form(max_length=LONGEST_INPUT)] = "",
    wachtwoord: Annotated[str, Form(max_length=LONGEST_INPUT)] = "",
    volgende: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Log in, or show the form again with why not."""
    outcome = log_in(
        installation.engine, naam, wachtwoord, rules=installation.sessies, now=datetime.now(UTC)
    )
    if isinstance(outcome, Refusal):
        return _login_page(volgende, naam=naam, refusal=outcome)
    response = RedirectResponse(local_path(volgende), HTTPStatus.SEE_OTHER)
    _set_cookie(response, installation, outcome)
    return response


@router.post("/uitloggen", dependencies=[require(Handeling.OPENBAAR)])
def receive_logout(request: Request, installation: InstallationDep) -> Response:
    """End the session and lead to the login form."""
    rules = installation.sessies
    log_out(installation.engine, request.cookies.get(rules.cookie, ""), rules=rules)
    response = RedirectResponse("/inloggen", HTTPStatus.SEE_OTHER)
    response.delete_cookie(
        rules.cookie, path="/", secure=rules.secure, httponly=True, samesite="lax"
    )
    return response


@router.get("/jongeren", dependencies=[require(Handeling.RISICO_LEZEN)])
def show_jongeren(
    actor: ActorDep, regio: RegioDep, asked: Annotated[JongerenFilter, Query()]
) -> HTMLResponse:
    """Show the list of jongeren."""
    rows, total = regio.jongeren(
        zoek=asked.zoek.strip(),
        onderwijssoort=asked.onderwijssoort or None,
        volgorde=asked.sortering,
        vanaf=(asked.pagina - 1) * PAGE_SIZE,
        aantal=PAGE_SIZE,
    )
    return page(
        "jongeren.html",
        {
            "rows": rows,
            "total": total,
            "first": (asked.pagina - 1) * PAGE_SIZE + 1,
            "pages": max(ceil(total / PAGE_SIZE), 1),
            "asked": asked,
            "onderwijssoorten": regio.onderwijssoorten(),
            "midden": middle_of(regio),
            "peildatum": regio.peildatum,
        },
        actor=actor.naam,
    )


@router.get("/jongeren/{jongere_id}", dependencies=[require(Handeling.RISICO_LEZEN)])
def show_jongere(
    actor: ActorDep,
    regio: RegioDep,
    jongere_id: str,
    plekken: Annotated[int, Query(ge=1, le=MOST_PLEKKEN)] = FIRST_PLEKKEN,
    volgorde: Volgorde = "passendheid",
) -> HTMLResponse:
    """Show one jongere: the uitvalrisico, the places that fit, and those that fall out."""
    found = regio.matching.suggesties(jongere_id, top=plekken, volgorde=volgorde)
    return page(
        "jongere.html",
        {
            "jongere": regio.jongere(jongere_id),
            "risico": _risico_of(regio, jongere_id),
            "found": found,
            "outside": group_uitgesloten(found.uitgesloten),
            "address": f"{START}/{quote(jongere_id, safe='')}",
            "shown": plekken,
            "more": min(found.passend, len(found.suggesties) + MORE_PLEKKEN, MOST_PLEKKEN),
            "gelijk": wording.nek_aan_nek([one.kans for one in found.suggesties]),
            "midden": middle_of(regio),
            "peildatum": found.peildatum,
        },
        actor=actor.naam,
    )


@router.get("/zo-werkt-het", dependencies=[require(Handeling.OPENBAAR)])
def show_explanation(actor: ActorNameDep) -> HTMLResponse:
    """Show what Vangnet computes, from what, and who decides; for everybody."""
    return page("zo-werkt-het.html", {}, actor=actor)


def middle_of(regio: RegioView) -> float | None:
    """Return the uitvalrisico that half of the region lies above; None without jongeren."""
    _, total = regio.jongeren(aantal=1)
    if not total:
        return None
    rows, _ = regio.jongeren(vanaf=total // 2, aantal=1)
    return rows[0].kans


def _login_page(volgende: str, *, naam: str, refusal: Refusal | None) -> HTMLResponse:
    status = {
        None: HTTPStatus.OK,
        Refusal.WRONG: HTTPStatus.BAD_REQUEST,
        Refusal.PAUSED: HTTPStatus.TOO_MANY_REQUESTS,
    }[refusal]
    return page(
        "inloggen.html",
        {
            "volgende": local_path(volgende),
            "naam": naam,
            "refusal": refusal.value if refusal else "",
        },
        status=status,
    )


def _set_cookie(response: Response, installation: Installation, token: str) -> None:
    rules = installation.sessies
    response.set_cookie(
        rules.cookie, token, path="/", secure=rules.secure, httponly=True, samesite="lax"
    )


def _risico_of(regio: RegioView, jongere_id: str) -> Uitvalrisico | None:
    """Return the risk of a jongere; None for who is not enrolled without startkwalificatie."""
    try:
        return regio.uitvalrisico(jongere_id)
    except NotFoundError:
        return None
