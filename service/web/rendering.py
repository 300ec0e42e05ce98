"""Pages as HTML: the Jinja environment and what every page shows."""

import json
from collections.abc import Mapping
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service import dutch, risicozinnen, routewoorden, verbeterzinnen, wording
from service.answers import Answer
from service.rechten.begrippen import Handeling
from service.rechten.matrix import allowed_doelen
from service.rechten.toegang import current

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
TOEZICHT = (
    (Handeling.CIJFERS_LEZEN, "/toezicht/volggedrag", "Volggedrag"),
    (Handeling.SUGGESTIELOG_LEZEN, "/toezicht/herziening", "Herziening"),
    (Handeling.MODELLEN_STOPPEN, "/toezicht/modellen", "Modellen"),
    (Handeling.AUDIT_LEZEN, "/toezicht/logboek", "Logboek"),
)
"""Screens of oversight in the menu: what one must be allowed, the address, the word."""


def may(handeling: str) -> bool:
    """Whether who looks now may do this; true where nobody is known to look, as on open pages."""
    rollen = current().actor.rollen
    return not rollen or bool(allowed_doelen(rollen, Handeling(handeling)))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "mag": may,
        "TOEZICHT": TOEZICHT,
        "wording": wording,
        "risicozinnen": risicozinnen,
        "routewoorden": routewoorden,
        "verbeterzinnen": verbeterzinnen,
    }
    environment.filters |= {
        "aantal": wording.aantal_tekst,
        "alsjson": lambda value: json.dumps(dict(value)),
        "datum": dutch.datum,
        "getal": dutch.getal,
        "kans": wording.kans_tekst,
        "onderwijssoort": wording.onderwijssoort_tekst,
        "niveau": wording.niveau_tekst,
        "zip": zip,
    }
    return environment


ENVIRONMENT = _environment()


def page(
    template: str,
    context: Mapping[str, object],
    *,
    actor: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return a screen as HTML.

    Parameters
    ----------
    template : str
        File under ``templates/``.
    context : mapping of str to object
        What the template shows; an absent name is an error, never an empty place.
    actor : str
        Name of who is logged in, empty when nobody is.
    status : int
        HTTP status.
    headers : mapping of str to str, optional
        More headers.
    """
    html = ENVIRONMENT.get_template(template).render(actor=actor, **context)
    return HTMLResponse(html, status_code=status, headers=dict(headers or {}))


def error_page(
    answer: Answer, *, actor: str = "", headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """Return a failure as a readable page."""
    return page("fout.html", {"answer": answer}, actor=actor, status=answer.status, headers=headers)
