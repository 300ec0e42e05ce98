"""Routes about jongeren: the list, the uitvalrisico of one, the leerwerkplekken for one."""

from fastapi import APIRouter

from service.api.paging import present_page
from service.api.paren_presenting import present_suggesties
from service.api.paren_schemas import SuggestiesOut
from service.api.presenting import present_jongere, present_uitvalrisico
from service.api.queries import JongereId, JongerenQueryDep, NoQueryDep, TopQueryDep
from service.api.schemas import JongerenOut, JongereOut, UitvalrisicoOut
from service.api.verkenning_presenting import check_competentie, present_verkenning, wijziging_of
from service.api.verkenning_schemas import VerkenningIn, VerkenningOut
from service.dependencies import RegioDep, require
from service.rechten.begrippen import Handeling

PATH = "/api/v1/jongeren"
router = APIRouter(prefix="/jongeren", tags=["jongeren"])


@router.get(
    "",
    dependencies=[require(Handeling.RISICO_LEZEN)],
    operation_id="leesJongeren",
    summary="De lijst van jongeren met hun kans op uitval",
)
def list_jongeren(query: JongerenQueryDep, regio: RegioDep) -> JongerenOut:
    """Jongeren die staan ingeschreven zonder startkwalificatie, per pagina."""
    rows, total = regio.jongeren(
        zoek=query.zoek,
        onderwijssoort=query.onderwijssoort,
        volgorde=query.sortering,
        vanaf=(query.pagina - 1) * query.paginagrootte,
        aantal=query.paginagrootte,
    )
    shown = [present_uitvalrisico(row) for row in rows]
    return JongerenOut(peildatum=regio.peildatum, **present_page(PATH, query, shown, total))


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
)
def read_uitvalrisico(jongere_id: JongereId, _: NoQueryDep, regio: RegioDep) -> UitvalrisicoOut:
    """Kans op uitval binnen twaalf maanden, wat die hoger maakt en wat die lager maakt."""
    return present_uitvalrisico(regio.uitvalrisico(jongere_id))


@router.get(
    "/{jongereId}/suggesties",
    dependencies=[require(Handeling.SUGGESTIES_LEZEN)],
    operation_id="leesSuggesties",
    summary="Leerwerkplekken voor één jongere, met redenen",
)
def read_suggesties(jongere_id: JongereId, query: TopQueryDep, regio: RegioDep) -> SuggestiesOut:
    """Leerwerkplekken, wat ontbreekt, wat zou helpen, en welke plekken buiten vallen."""
    found = regio.matching.suggesties(jongere_id, top=query.top, volgorde=query.volgorde)
    return present_suggesties(found, query.top_uitgesloten)


@router.post(
    "/{jongereId}/verkenningen",
    dependencies=[require(Handeling.SUGGESTIES_LEZEN)],
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
