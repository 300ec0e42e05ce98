"""The screens of privacy: inzage, correctie, bezwaar, zienswijze, vrijgave, verwijdering, terms."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from service.audit.spoor import current_spoor
from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    limit_exports,
    require,
    require_own_site,
)
from service.errors import InvoerError, Invoerfout, NotFoundError, VangnetError
from service.privacy.bewaartermijnen import termijnen
from service.privacy.bewaren import kept_models
from service.privacy.bezwaar import bezwaren, object_to_scoring, withdraw_objection
from service.privacy.correctie import CORRIGEERBAAR, correct
from service.privacy.inzage import Inzage, Scores, as_json, as_pdf, readable
from service.privacy.loket import BEVESTIGING, check_visible
from service.privacy.register import PERSOONSTABELLEN
from service.privacy.verwijdering import Grond
from service.privacy.vrijgave import Van, release, releases, take_back
from service.privacy.zienswijze import Onderwerp, Wie, add_zienswijze
from service.rechten.begrippen import Actor, Handeling
from service.rechten.matrix import allowed_doelen
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.bewaren import list_reports
from service.storage.canonical import CanonicalRepository
from service.storage.correctie import CONTRACTS
from service.storage.engine import unit_of_work
from service.storage.verwijdering import VerwijderingRepository
from service.storage.zienswijze import ZienswijzeRepository
from service.web.rendering import page

LONGEST = 4000
SHORT = 200
PDF, JSON = "application/pdf", "application/json"
NIEMAND = "Niemand gevonden die u mag zien."

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)
Kort = Annotated[str, Form(max_length=SHORT)]
Lang = Annotated[str, Form(max_length=LONGEST)]
Change = Callable[[Session], None]


@router.get("/privacy", dependencies=[require(Handeling.BEWAARVERSLAG_LEZEN)])
def show_privacy(actor: ActorDep, installation: InstallationDep) -> HTMLResponse:
    """Show how long everything is kept, and what was thrown away."""
    return _overview(actor, installation)


@router.post("/privacy", dependencies=[require(Handeling.INZAGE)])
def find_jongere(actor: ActorDep, installation: InstallationDep, zoek: Kort = "") -> Response:
    """Find a jongere by BSN, id or pseudonym; by form, so that no number stands in an address."""
    try:
        found = installation.loket.find(zoek)
    except NotFoundError:
        return _overview(actor, installation, fout=NIEMAND, status=HTTPStatus.NOT_FOUND)
    return RedirectResponse(_address(found), HTTPStatus.SEE_OTHER)


@router.get("/privacy/{jongere_id}", dependencies=[require(Handeling.INZAGE)])
def show_inzage(actor: ActorDep, installation: InstallationDep, jongere_id: str) -> HTMLResponse:
    """Show everything on one jongere, and what can be asked for."""
    return _person(actor, installation, jongere_id)


@router.get(
    "/privacy/{jongere_id}/inzage.json",
    dependencies=[require(Handeling.INZAGE), Depends(limit_exports)],
)
def download_json(actor: ActorDep, installation: InstallationDep, jongere_id: str) -> Response:
    """Give everything on one jongere as JSON."""
    found = _inzage(actor, installation, jongere_id)
    return _file(as_json(found).encode(), JSON, "inzage.json")


@router.get(
    "/privacy/{jongere_id}/inzage.pdf",
    dependencies=[require(Handeling.INZAGE), Depends(limit_exports)],
)
def download_pdf(actor: ActorDep, installation: InstallationDep, jongere_id: str) -> Response:
    """Give everything on one jongere as a PDF to print."""
    found = _inzage(actor, installation, jongere_id)
    return _file(as_pdf(found), PDF, "inzage.pdf")


@router.post("/privacy/{jongere_id}/bezwaar", dependencies=[require(Handeling.PRIVACY_UITVOEREN)])
def receive_bezwaar(
    actor: ActorDep,
    installation: InstallationDep,
    jongere_id: str,
    reden: Lang = "",
    stap: Kort = "maak",
) -> Response:
    """Record an objection against scoring, or that it is taken back."""

    def change(session: Session) -> None:
        if stap == "trek in":
            withdraw_objection(session, jongere_id, op=_now())
        else:
            object_to_scoring(session, jongere_id, reden=reden.strip(), door=_door(), op=_now())

    return _do(actor, installation, jongere_id, change)


@router.post(
    "/privacy/{jongere_id}/zienswijze", dependencies=[require(Handeling.PRIVACY_UITVOEREN)]
)
def receive_zienswijze(
    actor: ActorDep,
    installation: InstallationDep,
    jongere_id: str,
    van: Annotated[Wie, Form()] = Wie.JONGERE,
    onderwerp: Annotated[Onderwerp, Form()] = Onderwerp.ANDERS,
    tekst: Lang = "",
) -> Response:
    """Record what somebody thinks of it."""

    def change(session: Session) -> None:
        add_zienswijze(
            session,
            jongere_id,
            van=van,
            onderwerp=onderwerp,
            tekst=tekst,
            door=_door(),
            op=_now(),
        )

    return _do(actor, installation, jongere_id, change)


@router.post("/privacy/{jongere_id}/correctie", dependencies=[require(Handeling.PRIVACY_UITVOEREN)])
def receive_correctie(
    actor: ActorDep,
    installation: InstallationDep,
    jongere_id: str,
    gegeven: Kort = "",
    sleutel: Kort = "",
    waarde: Lang = "",
    reden: Lang = "",
) -> Response:
    """Set one value right."""
    tabel, _, kolom = gegeven.partition(".")

    def change(session: Session) -> None:
        correct(
            session,
            jongere_id,
            tabel=tabel,
            sleutel=_key_of(tabel, sleutel),
            kolom=kolom,
            waarde=waarde,
            reden=reden,
            door=_door(),
            op=_now(),
        )

    return _do(actor, installation, jongere_id, change)


@router.post("/privacy/{jongere_id}/vrijgave", dependencies=[require(Handeling.VRIJGEVEN)])
def receive_vrijgave(
    actor: ActorDep,
    installation: InstallationDep,
    jongere_id: str,
    leerbedrijf_id: Kort = "",
    van: Annotated[Van, Form()] = Van.JONGERE,
    stap: Kort = "geef vrij",
) -> Response:
    """Record that the jongere or the coach shows the profile to a leerbedrijf, or no longer."""

    def change(session: Session) -> None:
        if stap == "trek in":
            take_back(session, jongere_id, leerbedrijf_id, van, op=_now())
        else:
            _check_leerbedrijf(session, leerbedrijf_id)
            release(session, jongere_id, leerbedrijf_id, van, door=_door(), op=_now())

    return _do(actor, installation, jongere_id, change)


@router.post("/privacy/{jongere_id}/verwijdering", dependencies=[require(Handeling.VERWIJDEREN)])
def receive_verwijdering(
    actor: ActorDep,
    installation: InstallationDep,
    jongere_id: str,
    grond: Kort = "",
    bevestiging: Kort = "",
) -> Response:
    """Erase a jongere for good, once it was confirmed."""
    try:
        installation.loket.erase(
            jongere_id, grond=grond, bevestiging=bevestiging, door=_door(), op=_now()
        )
    except InvoerError as error:
        return _person(actor, installation, jongere_id, fouten=_fouten(error))
    return RedirectResponse("/privacy#verwijderd", HTTPStatus.SEE_OTHER)


def _inzage(actor: Actor, installation: Installation, jongere_id: str) -> Inzage:
    """Return everything on one jongere, for who read how to look at scores.

    Only what shows is kept back: rights of the person, such as bezwaar, wait for nobody's reading.

    Raises
    ------
    NotFoundError
        The actor may not see this jongere.
    InstructieError
        The account has yet to read the current instruction (TRUST H12).
    """
    installation.loket.find(jongere_id)
    installation.toezicht.lezers.check(actor.gebruiker_id)
    return installation.loket.inzage(jongere_id, op=_now(), regio=_scores(actor, installation))


def _do(actor: Actor, installation: Installation, jongere_id: str, change: Change) -> Response:
    """Change something of a jongere whom the actor may see, and show the page again."""
    try:
        with unit_of_work(installation.engine) as session:
            check_visible(session, jongere_id)
            change(session)
    except InvoerError as error:
        return _person(actor, installation, jongere_id, fouten=_fouten(error))
    return RedirectResponse(_address(jongere_id), HTTPStatus.SEE_OTHER)


def _check_leerbedrijf(session: Session, leerbedrijf_id: str) -> None:
    """Refuse a leerbedrijf that is not there: nobody could ever see what is released to it."""
    known = CanonicalRepository(session).keys("leerbedrijf")["leerbedrijf_id"]
    if leerbedrijf_id not in known:
        zin = "Dit leerbedrijf kennen we niet. Kijk het nummer na bij de plek."
        raise InvoerError([Invoerfout("leerbedrijf_id", "leerbedrijf", zin)])


def _person(
    actor: Actor,
    installation: Installation,
    jongere_id: str,
    *,
    fouten: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found = _inzage(actor, installation, jongere_id)
    with unit_of_work(installation.engine, read_only=True) as session:
        views = ZienswijzeRepository(session).of(jongere_id)
        shown_to = releases(session, jongere_id)
        objects = jongere_id in bezwaren(session)
    return page(
        "privacy_persoon.html",
        {
            "inzage": found,
            "delen": [(one, readable(one)) for one in found.onderdelen],
            "zienswijzen": views,
            "vrijgaven": shown_to,
            "bezwaar": objects,
            "address": _address(jongere_id),
            "gegevens": _corrigeerbaar({one.tabel for one in found.onderdelen}),
            "gronden": list(Grond),
            "wie": list(Wie),
            "onderwerpen": list(Onderwerp),
            "van": list(Van),
            "bevestiging": BEVESTIGING,
            "mag_verwijderen": _may(actor, Handeling.VERWIJDEREN),
            "mag_vrijgeven": _may(actor, Handeling.VRIJGEVEN),
            "fouten": fouten or {},
        },
        actor=actor.naam,
        status=HTTPStatus.BAD_REQUEST if fouten else HTTPStatus.OK,
    )


def _overview(
    actor: Actor, installation: Installation, *, fout: str = "", status: int = HTTPStatus.OK
) -> HTMLResponse:
    with looking_as(SYSTEEM), unit_of_work(installation.engine, read_only=True) as session:
        thrown_away = list_reports(session)
        erased = VerwijderingRepository(session).list()
    return page(
        "privacy.html",
        {
            "fout": fout,
            "mag_zoeken": _may(actor, Handeling.INZAGE),
            "verslag": thrown_away,
            "verwijderd": erased,
            "modellen": kept_models(installation.modellen.cards(), dag=_now().date()),
            "termijnen": [
                (entry.kop, termijnen()[name].in_woorden)
                for name, entry in PERSOONSTABELLEN.items()
                if not entry.intern
            ],
        },
        actor=actor.naam,
        status=status,
    )


def _may(actor: Actor, handeling: Handeling) -> bool:
    """Return whether to show a form; the route decides once more."""
    return bool(allowed_doelen(actor.rollen, handeling))


def _corrigeerbaar(tabellen: set[str]) -> list[tuple[str, str]]:
    """Return what can be set right of these tables: its key in the form, and its name."""
    return [
        (f"{tabel}.{kolom}", f"{PERSOONSTABELLEN[tabel].kop}: {kolom.replace('_', ' ')}")
        for tabel, kolommen in CORRIGEERBAAR.items()
        if tabel in tabellen
        for kolom in kolommen
    ]


def _key_of(tabel: str, words: str) -> dict[str, str]:
    """Return the other columns of a key, as typed with commas between."""
    if tabel not in CONTRACTS:
        return {}
    names = [name for name in CONTRACTS[tabel].key if name != "jongere_id"]
    values = [part.strip() for part in words.split(",")] if words.strip() else []
    return dict(zip(names, values, strict=False)) if len(values) == len(names) else {}


def _fouten(error: InvoerError) -> dict[str, str]:
    return {one.naam: one.zin for one in error.fouten}


def _scores(actor: Actor, installation: Installation) -> Scores | None:
    """Return the region for what the model says now; None when there is none yet.

    Without the models that people stopped; and what is asked of it, is recorded.
    """
    toezicht = installation.toezicht
    try:
        regio = toezicht.allowed(installation.regio.get(), actor.regios)
    except VangnetError:
        return None
    return toezicht.shown(regio, actor.gebruiker_id)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _address(jongere_id: str) -> str:
    return f"/privacy/{quote(jongere_id, safe='')}"


def _door() -> str:
    """Return who acts, as the audit log names the actor."""
    return current_spoor().actor or "onbekend"


def _now() -> datetime:
    return datetime.now(UTC)
