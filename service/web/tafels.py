"""The screens of the matchtafel: planning one, the table itself, and what another choice costs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from features.errors import TableError
from service.answers import UNEXPECTED, answer_for
from service.auth import Actor
from service.dependencies import ActorDep, InstallationDep, RegioDep, require_own_site
from service.errors import ConflictError, VangnetError
from service.matchtafel.begrippen import Keuze, Status, WensSoort
from service.matchtafel.besluiten import decide
from service.matchtafel.tafel import bend, invite, move_on, unbend
from service.matchtafel.voorstel import Opties, propose
from service.matchtafel.woorden import DOELEN, NIEUWS
from service.matchtafel.zicht import TafelZicht, plan_from
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.web.plekken import get_sent
from service.web.rendering import page
from service.web.tafel_anders import anders
from service.web.tafel_form import (
    AANTAL,
    VOLGORDES,
    Form,
    read_besluit,
    read_deelnemers,
    read_plan,
    text_of,
)
from service.web.tafel_view import line_of, list_tafels, look_at, newest_voorstel, opties_of

router = APIRouter(
    prefix="/matchtafels", dependencies=[Depends(require_own_site)], include_in_schema=False
)
MOST_ID = 2**31 - 1
TafelId = Annotated[int, Path(ge=1, le=MOST_ID)]
RowId = Annotated[int, Path(ge=1, le=MOST_ID)]
SentDep = Annotated[Mapping[str, Sequence[str]], Depends(get_sent)]
NO_ID = 0


@router.get("")
def show_tafels(actor: ActorDep, installation: InstallationDep, regio: RegioDep) -> HTMLResponse:
    """Show every matchtafel, and the form to plan one."""
    return _list_page(actor, installation, Form({"aantal": str(AANTAL)}), regio.tafel)


@router.post("")
def receive_plan(
    actor: ActorDep, installation: InstallationDep, regio: RegioDep, sent: SentDep
) -> Response:
    """Plan a matchtafel, or show the form again with what is wrong."""
    plan, form = read_plan(sent)
    if plan is None:
        return _list_page(actor, installation, form, regio.tafel)
    with unit_of_work(installation.engine) as session:
        table_id = plan_from(
            session,
            regio.tafel,
            regio=plan.regio,
            datum=plan.datum,
            aantal=plan.aantal,
            deelnemers=plan.deelnemers,
            door=actor.gebruiker_id,
            op=_now(),
        )
    return _to(table_id)


@router.get("/{tafel_id}")
def show_tafel(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    punt: Annotated[int, Query(ge=0, le=MOST_ID)] = NO_ID,
    plek: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show one matchtafel; `punt` opens the form of a line, with a place that was chosen."""
    form = Form({"leerwerkplek_id": plek})
    return _table_page(actor, installation, regio.tafel, tafel_id, punt=punt, form=form)


@router.post("/{tafel_id}/status")
def receive_status(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Open or close a matchtafel."""
    text = text_of(sent)
    status, versie = text.get("status", ""), text.get("versie", "")
    known = status in set(Status) and versie.isascii() and versie.isdecimal() and len(versie) < 10

    def change(session: Session) -> None:
        move_on(session, tafel_id, Status(status), versie=int(versie), op=_now())

    if not known:
        return _table_page(
            actor, installation, regio.tafel, tafel_id, fout="Kies openen of sluiten."
        )
    return _change(actor, installation, regio.tafel, tafel_id, change)


@router.post("/{tafel_id}/deelnemers")
def receive_deelnemer(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Ask somebody to the table."""
    text = text_of(sent)
    wanted = ",".join(text.get(name, "").replace(",", " ") for name in ("naam", "org", "rol"))
    found, _ = read_deelnemers(wanted)
    if not found:
        fout = "Vul naam, organisatie en rol in."
        form = Form(text, {"deelnemer": fout})
        return _table_page(actor, installation, regio.tafel, tafel_id, form=form)

    def change(session: Session) -> None:
        invite(session, tafel_id, found[0], op=_now())

    return _change(actor, installation, regio.tafel, tafel_id, change, anchor="deelnemers")


@router.post("/{tafel_id}/voorstellen")
def receive_voorstel(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Make a proposal for the whole table."""
    chosen = VOLGORDES.get(text_of(sent).get("volgorde", ""), VOLGORDES["bescherm"])

    def change(session: Session) -> None:
        _propose(session, regio.tafel, tafel_id, actor, Opties(chosen[1]))

    return _change(actor, installation, regio.tafel, tafel_id, change, anchor="voorstel")


@router.post("/{tafel_id}/agendapunten/{punt_id}/besluit")
def receive_besluit(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    punt_id: RowId,
    sent: SentDep,
) -> Response:
    """Keep a besluit, or show the form under its line again with what was typed."""
    form = Form(text_of(sent))
    try:
        with unit_of_work(installation.engine) as session:
            form = _decide(session, tafel_id, punt_id, sent, actor)
    except ConflictError:
        fout = (
            "Iemand anders besloot intussen over deze jongere. Hierboven staat wat nu geldt, "
            "hieronder wat u invulde. Bewaar het alleen als het dat besluit moet vervangen."
        )
        form, status = form.with_fout(fout), HTTPStatus.CONFLICT
    except VangnetError as error:
        status, fout = _told(error)
        form = form.with_fout(fout)
    else:
        status = HTTPStatus.BAD_REQUEST
    if form.fouten:
        return _table_page(
            actor, installation, regio.tafel, tafel_id, punt=punt_id, form=form, status=status
        )
    return _to(tafel_id, f"punt-{punt_id}")


@router.get("/{tafel_id}/anders")
def show_anders(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    punt: Annotated[int, Query(ge=1, le=MOST_ID)],
    plek: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show which places one jongere could have, who has them, and what a choice costs."""
    with unit_of_work(installation.engine, read_only=True) as session:
        found = anders(session, regio.tafel, tafel_id, punt, plek)
    return page("tafel_anders.html", {"beeld": found}, actor=actor.naam)


@router.post("/{tafel_id}/wensen")
def receive_wens(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Keep a pair together or apart, and make the proposal again with it."""
    text = text_of(sent)
    if text.get("soort") not in set(WensSoort) or not text.get("punt", "").isdecimal():
        fout = "Kies vastzetten of uitsluiten."
        return _table_page(actor, installation, regio.tafel, tafel_id, fout=fout)

    def change(session: Session) -> None:
        line = line_of(session, tafel_id, int(text["punt"]))
        plek = text.get("leerwerkplek_id", "")
        soort = WensSoort(text["soort"])
        door = actor.gebruiker_id
        bend(session, tafel_id, soort, line.jongere_id, plek, door=door, op=_now())
        _again(session, regio.tafel, tafel_id, actor)

    anchor = f"punt-{text['punt']}"
    return _change(actor, installation, regio.tafel, tafel_id, change, anchor=anchor)


@router.post("/{tafel_id}/wensen/{wens_id}/intrekken")
def withdraw_wens(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    wens_id: RowId,
) -> Response:
    """Withdraw a wish, and make the proposal again without it."""

    def change(session: Session) -> None:
        unbend(session, tafel_id, wens_id, op=_now())
        _again(session, regio.tafel, tafel_id, actor)

    return _change(actor, installation, regio.tafel, tafel_id, change, anchor="voorstel")


def _decide(
    session: Session,
    tafel_id: int,
    punt_id: int,
    sent: Mapping[str, Sequence[str]],
    actor: Actor,
) -> Form:
    """Keep a besluit when the form is right; return the form with what is wrong."""
    tables = MatchtafelRepository(session)
    wanted, form = read_besluit(
        sent,
        tables.get(tafel_id),
        line_of(session, tafel_id, punt_id),
        tables.deelnemers(tafel_id),
        [one.leerwerkplek_id for one in tables.plekken(tafel_id)],
    )
    if wanted is not None:
        decide(session, wanted, door=actor.gebruiker_id, op=_now())
    return form


def _propose(
    session: Session, zicht: TafelZicht, tafel_id: int, actor: Actor, opties: Opties
) -> None:
    propose(session, zicht, tafel_id, opties, door=actor.gebruiker_id, op=_now())


def _again(session: Session, zicht: TafelZicht, tafel_id: int, actor: Actor) -> None:
    """Make the newest proposal again, if there is one."""
    newest = newest_voorstel(session, tafel_id)
    if newest is not None:
        _propose(session, zicht, tafel_id, actor, opties_of(newest))


def _change(
    actor: Actor,
    installation: InstallationDep,
    zicht: TafelZicht,
    tafel_id: int,
    change: Callable[[Session], None],
    *,
    anchor: str = "",
) -> Response:
    """Make one change and lead to the table, or show the table with why it was not made."""
    try:
        with unit_of_work(installation.engine) as session:
            change(session)
    except VangnetError as error:
        status, fout = _told(error)
        return _table_page(actor, installation, zicht, tafel_id, fout=fout, status=status)
    return _to(tafel_id, anchor)


def _told(error: VangnetError | TableError) -> tuple[HTTPStatus, str]:
    answer = answer_for(error) or UNEXPECTED
    return answer.status, answer.detail


def _list_page(
    actor: Actor, installation: InstallationDep, form: Form, zicht: TafelZicht
) -> HTMLResponse:
    with unit_of_work(installation.engine, read_only=True) as session:
        tafels = list_tafels(session)
    return page(
        "tafels.html",
        {
            "tafels": tafels,
            "form": form,
            "regio": tafels[0].table.regio if tafels else "",
            "peildatum": zicht.peildatum,
        },
        actor=actor.naam,
        status=HTTPStatus.BAD_REQUEST if form.fouten else HTTPStatus.OK,
    )


def _table_page(
    actor: Actor,
    installation: InstallationDep,
    zicht: TafelZicht,
    tafel_id: int,
    *,
    punt: int = NO_ID,
    form: Form | None = None,
    fout: str = "",
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
) -> HTMLResponse:
    form = form or Form()
    with unit_of_work(installation.engine, read_only=True) as session:
        beeld = look_at(session, zicht, tafel_id)
    return page(
        "tafel.html",
        {
            "beeld": beeld,
            "table": beeld.table,
            "open_punt": punt,
            "form": form,
            "leeg": Form(),
            "fout": fout,
            "keuzes": tuple(Keuze),
            "volgordes": VOLGORDES,
            "doelen": DOELEN,
            "nieuws": NIEUWS,
        },
        actor=actor.naam,
        status=status if fout or form.fouten else HTTPStatus.OK,
    )


def _to(tafel_id: int, anchor: str = "") -> Response:
    place = f"#{anchor}" if anchor else ""
    return RedirectResponse(f"/matchtafels/{tafel_id}{place}", HTTPStatus.SEE_OTHER)


def _now() -> datetime:
    return datetime.now(UTC)
