"""Failures as problem details (RFC 9457): always status, title and detail, in Dutch."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException

from features.errors import TableError
from models.errors import AlteredModelError
from service.aanmelden.incoming import bearer_of
from service.answers import UNEXPECTED, Answer, answer_for, status_answer, wait_headers
from service.api.schemas import Fout, OnderdeelOut, Problem
from service.errors import ConflictError, InvoerError, Invoerfout, NotLoggedInError, VangnetError
from service.logs import get_log

MEDIA_TYPE = "application/problem+json"
API_PATH = "/api/v1"
DOCUMENT = "/openapi.json"
"""Where the OpenAPI document lies, below the path of the API."""
CHALLENGE = 'Bearer realm="Vangnet", Cookie realm="Vangnet", form-action="/inloggen"'
NOT_KNOWN = 'Bearer realm="Vangnet", error="invalid_token"'
"""What a program hears whose token is unknown, over or revoked (RFC 6750, section 3.1)."""
INVALID = status_answer(400)

FOUTEN: Mapping[str, str] = {
    "extra_forbidden": "Deze parameter bestaat niet. Laat die weg.",
    "missing": "Deze parameter is verplicht.",
    "int_parsing": "Vul een heel getal in.",
    "greater_than_equal": "Vul minstens {ge} in.",
    "less_than_equal": "Vul hoogstens {le} in.",
    "greater_than": "Vul meer dan {gt} in.",
    "string_too_long": "Gebruik hoogstens {max_length} tekens.",
    "too_short": "Kies er minstens {min_length}.",
    "too_long": "Kies er hoogstens {max_length}.",
    "json_invalid": "Dit is geen geldige JSON.",
    "float_type": "Vul een getal in.",
    "float_parsing": "Vul een getal in.",
    "finite_number": "Vul een getal in.",
    "int_type": "Vul een heel getal in.",
    "int_from_float": "Vul een heel getal in.",
    "bool_type": "Vul true of false in.",
    "bool_parsing": "Vul true of false in.",
    "list_type": "Geef een lijst.",
    "string_type": "Geef een tekst.",
    "uren_volgorde": "De meeste uren zijn minder dan de minste uren. Verbeter een van beide.",
    "control_character": "Haal de onzichtbare tekens uit deze tekst.",
    "string_pattern_mismatch": "Deze waarde heeft niet de goede vorm. Kijk naar het voorbeeld.",
    "plek_ontbreekt": "Kies de leerwerkplek waarvoor u de jongere voorstelt.",
    "voorbehoud_half": "Vul de school en de laatste dag allebei in, of geen van beide.",
    "datum_volgorde": "De laatste dag ligt voor de eerste dag. Verbeter een van beide.",
    "date_from_datetime_parsing": "Vul een dag in als 2026-12-03.",
    "date_parsing": "Vul een dag in als 2026-12-03.",
    "date_type": "Vul een dag in als 2026-12-03.",
    "string_too_short": "Gebruik minstens {min_length} tekens.",
    "doel_dubbel": "Noem elk doel hoogstens een keer.",
    "unknown_competentie": "Geen plek in deze regio vraagt deze competentie. Kies een andere.",
    "enum": "Kies een van: {expected}.",
    "literal_error": "Kies een van: {expected}.",
}
"""Dutch sentence by pydantic error type; the braces are filled from the context of the error."""
OTHER_FOUT = "Deze waarde klopt niet."


def add_problem_handlers(api: FastAPI) -> None:
    """Let every failure of the API leave as problem details."""
    api.add_exception_handler(RequestValidationError, _refuse_input)
    api.add_exception_handler(HTTPException, _answer_status)
    api.add_exception_handler(VangnetError, _answer_failure)
    api.add_exception_handler(TableError, _answer_failure)
    api.add_exception_handler(AlteredModelError, _answer_failure)
    api.add_exception_handler(Exception, _answer_unexpected)


def problem_response(
    answer: Answer,
    errors: list[Fout] | None = None,
    headers: Mapping[str, str] | None = None,
    conflict: ConflictError | None = None,
    detail: str | None = None,
    onderdelen: list[OnderdeelOut] | None = None,
) -> JSONResponse:
    """Return an answer as problem details; a conflict tells what stands and what was sent."""
    problem = Problem(
        status=answer.status,
        title=answer.title,
        detail=detail or answer.detail,
        errors=errors,
        huidig=dict(conflict.huidig) or None if conflict else None,
        onderdelen=onderdelen,
        gevraagd=dict(conflict.gevraagd) or None if conflict else None,
    )
    return JSONResponse(
        problem.model_dump(by_alias=True, exclude_none=True),
        status_code=answer.status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def _refuse_input(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    return problem_response(INVALID, [_fout(found) for found in error.errors()])


def _fout(found: Mapping[str, object]) -> Fout:
    loc = found["loc"]
    parts = [str(part) for part in loc] if isinstance(loc, tuple) else []
    context = found.get("ctx")
    code = str(found["type"])
    return Fout(
        plaats=parts[0] if parts else "",
        naam=".".join(parts[1:]),
        code=code,
        detail=FOUTEN.get(code, OTHER_FOUT).format_map(
            context if isinstance(context, dict) else {}
        ),
    )


def _answer_status(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(allowed_methods(request.app, request.url.path))
    return problem_response(status_answer(error.status_code), headers=headers)


def allowed_methods(api: FastAPI, path: str) -> list[str]:
    """Return every method of an address; the framework names those of its first route only."""
    asked = path.removeprefix(API_PATH).split("/")
    for known, item in {**api.openapi()["paths"], DOCUMENT: {"get": {}}}.items():
        parts = known.split("/")
        if len(parts) == len(asked) and all(
            part == one or part.startswith("{") for part, one in zip(parts, asked, strict=True)
        ):
            methods = {method.upper() for method in item}
            return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))
    return []


def _headers_of(request: Request, error: Exception) -> Mapping[str, str]:
    """Return how to come in, or when to come back."""
    if isinstance(error, NotLoggedInError):
        return {"WWW-Authenticate": CHALLENGE if bearer_of(request) is None else NOT_KNOWN}
    return wait_headers(error)


def _answer_failure(request: Request, error: Exception) -> JSONResponse:
    get_log(__name__).info("api_failure", kind=type(error).__name__, problem=str(error))
    headers = _headers_of(request, error)
    return problem_response(
        answer_for(error) or UNEXPECTED,
        [_entered(fout) for fout in error.fouten] if isinstance(error, InvoerError) else None,
        headers=headers,
        conflict=error if isinstance(error, ConflictError) else None,
    )


def _entered(fout: Invoerfout) -> Fout:
    """Return one thing that is wrong in a body, under its name in the API."""
    naam = ".".join(to_camel(part) for part in fout.naam.split("."))
    return Fout(plaats="body", naam=naam, code=fout.code.replace(" ", "_"), detail=fout.zin)


def _answer_unexpected(_: Request, error: Exception) -> JSONResponse:
    get_log(__name__).error("api_error", kind=type(error).__name__, exc_info=error)
    return problem_response(UNEXPECTED)
