"""The screens of people and roles: who has an account, what it may, and for whom it works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from service.aanmelden.beheer import Wijziging, manage_account
from service.audit.spoor import current_spoor
from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    require,
    require_own_site,
)
from service.errors import NotFoundError
from service.rechten.begrippen import Actor, Handeling, Organisatie, Rol
from service.rechten.inrichten import Aanstelling
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.organisatie import OrganisatieRepository
from service.storage.tweede_factor import TweedeFactorRepository
from service.web.aanmelden.woorden import rol_tekst
from service.web.plekken import SentDep
from service.web.rendering import page

LIST = "/beheer/gebruikers"
LONGEST_NAME = 100
BESTAAT = "Er is al een account met deze naam. Kies een andere naam."
GEEN_NAAM = "Vul een naam in van hoogstens 100 tekens."
ONVOLLEDIG = "Kies minstens één rol en één organisatie. Zonder die ziet het account niemand."
EIGEN = "Uw eigen account verandert een andere beheerder."
ONBEKEND = "Kies wat er met het account moet gebeuren."
STAPPEN = ("rechten", "sluit", "open", "link", "tweede stap")
"""What may be done with an account."""
router = APIRouter(
    dependencies=[Depends(require_own_site), require(Handeling.GEBRUIKERS_BEHEREN)],
    include_in_schema=False,
)


@dataclass(frozen=True)
class Account:
    """An account as a beheerder sees it."""

    gebruiker: Gebruiker
    rollen: tuple[str, ...]
    organisaties: tuple[Organisatie, ...]
    heeft_stap: bool


@router.get(LIST)
def show_gebruikers(actor: ActorDep, installation: InstallationDep) -> HTMLResponse:
    """Show the accounts of the own regions, and the form for a new one."""
    return _list_page(actor, installation)


@router.post(LIST)
def receive_gebruiker(
    actor: ActorDep, installation: InstallationDep, request: Request, sent: SentDep
) -> Response:
    """Make an account, and show once the link by which its owner sets a password."""
    naam, wanted = _first(sent, "naam").strip(), _aanstelling(actor, installation, sent)
    if not 0 < len(naam) <= LONGEST_NAME or not naam.isprintable():
        return _list_page(actor, installation, fout=GEEN_NAAM, sent=sent)
    if wanted is None:
        return _list_page(actor, installation, fout=ONVOLLEDIG, sent=sent)
    with unit_of_work(installation.engine) as session:
        if GebruikerRepository(session).find(naam) is None:
            link = _change(session, installation, naam, Wijziging(wanted))
            return _link_page(actor, request, naam, link)
    return _list_page(actor, installation, fout=BESTAAT, sent=sent)


@router.get(LIST + "/{gebruiker_id}")
def show_gebruiker(
    actor: ActorDep, installation: InstallationDep, gebruiker_id: int
) -> HTMLResponse:
    """Show one account, and what may be done with it."""
    return _account_page(actor, installation, gebruiker_id)


@router.post(LIST + "/{gebruiker_id}")
def receive_wijziging(
    actor: ActorDep,
    installation: InstallationDep,
    request: Request,
    gebruiker_id: int,
    sent: SentDep,
) -> Response:
    """Change an account, or show why not."""
    stap, wanted = _first(sent, "stap"), _aanstelling(actor, installation, sent)
    fout = _refusal(actor, gebruiker_id, stap, wanted)
    if fout:
        return _account_page(actor, installation, gebruiker_id, fout=fout)
    changes = {
        "rechten": Wijziging(wanted or Aanstelling()),
        "sluit": Wijziging(actief=False),
        "open": Wijziging(actief=True),
        "link": Wijziging(),
        "tweede stap": Wijziging(geen_tweede_stap=True),
    }
    with unit_of_work(installation.engine) as session:
        known = _find(session, actor, gebruiker_id).gebruiker
        link = _change(session, installation, known.naam, changes[stap])
    if link:
        return _link_page(actor, request, known.naam, link)
    return RedirectResponse(f"{LIST}/{gebruiker_id}", HTTPStatus.SEE_OTHER)


def _refusal(actor: Actor, gebruiker_id: int, stap: str, wanted: Aanstelling | None) -> str:
    """Return why something cannot be done with an account; empty when it can."""
    if stap not in STAPPEN:
        return ONBEKEND
    if gebruiker_id == actor.gebruiker_id:
        return EIGEN
    return ONVOLLEDIG if stap == "rechten" and wanted is None else ""


def _change(session: Session, installation: Installation, naam: str, wanted: Wijziging) -> str:
    """Make or change an account; return the secret of its link, if it got one."""
    key, now = installation.sessies.key, datetime.now(UTC)
    done = manage_account(session, naam, wanted, key=key, issuer=None, now=now)
    known = GebruikerRepository(session).find(naam)
    if known is not None:
        current_spoor().note("gebruiker", known.id)
    return done.link


def _aanstelling(
    actor: Actor, installation: Installation, sent: Mapping[str, Sequence[str]]
) -> Aanstelling | None:
    """Return the roles and organisations that were chosen; None when one of them is absent.

    Only organisations of the own regions count: no form gives away a right in another one.
    """
    with unit_of_work(installation.engine, read_only=True) as session:
        own = {one.naam for one in _organisaties(session, actor)}
    rollen = [rol for rol in Rol if rol in sent.get("rol", ())]
    organisaties = sorted(own & {*sent.get("organisatie", ())})
    return Aanstelling(rollen, organisaties) if rollen and organisaties else None


def _organisaties(session: Session, actor: Actor) -> tuple[Organisatie, ...]:
    """Return the organisations for which the actor may let somebody work."""
    return tuple(one for one in OrganisatieRepository(session).all() if one.regio in actor.regios)


def _accounts(session: Session, actor: Actor) -> list[Account]:
    """Return the accounts that work in no other region than the actor does."""
    organisaties = OrganisatieRepository(session).by_gebruiker()
    met_stap = TweedeFactorRepository(session).accounts()
    found = []
    for one in GebruikerRepository(session).list():
        works = organisaties.get(one.id, ())
        if {at.regio for at in works} <= actor.regios:
            rollen = tuple(rol_tekst(rol) for rol in one.rollen)
            found.append(Account(one, rollen, works, one.id in met_stap))
    return found


def _find(session: Session, actor: Actor, gebruiker_id: int) -> Account:
    """Return an account of the own regions; NotFoundError when there is none."""
    for one in _accounts(session, actor):
        if one.gebruiker.id == gebruiker_id:
            current_spoor().note("gebruiker", gebruiker_id)
            return one
    raise NotFoundError("account", str(gebruiker_id))


def _list_page(
    actor: Actor,
    installation: Installation,
    *,
    fout: str = "",
    sent: Mapping[str, Sequence[str]] | None = None,
) -> HTMLResponse:
    chosen = sent or {}
    with unit_of_work(installation.engine, read_only=True) as session:
        told = {
            "accounts": _accounts(session, actor),
            "organisaties": _organisaties(session, actor),
        }
    context = (
        told
        | _choices()
        | {
            "fout": fout,
            "naam": _first(chosen, "naam"),
            "gekozen_rollen": chosen.get("rol", ()),
            "gekozen_organisaties": chosen.get("organisatie", ()),
        }
    )
    status = HTTPStatus.BAD_REQUEST if fout else HTTPStatus.OK
    return page("beheer/gebruikers.html", context, actor=actor.naam, status=status)


def _account_page(
    actor: Actor, installation: Installation, gebruiker_id: int, *, fout: str = ""
) -> HTMLResponse:
    with unit_of_work(installation.engine, read_only=True) as session:
        account = _find(session, actor, gebruiker_id)
        organisaties = _organisaties(session, actor)
    context = _choices() | {
        "account": account,
        "organisaties": organisaties,
        "gekozen_rollen": account.gebruiker.rollen,
        "gekozen_organisaties": [one.naam for one in account.organisaties],
        "eigen": gebruiker_id == actor.gebruiker_id,
        "fout": fout,
    }
    status = HTTPStatus.BAD_REQUEST if fout else HTTPStatus.OK
    return page("beheer/gebruiker.html", context, actor=actor.naam, status=status)


def _link_page(actor: Actor, request: Request, naam: str, link: str) -> HTMLResponse:
    """Show the link of an account, for the only time: the store has but its hash."""
    address = f"{str(request.base_url).rstrip('/')}/inrichten?link={link}"
    return page("beheer/link.html", {"naam": naam, "adres": address}, actor=actor.naam)


def _choices() -> dict[str, object]:
    return {"rollen": [(rol.value, rol_tekst(rol)) for rol in Rol]}


def _first(sent: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(sent.get(name, ())), "")
