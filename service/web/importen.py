"""The screens of imports: what was read, and files tried before they are read."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile

from service.audit.spoor import current_spoor
from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    limit_exports,
    require,
    require_own_site,
)
from service.errors import FileError, NotFoundError
from service.importing.gemarkeerd import mark_file
from service.importing.mapping import find_mappings
from service.importing.uploads import MOST_BYTES
from service.importing.voorstel import (
    Voorstel,
    confirm,
    discard,
    find,
    lay_down,
    read_proef,
    try_out,
    waiting,
)
from service.rechten.begrippen import Actor, Handeling
from service.rechten.matrix import allowed_doelen
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.engine import unit_of_work
from service.storage.importrun import ImportRepository
from service.web.rendering import page

PATH = "/importen"
STEP = PATH + "/voorstel/{sleutel}"
PER_PAGE = 20
SHOWN_PROBLEMS = 100
KLAAR = {
    "gelezen": "De bestanden zijn ingelezen.",
    "weg": "De bestanden zijn weg. Er is niets ingelezen.",
    "mapping": "De koppeling van kolommen is weg.",
    "kolommen": "De kolommen zijn bewaard. Kijk of het nu klopt.",
}
LEZEN = require(Handeling.IMPORTEN_LEZEN)
SCHRIJVEN = require(Handeling.IMPORTEN_SCHRIJVEN)
Kort = Annotated[str, Query(max_length=100)]
Woord = Annotated[str, Form(max_length=2000)]
router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


async def get_uploads(request: Request) -> AsyncIterator[list[UploadFile]]:
    """Give the files of a form, and close them; a choice that was left empty is no file."""
    async with request.form() as form:
        found = [one for one in form.getlist("bestanden") if isinstance(one, UploadFile)]
        yield [one for one in found if one.filename]


UploadsDep = Annotated[list[UploadFile], Depends(get_uploads)]


@router.get(PATH, dependencies=[LEZEN])
def show_importen(
    actor: ActorDep,
    installation: InstallationDep,
    klaar: Kort = "",
    pagina: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show which files were read, and for a beheerder how to read more."""
    return _list_page(actor, installation, klaar=KLAAR.get(klaar, ""), pagina=pagina)


@router.post(PATH, dependencies=[SCHRIJVEN])
def receive_bestanden(
    actor: ActorDep, installation: InstallationDep, uploads: UploadsDep
) -> Response:
    """Receive files, try what they would change, and ask for a decision."""
    sent = [(one.filename or "", one.file) for one in uploads]
    try:
        voorstel = lay_down(installation.werkplaats, sent, door=actor.gebruiker_id)
    except FileError as error:
        return _list_page(actor, installation, fout=error.problem)
    _note(voorstel)
    try_again(actor, installation, voorstel)
    return RedirectResponse(address_of(voorstel), HTTPStatus.SEE_OTHER)


@router.get(STEP, dependencies=[SCHRIJVEN])
def show_voorstel(
    actor: ActorDep, installation: InstallationDep, sleutel: str, klaar: Kort = ""
) -> HTMLResponse:
    """Show what files would change, and every row that is wrong."""
    voorstel = find(installation.werkplaats, sleutel, door=actor.gebruiker_id)
    return _step_page(actor, voorstel, klaar=KLAAR.get(klaar, ""))


@router.post(STEP, dependencies=[SCHRIJVEN])
def receive_besluit(
    actor: ActorDep,
    installation: InstallationDep,
    sleutel: str,
    stap: Woord = "",
    gezien: Woord = "",
) -> Response:
    """Read the files that were tried, throw them away, or try them once more."""
    voorstel = find(installation.werkplaats, sleutel, door=actor.gebruiker_id)
    _note(voorstel)
    if stap == "weg":
        discard(voorstel)
        return _to_list("weg")
    if stap == "proef":
        try_again(actor, installation, voorstel)
        return RedirectResponse(address_of(voorstel), HTTPStatus.SEE_OTHER)
    # an import is about everybody, and shows nobody
    with looking_as(SYSTEEM):
        report = confirm(voorstel, installation.importeer, hash=gezien, actor=actor.naam)
    if not report.succeeded:
        try_again(actor, installation, voorstel)
        return RedirectResponse(address_of(voorstel), HTTPStatus.SEE_OTHER)
    return _to_list("gelezen")


@router.get(STEP + "/{nummer}/fouten", dependencies=[SCHRIJVEN, Depends(limit_exports)])
def download_fouten(
    actor: ActorDep, installation: InstallationDep, sleutel: str, nummer: int
) -> Response:
    """Give one of the files back, with beside each bad row what is wrong."""
    voorstel = find(installation.werkplaats, sleutel, door=actor.gebruiker_id)
    path = file_of(voorstel, nummer)
    content, kind, name = mark_file(path, read_proef(voorstel).fouten)
    _note(voorstel)
    told = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=kind, headers={"Content-Disposition": told})


@router.post(PATH + "/mappings", dependencies=[SCHRIJVEN])
def remove_mapping(installation: InstallationDep, naam: Woord = "") -> Response:
    """Throw a mapping file away; what was read by it stays."""
    for one in find_mappings(installation.werkplaats.mappings):
        if one.name == naam:
            current_spoor().note("mapping", naam)
            one.unlink()
            return _to_list("mapping")
    raise NotFoundError("mapping", naam)


def _list_page(
    actor: Actor,
    installation: Installation,
    *,
    klaar: str = "",
    fout: str = "",
    pagina: int = 1,
) -> HTMLResponse:
    with unit_of_work(installation.engine, read_only=True) as session:
        runs, total = ImportRepository(session).files(
            offset=(pagina - 1) * PER_PAGE, limit=PER_PAGE
        )
    mag = bool(allowed_doelen(actor.rollen, Handeling.IMPORTEN_SCHRIJVEN))
    wacht = waiting(installation.werkplaats, door=actor.gebruiker_id) if mag else []
    told = {
        "runs": runs,
        "totaal": total,
        "wacht": [(address_of(one), [file.naam for file in one.bestanden]) for one in wacht],
        "mappings": [one.name for one in find_mappings(installation.werkplaats.mappings)],
        "grootte": MOST_BYTES // 10**6,
        "vorige": f"{PATH}?pagina={pagina - 1}" if pagina > 1 else "",
        "volgende": f"{PATH}?pagina={pagina + 1}" if pagina * PER_PAGE < total else "",
        "pagina": pagina,
        "klaar": klaar,
        "fouten": {"bestanden": fout} if fout else {},
    }
    status = HTTPStatus.BAD_REQUEST if fout else HTTPStatus.OK
    return page("importen/lijst.html", told, actor=actor.naam, status=status)


def _step_page(actor: Actor, voorstel: Voorstel, *, klaar: str) -> HTMLResponse:
    proef = read_proef(voorstel)
    namen = [one.naam for one in voorstel.bestanden]
    met_regels = {
        naam
        for naam, regel in proef.fouten.select("bestand", "regel").iter_rows()
        if regel is not None
    }
    told = {
        "voorstel": voorstel,
        "proef": proef,
        "adres": address_of(voorstel),
        "fouten": proef.fouten.head(SHOWN_PROBLEMS).rows(named=True),
        "aantal": proef.fouten.height,
        "te_markeren": [(at, naam) for at, naam in enumerate(namen) if naam in met_regels],
        "bestanden": [(at, one) for at, one in enumerate(voorstel.bestanden)],
        "klaar": klaar,
    }
    return page("importen/voorstel.html", told, actor=actor.naam)


def try_again(actor: Actor, installation: Installation, voorstel: Voorstel) -> None:
    """See what files would change, by the mappings of this moment."""
    with looking_as(SYSTEEM):
        try_out(voorstel, installation.werkplaats, installation.importeer, actor=actor.naam)


def file_of(voorstel: Voorstel, nummer: int) -> Path:
    """Return a file by its place; NotFoundError when there are not so many."""
    if not 0 <= nummer < len(voorstel.bestanden):
        raise NotFoundError("bestand", str(nummer))
    return voorstel.paden[nummer]


def _note(voorstel: Voorstel) -> None:
    current_spoor().note("bestand", *(one.sha256 for one in voorstel.bestanden))


def address_of(voorstel: Voorstel) -> str:
    """Return where files that wait are decided on."""
    return f"{PATH}/voorstel/{voorstel.sleutel}"


def _to_list(what: str) -> Response:
    return RedirectResponse(f"{PATH}?klaar={what}", HTTPStatus.SEE_OTHER)
