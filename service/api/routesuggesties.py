"""The route about praktijkverklaringen: what one jongere can learn, where, and in how long."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from fastapi import APIRouter

from models.explanation import Reden
from models.praktijkverklaring_route import Dekking, Leerdoel, PraktijkverklaringRoute, Stap
from service import routewoorden
from service.api.queries import JongereId, NoQueryDep
from service.api.routesuggesties_schemas import (
    DekkingOut,
    LeerdoelOut,
    RouteOut,
    RoutesuggestiesOut,
    StapOut,
    TrajectOut,
)
from service.api.schemas import RedenOut
from service.dependencies import RegioDep, require
from service.rechten.begrippen import Handeling
from service.routes import Leerbedrijf, Routesuggesties
from service.wording import kans_tekst

router = APIRouter(prefix="/jongeren", tags=["jongeren"])


@router.get(
    "/{jongereId}/routesuggesties",
    dependencies=[require(Handeling.SUGGESTIES_LEZEN)],
    operation_id="leesRoutesuggesties",
    summary="Routes naar een praktijkverklaring voor één jongere",
)
def read_routesuggesties(
    jongere_id: JongereId, _: NoQueryDep, regio: RegioDep
) -> RoutesuggestiesOut:
    """Waar de jongere wat kan leren, in hoeveel tijd, met welke kans, en wat daarna komt."""
    return present_routesuggesties(regio.routes.routes(jongere_id))


def present_routesuggesties(found: Routesuggesties) -> RoutesuggestiesOut:
    """Return routes with their sentences."""
    gevonden = found.gevonden
    if gevonden is None:
        return RoutesuggestiesOut(
            peildatum=found.peildatum,
            model_versie=None,
            verschil=0,
            melding=routewoorden.GEEN_MODEL,
            basis=[],
            routes=[],
            trajecten=[],
        )
    return RoutesuggestiesOut(
        peildatum=found.peildatum,
        model_versie=found.model_versie,
        verschil=gevonden.verschil,
        melding=None if gevonden.routes else routewoorden.GEEN_ROUTE,
        basis=[routewoorden.basis_zin(basis) for basis in gevonden.basis],
        routes=[_route(route, found.leerbedrijven) for route in gevonden.routes],
        trajecten=[
            TrajectOut(
                traject_id=one.traject_id,
                soort=one.soort,
                titel=one.titel,
                toegelaten=one.toegelaten,
                zin=routewoorden.traject_zin(one),
            )
            for one in gevonden.trajecten
        ],
    )


def _route(route: PraktijkverklaringRoute, leerbedrijven: Mapping[str, Leerbedrijf]) -> RouteOut:
    return RouteOut(
        rang=route.rang,
        kans=route.kans,
        kans_tekst=kans_tekst(route.kans),
        laag=route.laag,
        hoog=route.hoog,
        kans_zin=routewoorden.kans_zin(route),
        nodig=route.nodig,
        verwacht=route.verwacht,
        verwacht_zin=routewoorden.verwacht_zin(route),
        stappen=[_stap(stap, leerbedrijven.get(stap.id)) for stap in route.stappen],
        dekking=[_dekking(one) for one in route.dekking],
        voor=_redenen(route.voor),
        tegen=_redenen(route.tegen),
        vraag=route.vraag,
        vraag_zin=routewoorden.vraag_zin(route.vraag),
        vervolg=route.vervolg,
        vervolg_zin=routewoorden.vervolg_zin(route.vervolg),
    )


def _stap(stap: Stap, leerbedrijf: Leerbedrijf | None) -> StapOut:
    return StapOut(
        soort=stap.soort,
        id=stap.id,
        titel=stap.titel,
        leerbedrijf=None if leerbedrijf is None else leerbedrijf.naam,
        plaats=None if leerbedrijf is None else leerbedrijf.plaats,
        begin=stap.begin,
        einde=stap.einde,
        weken=stap.weken,
        uren_per_week=stap.uren_per_week,
        ook_bij=list(stap.ook_bij),
        leerdoelen=[_leerdoel(doel) for doel in stap.leerdoelen],
        zin=routewoorden.stap_zin(stap),
    )


def _leerdoel(doel: Leerdoel) -> LeerdoelOut:
    return LeerdoelOut(**asdict(doel), zin=routewoorden.leerdoel_zin(doel))


def _dekking(dekking: Dekking) -> DekkingOut:
    told = asdict(dekking) | {
        "kerntaken": list(dekking.kerntaken),
        "certificaten": list(dekking.certificaten),
    }
    return DekkingOut(**told, zin=routewoorden.dekking_zin(dekking))


def _redenen(redenen: Iterable[Reden]) -> list[RedenOut]:
    return [
        RedenOut(
            feature=reden.feature,
            waarde=reden.waarde,
            bijdrage=reden.bijdrage,
            zin=routewoorden.leren_zin(reden),
        )
        for reden in redenen
    ]
