"""Routes about jongeren: the list, the uitvalrisico of one, the leerwerkplekken for one.

They are asked most, and run in a thread: there they take the region from the request by hand, for
each dependency that the framework solves costs more than what it gives here.
"""

from functools import partial

from fastapi import APIRouter, Request, Response

from service.api.paging import present_page
from service.api.paren_presenting import present_suggesties
from service.api.paren_schemas import SuggestiesOut
from service.api.presenting import present_jongere, present_uitvalrisico
from service.api.queries import JongereId, JongerenQueryDep, NoQueryDep, TopQueryDep
from service.api.ready import as_json, page_of, respond
from service.api.schemas import JongerenOut, JongereOut, UitvalrisicoOut
from service.api.verkenning_presenting import check_competentie, present_verkenning, wijziging_of
from service.api.verkenning_schemas import VerkenningIn, VerkenningOut
from service.dependencies import RegioDep, get_installation, regio_of, require
from service.rechten.begrippen import Handeling
from service.suggesties import Uitvalrisico

PATH = "/api/v1/jongeren"
router = APIRouter(prefix="/jongeren", tags=["jongeren"])


@router.get(
    "",
    dependencies=[require(Handeling.RISICO_LEZEN)],
    operation_id="leesJongeren",
    summary="De lijst van jongeren met hun kans op uitval",
    response_model=JongerenOut,
)
def list_jongeren(query: JongerenQueryDep, request: Request) -> Response:
    """Jongeren die staan ingeschreven zonder startkwalificatie, per pagina."""
    regio, ready = regio_of(request), get_installation(request).ready
    rows, total = regio.jongeren(
        zoek=query.zoek,
        onderwijssoort=query.onderwijssoort,
        volgorde=query.sortering,
        vanaf=(query.pagina - 1) * query.paginagrootte,
        aantal=query.paginagrootte,
    )
    zonder, unscored = regio.zonder_score(
        zoek=query.zoek,
        onderwijssoort=query.onderwijssoort,
        vanaf=(query.pagina - 1) * query.paginagrootte,
        aantal=query.paginagrootte,
    )

    def made() -> bytes:
        head = JongerenOut(
            peildatum=regio.peildatum,
            zonder_score=[present_jongere(one) for one in zonder],
            zonder_score_totaal=unscored,
            **present_page(PATH, query, [], total),
        )
        return page_of(head, [ready.bytes_of(row, partial(_risico, row)) for row in rows])

    asked = query, total, unscored, tuple(one.jongere_id for one in zonder)
    return respond(ready.bytes_of(rows, made, asked))


@router.get(
    "/{jongereId}",
    dependencies=[require(Handeling.JONGEREN_LEZEN)],
    operation_id="leesJongere",
    summary="Eén jongere, heel kort",
)
def read_jongere(jongere_id: JongereId, _: NoQueryDep, regio: RegioDep) -> JongereOut:
    """Wie het is. Inschrijvingen, stages en wensen hebben een eigen adres."""
    return present_jongere(regio.jongere(jongere_id))


@router.get(
    "/{jongereId}/uitvalrisico",
    dependencies=[require(Handeling.RISICO_LEZEN)],
    operation_id="leesUitvalrisico",
    summary="De kans op uitval van één jongere, met redenen",
    response_model=UitvalrisicoOut,
)
def read_uitvalrisico(jongere_id: JongereId, _: NoQueryDep, request: Request) -> Response:
    """Kans op uitval binnen twaalf maanden, wat die hoger maakt en wat die lager maakt."""
    found = regio_of(request).uitvalrisico(jongere_id)
    ready = get_installation(request).ready
    return respond(ready.bytes_of(found, partial(_risico, found)))


@router.get(
    "/{jongereId}/suggesties",
    dependencies=[require(Handeling.SUGGESTIES_LEZEN)],
    operation_id="leesSuggesties",
    summary="Leerwerkplekken voor één jongere, met redenen",
    response_model=SuggestiesOut,
)
def read_suggesties(jongere_id: JongereId, query: TopQueryDep, request: Request) -> Response:
    """Leerwerkplekken, wat ontbreekt, wat zou helpen, en welke plekken buiten vallen."""
    ready = get_installation(request).ready
    found = regio_of(request).matching.suggesties(
        jongere_id, top=query.top, volgorde=query.volgorde
    )
    told = query.top_uitgesloten
    return respond(ready.bytes_of(found, lambda: as_json(present_suggesties(found, told)), told))


@router.post(
    "/{jongereId}/verkenningen",
    dependencies=[require(Handeling.SUGGESTIES_LEZEN)],
    operation_id="verkenSuggesties",
    summary="De leerwerkplekken voor één jongere als er iets anders zou zijn",
    response_model=VerkenningOut,
)
def explore(jongere_id: JongereId, _: NoQueryDep, wat: VerkenningIn, request: Request) -> Response:
    """De lijst met andere wensen of voorwaarden, naast die van nu. Er wordt niets bewaard."""
    regio = regio_of(request)
    check_competentie(wat, regio.matching.competenties())
    found = regio.matching.verkenning(jongere_id, wijziging_of(wat), top=wat.top)
    return respond(as_json(present_verkenning(found)))


def _risico(risico: Uitvalrisico) -> bytes:
    return as_json(present_uitvalrisico(risico))
