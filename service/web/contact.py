"""The screens of contact: the log of one jongere, and whom a coach calls today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from features.vocabulary import Kanaal
from service.audit.spoor import current_spoor
from service.contact.gesprekken import (
    LONGEST_TEKST,
    LONGEST_VERVOLG,
    Met,
    NieuwContact,
    Vervolg,
    add_contact,
    contacts,
    finish_step,
    owners_of,
)
from service.dependencies import (
    ActorDep,
    InstallationDep,
    RegioDep,
    RegioView,
    require,
    require_own_site,
)
from service.errors import InvoerError, NotFoundError
from service.rechten.begrippen import Actor, Handeling
from service.registratie.invoer import Invoerder
from service.storage.contactmoment import Contactmoment, ContactmomentRepository
from service.storage.engine import unit_of_work
from service.web.plekken import SentDep
from service.web.rendering import page
from service.web.tafel_form import whole
from service.web.tafel_page import RowId

PATH = "/jongeren/{jongere_id}/contact"
JA_NEE = (("ja", "ja, gesproken"), ("nee", "nee, niet bereikt"))
TEKSTEN = ("datum", "kanaal", "met", "gelukt", "tekst", "vervolg", "vervolg_op", "vervolg_door")
GELUKT = {"bewaard": "Het gesprek is bewaard.", "klaar": "De stap staat op klaar."}
router = APIRouter(
    dependencies=[Depends(require_own_site), require(Handeling.JONGEREN_SCHRIJVEN)],
    include_in_schema=False,
)
Sent = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Afspraak:
    """A next step with the name of the jongere."""

    moment: Contactmoment
    naam: str


@router.get("/afspraken")
def show_afspraken(
    actor: ActorDep, installation: InstallationDep, regio: RegioDep, wie: str = ""
) -> HTMLResponse:
    """Show the next steps that wait: the own ones, or those of everybody one may see."""
    everybody = wie == "alle"
    with unit_of_work(installation.engine, read_only=True) as session:
        waiting = ContactmomentRepository(session).open(None if everybody else actor.gebruiker_id)
    found = [Afspraak(one, _name(regio, one.jongere_id)) for one in waiting]
    current_spoor().about(*(one.jongere_id for one in waiting))
    today = _now().date()
    return page(
        "afspraken.html",
        {
            "nu": [one for one in found if _due(one.moment) <= today],
            "later": [one for one in found if _due(one.moment) > today],
            "vandaag": today,
            "iedereen": everybody,
        },
        actor=actor.naam,
    )


@router.get(PATH)
def show_contact(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    jongere_id: str,
    gelukt: str = "",
) -> HTMLResponse:
    """Show the contacts with one jongere, and the form for another."""
    return _page(actor, installation, regio, jongere_id, klaar=GELUKT.get(gelukt, ""))


@router.post(PATH)
def receive_contact(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    jongere_id: str,
    sent: SentDep,
) -> Response:
    """Record a contact, or show the form again with what is wrong."""
    text = {name: (sent.get(name) or [""])[0].strip() for name in TEKSTEN}
    fouten = _fouten(text)
    if not fouten:
        try:
            with unit_of_work(installation.engine) as session:
                _add(session, actor, jongere_id, text, sent.get("klaar", ()))
        except InvoerError as error:
            fouten = {fout.naam: fout.zin for fout in error.fouten}
    if fouten:
        return _page(actor, installation, regio, jongere_id, text=text, fouten=fouten)
    return _back(jongere_id, "bewaard")


@router.post(PATH + "/{contactmoment_id}/klaar")
def receive_done(
    actor: ActorDep, installation: InstallationDep, jongere_id: str, contactmoment_id: RowId
) -> Response:
    """Record that a next step is done."""
    with unit_of_work(installation.engine) as session:
        finish_step(session, jongere_id, contactmoment_id, door=Invoerder(actor.naam, _now()))
        current_spoor().about(jongere_id)
    return _back(jongere_id, "klaar")


def _add(
    session: Session,
    actor: Actor,
    jongere_id: str,
    text: Mapping[str, str],
    klaar: Sequence[str],
) -> None:
    later = None
    if text["vervolg"]:
        later = Vervolg(
            text["vervolg"], date.fromisoformat(text["vervolg_op"]), text["vervolg_door"]
        )
    contact = NieuwContact(
        jongere_id=jongere_id,
        datum=date.fromisoformat(text["datum"]),
        kanaal=Kanaal(text["kanaal"]),
        met=Met(text["met"]),
        gelukt=text["gelukt"] == "ja",
        tekst=text["tekst"],
        vervolg=later,
        klaar=[number for one in klaar if (number := whole(one)) is not None],
    )
    door = Invoerder(actor.naam, _now())
    current_spoor().about(jongere_id)
    add_contact(session, contact, gebruiker_id=actor.gebruiker_id, regios=actor.regios, door=door)


def _fouten(text: Mapping[str, str]) -> dict[str, str]:
    """Return what is not filled in as it can be, by field."""
    asked = {
        "datum": (_is_day(text["datum"]), "Kies de dag van het gesprek."),
        "kanaal": (text["kanaal"] in set(Kanaal), "Kies hoe u contact zocht."),
        "met": (text["met"] in set(Met), "Kies met wie."),
        "gelukt": (text["gelukt"] in {"ja", "nee"}, "Kies of u iemand sprak."),
    }
    step = (text["vervolg"], text["vervolg_op"])
    if any(step):
        asked["vervolg"] = (bool(text["vervolg"]), "Schrijf wat de volgende stap is.")
        asked["vervolg_op"] = (_is_day(text["vervolg_op"]), "Kies de dag van de volgende stap.")
    return {name: zin for name, (good, zin) in asked.items() if not good}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _page(
    actor: Actor,
    installation: InstallationDep,
    regio: RegioView,
    jongere_id: str,
    *,
    text: Mapping[str, str] | None = None,
    fouten: Mapping[str, str] | None = None,
    klaar: str = "",
) -> HTMLResponse:
    jongere = regio.jongere(jongere_id)
    with unit_of_work(installation.engine, read_only=True) as session:
        owners = owners_of(session, jongere_id, actor.regios, own=actor.naam)
        told = contacts(session, jongere_id)
    current_spoor().about(jongere_id)
    today = _now().date()
    empty = dict.fromkeys(TEKSTEN, "")
    empty |= {"datum": today.isoformat(), "vervolg_door": actor.naam}
    return page(
        "contact.html",
        {
            "jongere": jongere,
            "address": f"/jongeren/{quote(jongere_id, safe='')}/contact",
            "contacten": told,
            "open": [one for one in told if one.is_open],
            "text": text or empty,
            "fouten": fouten or {},
            "klaar": klaar,
            "kanalen": [(one.value, one.value) for one in Kanaal],
            "met": [(one.value, one.value) for one in Met],
            "ja_nee": JA_NEE,
            "eigenaren": [(one, one) for one in owners],
            "vandaag": today,
            "langst": (LONGEST_TEKST, LONGEST_VERVOLG),
        },
        actor=actor.naam,
        status=HTTPStatus.BAD_REQUEST if fouten else HTTPStatus.OK,
    )


def _back(jongere_id: str, gelukt: str) -> Response:
    address = f"/jongeren/{quote(jongere_id, safe='')}/contact?gelukt={gelukt}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _name(regio: RegioView, jongere_id: str) -> str:
    """Return the name of a jongere; who came after the region was read has none yet."""
    try:
        return regio.jongere(jongere_id).naam
    except NotFoundError:
        return ""


def _due(moment: Contactmoment) -> date:
    return moment.vervolg_op or date.max


def _now() -> datetime:
    return datetime.now(UTC)
