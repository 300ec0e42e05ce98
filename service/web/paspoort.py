"""What the page of one jongere shows beside scores: the paspoort, and what is to be done next."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from service.audit.spoor import current_spoor
from service.contact.gesprekken import contacts
from service.dependencies import RegioView
from service.paspoort.feiten import Nodig, Wil, read_feiten
from service.paspoort.tijdlijn import Gebeurtenis, Soort, tijdlijn
from service.paspoort.verzuim import Verzuim, verzuim_of
from service.rechten.begrippen import Doel
from service.rechten.toegang import Toegang
from service.storage.contactmoment import Contactmoment
from service.storage.engine import unit_of_work
from service.vaardigheden import Vaardigheden
from service.web.grafiek import Grafiek, tijdreeks

VERZUIM = "Gemiste lesuren per week"
VERZUIM_UITLEG = (
    "Elke stip is een week met les. Hoe hoger, hoe meer uren gemist. De getallen gaan over het "
    "laatste halfjaar."
)
REEKSEN = ("zonder toestemming", "met toestemming")
MOST_SKILLS, MOST_EVENTS, MOST_NOTES = 6, 6, 4
"""What stands on the page itself; the rest is a click away."""


@dataclass(frozen=True)
class Gesprek:
    """What a coach wrote down: open next steps, the first due first, and the newest notes."""

    stappen: tuple[Contactmoment, ...]
    notities: tuple[Contactmoment, ...]
    aantal: int


@dataclass(frozen=True)
class Paspoort:
    """What the jongere wants, can, did and needs; `gesprek` is None for who may not read it."""

    wil: Wil | None
    nodig: tuple[Nodig, ...]
    lijn: tuple[Gebeurtenis, ...]
    verzuim: Verzuim
    grafiek: Grafiek | None
    kan: Vaardigheden
    gesprek: Gesprek | None
    vandaag: date

    @property
    def diplomas(self) -> tuple[Gebeurtenis, ...]:
        """Diplomas and certificates, the newest first."""
        return tuple(one for one in self.lijn if one.soort is Soort.DIPLOMA)


def paspoort_of(engine: Engine, regio: RegioView, toegang: Toegang, jongere_id: str) -> Paspoort:
    """Return the paspoort of a jongere as who looks may see it.

    Notes and next steps are those of the coaches: only who looks for begeleiding reads them.

    Parameters
    ----------
    engine : Engine
        The store.
    regio : RegioView
        Tells what the jongere can do.
    toegang : Toegang
        Who looks, and for what.
    jongere_id : str
        Whom.

    Raises
    ------
    NotFoundError
        The jongere is unknown to who looks.
    """
    kan, today = regio.vaardigheden(jongere_id), datetime.now(UTC).date()
    with unit_of_work(engine, read_only=True) as session:
        feiten = read_feiten(session, jongere_id)
        told = contacts(session, jongere_id) if toegang.doel is Doel.BEGELEIDING else None
    current_spoor().about(jongere_id)
    verzuim = verzuim_of(feiten.verzuim, today)
    return Paspoort(
        wil=feiten.wil,
        nodig=feiten.nodig,
        lijn=tijdlijn(feiten, today),
        verzuim=verzuim,
        grafiek=_chart(verzuim) if verzuim.weken else None,
        kan=kan,
        gesprek=None if told is None else gesprek_of(told),
        vandaag=today,
    )


def gesprek_of(told: list[Contactmoment]) -> Gesprek:
    """Return what is open and what was noted last, of the contacts with one jongere."""
    waiting = sorted(
        (one for one in told if one.is_open), key=lambda one: (one.vervolg_op or date.max, one.id)
    )
    return Gesprek(tuple(waiting), tuple(told[:MOST_NOTES]), len(told))


def _chart(verzuim: Verzuim) -> Grafiek:
    return tijdreeks(
        VERZUIM,
        VERZUIM_UITLEG,
        [
            (REEKSEN[0], [(one.week, one.ongeoorloofd) for one in verzuim.weken]),
            (REEKSEN[1], [(one.week, one.geoorloofd) for one in verzuim.weken]),
        ],
    )
