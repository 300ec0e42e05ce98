"""Recording that somebody was spoken to or sought, and the next step with its day and owner.

A call is answered at the eleventh try, so attempts that failed are worth recording too. What the
data contract knows of it (how, when, reached or not) goes to the canonical table ``contact`` as
well, in the same transaction: a feature may count it. The words of a note never do (TRUST P7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from features.vocabulary import Kanaal
from service.errors import InvoerError, Invoerfout, NotFoundError
from service.rechten.begrippen import Rol
from service.rechten.toewijzen import guidance
from service.registratie.invoer import BRON, Invoerder, refuse_future, store_changed, store_new
from service.storage.contactmoment import Contactmoment, ContactmomentRepository
from service.storage.feiten import FeitRepository
from service.storage.gebruiker import GebruikerRepository

CONTACT = "contact"
LONGEST_TEKST, LONGEST_VERVOLG = 2000, 200
SHORTEST_VERVOLG = 3


class Met(StrEnum):
    """Who was spoken to or sought."""

    JONGERE = "de jongere"
    OUDER = "een ouder of verzorger"
    SCHOOL = "de school"
    LEERBEDRIJF = "een leerbedrijf"
    ANDERS = "iemand anders"


@dataclass(frozen=True)
class Vervolg:
    """The next step: what, on which day, by which account (its name)."""

    wat: str
    op: date
    door: str


@dataclass(frozen=True)
class NieuwContact:
    """A contact to record; `klaar` are the ids of earlier next steps that are done with it."""

    jongere_id: str
    datum: date
    kanaal: Kanaal
    met: Met
    gelukt: bool
    tekst: str = ""
    vervolg: Vervolg | None = None
    klaar: Sequence[int] = ()


def add_contact(
    session: Session,
    contact: NieuwContact,
    *,
    gebruiker_id: int,
    regios: frozenset[str],
    door: Invoerder,
) -> int:
    """Store a contact with a jongere, and return its id.

    Parameters
    ----------
    session : Session
        Unit of work.
    contact : NieuwContact
        What happened, and what is next.
    gebruiker_id : int
        The account that sought or spoke.
    regios : frozenset of str
        Whose coaches may become owner of the next step.
    door : Invoerder
        The same account, and now.

    Raises
    ------
    NotFoundError
        There is no such jongere that who looks may see.
    InvoerError
        The day lies in the future, a text is too long, or the next step lies in the past or has
        an owner who is no coach here.
    """
    owners = owners_of(session, contact.jongere_id, regios, own=door.naam)
    refuse_future(door, datum=contact.datum)
    _check(contact, owners, door)
    repository = ContactmomentRepository(session)
    repository.finish(contact.jongere_id, contact.klaar, op=door.op)
    if contact.met is Met.JONGERE:
        _tell_contract(session, contact, door)
    later = contact.vervolg
    return repository.add(
        jongere_id=contact.jongere_id,
        datum=contact.datum,
        kanaal=contact.kanaal.value,
        met=contact.met.value,
        gelukt=contact.gelukt,
        tekst=contact.tekst.strip(),
        gebruiker_id=gebruiker_id,
        tijdstip=door.op,
        vervolg=later and later.wat.strip(),
        vervolg_op=later and later.op,
        vervolg_door_id=later and _id_of(session, later.door),
    )


def finish_step(
    session: Session, jongere_id: str, contactmoment_id: int, *, door: Invoerder
) -> None:
    """Record that a next step is done; NotFoundError when no such step waits."""
    if not ContactmomentRepository(session).finish(jongere_id, [contactmoment_id], op=door.op):
        raise NotFoundError("contactmoment", str(contactmoment_id))


def contacts(session: Session, jongere_id: str) -> list[Contactmoment]:
    """Return the contacts with a jongere, the newest first."""
    return ContactmomentRepository(session).of(jongere_id)


def owners_of(
    session: Session, jongere_id: str, regios: frozenset[str], *, own: str
) -> tuple[str, ...]:
    """Return the names of who can own a next step: oneself first, then the coaches by name.

    Raises
    ------
    NotFoundError
        There is no such jongere that who looks may see.
    """
    found = guidance(session, jongere_id, regios)
    return (own, *sorted({*found.coaches, *found.anderen} - {own}))


def _check(contact: NieuwContact, owners: Sequence[str], door: Invoerder) -> None:
    fouten = []
    if len(contact.tekst) > LONGEST_TEKST:
        fouten.append(_fout("tekst", f"Schrijf hoogstens {LONGEST_TEKST} tekens."))
    if contact.vervolg is not None:
        words = len(contact.vervolg.wat.strip())
        if not SHORTEST_VERVOLG <= words <= LONGEST_VERVOLG:
            bounds = f"{SHORTEST_VERVOLG} tot {LONGEST_VERVOLG} tekens"
            fouten.append(_fout("vervolg", f"Schrijf de volgende stap in {bounds}."))
        if contact.vervolg.op < door.dag:
            fouten.append(_fout("vervolg_op", "Deze dag is al voorbij. Kies vandaag of later."))
        if contact.vervolg.door not in owners:
            fouten.append(_fout("vervolg_door", "Kies wie de volgende stap doet."))
    if fouten:
        raise InvoerError(fouten)


def _fout(naam: str, zin: str) -> Invoerfout:
    return Invoerfout(naam, "invoer", zin)


def _id_of(session: Session, naam: str) -> int:
    found = GebruikerRepository(session).find(naam)
    if found is None:
        raise NotFoundError("gebruiker", naam)
    return found.id


def _tell_contract(session: Session, contact: NieuwContact, door: Invoerder) -> None:
    """Store what the data contract knows of a contact; of one day and way it keeps one row."""
    key = {
        "jongere_id": contact.jongere_id,
        "datum": contact.datum,
        "kanaal": contact.kanaal.value,
        "door": Rol.LOOPBAANCOACH.value,
    }
    row = key | {"gelukt": contact.gelukt, "bekend_op": door.dag, "bron": BRON}
    rows = FeitRepository(session, CONTACT)
    rows.lock()
    known = rows.find(key)
    if known is None:
        store_new(session, CONTACT, row, door)
    elif contact.gelukt and not known["gelukt"]:
        store_changed(session, CONTACT, row, door)
