"""Logging in at the identity provider of an organisation (TRUST S4)."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from service.aanmelden import oidc
from service.aanmelden.provider import TERUG, Provider
from service.dependencies import Installation, InstallationDep, require, require_own_site
from service.errors import NotFoundError
from service.rechten.begrippen import Handeling
from service.web.aanmelden.cookies import go_to, let_in, put_cookie
from service.web.forms import local_path

LONGEST = 4000

router = APIRouter(
    dependencies=[Depends(require_own_site), require(Handeling.OPENBAAR)], include_in_schema=False
)
Answered = Annotated[str, Query(max_length=LONGEST)]


@router.get("/inloggen/organisatie")
def leave(
    request: Request,
    installation: InstallationDep,
    volgende: Annotated[str, Query(max_length=2000)] = "",
    link: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Send somebody to the provider; with the secret of a setup link, to link the account."""
    rules = installation.sessies
    vertrek = oidc.begin_login(
        installation.engine,
        _provider(installation),
        volgende=local_path(volgende),
        browser=request.cookies.get(rules.provider_cookie, ""),
        rules=rules,
        now=datetime.now(UTC),
        link=link,
    )
    response = go_to(vertrek.address)
    put_cookie(response, rules, rules.provider_cookie, vertrek.browser)
    return response


@router.get(TERUG)
def come_back(
    request: Request,
    installation: InstallationDep,
    state: Answered = "",
    code: Answered = "",
    iss: Answered = "",
    error: Answered = "",
) -> Response:
    """Let in who comes back from the provider."""
    rules = installation.sessies
    browser = request.cookies.get(rules.provider_cookie, "")
    token, volgende = oidc.complete_login(
        installation.engine,
        _provider(installation),
        oidc.Terugkomst(state, code, iss, error, browser),
        rules=rules,
        now=datetime.now(UTC),
    )
    return let_in(go_to(local_path(volgende)), rules, token)


def _provider(installation: Installation) -> Provider:
    if installation.provider is None:
        raise NotFoundError("inlogdienst", "deze")
    return installation.provider
