"""The site: the screens and their style, and what a failure looks like."""

import re
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from features.errors import TableError
from models.errors import AlteredModelError
from service.aanmelden.incoming import actor_of_request
from service.answers import UNEXPECTED, answer_for, status_answer, wait_headers
from service.audit.spoor import current_spoor
from service.dependencies import get_actor_name, get_installation
from service.errors import InstructieError, NotAllowedError, NotLoggedInError, VangnetError
from service.logs import get_log
from service.protection import NO_STORE, safe_headers
from service.web import (
    begeleiding,
    beginnen,
    beheer,
    bewaking,
    buiten,
    contact,
    eerstegebruik,
    effect,
    importen,
    kaart,
    kolommen,
    koppelingen,
    leerwerkplekken,
    logboek,
    modellen,
    opvolgingen,
    pages,
    plan,
    plek_invoer,
    plekken,
    privacy,
    routes,
    tafel_beamer,
    tafel_eisen,
    tafel_plekken,
    tafels,
    toezicht,
    vaardigheden,
    vergelijken,
    verkenning,
    wensen,
)
from service.web.aanmelden import aanbieder, account, inloggen, inrichten
from service.web.beginnen import first_screen
from service.web.forms import START
from service.web.rendering import STATIC, digest, error_page

ASSET_CACHE = "no-cache"
"""Ask each time whether an asset changed; the answer is mostly 304 and empty."""
MARKED_CACHE = "public, max-age=31536000, immutable"
"""An address that holds the mark of its content never has to be asked again."""
MARK = re.compile(r"[0-9a-f]{12}/")


def add_site(app: FastAPI, *, https: bool) -> None:
    """Put the screens, the static files and the error pages on the app.

    Parameters
    ----------
    app : FastAPI
        The service.
    https : bool
        Whether the site is only reached over HTTPS.
    """
    for router in (inloggen.router, inrichten.router, aanbieder.router, account.router):
        app.include_router(router)
    app.include_router(beginnen.router)
    app.include_router(pages.router)
    app.include_router(leerwerkplekken.router)
    app.include_router(plek_invoer.router)
    app.include_router(plekken.router)
    app.include_router(buiten.router)
    app.include_router(verkenning.router)
    app.include_router(routes.router)
    app.include_router(vergelijken.router)
    app.include_router(kaart.router)
    app.include_router(contact.router)
    app.include_router(plan.router)
    app.include_router(privacy.router)
    app.include_router(vaardigheden.router)
    app.include_router(tafels.router)
    app.include_router(tafel_plekken.router)
    app.include_router(tafel_eisen.router)
    app.include_router(tafel_beamer.router)
    app.include_router(wensen.router)
    app.include_router(opvolgingen.router)
    app.include_router(toezicht.router)
    app.include_router(modellen.router)
    app.include_router(bewaking.router)
    app.include_router(logboek.router)
    app.include_router(beheer.router)
    app.include_router(importen.router)
    app.include_router(kolommen.router)
    app.include_router(koppelingen.router)
    app.include_router(eerstegebruik.router)
    app.include_router(begeleiding.router)
    app.include_router(effect.router)
    app.mount("/static", Assets(directory=STATIC), name="static")
    app.add_exception_handler(NotLoggedInError, _ask_login)
    app.add_exception_handler(NotAllowedError, _show_not_allowed)
    app.add_exception_handler(InstructieError, _ask_to_read)
    app.add_exception_handler(VangnetError, _show_failure)
    app.add_exception_handler(TableError, _show_failure)
    app.add_exception_handler(AlteredModelError, _show_failure)
    app.add_exception_handler(RequestValidationError, _show_invalid)
    app.add_exception_handler(HTTPException, _show_status)
    app.add_exception_handler(Exception, partial(_show_unexpected, https=https))


class Assets(StaticFiles):
    """Static files that a browser may keep, unlike pages about a person."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with its cache rule; one of another version is there too, but not kept."""
        mark = MARK.match(path)
        response = await super().get_response(path[mark.end() :] if mark else path, scope)
        kept = mark is not None and mark[0] == f"{digest()}/" and response.status_code < 400
        response.headers["Cache-Control"] = MARKED_CACHE if kept else ASSET_CACHE
        return response


def _ask_login(request: Request, _: Exception) -> Response:
    current_spoor().refuse()
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/inloggen?volgende={quote(asked, safe='/')}", 303)


def _ask_to_read(request: Request, _: Exception) -> Response:
    """Lead to the instruction first; a form that was sent is not sent again."""
    current_spoor().refuse()
    asked = request.url.path if request.method == "GET" else ""
    asked += f"?{request.url.query}" if asked and request.url.query else ""
    return RedirectResponse(f"/instructie?volgende={quote(asked, safe='/')}", 303)


def _show_not_allowed(request: Request, error: Exception) -> Response:
    """Lead who begins at a screen for other roles to the first of their own; refuse the rest."""
    if request.method == "GET" and request.url.path == START:
        installation = get_installation(request)
        rules, now = installation.sessies, datetime.now(UTC)
        actor = actor_of_request(request, installation.engine, rules, now)
        if actor is not None and first_screen(actor) != START:
            return RedirectResponse(first_screen(actor), 303)
    return _show_failure(request, error)


def _show_failure(request: Request, error: Exception) -> Response:
    get_log(__name__).info("page_failure", kind=type(error).__name__, problem=str(error))
    answer = answer_for(error) or UNEXPECTED
    return error_page(answer, actor=get_actor_name(request), headers=wait_headers(error))


def _show_invalid(request: Request, _: Exception) -> Response:
    return error_page(status_answer(400), actor=get_actor_name(request))


def _show_status(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return error_page(
        status_answer(error.status_code), actor=get_actor_name(request), headers=error.headers
    )


def _show_unexpected(_: Request, error: Exception, *, https: bool) -> Response:
    """Answer what nobody foresaw; this answer leaves outside `service.protection`."""
    get_log(__name__).error("page_error", kind=type(error).__name__, exc_info=error)
    return error_page(UNEXPECTED, headers=safe_headers(https=https) | {"Cache-Control": NO_STORE})
