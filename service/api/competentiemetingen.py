"""Routes about competentiemetingen; a judgement stays, a later one counts more."""

from fastapi import APIRouter, Response

from service.api.feiten_lijst import read_page, show_persons
from service.api.feiten_schemas import (
    CompetentiemetingenOut,
    CompetentiemetingIn,
    CompetentiemetingOut,
)
from service.api.herhaling import HerhalingDep
from service.api.invoer import InvoerderDep
from service.api.paging import pick, present_page
from service.api.queries import CompetentiemetingenQueryDep, NoQueryDep
from service.dependencies import InstallationDep, require
from service.rechten.begrippen import Handeling
from service.registratie.feiten import add_competentiemeting
from service.storage.engine import unit_of_work
from service.storage.feiten import Filter

PATH = "/api/v1/competentiemetingen"
router = APIRouter(prefix="/competentiemetingen", tags=["competentiemetingen"])


@router.get(
    "",
    dependencies=[require(Handeling.JONGEREN_LEZEN)],
    operation_id="leesCompetentiemetingen",
    summary="Oordelen over competenties",
)
def list_competentiemetingen(
    query: CompetentiemetingenQueryDep, installation: InstallationDep
) -> CompetentiemetingenOut:
    """Wat school, leerbedrijf of de jongere zelf van een competentie vond."""
    filters = [
        Filter("jongere_id", query.jongere_id),
        Filter("competentie_id", query.competentie_id),
        Filter("bron", query.bron),
    ]
    rows, total = read_page(installation, "competentiemeting", query, filters, query.sortering)
    shown = [pick(CompetentiemetingOut, row) for row in rows]
    return CompetentiemetingenOut(**present_page(PATH, query, shown, total))


@router.post(
    "",
    dependencies=[require(Handeling.JONGEREN_SCHRIJVEN)],
    operation_id="voegCompetentiemetingToe",
    status_code=201,
    summary="Een oordeel over een competentie vastleggen",
)
def create_competentiemeting(
    wanted: CompetentiemetingIn,
    _: NoQueryDep,
    installation: InstallationDep,
    door: InvoerderDep,
    herhaling: HerhalingDep,
    response: Response,
) -> CompetentiemetingOut:
    """Het oordeel telt vanaf vandaag mee. Hetzelfde oordeel op één dag geeft een conflict."""
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        row = add_competentiemeting(
            session,
            wanted.jongere_id,
            wanted.competentie_id,
            wanted.niveau,
            beoordelaar=wanted.bron,
            datum=wanted.datum,
            door=door,
        )
        show_persons([row])
        made = pick(CompetentiemetingOut, row)
        herhaling.keep(session, response, made)
    return made
