"""The screens on which a coach chooses what of the plan to share, and the plan to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from models.praktijkverklaring_route import PraktijkverklaringRoute
from service.audit.spoor import current_spoor
from service.contact.gesprekken import contacts
from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    RegioDep,
    RegioView,
    limit_exports,
    require,
    require_own_site,
)
from service.paspoort.feiten import Feiten, read_feiten
from service.paspoort.plan import (
    LONGEST_BERICHT,
    ONDERDELEN,
    Keuze,
    Onderdeel,
    Plan,
    Vorm,
    as_pdf,
    make_plan,
    record_deling,
)
from service.rechten.begrippen import Actor, Handeling
from service.routes import Routesuggesties
from service.storage.contactmoment import Contactmoment
from service.storage.deling import Deling, DelingRepository
from service.storage.engine import unit_of_work
from service.suggesties import OngescoordPaar, Suggestie
from service.web.plekken import SentDep
from service.web.rendering import page

PATH = "/jongeren/{jongere_id}/plan"
TE_KIEZEN = 5
"""Places that can be shared: those that the page of the jongere shows."""
KIES = "Kies eerst wat u wilt delen."
router = APIRouter(
    dependencies=[Depends(require_own_site), require(Handeling.JONGEREN_SCHRIJVEN)],
    include_in_schema=False,
)


@dataclass(frozen=True)
class Aanbod:
    """All that can be shared of one jongere now, and what was shared before."""

    feiten: Feiten
    plekken: tuple[Suggestie | OngescoordPaar, ...]
    routes: Routesuggesties
    stappen: tuple[Contactmoment, ...]
    eerder: tuple[Deling, ...]

    @property
    def gevonden(self) -> tuple[PraktijkverklaringRoute, ...]:
        """The routes; none while there is no model of learning."""
        return () if self.routes.gevonden is None else self.routes.gevonden.routes


@router.get(PATH)
def show_plan_choice(
    actor: ActorDep, installation: InstallationDep, regio: RegioDep, jongere_id: str
) -> HTMLResponse:
    """Show what can be shared; nothing is chosen yet."""
    return _choose(actor, regio, jongere_id, _offer(installation, regio, jongere_id))


@router.post(PATH)
def share_plan(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    jongere_id: str,
    sent: SentDep,
) -> Response:
    """Show the plan with what was chosen, and record that it was shared."""
    offer = _offer(installation, regio, jongere_id)
    keuze = read_keuze(sent, offer)
    if keuze.is_leeg:
        return _choose(actor, regio, jongere_id, offer, fout=KIES)
    plan = _plan(actor, regio, jongere_id, offer, keuze)
    _record(installation, jongere_id, keuze, Vorm.SCHERM)
    return page(
        "plan.html",
        {
            "jongere": regio.jongere(jongere_id),
            "address": _address(jongere_id),
            "plan": plan,
            "sent": [(name, one) for name, values in sent.items() for one in values],
        },
        actor=actor.naam,
    )


@router.post(PATH + ".pdf", dependencies=[Depends(limit_exports)])
def share_plan_as_pdf(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    jongere_id: str,
    sent: SentDep,
) -> Response:
    """Give the plan with what was chosen as a PDF, and record that it was shared."""
    offer = _offer(installation, regio, jongere_id)
    keuze = read_keuze(sent, offer)
    if keuze.is_leeg:
        return _choose(actor, regio, jongere_id, offer, fout=KIES)
    file = as_pdf(_plan(actor, regio, jongere_id, offer, keuze))
    _record(installation, jongere_id, keuze, Vorm.PDF)
    headers = {"Content-Disposition": 'attachment; filename="jouw-plan.pdf"'}
    return Response(file, media_type="application/pdf", headers=headers)


def read_keuze(sent: Mapping[str, Sequence[str]], offer: Aanbod) -> Keuze:
    """Return what a form chose of what is on offer; anything else is passed over."""
    text = (sent.get("bericht") or [""])[0].replace("\r\n", "\n")
    return Keuze(
        onderdelen=frozenset(one for one in Onderdeel if one in sent.get("onderdeel", ())),
        plekken=tuple(
            one for one in offer.plekken if one.leerwerkplek.leerwerkplek_id in sent.get("plek", ())
        ),
        routes=tuple(one for one in offer.gevonden if str(one.rang) in sent.get("route", ())),
        stappen=tuple(one for one in offer.stappen if str(one.id) in sent.get("stap", ())),
        bericht=text[:LONGEST_BERICHT],
    )


def _offer(installation: Installation, regio: RegioView, jongere_id: str) -> Aanbod:
    found = regio.matching.suggesties(jongere_id, top=TE_KIEZEN)
    routes = regio.routes.routes(jongere_id)
    with unit_of_work(installation.engine, read_only=True) as session:
        feiten = read_feiten(session, jongere_id)
        told = contacts(session, jongere_id)
        before = DelingRepository(session).of(jongere_id)
    current_spoor().about(jongere_id)
    return Aanbod(
        feiten=feiten,
        plekken=(*found.suggesties, *found.zonder_score),
        routes=routes,
        stappen=tuple(one for one in told if one.is_open),
        eerder=tuple(before),
    )


def _plan(actor: Actor, regio: RegioView, jongere_id: str, offer: Aanbod, keuze: Keuze) -> Plan:
    return make_plan(
        keuze,
        naam=regio.jongere(jongere_id).naam or "jou",
        coach=actor.naam,
        op=datetime.now(UTC).date(),
        feiten=offer.feiten,
        kan=regio.vaardigheden(jongere_id),
        routes=offer.routes,
    )


def _record(installation: Installation, jongere_id: str, keuze: Keuze, vorm: Vorm) -> None:
    spoor = current_spoor()
    spoor.about(jongere_id)
    spoor.note("deling", vorm.value)
    with unit_of_work(installation.engine) as session:
        record_deling(session, jongere_id, keuze, vorm, door=spoor.actor, op=datetime.now(UTC))


def _choose(
    actor: Actor, regio: RegioView, jongere_id: str, offer: Aanbod, *, fout: str = ""
) -> HTMLResponse:
    return page(
        "plan_kiezen.html",
        {
            "jongere": regio.jongere(jongere_id),
            "address": _address(jongere_id),
            "onderdelen": ONDERDELEN.items(),
            "aanbod": offer,
            "fout": fout,
            "langst": LONGEST_BERICHT,
        },
        actor=actor.naam,
        status=HTTPStatus.BAD_REQUEST if fout else HTTPStatus.OK,
    )


def _address(jongere_id: str) -> str:
    return f"/jongeren/{quote(jongere_id, safe='')}"
