"""The OpenAPI document: what the framework says, with every status that an operation can give."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from service.answers import TITLES
from service.api.herhaling import KEY_HEADER
from service.api.problems import MEDIA_TYPE
from service.api.schemas import Problem

API_VERSION = "1.1.0"
VERSION_HEADER = "API-Version"
SESSIE, TOKEN = "sessie", "token"
SCHEMA_REF = "#/components/schemas/{model}"
HEADERS = {
    VERSION_HEADER: {
        "description": "Volledige versie van deze API.",
        "schema": {"type": "string", "example": API_VERSION},
    }
}
ETAG = {
    "ETag": {
        "description": "Versie van dit antwoord, voor If-None-Match en If-Match.",
        "schema": {"type": "string", "example": '"1042"'},
    }
}
EVERYWHERE = (400, 401, 403, 404, 405, 406, 409, 429, 500, 503, 507)
OPEN = (400, 404, 405, 406, 500, 503)
"""Of an operation for everybody."""
WITH_BODY = (413, 415)
IF_MATCH = "If-Match"
STRONG_ETAG = r'^"[!#-~]+"$'
INPUT = "In"
"""End of the names of what comes in."""
PLAIN_TEXT = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
"""As `service.api.schemas.CONTROL` refuses it."""
FRAMEWORK_WORDS = "Successful Response"
SUCCESS: Mapping[str, str] = {
    "200": "Gelukt.",
    "201": "Gemaakt; het adres staat in Location.",
    "204": "Gelukt; er is niets te melden.",
}
DESCRIPTIONS: Mapping[int, str] = {
    400: "De vraag klopt niet; alle fouten staan erbij.",
    401: "Niet ingelogd.",
    403: "Dit mag niet, of de vraag kwam van een andere site.",
    404: "Niet gevonden.",
    405: "Dit adres kent deze handeling niet; in Allow staat wat wel kan.",
    406: "Het antwoord is er niet in de gevraagde vorm.",
    409: "Het kan nu niet, of iemand anders was u voor; wat er nu staat, staat erbij.",
    413: "Te veel gegevens tegelijk.",
    415: "De inhoud heeft niet het goede soort.",
    422: "Dit kenmerk (Idempotency-Key) hoort bij een ander verzoek.",
    428: "Noem in If-Match de versie die u wijzigt.",
    429: "Te veel verzoeken; in Retry-After staat hoelang wachten.",
    500: "Een fout in Vangnet zelf.",
    503: "Er zijn nog geen gegevens of modellen, of ze worden net bijgewerkt.",
    507: "De schijf is vol.",
}


@dataclass(frozen=True)
class Contact:
    """Whom to ask about the API of this installation."""

    name: str
    url: str
    email: str


def describe(api: FastAPI, *, cookie: str, contact: Contact) -> dict[str, Any]:
    """Return the OpenAPI document, with problem details and ways to log in.

    Parameters
    ----------
    api : FastAPI
        As `service.api.app.create_api` returns.
    cookie : str
        Name of the cookie that holds the session in this installation.
    contact : Contact
        Whom to ask.
    """
    document = api.openapi()
    document["info"]["contact"] = asdict(contact)
    for item in document["paths"].values():
        for method, operation in item.items():
            _describe_answers(method, operation)
    document["components"]["securitySchemes"] = {
        SESSIE: {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "Log in op /inloggen; de browser krijgt dan dit cookie.",
        },
        TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "description": "Een token dat u zelf in Vangnet maakt, voor een ander programma.",
        },
    }
    document["security"] = [{SESSIE: []}, {TOKEN: []}]
    _, definitions = models_json_schema([(Problem, "serialization")], ref_template=SCHEMA_REF)
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= definitions["$defs"]
    for name, schema in schemas.items():
        if name.endswith(INPUT):
            for field in schema["properties"].values():
                _describe_text(field)
    return document


def _describe_text(schema: dict[str, Any]) -> None:
    """Say of a text that comes in that it has no control characters."""
    for one in (schema, *schema.get("anyOf", ())):
        if one.get("type") == "string" and not one.keys() & {"pattern", "format", "enum"}:
            one["pattern"] = PLAIN_TEXT


def _describe_answers(method: str, operation: dict[str, Any]) -> None:
    """Put every status on an operation, and the version on every answer."""
    answers = operation["responses"]
    answers.pop("422", None)
    for status in [one for one in answers if one[0] == "2"]:
        if answers[status]["description"] == FRAMEWORK_WORDS:
            answers[status]["description"] = SUCCESS[status]
    for status, answer in answers.items():
        answer.setdefault("headers", {}).update(HEADERS)
        if method == "get" and status == "200":
            answer["headers"].update(ETAG)
    if method == "get":
        answers["304"] = {"description": "U hebt dit antwoord al.", "headers": HEADERS | ETAG}
    for parameter in operation.get("parameters", ()):
        _describe_parameter(parameter)
    for status in _refusals(operation):
        answers.setdefault(str(status), _problem(status))


def _describe_parameter(parameter: dict[str, Any]) -> None:
    """Say what a parameter may hold."""
    _describe_text(parameter["schema"])
    if parameter["name"] == IF_MATCH:
        # the framework would answer 400 to an absence; here that is 428
        parameter |= {"required": True, "schema": {"type": "string", "pattern": STRONG_ETAG}}


def _refusals(operation: dict[str, Any]) -> tuple[int, ...]:
    if operation.get("security") == []:
        return OPEN
    headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
    return (
        *EVERYWHERE,
        *(WITH_BODY if "requestBody" in operation else ()),
        *((422,) if KEY_HEADER in headers else ()),
        *((428,) if IF_MATCH in headers else ()),
    )


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": DESCRIPTIONS.get(status, TITLES[HTTPStatus(status)]),
        "headers": dict(HEADERS),
        "content": {MEDIA_TYPE: {"schema": {"$ref": SCHEMA_REF.format(model="Problem")}}},
    }
