"""What leaves a matchtafel in another form than JSON: its minutes, and news for who looks on."""

from collections.abc import AsyncIterable

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service.api.queries import MatchtafelId, NotulenQueryDep, SindsQueryDep
from service.dependencies import InstallationDep, RegioDep, limit_exports, require
from service.matchtafel.live import watch
from service.matchtafel.notulen import as_pdf, as_xlsx, collect
from service.rechten.begrippen import Handeling
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
MOST_DIGITS = 10
FORMS = {"pdf": (as_pdf, PDF), "xlsx": (as_xlsx, XLSX)}
router = APIRouter(prefix="/matchtafels", tags=["matchtafels"])


def existing(matchtafel_id: MatchtafelId, installation: InstallationDep) -> None:
    """Refuse an unknown table before its stream begins: afterwards there is no status to give."""
    with unit_of_work(installation.engine, read_only=True) as session:
        MatchtafelRepository(session).get(matchtafel_id)


@router.get(
    "/{matchtafelId}/gebeurtenissen",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN), Depends(existing)],
    operation_id="volgMatchtafel",
    summary="Meekijken met een matchtafel",
    response_class=EventSourceResponse,
)
async def follow(
    matchtafel_id: MatchtafelId,
    query: SindsQueryDep,
    request: Request,
    installation: InstallationDep,
) -> AsyncIterable[ServerSentEvent]:
    """Elke verandering binnen een seconde; wie terugkomt, krijgt eerst wat hij miste.

    De verbinding sluit na twee minuten; een browser komt dan vanzelf terug.
    """
    after = query.sinds
    resumed = request.headers.get("last-event-id", "")
    if resumed.isascii() and resumed.isdecimal() and len(resumed) < MOST_DIGITS:
        after = max(after, int(resumed))
    async for event in watch(installation.engine, matchtafel_id, after=after):
        if event is None:
            yield ServerSentEvent(comment="nog niets nieuws")
        else:
            yield ServerSentEvent(
                event=event.soort,
                id=str(event.id),
                data={"soort": event.soort, "onderwerpId": event.onderwerp_id},
            )


@router.get(
    "/{matchtafelId}/notulen",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN), Depends(limit_exports)],
    operation_id="leesNotulen",
    summary="De notulen als PDF of rekenblad",
    response_class=Response,
    responses={200: {"content": {PDF: {}, XLSX: {}}}},
)
def read_notulen(
    matchtafel_id: MatchtafelId,
    query: NotulenQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
) -> Response:
    """Besluiten met reden, eigenaar en dag. De PDF is leesbaar met een schermlezer."""
    with unit_of_work(installation.engine, read_only=True) as session:
        found = collect(session, matchtafel_id, naam=regio.tafel.naam, plek=regio.tafel.plek)
    make, media_type = FORMS[query.formaat]
    name = f"matchtafel-{matchtafel_id}.{query.formaat}"
    return Response(
        make(found),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
