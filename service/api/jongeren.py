"""Routes about jongeren: the list, the uitvalrisico of one, the leerwerkplekken for one."""

from math import ceil
from urllib.parse import urlencode

from fastapi import APIRouter

from service.api.paren_presenting import present_suggesties
from service.api.paren_schemas import SuggestiesOut
from service.api.presenting import present_uitvalrisico
from service.api.queries import JongereId, JongerenQuery, JongerenQueryDep, NoQueryDep, TopQueryDep
from service.api.schemas import JongerenOut, Links, UitvalrisicoOut
from service.api.verkenning_presenting import check_competentie, present_verkenning, wijziging_of
from service.api.verkenning_schemas import VerkenningIn, VerkenningOut
from service.dependencies import RegioDep

PATH = "/api/v1/jongeren"
router = APIRouter(prefix="/jongeren", tags=["jongeren"])


@router.get("", operation_id="leesJongeren", summary="De lijst van jongeren met hun kans op uitval")
def list_jongeren(query: JongerenQueryDep, regio: RegioDep) -> JongerenOut:
    """Jongeren die staan ingeschreven zonder startkwalificatie, per pagina."""
    rows, total = regio.jongeren(
        zoek=query.zoek,
        onderwijssoort=query.onderwijssoort,
        volgorde=query.sortering,
        vanaf=(query.pagina - 1) * query.paginagrootte,
        aantal=query.paginagrootte,
    )
    return JongerenOut(
        peildatum=regio.peildatum,
        totaal=total,
        pagina=query.pagina,
        paginagrootte=query.paginagrootte,
        links=_links(query, total),
        resultaten=[present_uitvalrisico(row) for row in rows],
    )


@router.get(
    "/{jongereId}/uitvalrisico",
    operation_id="leesUitvalrisico",
    summary="De kans op uitval van één jongere, met redenen",
)
def read_uitvalrisico(jongere_id: JongereId, _: NoQueryDep, regio: RegioDep) -> UitvalrisicoOut:
    """Kans op uitval binnen twaalf maanden, wat die hoger maakt en wat die lager maakt."""
    return present_uitvalrisico(regio.uitvalrisico(jongere_id))


@router.get(
    "/{jongereId}/suggesties",
    operation_id="leesSuggesties",
    summary="Leerwerkplekken voor één jongere, met redenen",
)
def read_suggesties(jongere_id: JongereId, query: TopQueryDep, regio: RegioDep) -> SuggestiesOut:
    """Leerwerkplekken, wat ontbreekt, wat zou helpen, en welke plekken buiten vallen."""
    found = regio.matching.suggesties(jongere_id, top=query.top, volgorde=query.volgorde)
    return present_suggesties(found, query.top_uitgesloten)


@router.post(
    "/{jongereId}/verkenningen",
    operation_id="verkenSuggesties",
    summary="De leerwerkplekken voor één jongere als er iets anders zou zijn",
)
def explore(
    jongere_id: JongereId, _: NoQueryDep, wat: VerkenningIn, regio: RegioDep
) -> VerkenningOut:
    """De lijst met andere wensen of voorwaarden, naast die van nu. Er wordt niets bewaard."""
    check_competentie(wat, regio.matching.competenties())
    found = regio.matching.verkenning(jongere_id, wijziging_of(wat), top=wat.top)
    return present_verkenning(found)


def _links(query: JongerenQuery, total: int) -> Links:
    last = max(ceil(total / query.paginagrootte), 1)
    return Links(
        first=_address(query, 1),
        prev=_address(query, min(query.pagina - 1, last)) if query.pagina > 1 else None,
        next=_address(query, query.pagina + 1) if query.pagina < last else None,
        last=_address(query, last),
    )


def _address(query: JongerenQuery, pagina: int) -> str:
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return f"{PATH}?{urlencode({**asked, 'pagina': pagina})}"
