"""The API as an application of its own, mounted under ``/api/v1``.

Follows the NLgov REST API Design Rules 2.1: camelCase, no trailing slash, the version in a
header of every answer, problem details, and a published OpenAPI document.
"""

from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic.json_schema import models_json_schema
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import (
    besluiten,
    jongeren,
    leerwerkplekken,
    matchtafel_bestanden,
    matchtafels,
    routesuggesties,
    voorstellen,
)
from service.api.problems import API_PATH, MEDIA_TYPE, add_problem_handlers
from service.api.schemas import Problem
from service.dependencies import InstallationDep, get_actor, require_own_site

API_VERSION = "1.0.0"
VERSION_HEADER = "API-Version"
SESSIE = "sessie"
PROGRAMMA = "token"
SCHEMA_REF = "#/components/schemas/{model}"
ACCEPTED = frozenset({"*/*", "application/*", "application/json", MEDIA_TYPE})
CONTACT = {
    "name": "Beheer van Vangnet",
    "url": "https://vangnet.example/contact",
    "email": "beheer@vangnet.example",
}
DESCRIPTION = """Kansen op uitval en passende leerwerkplekken voor jongeren, met de redenen erbij.
Een mens beslist; Vangnet geeft alleen een voorstel."""
_HEADERS = {
    VERSION_HEADER: {
        "description": "Volledige versie van deze API.",
        "schema": {"type": "string", "example": API_VERSION},
    }
}
ROUTERS = (
    jongeren.router,
    leerwerkplekken.router,
    routesuggesties.router,
    matchtafels.router,
    voorstellen.router,
    besluiten.besluiten,
    besluiten.opvolgingen,
)
"""Routes that answer in JSON."""
PROBLEM_DESCRIPTIONS: dict[int | str, str] = {
    400: "De vraag klopt niet; alle fouten staan erbij.",
    401: "Niet ingelogd.",
    404: "Niet gevonden.",
    409: "Het kan nu niet, of iemand anders was u voor.",
    "4XX": "Een andere fout in de vraag.",
    503: "Er zijn nog geen gegevens of modellen, of ze worden net bijgewerkt.",
    "5XX": "Een fout in Vangnet zelf.",
}


def create_api() -> FastAPI:
    """Return the API; it opens nothing and finds its region in the state of the site."""
    api = FastAPI(
        title="Vangnet",
        version=API_VERSION,
        description=DESCRIPTION,
        servers=[{"url": API_PATH, "description": "Deze installatie"}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={
            200: {"headers": _HEADERS},
            **{status: _problem(text) for status, text in PROBLEM_DESCRIPTIONS.items()},
        },
    )
    known = [Depends(require_own_site), Depends(get_actor)]
    for router in ROUTERS:
        api.include_router(router, dependencies=[*known, Depends(_require_json)])
    api.include_router(matchtafel_bestanden.router, dependencies=known)
    add_problem_handlers(api)

    @api.get("/openapi.json", include_in_schema=False)
    def publish_openapi(installation: InstallationDep) -> JSONResponse:
        document = describe(api, cookie=installation.sessies.cookie)
        return JSONResponse(document, headers={"Access-Control-Allow-Origin": "*"})

    return api


def describe(api: FastAPI, *, cookie: str) -> dict[str, Any]:
    """Return the OpenAPI document, with problem details and the session among its components.

    Parameters
    ----------
    api : FastAPI
        As `create_api` returns.
    cookie : str
        Name of the cookie that holds the session in this installation.
    """
    document = api.openapi()
    document["info"]["contact"] = CONTACT
    for item in document["paths"].values():
        for operation in item.values():
            _describe_answers(operation["responses"])
    document["components"]["securitySchemes"] = {
        SESSIE: {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "Log in op /inloggen; de browser krijgt dan dit cookie.",
        },
        PROGRAMMA: {
            "type": "http",
            "scheme": "bearer",
            "description": "Een token van een account; dat maakt u op /mijn-account.",
        },
    }
    document["security"] = [{SESSIE: []}, {PROGRAMMA: []}]
    _, definitions = models_json_schema([(Problem, "serialization")], ref_template=SCHEMA_REF)
    document["components"]["schemas"] |= definitions["$defs"]
    return document


def _describe_answers(responses: dict[str, Any]) -> None:
    """Leave out the 200 of a route that answers otherwise; put the version on every answer."""
    made = [status for status in responses if status.startswith("2") and status != "200"]
    if made:
        responses.pop("200", None)
    for answer in responses.values():
        answer.setdefault("headers", _HEADERS)


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


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": _HEADERS,
        "content": {MEDIA_TYPE: {"schema": {"$ref": SCHEMA_REF.format(model="Problem")}}},
    }


def _require_json(request: Request) -> None:
    """Refuse who asks for another form than JSON."""
    asked = request.headers.get("accept", "*/*").split(",")
    if not any(kind.split(";")[0].strip().lower() in ACCEPTED for kind in asked):
        raise HTTPException(406)
