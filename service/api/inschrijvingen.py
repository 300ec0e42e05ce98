"""Routes about inschrijvingen; they come from the schools and are only read here."""

from fastapi import APIRouter

from service.api.feiten_lijst import read_page
from service.api.feiten_schemas import InschrijvingenOut, InschrijvingOut
from service.api.paging import pick, present_page
from service.api.queries import InschrijvingenQueryDep
from service.dependencies import InstallationDep, require
from service.rechten.begrippen import Handeling
from service.storage.feiten import Filter, Vergelijking

PATH = "/api/v1/inschrijvingen"
router = APIRouter(prefix="/inschrijvingen", tags=["inschrijvingen"])


@router.get(
    "",
    dependencies=[require(Handeling.JONGEREN_LEZEN)],
    operation_id="leesInschrijvingen",
    summary="Inschrijvingen op school",
)
def list_inschrijvingen(
    query: InschrijvingenQueryDep, installation: InstallationDep
) -> InschrijvingenOut:
    """Periodes waarin jongeren bij een opleiding staan, zoals de school ze meldde."""
    filters = [
        Filter("jongere_id", query.jongere_id),
        Filter("instelling", query.instelling),
        Filter("onderwijssoort", query.onderwijssoort),
        Filter("einddatum", query.lopend, Vergelijking.LEEG),
    ]
    rows, total = read_page(installation, "inschrijving", query, filters, query.sortering)
    shown = [pick(InschrijvingOut, row) for row in rows]
    return InschrijvingenOut(**present_page(PATH, query, shown, total))
