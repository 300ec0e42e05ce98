"""Routes about imports: what was read, and reading a file through the importer of the command."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import JSONResponse

from service.answers import status_answer
from service.api.beheer_schemas import ImportenOut, ImportOut, ImportverslagOut, TellingOut
from service.api.paging import present_page
from service.api.problems import problem_response
from service.api.queries import ImportenQueryDep, ImportId, NoQueryDep
from service.api.schemas import Fout
from service.dependencies import ActorDep, InstallationDep, require
from service.importing.report import ImportReport, conclusion
from service.importing.uploads import MOST_BYTES, safe_name
from service.rechten.begrippen import Handeling
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.engine import unit_of_work
from service.storage.importrun import ImportRepository, ImportRun
from service.storage.merging import MergeCount

PATH = "/api/v1/importen"
MAX_FILE_BYTES = MOST_BYTES
"""Largest upload."""
MOST_FOUTEN = 1000
"""Bad rows that an answer names; the title says how many there are."""
router = APIRouter(prefix="/importen", tags=["importen"])
LEZEN, SCHRIJVEN = require(Handeling.IMPORTEN_LEZEN), require(Handeling.IMPORTEN_SCHRIJVEN)


@router.get("", dependencies=[LEZEN], operation_id="leesImporten", summary="Ingelezen bestanden")
def list_importen(query: ImportenQueryDep, installation: InstallationDep) -> ImportenOut:
    """De nieuwste eerst, met wat elk bestand veranderde."""
    with unit_of_work(installation.engine, read_only=True) as session:
        runs, total = ImportRepository(session).files(
            offset=(query.pagina - 1) * query.paginagrootte, limit=query.paginagrootte
        )
    return ImportenOut(**present_page(PATH, query, [_present(run) for run in runs], total))


@router.get(
    "/{importId}", dependencies=[LEZEN], operation_id="leesImport", summary="Eén ingelezen bestand"
)
def read_import(import_id: ImportId, _: NoQueryDep, installation: InstallationDep) -> ImportOut:
    """Wat een bestand veranderde, per tabel."""
    with unit_of_work(installation.engine, read_only=True) as session:
        return _present(ImportRepository(session).file(import_id))


@router.post(
    "",
    dependencies=[SCHRIJVEN],
    operation_id="leesBestandIn",
    status_code=201,
    summary="Een bestand inlezen, of eerst een proef",
    response_model=ImportverslagOut,
    responses={200: {"model": ImportverslagOut, "description": "Proef: er is niets bewaard."}},
)
def import_file(
    _: NoQueryDep,
    bestand: Annotated[
        UploadFile,
        File(description="Registratieoverzicht, vsv-bestand, of CSV of XLSX als het sjabloon."),
    ],
    installation: InstallationDep,
    actor: ActorDep,
    response: Response,
    proef: Annotated[bool, Form(description="Waar: zeg alleen wat er zou veranderen.")] = False,
) -> ImportverslagOut | JSONResponse:
    """Alles of niets: is er een rij fout, dan verandert er niets en staat elke fout erbij."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(bestand.filename)
        with path.open("xb") as file:
            copyfileobj(bestand.file, file)
        # an import is about everybody, and shows nobody
        with looking_as(SYSTEEM):
            report = installation.importeer([path], dry_run=proef, actor=actor.naam)
    if not report.succeeded:
        return _refuse(report)
    run = None if proef else _run_of(installation, report)
    if run is None:
        response.status_code = HTTPStatus.OK
    else:
        response.headers["Location"] = f"{PATH}/{run.id}"
    return _tell(report, run)


def _refuse(report: ImportReport) -> JSONResponse:
    """Return every bad row as an error of the upload."""
    fouten = [
        Fout(
            plaats=str(row["bestand"]),
            naam=row["kolom"] or "",
            code="bestand" if row["regel"] is None else f"regel_{row['regel']}",
            detail=row["reden"],
        )
        for row in report.problems.head(MOST_FOUTEN).rows(named=True)
    ]
    return problem_response(
        status_answer(HTTPStatus.BAD_REQUEST), fouten, detail=conclusion(report)
    )


def _run_of(installation: InstallationDep, report: ImportReport) -> ImportRun | None:
    """Return what was stored; None for a file that was there already."""
    if all(file.skipped for file in report.files):
        return None
    with unit_of_work(installation.engine, read_only=True) as session:
        (run,), _ = ImportRepository(session).files(offset=0, limit=1)
        return run


def _tell(report: ImportReport, run: ImportRun | None) -> ImportverslagOut:
    return ImportverslagOut(
        proef=report.dry_run,
        import_id=None if run is None else run.id,
        overgeslagen=all(file.skipped for file in report.files),
        conclusie=conclusion(report),
        tellingen=_tellingen(report.counts),
        waarschuwingen=[*report.warnings, *(one for file in report.files for one in file.warnings)],
    )


def _present(run: ImportRun) -> ImportOut:
    return ImportOut(
        import_id=run.id,
        tijdstip=run.tijdstip,
        bestand=run.bestand,
        sha256=run.sha256,
        soort=run.soort,
        door=run.actor,
        tellingen=_tellingen(run.tellingen),
    )


def _tellingen(counts: Mapping[str, MergeCount]) -> list[TellingOut]:
    return [
        TellingOut(tabel=name, nieuw=one.new, gewijzigd=one.changed, gelijk=one.unchanged)
        for name, one in counts.items()
    ]
