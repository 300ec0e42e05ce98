"""Routes for who watches over the installation: does it live, can it work. For everybody."""

from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from service.answers import Answer
from service.api.beheer_schemas import GereedheidOut, GezondheidOut
from service.api.problems import problem_response
from service.api.queries import NoQueryDep
from service.api.schemas import OnderdeelOut
from service.bewaking.gezondheid import examine
from service.dependencies import InstallationDep, require
from service.rechten.begrippen import Handeling

router = APIRouter(tags=["gezondheid"])
OPENBAAR = require(Handeling.OPENBAAR)
NO_LOGIN: dict[str, Any] = {"security": []}
VERSION = version("vangnet")


@router.get(
    "/gezondheid",
    dependencies=[OPENBAAR],
    openapi_extra=NO_LOGIN,
    operation_id="leesGezondheid",
    summary="Of Vangnet leeft",
)
def read_gezondheid(_: NoQueryDep) -> GezondheidOut:
    """Een antwoord betekent dat het proces werkt. Niets anders wordt nagekeken."""
    return GezondheidOut(status="in orde", versie=VERSION)


@router.get(
    "/gereedheid",
    dependencies=[OPENBAAR],
    openapi_extra=NO_LOGIN,
    operation_id="leesGereedheid",
    summary="Of Vangnet vragen kan beantwoorden, per onderdeel",
    response_model=GereedheidOut,
)
def read_gereedheid(_: NoQueryDep, installation: InstallationDep) -> GereedheidOut | JSONResponse:
    """Database, migraties, regio en model. Is er een niet in orde, dan is de status 503."""
    found = [
        OnderdeelOut(naam=one.naam, in_orde=one.in_orde, melding=one.melding)
        for one in examine(installation.engine, installation.regio.get)
    ]
    if all(one.in_orde for one in found):
        return GereedheidOut(gereed=True, onderdelen=found)
    broken = next(one for one in found if not one.in_orde)
    answer = Answer(HTTPStatus.SERVICE_UNAVAILABLE, broken.melding)
    return problem_response(answer, onderdelen=found)
