"""Routes about voorkeuren: what a jongere wants and can carry, from a day on."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date

from fastapi import APIRouter, Response

from service.api.feiten_lijst import read_page, show_persons
from service.api.feiten_schemas import (
    VoorkeurenOut,
    VoorkeurIn,
    VoorkeurOut,
    VoorkeurWijzigingIn,
)
from service.api.herhaling import HerhalingDep
from service.api.invoer import InvoerderDep, read_one
from service.api.paging import pick, present_page
from service.api.queries import NoQueryDep, VoorkeurenQueryDep, VoorkeurId
from service.api.versies import VersieDep, both_versions, tell_version
from service.dependencies import InstallationDep, require
from service.errors import NotFoundError
from service.rechten.begrippen import Handeling
from service.registratie.feiten import Wensen, add_voorkeur, change_voorkeur
from service.storage.engine import unit_of_work
from service.storage.feiten import Filter, Row
from service.storage.tables import IMPORT_ID

PATH = "/api/v1/voorkeuren"
router = APIRouter(prefix="/voorkeuren", tags=["voorkeuren"])
LEZEN, SCHRIJVEN = require(Handeling.JONGEREN_LEZEN), require(Handeling.JONGEREN_SCHRIJVEN)


@router.get("", dependencies=[LEZEN], operation_id="leesVoorkeuren", summary="Wensen van jongeren")
def list_voorkeuren(query: VoorkeurenQueryDep, installation: InstallationDep) -> VoorkeurenOut:
    """Wensen en grenzen van jongeren; de nieuwste van een jongere geldt."""
    filters = [Filter("jongere_id", query.jongere_id)]
    rows, total = read_page(installation, "voorkeur", query, filters, query.sortering)
    return VoorkeurenOut(**present_page(PATH, query, [_shown(row) for row in rows], total))


@router.post(
    "",
    dependencies=[SCHRIJVEN],
    operation_id="voegVoorkeurToe",
    status_code=201,
    summary="Nieuwe wensen van een jongere vastleggen",
)
def create_voorkeur(
    wanted: VoorkeurIn,
    _: NoQueryDep,
    installation: InstallationDep,
    door: InvoerderDep,
    herhaling: HerhalingDep,
    response: Response,
) -> VoorkeurOut:
    """De wensen tellen vanaf vandaag mee. Staan er al wensen van die dag, wijzig dan die."""
    wensen = Wensen(**wanted.model_dump(exclude={"jongere_id", "datum"}))
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        row = add_voorkeur(session, wanted.jongere_id, wensen, datum=wanted.datum, door=door)
        made = _present(row, response)
        response.headers["Location"] = f"{PATH}/{made.voorkeur_id}"
        herhaling.keep(session, response, made)
    return made


@router.get(
    "/{voorkeurId}", dependencies=[LEZEN], operation_id="leesVoorkeur", summary="Wensen van één dag"
)
def read_voorkeur(
    voorkeur_id: VoorkeurId, _: NoQueryDep, installation: InstallationDep, response: Response
) -> VoorkeurOut:
    """Wensen van één jongere, met hun versie in de ETag."""
    return _present(_read(installation, voorkeur_id), response)


@router.put(
    "/{voorkeurId}",
    dependencies=[SCHRIJVEN],
    operation_id="wijzigVoorkeur",
    summary="Wensen van een jongere verbeteren",
)
def replace_voorkeur(
    voorkeur_id: VoorkeurId,
    wanted: VoorkeurWijzigingIn,
    _: NoQueryDep,
    versie: VersieDep,
    installation: InstallationDep,
    door: InvoerderDep,
    response: Response,
) -> VoorkeurOut:
    """Alles wat er stond, wordt vervangen. De verbetering is bekend vanaf vandaag."""
    jongere_id, datum = key_of(voorkeur_id)
    wensen = Wensen(**wanted.model_dump())
    with (
        both_versions(wanted, lambda: _now(installation, voorkeur_id)),
        unit_of_work(installation.engine) as session,
    ):
        row = change_voorkeur(session, jongere_id, datum, wensen, versie=versie, door=door)
        return _present(row, response)


def id_of(jongere_id: str, datum: date) -> str:
    """Return the id under which wishes have an address.

    Examples
    --------
    >>> id_of("J1", date(2026, 11, 1))
    'SjEgMjAyNi0xMS0wMQ'
    """
    return urlsafe_b64encode(f"{jongere_id} {datum}".encode()).decode().rstrip("=")


def key_of(voorkeur_id: str) -> tuple[str, date]:
    """Return of whom and from which day wishes are.

    Raises
    ------
    NotFoundError
        It is no id of wishes.

    Examples
    --------
    >>> key_of("SjEgMjAyNi0xMS0wMQ")
    ('J1', datetime.date(2026, 11, 1))
    """
    try:
        padded = voorkeur_id + "=" * (-len(voorkeur_id) % 4)
        jongere_id, day = urlsafe_b64decode(padded.encode()).decode().rsplit(" ", 1)
        key = jongere_id, date.fromisoformat(day)
    except ValueError as error:
        raise NotFoundError("voorkeur", voorkeur_id) from error
    if id_of(*key) != voorkeur_id or "\x00" in jongere_id:
        raise NotFoundError("voorkeur", voorkeur_id)
    return key


def _read(installation: InstallationDep, voorkeur_id: str) -> Row:
    jongere_id, datum = key_of(voorkeur_id)
    return read_one(installation, "voorkeur", {"jongere_id": jongere_id, "datum": datum})


def _shown(row: Row) -> VoorkeurOut:
    return pick(VoorkeurOut, row, voorkeur_id=id_of(row["jongere_id"], row["datum"]))


def _present(row: Row, response: Response) -> VoorkeurOut:
    show_persons([row])
    tell_version(response, row[IMPORT_ID])
    return _shown(row)


def _now(installation: InstallationDep, voorkeur_id: str) -> dict[str, object]:
    row = _read(installation, voorkeur_id)
    return _shown(row).model_dump(mode="json", by_alias=True) | {"versie": str(row[IMPORT_ID])}
