"""Routes about leerwerkplekken: keeping them, and the kandidaten for one."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from service.api.feiten_lijst import read_page
from service.api.herhaling import HerhalingDep
from service.api.invoer import InvoerderDep
from service.api.paging import pick, present_page
from service.api.paren_presenting import present_kandidaten
from service.api.paren_schemas import KandidatenOut
from service.api.plekken_schemas import (
    EisIn,
    LeerwerkplekDetailOut,
    LeerwerkplekIn,
    LeerwerkplekkenOut,
    LeerwerkplekKortOut,
    LeerwerkplekSluitingIn,
)
from service.api.queries import (
    LeerwerkplekId,
    LeerwerkplekkenQueryDep,
    NoQueryDep,
    TopQueryDep,
)
from service.api.schemas import ApiModel
from service.api.versies import VersieDep, both_versions, tell_version
from service.dependencies import ActorDep, InstallationDep, RegioDep, require
from service.rechten.begrippen import Handeling
from service.registratie.eigen import elsewhere
from service.registratie.leerwerkplekken import (
    Eis,
    Plek,
    PlekGegevens,
    close_plek,
    create_plek,
    find_plek,
    read_plek,
    update_plek,
)
from service.storage.engine import unit_of_work
from service.storage.feiten import Filter, Vergelijking

PATH = "/api/v1/leerwerkplekken"
router = APIRouter(prefix="/leerwerkplekken", tags=["leerwerkplekken"])
LEZEN = require(Handeling.LEERWERKPLEKKEN_LEZEN)
SCHRIJVEN = require(Handeling.LEERWERKPLEKKEN_SCHRIJVEN)


@router.get("", dependencies=[LEZEN], operation_id="leesLeerwerkplekken", summary="Leerwerkplekken")
def list_leerwerkplekken(
    query: LeerwerkplekkenQueryDep, installation: InstallationDep, actor: ActorDep
) -> LeerwerkplekkenOut:
    """Plekken om te leren en te werken in de eigen regio, ook die gesloten zijn."""
    with unit_of_work(installation.engine, read_only=True) as session:
        foreign = elsewhere(session, actor)
    filters = [
        Filter("leerbedrijf_id", foreign, Vergelijking.NIET_ONDER),
        Filter("titel", query.zoek or None, Vergelijking.BEVAT),
        Filter("soort", query.soort),
        Filter("leerbedrijf_id", query.leerbedrijf_id),
        Filter("uren_max", query.uren_min, Vergelijking.MINSTENS),
        Filter("uren_min", query.uren_max, Vergelijking.HOOGSTENS),
        Filter("begindatum", query.open_op, Vergelijking.HOOGSTENS),
        Filter("sluit_op", query.open_op, Vergelijking.LEEG_OF_MINSTENS),
    ]
    rows, total = read_page(installation, "leerwerkplek", query, filters, query.sortering)
    shown = [pick(LeerwerkplekKortOut, row) for row in rows]
    return LeerwerkplekkenOut(**present_page(PATH, query, shown, total))


@router.post(
    "",
    dependencies=[SCHRIJVEN],
    operation_id="voegLeerwerkplekToe",
    status_code=201,
    summary="Een leerwerkplek toevoegen",
)
def add_leerwerkplek(
    wanted: LeerwerkplekIn,
    _: NoQueryDep,
    installation: InstallationDep,
    door: InvoerderDep,
    herhaling: HerhalingDep,
    response: Response,
) -> LeerwerkplekDetailOut:
    """Met wat de plek vraagt en wat er te leren is. De plek telt vanaf vandaag mee."""
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        made = _present(create_plek(session, _gegevens(wanted), door), response)
        response.headers["Location"] = f"{PATH}/{made.leerwerkplek_id}"
        herhaling.keep(session, response, made)
    return made


@router.get(
    "/{leerwerkplekId}",
    dependencies=[LEZEN],
    operation_id="leesLeerwerkplek",
    summary="Eén leerwerkplek",
)
def read_leerwerkplek(
    leerwerkplek_id: LeerwerkplekId,
    _: NoQueryDep,
    installation: InstallationDep,
    actor: ActorDep,
    response: Response,
) -> LeerwerkplekDetailOut:
    """Een leerwerkplek met eisen en werkprocessen; haar versie staat in de ETag."""
    with unit_of_work(installation.engine, read_only=True) as session:
        return _present(find_plek(session, actor, leerwerkplek_id), response)


@router.put(
    "/{leerwerkplekId}",
    dependencies=[SCHRIJVEN],
    operation_id="wijzigLeerwerkplek",
    summary="Een leerwerkplek wijzigen",
)
def replace_leerwerkplek(
    leerwerkplek_id: LeerwerkplekId,
    wanted: LeerwerkplekIn,
    _: NoQueryDep,
    versie: VersieDep,
    installation: InstallationDep,
    door: InvoerderDep,
    response: Response,
) -> LeerwerkplekDetailOut:
    """Alles wat er stond, wordt vervangen, ook de eisen en de werkprocessen."""
    with _editing(installation, leerwerkplek_id, wanted) as session:
        gegevens = _gegevens(wanted)
        plek = update_plek(session, leerwerkplek_id, gegevens, versie=versie, door=door)
        return _present(plek, response)


@router.patch(
    "/{leerwerkplekId}",
    dependencies=[SCHRIJVEN],
    operation_id="sluitLeerwerkplek",
    summary="Een leerwerkplek sluiten",
)
def close_leerwerkplek(
    leerwerkplek_id: LeerwerkplekId,
    wanted: LeerwerkplekSluitingIn,
    _: NoQueryDep,
    versie: VersieDep,
    installation: InstallationDep,
    door: InvoerderDep,
    response: Response,
) -> LeerwerkplekDetailOut:
    """Na deze dag begint er niemand meer; wie er al is, blijft."""
    with _editing(installation, leerwerkplek_id, wanted) as session:
        plek = close_plek(session, leerwerkplek_id, wanted.sluit_op, versie=versie, door=door)
        return _present(plek, response)


@router.get(
    "/{leerwerkplekId}/kandidaten",
    dependencies=[require(Handeling.KANDIDATEN_LEZEN)],
    operation_id="leesKandidaten",
    summary="Jongeren voor één leerwerkplek, met redenen",
)
def read_kandidaten(
    leerwerkplek_id: LeerwerkplekId, query: TopQueryDep, regio: RegioDep
) -> KandidatenOut:
    """Wie hier het meest wint boven elders eerst; het uitvalrisico staat er nooit bij."""
    found = regio.matching.kandidaten(leerwerkplek_id, top=query.top, volgorde=query.volgorde)
    return present_kandidaten(found, query.top_uitgesloten)


def _gegevens(wanted: LeerwerkplekIn) -> PlekGegevens:
    eisen = [Eis(**one.model_dump()) for one in wanted.eisen]
    return PlekGegevens(**wanted.model_dump(exclude={"eisen"}), eisen=eisen)


def _present(plek: Plek, response: Response) -> LeerwerkplekDetailOut:
    tell_version(response, plek.versie)
    return _shown(plek)


def _shown(plek: Plek) -> LeerwerkplekDetailOut:
    return pick(
        LeerwerkplekDetailOut,
        plek.plek,
        eisen=[pick(EisIn, row) for row in plek.eisen],
        werkprocessen=[row["werkproces_id"] for row in plek.werkprocessen],
    )


@contextmanager
def _editing(
    installation: InstallationDep, leerwerkplek_id: str, wanted: ApiModel
) -> Iterator[Session]:
    """Open a unit of work on a leerwerkplek; a conflict tells what was sent and what stands now."""
    with (
        both_versions(wanted, lambda: _now(installation, leerwerkplek_id)),
        unit_of_work(installation.engine) as session,
    ):
        yield session


def _now(installation: InstallationDep, leerwerkplek_id: str) -> dict[str, object]:
    with unit_of_work(installation.engine, read_only=True) as session:
        plek = read_plek(session, leerwerkplek_id)
    return _shown(plek).model_dump(mode="json", by_alias=True) | {"versie": plek.versie}
