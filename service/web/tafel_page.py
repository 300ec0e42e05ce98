"""What the screens of a matchtafel share: the page itself, and making one change to a table."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from service.answers import UNEXPECTED, answer_for
from service.dependencies import Installation
from service.errors import VangnetError
from service.matchtafel.begrippen import Keuze
from service.matchtafel.woorden import NIEUWS
from service.matchtafel.zicht import TafelZicht
from service.rechten.begrippen import Actor
from service.storage.engine import unit_of_work
from service.suggestielog.tafel_tonen import record_agenda, record_screen, record_voorstel
from service.web.rendering import page
from service.web.tafel_form import VOLGORDES, Form
from service.web.tafel_view import look_at

MOST_ID = 2**31 - 1
TafelId = Annotated[int, Path(ge=1, le=MOST_ID)]
RowId = Annotated[int, Path(ge=1, le=MOST_ID)]
NO_ID = 0
COMEBACK = {1: "over 1 week", 2: "over 2 weken", 4: "over 4 weken", 13: "over 3 maanden"}
"""Weeks after which a table comes back on a besluit, in words."""


def change_table(
    actor: Actor,
    installation: Installation,
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
        status, fout = told(error)
        return table_page(actor, installation, zicht, tafel_id, fout=fout, status=status)
    return lead_to(tafel_id, anchor)


def told(error: VangnetError) -> tuple[HTTPStatus, str]:
    """Return the status and the sentence of a failure."""
    answer = answer_for(error) or UNEXPECTED
    return answer.status, answer.detail


def table_page(
    actor: Actor,
    installation: Installation,
    zicht: TafelZicht,
    tafel_id: int,
    *,
    punt: int = NO_ID,
    form: Form | None = None,
    fout: str = "",
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
) -> HTMLResponse:
    """Show a table.

    Parameters
    ----------
    actor, installation, zicht
        Who asks, and what is read.
    tafel_id : int
        The table.
    punt : int
        Line whose form is open, with `form` in it.
    form : Form, optional
        What was typed, with what is wrong.
    fout : str
        What could not be done to the table as a whole.
    status : HTTPStatus
        Of a page with something wrong on it.
    """
    form = form or Form()
    with unit_of_work(installation.engine, read_only=True) as session:
        gekozen = (punt, form.text.get("leerwerkplek_id", ""))
        beeld = look_at(session, zicht, tafel_id, gekozen=gekozen)
        kijker = installation.toezicht.kijker(actor.gebruiker_id)
        record_agenda(session, zicht, tafel_id, kijker)
        if beeld.voorstel is not None:
            record_voorstel(session, beeld.voorstel.voorstel, kijker)
        record_screen(zicht, kijker, tafel_id, keuzes=beeld.keuzes_met_kans, spare=beeld.reserves)
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
            "nieuws": NIEUWS,
            "dagen": comeback_days(beeld.table.datum),
        },
        actor=actor.naam,
        status=status if fout or form.fouten else HTTPStatus.OK,
    )


def comeback_days(datum: date) -> tuple[tuple[str, str], ...]:
    """Return days to come back on, as a date field wants them, each with its words.

    Counted from the day of the table, or from today when that day is past. The first stands in the
    form; the others are offered.
    """
    first = max(datum, now().date())
    return tuple(
        ((first + timedelta(weeks=weeks)).isoformat(), woord) for weeks, woord in COMEBACK.items()
    )


def lead_to(tafel_id: int, anchor: str = "") -> Response:
    """Return a redirect to a table, to one place on it."""
    place = f"#{anchor}" if anchor else ""
    return RedirectResponse(f"/matchtafels/{tafel_id}{place}", HTTPStatus.SEE_OTHER)


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)
