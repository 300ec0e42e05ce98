"""Cookies of signing in: out of reach of scripts and of other sites (TRUST S2)."""

from http import HTTPStatus

from fastapi import Response
from fastapi.responses import RedirectResponse

from service.aanmelden.rules import SessieRules


def put_cookie(response: Response, rules: SessieRules, name: str, value: str) -> None:
    """Give the browser a cookie for this host, until it closes."""
    response.set_cookie(name, value, path="/", secure=rules.secure, httponly=True, samesite="lax")


def drop_cookie(response: Response, rules: SessieRules, name: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(name, path="/", secure=rules.secure, httponly=True, samesite="lax")


def let_in(response: Response, rules: SessieRules, token: str) -> Response:
    """Give the browser its session, in place of what it had while logging in."""
    put_cookie(response, rules, rules.cookie, token)
    for name in (rules.step_cookie, rules.provider_cookie):
        drop_cookie(response, rules, name)
    return response


def go_to(address: str) -> RedirectResponse:
    """Lead the browser on with a new GET."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
