"""Setting a password by a link that works once (TRUST S1)."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response

from service.aanmelden.accounts import read_setup_link, use_setup_link
from service.aanmelden.errors import WeakPasswordError
from service.aanmelden.wachtwoorden import SHORTEST_PASSWORD
from service.answers import UNEXPECTED, answer_for
from service.dependencies import Installation, InstallationDep, require, require_own_site
from service.errors import PasswordError
from service.rechten.begrippen import Handeling
from service.storage.engine import unit_of_work
from service.web.aanmelden.cookies import go_to
from service.web.rendering import page

LONGEST_INPUT = 200
TWICE = "De twee wachtwoorden zijn niet gelijk. Vul twee keer hetzelfde in."

router = APIRouter(
    dependencies=[Depends(require_own_site), require(Handeling.OPENBAAR)], include_in_schema=False
)


@router.get("/inrichten")
def show_setup(
    installation: InstallationDep, link: Annotated[str, Query(max_length=LONGEST_INPUT)] = ""
) -> Response:
    """Show where to set a password; SignInError when the link is worth nothing."""
    return _setup_page(installation, link)


@router.post("/inrichten")
def receive_setup(
    installation: InstallationDep,
    link: Annotated[str, Form(max_length=LONGEST_INPUT)] = "",
    wachtwoord: Annotated[str, Form(max_length=2000)] = "",
    nogmaals: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Set the password and lead to the login form, or say what is wrong with it."""
    if wachtwoord != nogmaals:
        return _setup_page(installation, link, melding=TWICE)
    now = datetime.now(UTC)
    try:
        with unit_of_work(installation.engine) as session:
            use_setup_link(session, link, wachtwoord, key=installation.sessies.key, now=now)
    except (PasswordError, WeakPasswordError) as error:
        return _setup_page(installation, link, melding=(answer_for(error) or UNEXPECTED).detail)
    return go_to("/inloggen?klaar=true")


def _setup_page(installation: Installation, link: str, *, melding: str = "") -> Response:
    with unit_of_work(installation.engine, read_only=True) as session:
        gebruiker = read_setup_link(
            session, link, key=installation.sessies.key, now=datetime.now(UTC)
        )
    return page(
        "aanmelden/inrichten.html",
        {
            "link": link,
            "naam": gebruiker.naam,
            "melding": melding,
            "minimum": SHORTEST_PASSWORD,
            "provider": installation.provider is not None,
        },
        status=HTTPStatus.BAD_REQUEST if melding else HTTPStatus.OK,
    )
