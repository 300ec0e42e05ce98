"""The API as an application of its own, mounted under ``/api/v1``.

Follows the NLgov REST API Design Rules 2.2: camelCase, no trailing slash, the version in a
header of every answer, problem details, and a published OpenAPI document.
"""

from fastapi import BackgroundTasks, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import (
    besluiten,
    competentiemetingen,
    gezondheid,
    importen,
    inschrijvingen,
    jongeren,
    leerbedrijven,
    leerwerkplekken,
    matchtafel_bestanden,
    matchtafels,
    modellen,
    profielen,
    routesuggesties,
    stages,
    trajecten,
    voorkeuren,
    voorstellen,
)
from service.api.beschrijving import API_VERSION, VERSION_HEADER, Contact, describe
from service.api.herhaling import add_replay
from service.api.problems import (
    API_PATH,
    DOCUMENT,
    MEDIA_TYPE,
    add_problem_handlers,
    allowed_methods,
)
from service.api.verkeer import Verkeer
from service.dependencies import InstallationDep, get_actor, require, require_own_site
from service.rechten.begrippen import Handeling

ACCEPTED = frozenset({"*/*", "application/*", "application/json", MEDIA_TYPE})
JSON_BODY = "application/json"
FORM_BODY = "multipart/form-data"
DESCRIPTION = """Kansen op uitval en passende leerwerkplekken voor jongeren, met de redenen erbij.
Een mens beslist; Vangnet geeft alleen een voorstel."""
ROUTERS = (
    jongeren.router,
    inschrijvingen.router,
    stages.router,
    competentiemetingen.router,
    voorkeuren.router,
    leerbedrijven.router,
    leerwerkplekken.router,
    trajecten.router,
    routesuggesties.router,
    matchtafels.router,
    voorstellen.router,
    besluiten.besluiten,
    besluiten.opvolgingen,
    modellen.router,
    profielen.router,
)
"""Routes that take and answer JSON."""


def create_api(contact: Contact) -> FastAPI:
    """Return the API; it opens nothing and finds its region in the state of the site.

    Parameters
    ----------
    contact : Contact
        Whom to ask about this installation.
    """
    api = FastAPI(
        title="Vangnet",
        version=API_VERSION,
        description=DESCRIPTION,
        servers=[{"url": API_PATH, "description": "Deze installatie"}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for router in ROUTERS:
        api.include_router(router, dependencies=[Depends(_enters_with_json)])
    api.include_router(
        importen.router,
        dependencies=[Depends(_enters), Depends(_answers_json), Depends(_takes_form)],
    )
    api.include_router(matchtafel_bestanden.router, dependencies=[Depends(_enters)])
    api.include_router(gezondheid.router, dependencies=[Depends(_answers_json)])
    add_problem_handlers(api)
    add_replay(api)
    api.add_middleware(
        Verkeer, allowed=lambda path: allowed_methods(api, path), shared=API_PATH + DOCUMENT
    )

    @api.get(
        DOCUMENT,
        include_in_schema=False,
        dependencies=[require(Handeling.OPENBAAR)],
    )
    def publish_openapi(installation: InstallationDep) -> JSONResponse:
        document = describe(api, cookie=installation.sessies.cookie, contact=contact)
        return JSONResponse(document, headers={"Access-Control-Allow-Origin": "*"})

    return api


class VersionHeader:
    """Puts the version of the API on every answer, also on one that failed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[VERSION_HEADER] = API_VERSION
            await send(message)

        await self.app(scope, receive, send_with_version)


async def _enters(request: Request, after: BackgroundTasks) -> None:
    """Refuse who comes from another site or is nobody."""
    await require_own_site(request)
    await get_actor(request, after)


async def _enters_with_json(request: Request, after: BackgroundTasks) -> None:
    """Refuse the same, and who asks for another form than JSON or brings it: one dependency."""
    await _enters(request, after)
    await _answers_json(request)
    _check_body(request, JSON_BODY)


async def _answers_json(request: Request) -> None:
    """Refuse who asks for another form than JSON."""
    asked = request.headers.get("accept", "*/*").split(",")
    if not any(kind.split(";")[0].strip().lower() in ACCEPTED for kind in asked):
        raise HTTPException(406)


async def _takes_form(request: Request) -> None:
    """Refuse a body of another kind than a form with a file."""
    _check_body(request, FORM_BODY)


def _check_body(request: Request, wanted: str) -> None:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    has_body = (
        request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    )
    if has_body and kind != wanted:
        raise HTTPException(415)
