"""The own account: password, second step, tokens for programs."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from markupsafe import Markup

from service.aanmelden import second_factor
from service.aanmelden.errors import SignInError, TooManyError, WeakPasswordError
from service.aanmelden.own import OwnAccount
from service.aanmelden.tokens import LONGEST_DAYS
from service.aanmelden.wachtwoorden import SHORTEST_PASSWORD
from service.answers import UNEXPECTED, answer_for, wait_headers
from service.dependencies import ActorDep, InstallationDep, require, require_own_site
from service.errors import PasswordError
from service.rechten.begrippen import Actor, Handeling
from service.web.aanmelden.cookies import drop_cookie, go_to, let_in
from service.web.aanmelden.inrichten import TWICE
from service.web.aanmelden.woorden import recht_tekst, rol_tekst
from service.web.rendering import page

LONGEST_INPUT = 200
ADDRESS = "/mijn-account"
REFUSED = (SignInError, TooManyError, PasswordError, WeakPasswordError)

router = APIRouter(
    prefix=ADDRESS,
    dependencies=[Depends(require_own_site), require(Handeling.EIGEN_ACCOUNT)],
    include_in_schema=False,
)
ShortText = Annotated[str, Form(max_length=LONGEST_INPUT)]


def get_own(actor: ActorDep, installation: InstallationDep) -> OwnAccount:
    """Return the account of who is logged in."""
    return OwnAccount(installation.engine, actor, installation.sessies, datetime.now(UTC))


OwnDep = Annotated[OwnAccount, Depends(get_own)]


@router.get("")
def show_account(actor: ActorDep, own: OwnDep) -> Response:
    """Show the account."""
    return _account_page(actor, own)


@router.post("/wachtwoord")
def receive_password(
    actor: ActorDep,
    own: OwnDep,
    installation: InstallationDep,
    huidig: ShortText = "",
    wachtwoord: Annotated[str, Form(max_length=2000)] = "",
    nogmaals: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Replace the password; other browsers are logged out."""
    if wachtwoord != nogmaals:
        return _account_page(actor, own, melding=TWICE)
    try:
        token = own.change_password(huidig, wachtwoord)
    except REFUSED as error:
        return _refusal(actor, own, error)
    return let_in(go_to(ADDRESS), installation.sessies, token)


@router.get("/tweede-stap")
def show_factor(actor: ActorDep, own: OwnDep) -> Response:
    """Show how to set up the second step."""
    return _factor_page(actor, own)


@router.post("/tweede-stap")
def receive_factor(
    actor: ActorDep,
    own: OwnDep,
    installation: InstallationDep,
    wachtwoord: ShortText = "",
    code: ShortText = "",
) -> Response:
    """Let the second step count, and show the recovery codes once."""
    try:
        token, codes = own.confirm_factor(wachtwoord, code)
    except REFUSED as error:
        return _factor_page(actor, own, error=error)
    shown = page(
        "aanmelden/herstelcodes.html", {"codes": codes, "volgende": ADDRESS}, actor=actor.naam
    )
    return let_in(shown, installation.sessies, token)


@router.post("/tweede-stap/weg")
def remove_factor(
    actor: ActorDep,
    own: OwnDep,
    installation: InstallationDep,
    wachtwoord: ShortText = "",
    code: ShortText = "",
) -> Response:
    """Take the second step away, and lead to the login form."""
    try:
        own.remove_factor(wachtwoord, code)
    except REFUSED as error:
        return _refusal(actor, own, error)
    response = go_to("/inloggen")
    drop_cookie(response, installation.sessies, installation.sessies.cookie)
    return response


@router.post("/tokens")
def receive_token(
    actor: ActorDep,
    own: OwnDep,
    naam: ShortText = "",
    dagen: Annotated[str, Form(max_length=4)] = "",
    recht: Annotated[list[str] | None, Form(max_length=50)] = None,
) -> Response:
    """Make a token for a program, and show it once."""
    try:
        secret, token = own.make_token(naam, recht or (), int(dagen) if dagen.isdecimal() else 0)
    except REFUSED as error:
        return _refusal(actor, own, error)
    return page("aanmelden/token.html", {"geheim": secret, "token": token}, actor=actor.naam)


@router.post("/tokens/{token_id}/intrekken")
def revoke_token(own: OwnDep, token_id: int) -> Response:
    """Make a token worthless; NotFoundError when it is not of this account."""
    own.revoke_token(token_id)
    return go_to(ADDRESS)


def _refusal(actor: Actor, own: OwnAccount, error: Exception) -> Response:
    answer = answer_for(error) or UNEXPECTED
    shown = _account_page(actor, own, melding=answer.detail, status=answer.status)
    shown.headers.update(wait_headers(error))
    return shown


def _account_page(
    actor: Actor, own: OwnAccount, *, melding: str = "", status: int = HTTPStatus.BAD_REQUEST
) -> Response:
    account = own.read()
    now = datetime.now(UTC)
    return page(
        "aanmelden/account.html",
        {
            "account": account,
            "rollen": [rol_tekst(rol) for rol in account.gebruiker.rollen],
            "rechten": [(one.value, recht_tekst(one)) for one in account.scopes],
            "tokens": [
                (one, one.is_valid(now), [recht_tekst(scope) for scope in one.scopes])
                for one in account.tokens
            ],
            "melding": melding,
            "minimum": SHORTEST_PASSWORD,
            "dagen": LONGEST_DAYS,
        },
        actor=actor.naam,
        status=status if melding else HTTPStatus.OK,
    )


def _factor_page(actor: Actor, own: OwnAccount, *, error: Exception | None = None) -> Response:
    """Show the QR code; who has a second step already goes to the account."""
    try:
        secret, address = own.begin_factor()
    except SignInError:
        return go_to(ADDRESS)
    answer = None if error is None else answer_for(error) or UNEXPECTED
    return page(
        "aanmelden/instellen.html",
        {
            "qr": Markup(second_factor.qr_svg(address)),  # noqa: S704  # of an address we made
            "geheim": secret,
            "verplicht": False,
            "melding": answer.detail if answer else "",
            "volgende": ADDRESS,
        },
        actor=actor.naam,
        status=answer.status if answer else HTTPStatus.OK,
        headers=wait_headers(error),
    )
