"""First use: a beheerder is led from an empty store to the first list, one step at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from service.audit.alarm import last_good
from service.audit.spoor import current_spoor
from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    require,
    require_own_site,
)
from service.dutch import count, moment
from service.errors import NotFoundError
from service.importing.voorstel import Voorstel, read_proef, waiting
from service.jobs import NEEDED
from service.modelbeheer.kampioenen import champions
from service.rechten.begrippen import Actor, Handeling, OrganisatieSoort, Rol
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.bewaren import list_reports
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.importrun import ImportRepository, ImportRun
from service.storage.koppeling import KoppelingRepository
from service.storage.organisatie import OrganisatieRepository
from service.web.plekken import SentDep
from service.web.rendering import page

KLAAR, NU, LATER = "klaar", "nu", "later"
BEGIN, BEHEER = "/begin", "/beheer"
ANALISTEN = 2
"""Who trains a model never approves it."""
PARTS = (OrganisatieSoort.SCHOOL, OrganisatieSoort.GEMEENTE)
"""Organisations that say which jongeren belong to the region."""
GEDAAN = "De organisaties staan erin. Hun jongeren zijn nu te zien voor wie er werkt."
NIETS_GEKOZEN = "Vink eerst een school of gemeente aan die bij u hoort."
router = APIRouter(
    dependencies=[Depends(require_own_site), require(Handeling.GEBRUIKERS_BEHEREN)],
    include_in_schema=False,
)


@dataclass(frozen=True)
class Stap:
    """One step: what it is, whether it is done, now or later, and where to do it."""

    titel: str
    stand: str
    tekst: str
    knop: str = ""
    adres: str = ""


@dataclass(frozen=True)
class Stand:
    """All that the steps and the start page go by."""

    regios: tuple[str, ...]
    collegas: int
    analisten: int
    uitnodigingen: int
    bestanden: int
    laatste: ImportRun | None
    met_fouten: tuple[Voorstel, ...]
    organisaties: int
    zonder_organisatie: dict[OrganisatieSoort, list[tuple[str, str]]]
    woorden: int
    modellen: bool
    lijst: bool


@router.get(BEGIN)
def show_begin(
    actor: ActorDep,
    installation: InstallationDep,
    klaar: str = Query("", max_length=20),
) -> HTMLResponse:
    """Show the steps to the first list, each with how it stands."""
    return _begin_page(actor, installation, klaar=GEDAAN if klaar else "")


def _begin_page(
    actor: Actor, installation: Installation, *, klaar: str = "", fout: str = ""
) -> HTMLResponse:
    with looking_as(SYSTEEM), unit_of_work(installation.engine, read_only=True) as session:
        stand = read_stand(session, actor, installation)
    stappen = steps(stand)
    told = {
        "stappen": stappen,
        "gedaan": sum(one.stand == KLAAR for one in stappen),
        "zonder": {soort.value: stand.zonder_organisatie.get(soort, []) for soort in PARTS},
        "leerbedrijven": len(stand.zonder_organisatie.get(OrganisatieSoort.LEERBEDRIJF, [])),
        "regios": stand.regios,
        "klaar": klaar,
        "fouten": {"": fout} if fout else {},
    }
    status = HTTPStatus.BAD_REQUEST if fout else HTTPStatus.OK
    return page("begin.html", told, actor=actor.naam, status=status)


@router.post(f"{BEGIN}/organisaties")
def receive_organisaties(actor: ActorDep, installation: InstallationDep, sent: SentDep) -> Response:
    """Make organisations of the schools, gemeenten and leerbedrijven that were ticked."""
    regio = next(iter(sent.get("regio", ())), "")
    if regio not in actor.regios:
        raise NotFoundError("regio", regio)
    wanted = {*sent.get("organisatie", ())}
    if not wanted:
        return _begin_page(actor, installation, fout=NIETS_GEKOZEN)
    # which schools and gemeenten occur is about everybody, and shows nobody
    with looking_as(SYSTEEM), unit_of_work(installation.engine) as session:
        repository = OrganisatieRepository(session)
        taken = {one.naam for one in repository.all()}
        for soort, found in repository.unclaimed().items():
            every = soort is OrganisatieSoort.LEERBEDRIJF and "leerbedrijven" in wanted
            for code, naam in found:
                if every or f"{soort.value}:{code}" in wanted:
                    own = naam if naam not in taken else f"{naam} ({code})"
                    taken.add(own)
                    made = repository.add(naam=own, soort=soort, code=code, regio=regio)
                    current_spoor().note("organisatie", made.id)
    return RedirectResponse(f"{BEGIN}?klaar=organisaties", HTTPStatus.SEE_OTHER)


@router.get(BEHEER)
def show_beheer(actor: ActorDep, installation: InstallationDep) -> HTMLResponse:
    """Show what waits for a beheerder, with the way to each part."""
    with looking_as(SYSTEEM), unit_of_work(installation.engine, read_only=True) as session:
        stand = read_stand(session, actor, installation)
        reports, checked = list_reports(session, aantal=1), last_good(session)
    told = {
        "stand": stand,
        "begonnen": all(one.stand == KLAAR for one in steps(stand)),
        "gewist_op": moment(reports[0]["tijdstip"]) if reports else "",
        "nagekeken_op": moment(checked) if checked else "",
    }
    return page("beheer/start.html", told, actor=actor.naam)


def read_stand(session: Session, actor: Actor, installation: Installation) -> Stand:
    """Return how far an organisation is; nothing in it is about a person."""
    wacht = waiting(installation.werkplaats, door=actor.gebruiker_id)
    repository = OrganisatieRepository(session)
    own = [one for one in repository.all() if one.regio in actor.regios]
    accounts = _accounts(session, actor)
    runs, total = ImportRepository(session).files(offset=0, limit=1)
    return Stand(
        regios=tuple(sorted(actor.regios)),
        collegas=len(accounts),
        analisten=sum(Rol.ANALIST in one.rollen for one in accounts),
        uitnodigingen=sum(one.wachtwoord_op is None for one in accounts),
        bestanden=total,
        laatste=next(iter(runs), None),
        met_fouten=tuple(one for one in wacht if _has_problems(one)),
        organisaties=sum(one.soort in PARTS for one in own),
        zonder_organisatie=repository.unclaimed(),
        woorden=KoppelingRepository(session).count_waiting(),
        modellen=champions(session).keys() >= NEEDED,
        lijst=installation.regio.is_ready,
    )


def steps(stand: Stand) -> list[Stap]:
    """Return the steps in their order; the first that is not done is to be done now."""
    gelezen = stand.bestanden > 0
    done: Sequence[tuple[str, bool, str, str, str]] = (
        (
            "Uw regio",
            bool(stand.regios),
            ", ".join(stand.regios) or "Uw account hoort nog bij geen regio.",
            "",
            "",
        ),
        (
            "Collega's",
            stand.collegas > 0,
            f"{count(stand.collegas, 'ander account', 'andere accounts')}, "
            f"{count(stand.uitnodigingen, 'open uitnodiging', 'open uitnodigingen')}.",
            "Nodig collega's uit",
            "/beheer/gebruikers",
        ),
        (
            "Bestanden",
            gelezen,
            f"{count(stand.bestanden, 'bestand', 'bestanden')} ingelezen. Begin met het "
            "Registratieoverzicht, of met een sjabloon.",
            "Kies een bestand",
            "/importen",
        ),
        (
            "Fouten en kolommen",
            gelezen and not stand.met_fouten,
            "Bij elke foute regel staat wat er mis is. Heeft een bestand eigen koppen? Dan zegt u "
            "één keer wat elke kolom betekent.",
            "Bekijk de fouten" if stand.met_fouten else "Naar de bestanden",
            f"/importen/voorstel/{stand.met_fouten[-1].sleutel}"
            if stand.met_fouten
            else "/importen",
        ),
        (
            "Scholen en gemeenten",
            stand.organisaties > 0,
            f"{count(stand.organisaties, 'school of gemeente', 'scholen en gemeenten')} in uw "
            "regio. Daaraan zien we welke jongeren bij u horen.",
            "Kies wie erbij hoort",
            "#organisaties",
        ),
        (
            "Eigen woorden",
            gelezen and not stand.woorden,
            f"{count(stand.woorden, 'tekst wacht', 'teksten wachten')} op een betekenis.",
            "Leg de woorden uit",
            "/koppelingen",
        ),
        (
            "De eerste lijst",
            stand.lijst,
            "Een coach logt in en ziet de jongeren van de eigen school of gemeente, en welke "
            "plekken kunnen. Een kans staat er pas bij na de volgende stap.",
            "Maak een account voor een coach",
            "/beheer/gebruikers",
        ),
        (
            "Modellen",
            stand.modellen,
            f"U hebt {count(stand.analisten, 'analist', 'analisten')}, er zijn er twee nodig. De "
            "een laat de modellen leren, met de opdracht vangnet train. De ander keurt ze goed "
            "bij Modellen. Is er nog weinig bekend? Dan rekent een eenvoudige regel, en dat "
            "staat erbij.",
            "Geef iemand de rol analist" if stand.analisten < ANALISTEN else "",
            "/beheer/gebruikers",
        ),
    )
    first = next((at for at, one in enumerate(done) if not one[1]), len(done))
    return [
        Stap(titel, KLAAR if ready else NU if at == first else LATER, tekst, knop, adres)
        for at, (titel, ready, tekst, knop, adres) in enumerate(done)
    ]


def _accounts(session: Session, actor: Actor) -> list[Gebruiker]:
    """Return every other open account of the own regions."""
    organisaties = OrganisatieRepository(session).by_gebruiker()
    return [
        one
        for one in GebruikerRepository(session).list()
        if one.actief
        and one.id != actor.gebruiker_id
        and {at.regio for at in organisaties.get(one.id, ())} & actor.regios
    ]


def _has_problems(voorstel: Voorstel) -> bool:
    try:
        return read_proef(voorstel).fouten.height > 0
    except NotFoundError:
        return False
