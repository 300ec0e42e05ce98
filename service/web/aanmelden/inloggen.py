"""Logging in and out: name and password, and the second step for who has or needs one."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from service.aanmelden import login, second_factor
from service.aanmelden.errors import SignInError, TooManyError
from service.aanmelden.limits import PAUSE
from service.aanmelden.login import NextStep, Refusal
from service.aanmelden.sessies import log_out
from service.answers import UNEXPECTED, answer_for, wait_headers
from service.dependencies import InstallationDep, require, require_own_site
from service.rechten.begrippen import Handeling
from service.web.aanmelden.cookies import drop_cookie, go_to, let_in, put_cookie
from service.web.forms import local_path
from service.web.rendering import page

LONGEST_INPUT = 200
PAUSE_SECONDS = int(PAUSE.total_seconds())
STAP = "/inloggen/tweede-stap"

router = APIRouter(
    dependencies=[Depends(require_own_site), require(Handeling.OPENBAAR)], include_in_schema=False
)
Volgende = Annotated[str, Form(max_length=2000)]
ShortText = Annotated[str, Form(max_length=LONGEST_INPUT)]


@router.get("/inloggen")
def show_login(
    installation: InstallationDep,
    volgende: Annotated[str, Query(max_length=2000)] = "",
    *,
    klaar: bool = False,
) -> HTMLResponse:
    """Show the login form; `klaar` says that a password was set just now."""
    return _login_page(volgende, provider=installation.provider is not None, klaar=klaar)


@router.post("/inloggen")
def receive_login(
    request: Request,
    installation: InstallationDep,
    naam: ShortText = "",
    wachtwoord: ShortText = "",
    volgende: Volgende = "",
) -> Response:
    """Log in, ask the second step, or show the form again with why not."""
    rules = installation.sessies
    outcome = login.log_in(
        installation.engine,
        naam,
        wachtwoord,
        rules=rules,
        now=datetime.now(UTC),
        address=request.client.host if request.client else "",
    )
    if isinstance(outcome, Refusal):
        provider = installation.provider is not None
        return _login_page(volgende, provider=provider, naam=naam, refusal=outcome)
    if isinstance(outcome, NextStep):
        response = go_to(f"{STAP}?volgende={quote(local_path(volgende), safe='/')}")
        put_cookie(response, rules, rules.step_cookie, outcome.token)
        return response
    return let_in(go_to(local_path(volgende)), rules, outcome)


@router.get(STAP)
def show_step(
    request: Request,
    installation: InstallationDep,
    volgende: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """Ask a code of the app; of who has none yet, that it is set up first."""
    return _step_page(request, installation, volgende)


@router.post(STAP)
def receive_step(
    request: Request, installation: InstallationDep, code: ShortText = "", volgende: Volgende = ""
) -> Response:
    """Check a code and let in, or show the page again with why not."""
    rules = installation.sessies
    token = request.cookies.get(rules.step_cookie, "")
    now = datetime.now(UTC)
    try:
        session = login.complete_login(installation.engine, token, code, rules=rules, now=now)
    except (SignInError, TooManyError) as error:
        return _step_page(request, installation, volgende, error=error)
    return let_in(go_to(local_path(volgende)), rules, session)


@router.post(f"{STAP}/instellen")
def receive_setup(
    request: Request, installation: InstallationDep, code: ShortText = "", volgende: Volgende = ""
) -> Response:
    """Let a first second factor count, let in, and show the recovery codes once."""
    rules = installation.sessies
    token = request.cookies.get(rules.step_cookie, "")
    now = datetime.now(UTC)
    try:
        session, codes = login.complete_setup(
            installation.engine, token, code, rules=rules, now=now
        )
    except (SignInError, TooManyError) as error:
        return _step_page(request, installation, volgende, error=error)
    shown = page("aanmelden/herstelcodes.html", {"codes": codes, "volgende": local_path(volgende)})
    return let_in(shown, rules, session)


@router.post("/uitloggen")
def receive_logout(request: Request, installation: InstallationDep) -> Response:
    """End the session and lead to the login form."""
    rules = installation.sessies
    log_out(installation.engine, request.cookies.get(rules.cookie, ""), rules=rules)
    response = go_to("/inloggen")
    drop_cookie(response, rules, rules.cookie)
    return response


def _login_page(
    volgende: str,
    *,
    provider: bool,
    naam: str = "",
    refusal: Refusal | None = None,
    klaar: bool = False,
) -> HTMLResponse:
    status = {
        None: HTTPStatus.OK,
        Refusal.WRONG: HTTPStatus.BAD_REQUEST,
        Refusal.PAUSED: HTTPStatus.TOO_MANY_REQUESTS,
    }[refusal]
    return page(
        "inloggen.html",
        {
            "volgende": local_path(volgende),
            "naam": naam,
            "refusal": refusal.value if refusal else "",
            "provider": provider,
            "klaar": klaar,
        },
        status=status,
        headers=wait_headers(TooManyError(PAUSE_SECONDS)) if refusal is Refusal.PAUSED else None,
    )


def _step_page(
    request: Request,
    installation: InstallationDep,
    volgende: str,
    *,
    error: SignInError | TooManyError | None = None,
) -> Response:
    """Show the second step; who is not half logged in starts again."""
    rules, engine, now = installation.sessies, installation.engine, datetime.now(UTC)
    token = request.cookies.get(rules.step_cookie, "")
    try:
        gebruiker = login.step_owner(engine, token, rules=rules, now=now)
        secret = login.step_secret(engine, token, rules=rules, now=now)
    except SignInError:
        return go_to(f"/inloggen?volgende={quote(local_path(volgende), safe='/')}")
    answer = None if error is None else answer_for(error) or UNEXPECTED
    context: dict[str, object] = {
        "volgende": local_path(volgende),
        "melding": answer.detail if answer else "",
    }
    status, headers = answer.status if answer else HTTPStatus.OK, wait_headers(error)
    if secret is None:
        return page("aanmelden/tweede_stap.html", context, status=status, headers=headers)
    address = second_factor.app_address(secret, gebruiker.naam)
    qr = Markup(second_factor.qr_svg(address))  # noqa: S704  # made here, of an address we made
    context |= {"qr": qr, "geheim": secret, "verplicht": True}
    return page("aanmelden/instellen.html", context, status=status, headers=headers)
