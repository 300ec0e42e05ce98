"""The screens of the matchtafel: planning one, and the table itself with its besluiten."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from service.dependencies import ActorDep, InstallationDep, RegioDep, require, require_own_site
from service.errors import ConflictError, VangnetError
from service.matchtafel.begrippen import Status
from service.matchtafel.besluiten import decide
from service.matchtafel.tafel import NieuweDeelnemer, invite, move_on
from service.matchtafel.voorstel import Opties, propose, solve_ahead
from service.matchtafel.zicht import TafelZicht, plan_from
from service.rechten.begrippen import Actor, Handeling
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from service.storage.matchtafel import MatchtafelRepository
from service.web.plekken import SentDep
from service.web.rendering import page
from service.web.tafel_form import (
    AANTAL,
    VOLGORDES,
    Form,
    read_besluit,
    read_deelnemers,
    read_plan,
    text_of,
    whole,
)
from service.web.tafel_page import (
    MOST_ID,
    NO_ID,
    RowId,
    TafelId,
    change_table,
    lead_to,
    now,
    table_page,
    told,
)
from service.web.tafel_view import line_of, list_tafels, newest_voorstel, opties_of

router = APIRouter(
    prefix="/matchtafels", dependencies=[Depends(require_own_site)], include_in_schema=False
)


@router.get("", dependencies=[require(Handeling.MATCHTAFELS_LEZEN)])
def show_tafels(actor: ActorDep, installation: InstallationDep, regio: RegioDep) -> HTMLResponse:
    """Show every matchtafel, and the form to plan one."""
    return _list_page(actor, installation, Form({"aantal": str(AANTAL)}), regio.tafel)


@router.post("", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
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
            op=now(),
        )
    return lead_to(table_id)


@router.get("/{tafel_id}", dependencies=[require(Handeling.MATCHTAFELS_LEZEN)])
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
    return table_page(actor, installation, regio.tafel, tafel_id, punt=punt, form=form)


@router.post("/{tafel_id}/status", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def receive_status(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Open or close a matchtafel."""
    text = text_of(sent)
    status, versie = text.get("status", ""), whole(text.get("versie", ""))
    if status not in set(Status) or versie is None:
        fout = "Kies openen of sluiten."
        return table_page(actor, installation, regio.tafel, tafel_id, fout=fout)

    def change(session: Session) -> None:
        move_on(session, tafel_id, Status(status), versie=versie, op=now())

    return change_table(actor, installation, regio.tafel, tafel_id, change)


@router.post("/{tafel_id}/deelnemers", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def receive_deelnemer(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Ask somebody to the table."""
    text = text_of(sent)
    with unit_of_work(installation.engine, read_only=True) as session:
        found, fout = _read_deelnemer(session, text)
    if found is None:
        form = Form(text, {"deelnemer": fout})
        return table_page(actor, installation, regio.tafel, tafel_id, form=form)

    def change(session: Session) -> None:
        invite(session, tafel_id, found, op=now())

    return change_table(actor, installation, regio.tafel, tafel_id, change, anchor="deelnemers")


def _read_deelnemer(
    session: Session, text: Mapping[str, str]
) -> tuple[NieuweDeelnemer | None, str]:
    """Return who is asked to the table, with the account that was named; or what is wrong."""
    wanted = ",".join(text.get(name, "").replace(",", " ") for name in ("naam", "org", "rol"))
    found, _ = read_deelnemers(wanted)
    if not found:
        return None, "Vul naam, organisatie en rol in."
    if not text.get("account"):
        return found[0], ""
    account = GebruikerRepository(session).find(text["account"])
    if account is None or not account.actief:
        return None, "Dit account is er niet. Laat het veld leeg, of vraag de juiste naam."
    return replace(found[0], gebruiker_id=account.id), ""


@router.post("/{tafel_id}/voorstellen", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def receive_voorstel(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Make a proposal for the whole table."""
    chosen = VOLGORDES.get(text_of(sent).get("volgorde", ""), VOLGORDES["bescherm"])

    with unit_of_work(installation.engine, read_only=True) as reading:
        before = opties_of(newest_voorstel(reading, tafel_id))
    opties = Opties(chosen[1], before.minimum, before.minima, before.seed)
    vooruit = solve_ahead(installation.engine, regio.tafel, tafel_id, opties)

    def change(session: Session) -> None:
        door = actor.gebruiker_id
        propose(session, regio.tafel, tafel_id, opties, door=door, op=now(), vooruit=vooruit)

    return change_table(actor, installation, regio.tafel, tafel_id, change, anchor="voorstel")


@router.post(
    "/{tafel_id}/agendapunten/{punt_id}/besluit", dependencies=[require(Handeling.BESLUITEN_NEMEN)]
)
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
        status, fout = told(error)
        form = form.with_fout(fout)
    else:
        status = HTTPStatus.BAD_REQUEST
    if form.fouten:
        return table_page(
            actor, installation, regio.tafel, tafel_id, punt=punt_id, form=form, status=status
        )
    return lead_to(tafel_id, f"punt-{punt_id}")


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
        decide(session, wanted, door=actor.gebruiker_id, op=now())
    return form


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
            "regio": tafels[0].table.regio if tafels else min(actor.regios, default=""),
            "peildatum": zicht.peildatum,
        },
        actor=actor.naam,
        status=HTTPStatus.BAD_REQUEST if form.fouten else HTTPStatus.OK,
    )
