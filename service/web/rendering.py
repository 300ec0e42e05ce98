"""Pages as HTML: the Jinja environment and what every page shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import date
from functools import cache
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service import dutch, risicozinnen, routewoorden, verbeterzinnen, wording
from service.answers import Answer
from service.errors import ConflictError
from service.rechten.begrippen import Handeling
from service.rechten.matrix import allowed_doelen
from service.rechten.toegang import current
from service.web.begrippen import BEGRIPPEN

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
HERE: ContextVar[str] = ContextVar("here", default="")
"""Path of the page that is asked for; empty outside a request."""
BEGIN = "Naar mijn begin"
"""What the menu says on an open page, which does not know the roles of who looks."""
STAPPEN: Mapping[HTTPStatus, tuple[str, ...]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: (
            "Ga terug en kijk na wat u invulde.",
            "Komt u via een link? Misschien is die niet heel.",
        ),
        HTTPStatus.FORBIDDEN: (
            "Kijk bij uw account of u het goede doel hebt gekozen.",
            "Hebt u dit nodig voor uw werk? Vraag de beheerder om een rol.",
        ),
        HTTPStatus.NOT_FOUND: (
            "Kijk of het adres klopt.",
            "Zoek de jongere of de plek op in de lijst.",
            "Hoort iemand bij een andere regio of school? Dan ziet u die hier niet.",
        ),
        HTTPStatus.CONFLICT: ("Ga terug en ververs de pagina.", "Kijk wat er nu staat."),
        HTTPStatus.TOO_MANY_REQUESTS: ("Wacht een paar minuten.", "Probeer het dan opnieuw."),
        HTTPStatus.INTERNAL_SERVER_ERROR: (
            "Wacht een minuut en probeer het opnieuw.",
            "Gebeurt het weer? Bel de beheerder en zeg wat u deed en hoe laat.",
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            "Wacht een minuut en probeer het opnieuw.",
            "Duurt het langer? Bel de beheerder.",
        ),
    }
)
"""What one can do after a failure of this status, beside what its own sentence says."""
TOEZICHT = (
    (Handeling.CIJFERS_LEZEN, "/bewaking", "Bewaking"),
    (Handeling.CIJFERS_LEZEN, "/toezicht/volggedrag", "Volggedrag"),
    (Handeling.SUGGESTIELOG_LEZEN, "/toezicht/herziening", "Herziening"),
    (Handeling.MODELLEN_STOPPEN, "/toezicht/modellen", "Stopknop"),
    (Handeling.EFFECTEN_LEZEN, "/effect", "Werkt hulp?"),
    (Handeling.AUDIT_LEZEN, "/toezicht/logboek", "Logboek"),
)
"""Screens of oversight in the menu: what one must be allowed, the address, the word."""
MENU = (
    (Handeling.RISICO_LEZEN, "/jongeren", "Jongeren"),
    (Handeling.JONGEREN_SCHRIJVEN, "/afspraken", "Afspraken"),
    (Handeling.LEERWERKPLEKKEN_LEZEN, "/leerwerkplekken", "Plekken"),
    (Handeling.PROFIELEN_LEZEN, "/profielen", "Profielen"),
    (Handeling.MATCHTAFELS_LEZEN, "/matchtafels", "Matchtafels"),
    (Handeling.MATCHTAFELS_LEZEN, "/opvolgingen", "Opvolgen"),
    *TOEZICHT,
    (Handeling.MODELLEN_BEHEREN, "/modellen", "Modellen"),
    (Handeling.BEWAARVERSLAG_LEZEN, "/privacy", "Privacy"),
    (Handeling.IMPORTEN_LEZEN, "/importen", "Importen"),
    (Handeling.GEBRUIKERS_BEHEREN, "/beheer", "Beheer"),
    (Handeling.OPENBAAR, "/zo-werkt-het", "Zo werkt het"),
)
"""The whole menu, in its order; who may not do it does not see it."""


HTMX = {
    "allowEval": False,
    "historyCacheSize": 0,
    "includeIndicatorStyles": False,
    "refreshOnHistoryMiss": True,
    "selfRequestsOnly": True,
    "attributesToSettle": ["class"],
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "[45]..", "swap": True, "error": False},
    ],
}
"""Settings of htmx under our content rules; it keeps no page about a person in the browser."""


def may(handeling: str) -> bool:
    """Whether who looks now may do this; true where nobody is known to look, as on open pages."""
    rollen = current().actor.rollen
    return not rollen or bool(allowed_doelen(rollen, Handeling(handeling)))


def menu(actor: str) -> list[tuple[str, str, bool]]:
    """Return what the menu names: address, word, and whether this page belongs to it.

    Parameters
    ----------
    actor : str
        Name of who is logged in; empty when nobody is, who then sees only what is public.
    """
    here, known = f"{HERE.get()}/", bool(current().actor.rollen)
    named = [
        (address, word)
        for handeling, address, word in MENU
        if handeling is Handeling.OPENBAAR or (actor and known and may(handeling))
    ]
    begin = [("/", BEGIN)] if actor and not known else []
    return [(address, word, here.startswith(f"{address}/")) for address, word in begin + named]


@cache
def digest() -> str:
    """Return a mark of all static files together: another one as soon as one of them differs."""
    found = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        found.update(path.relative_to(STATIC).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:12]


def static(path: str) -> str:
    """Return the address of a static file, which a browser may keep for good.

    Examples
    --------
    >>> static("vangnet.css") == f"/static/{digest()}/vangnet.css"
    True
    """
    return f"/static/{digest()}/{path}"


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
        "begrippen": BEGRIPPEN,
        "htmx": json.dumps(HTMX),
        "menu": menu,
        "static": static,
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
        "moment": dutch.moment,
        "procent": dutch.percent,
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
    """Return a failure as a readable page, with what one can do about it."""
    shown = {"answer": answer, "stappen": STAPPEN.get(answer.status, ())}
    return page("fout.html", shown, actor=actor, status=answer.status, headers=headers)


def conflict_page(
    error: ConflictError,
    woorden: Mapping[str, str],
    *,
    terug: str,
    adres: str = "",
    velden: Sequence[tuple[str, str]] = (),
    actor: str = "",
) -> HTMLResponse:
    """Return what stands now beside what somebody wanted, after another was first (TRUST R6).

    Parameters
    ----------
    error : ConflictError
        Holds both versions.
    woorden : mapping of str to str
        Names of the data to the words that a user knows; what is not in it is not shown.
    terug : str
        Address of the page with what stands now.
    adres : str
        Where to send the form again; empty when that is no choice.
    velden : sequence of pairs
        Names and values of that form, with the version that stands now.
    actor : str
        Name of who is logged in.
    """
    rijen = [
        (woord, _cell(error.huidig.get(naam)), _cell(error.gevraagd.get(naam)))
        for naam, woord in woorden.items()
    ]
    verschillen = [rij for rij in rijen if rij[1] != rij[2]]
    shown = {
        "wat": error.what,
        "rijen": rijen,
        "verschillen": verschillen,
        "terug": terug,
        "adres": adres,
        "velden": velden,
    }
    return page("conflict.html", shown, actor=actor, status=HTTPStatus.CONFLICT)


def _cell(value: object) -> str:
    """Return a value as a user reads it."""
    if value is None or value == "":
        return "niet ingevuld"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, date):
        return dutch.datum(value)
    if isinstance(value, int | float):
        return dutch.getal(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_cell(one) for one in value) or "niet ingevuld"
    return str(value)
