"""Routes about leerbedrijven; recognition itself is given by SBB."""

from fastapi import APIRouter, Response

from service.api.feiten_lijst import read_page
from service.api.herhaling import HerhalingDep
from service.api.invoer import InvoerderDep, read_one
from service.api.paging import pick, present_page
from service.api.plekken_schemas import (
    LeerbedrijfIn,
    LeerbedrijfOut,
    LeerbedrijfWijzigingIn,
    LeerbedrijvenOut,
)
from service.api.queries import LeerbedrijfId, LeerbedrijvenQueryDep, NoQueryDep
from service.api.versies import VersieDep, both_versions, tell_version
from service.dependencies import InstallationDep, require
from service.rechten.begrippen import Handeling
from service.registratie.leerbedrijven import (
    LeerbedrijfGegevens,
    create_leerbedrijf,
    update_leerbedrijf,
)
from service.storage.engine import unit_of_work
from service.storage.feiten import Filter, Row, Vergelijking
from service.storage.tables import IMPORT_ID

PATH = "/api/v1/leerbedrijven"
router = APIRouter(prefix="/leerbedrijven", tags=["leerbedrijven"])
LEZEN = require(Handeling.LEERWERKPLEKKEN_LEZEN)
SCHRIJVEN = require(Handeling.LEERWERKPLEKKEN_SCHRIJVEN)


@router.get("", dependencies=[LEZEN], operation_id="leesLeerbedrijven", summary="Leerbedrijven")
def list_leerbedrijven(
    query: LeerbedrijvenQueryDep, installation: InstallationDep
) -> LeerbedrijvenOut:
    """Erkende leerbedrijven in de regio."""
    filters = [
        Filter("naam", query.zoek or None, Vergelijking.BEVAT),
        Filter("plaats", query.plaats),
        Filter("sector", query.sector),
    ]
    rows, total = read_page(installation, "leerbedrijf", query, filters, query.sortering)
    shown = [pick(LeerbedrijfOut, row) for row in rows]
    return LeerbedrijvenOut(**present_page(PATH, query, shown, total))


@router.post(
    "",
    dependencies=[SCHRIJVEN],
    operation_id="voegLeerbedrijfToe",
    status_code=201,
    summary="Een leerbedrijf toevoegen",
)
def add_leerbedrijf(
    wanted: LeerbedrijfIn,
    _: NoQueryDep,
    installation: InstallationDep,
    door: InvoerderDep,
    herhaling: HerhalingDep,
    response: Response,
) -> LeerbedrijfOut:
    """Met het nummer dat SBB gaf. Een nummer dat er al is, geeft een conflict."""
    gegevens = LeerbedrijfGegevens(**wanted.model_dump(exclude={"leerbedrijf_id"}))
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        row = create_leerbedrijf(session, wanted.leerbedrijf_id, gegevens, door)
        made = _present(row, response)
        response.headers["Location"] = f"{PATH}/{made.leerbedrijf_id}"
        herhaling.keep(session, response, made)
    return made


@router.get(
    "/{leerbedrijfId}",
    dependencies=[LEZEN],
    operation_id="leesLeerbedrijf",
    summary="Eén leerbedrijf",
)
def read_leerbedrijf(
    leerbedrijf_id: LeerbedrijfId, _: NoQueryDep, installation: InstallationDep, response: Response
) -> LeerbedrijfOut:
    """Een leerbedrijf, met zijn versie in de ETag."""
    key = {"leerbedrijf_id": leerbedrijf_id}
    return _present(read_one(installation, "leerbedrijf", key), response)


@router.put(
    "/{leerbedrijfId}",
    dependencies=[SCHRIJVEN],
    operation_id="wijzigLeerbedrijf",
    summary="Een leerbedrijf wijzigen",
)
def replace_leerbedrijf(
    leerbedrijf_id: LeerbedrijfId,
    wanted: LeerbedrijfWijzigingIn,
    _: NoQueryDep,
    versie: VersieDep,
    installation: InstallationDep,
    door: InvoerderDep,
    response: Response,
) -> LeerbedrijfOut:
    """Alles wat er stond, wordt vervangen."""
    gegevens = LeerbedrijfGegevens(**wanted.model_dump())
    with (
        both_versions(wanted, lambda: _now(installation, leerbedrijf_id)),
        unit_of_work(installation.engine) as session,
    ):
        row = update_leerbedrijf(session, leerbedrijf_id, gegevens, versie=versie, door=door)
        return _present(row, response)


def _present(row: Row, response: Response) -> LeerbedrijfOut:
    tell_version(response, row[IMPORT_ID])
    return pick(LeerbedrijfOut, row)


def _now(installation: InstallationDep, leerbedrijf_id: str) -> dict[str, object]:
    row = read_one(installation, "leerbedrijf", {"leerbedrijf_id": leerbedrijf_id})
    shown = pick(LeerbedrijfOut, row).model_dump(mode="json", by_alias=True)
    return shown | {"versie": str(row[IMPORT_ID])}
