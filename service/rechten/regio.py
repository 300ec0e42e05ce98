"""The region in memory as one actor may see it: who is not visible does not exist (TRUST S6).

The whole region stays in memory once; what is kept per actor and purpose is the set of visible
jongeren, until rights, organisations, data or the day change. So a right that was withdrawn counts
at the next request (TRUST S8), and a request costs no SELECT over everybody.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Literal, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.errors import NotFoundError
from service.matchtafel.zicht import TafelZicht
from service.rechten.begrippen import Doel
from service.rechten.rijen import zichtbare_jongeren, zichtbare_leerwerkplekken
from service.rechten.toegang import Toegang
from service.routes import Routesuggesties
from service.storage.engine import unit_of_work
from service.storage.organisatie import OrganisatieRepository, Stand
from service.suggesties import JongereKort, Kandidaten, Suggesties, Uitvalrisico, Volgorde
from service.vaardigheden import Vaardigheden
from service.verkenning import Verkenning, Wijziging

if TYPE_CHECKING:
    from service.dependencies import MatchingView, RegioView, RoutesView

Kept = TypeVar("Kept")
Asked = TypeVar("Asked", bound=Hashable)
Key = tuple[Doel, Hashable, Stand, date]
"""For which purpose, who, in which state of the rights and the data, on which day."""
MOST_KEPT = 64
"""Sets of visible jongeren that are kept; of ten thousand jongeren one takes about a megabyte."""


@dataclass(frozen=True)
class Zichtbaar:
    """Which jongeren and leerwerkplekken an actor sees; `leerwerkplekken` is None for all."""

    jongeren: frozenset[str]
    leerwerkplekken: frozenset[str] | None = None

    def among(self, jongeren: AbstractSet[str] | None) -> AbstractSet[str]:
        """Return the visible ones of these jongeren; None stands for everybody."""
        return self.jongeren if jongeren is None else self.jongeren & jongeren

    def check_jongere(self, jongere_id: str) -> None:
        """Raise NotFoundError for a jongere whom the actor may not see."""
        if jongere_id not in self.jongeren:
            raise NotFoundError("jongere", jongere_id)

    def check_leerwerkplek(self, leerwerkplek_id: str) -> None:
        """Raise NotFoundError for a leerwerkplek that the actor may not see."""
        if self.leerwerkplekken is not None and leerwerkplek_id not in self.leerwerkplekken:
            raise NotFoundError("leerwerkplek", leerwerkplek_id)


@dataclass
class Zicht:
    """Keeps what actors see, and the region as they see it."""

    _sets: "OrderedDict[Key, Zichtbaar]" = field(default_factory=OrderedDict)
    _regios: "OrderedDict[Hashable, RegioVoor]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def regio(
        self, engine: Engine, regio: "RegioView", toegang: Toegang, stand: Stand | None = None
    ) -> "RegioVoor":
        """Return the region as an actor may see it for a purpose; `stand` as `zichtbaar`."""
        seen = self.known(toegang, stand) or self.zichtbaar(engine, toegang)
        key = (id(regio), id(seen))
        with self._lock:
            known = self._regios.get(key)
            # an id is used again once its object is gone: so both are held, and compared
            if known is None or known.regio is not regio or known.zichtbaar is not seen:
                known = RegioVoor(regio, seen)
                self._let_go(regio)
            _keep(self._regios, key, known)
        return known

    def _let_go(self, regio: "RegioView") -> None:
        """Forget views of other regions than this one: each would hold hundreds of megabytes."""
        former = [key for key, one in self._regios.items() if one.regio.stempel != regio.stempel]
        for key in former:
            del self._regios[key]

    def known(self, toegang: Toegang, stand: Stand | None) -> Zichtbaar | None:
        """Return what is kept of what an actor sees in this state of the rights, if it is.

        Parameters
        ----------
        toegang : Toegang
            Who sees, for which purpose.
        stand : Stand, optional
            What `OrganisatieRepository.stand` told in this same request.
        """
        if stand is None:
            return None
        with self._lock:
            return self._sets.get(_key_of(toegang, stand, datetime.now(UTC).date()))

    def zichtbaar(self, engine: Engine, toegang: Toegang) -> Zichtbaar:
        """Return what an actor sees for a purpose now."""
        today = datetime.now(UTC).date()
        with unit_of_work(engine, read_only=True) as session:
            key = _key_of(toegang, OrganisatieRepository(session).stand(), today)
            with self._lock:
                known = self._sets.get(key)
            seen = _read(session, toegang, today) if known is None else known
        if toegang.doel is Doel.WERVING:  # a release can be withdrawn at any moment
            return seen
        with self._lock:
            # of two who read the same at once, both go on with one set
            seen = self._sets.get(key, seen)
            _keep(self._sets, key, seen)
            self._let_go_before(key)
        return seen

    def _let_go_before(self, key: "Key") -> None:
        """Forget what was seen in another state of the rights or the data than that of a key."""
        for former in [one for one in self._sets if one[2:] != key[2:]]:
            del self._sets[former]


@dataclass(frozen=True)
class RegioVoor:
    """A region seen by one actor for one purpose; as `service.dependencies.RegioView`."""

    regio: "RegioView"
    zichtbaar: Zichtbaar

    @property
    def stempel(self) -> str:
        """Of this region, whoever looks."""
        return self.regio.stempel

    @property
    def peildatum(self) -> date:
        """Day from which the region is seen."""
        return self.regio.peildatum

    @property
    def importrun(self) -> int:
        """Number of the last run whose data the region holds."""
        return self.regio.importrun

    @property
    def matching(self) -> "MatchingVoor":
        """Places for a visible jongere, visible candidates for a place."""
        return MatchingVoor(self.regio.matching, self.zichtbaar)

    @property
    def routes(self) -> "RoutesVoor":
        """Routes of a visible jongere."""
        return RoutesVoor(self.regio.routes, self.zichtbaar)

    @cached_property
    def tafel(self) -> TafelZicht:
        """What a matchtafel sees of the visible jongeren."""
        return self.regio.tafel.voor(self.zichtbaar.jongeren)

    def jongeren(
        self,
        *,
        zoek: str = "",
        onderwijssoort: str | None = None,
        volgorde: Literal["uitvalrisico", "naam"] = "uitvalrisico",
        vanaf: int = 0,
        aantal: int = 25,
        zichtbaar: AbstractSet[str] | None = None,
    ) -> tuple[list[Uitvalrisico], int]:
        """Return one page of the visible list, and how many jongeren that has."""
        return self.regio.jongeren(
            zoek=zoek,
            onderwijssoort=onderwijssoort,
            volgorde=volgorde,
            vanaf=vanaf,
            aantal=aantal,
            zichtbaar=self.zichtbaar.among(zichtbaar),
        )

    @property
    def gestopt(self) -> frozenset[str]:
        """Names of the models that people stopped."""
        return self.regio.gestopt

    def zonder(self, modellen: AbstractSet[str]) -> "RegioVoor":
        """Return the same as if these models were stopped."""
        return RegioVoor(self.regio.zonder(modellen), self.zichtbaar)

    def zonder_score(
        self,
        *,
        zoek: str = "",
        onderwijssoort: str | None = None,
        vanaf: int = 0,
        aantal: int = 25,
        zichtbaar: AbstractSet[str] | None = None,
    ) -> tuple[list[JongereKort], int]:
        """Return one page of the visible ones without a score, and how many they are."""
        return self.regio.zonder_score(
            zoek=zoek,
            onderwijssoort=onderwijssoort,
            vanaf=vanaf,
            aantal=aantal,
            zichtbaar=_both(self.zichtbaar.jongeren, zichtbaar),
        )

    def midden(self, *, zichtbaar: AbstractSet[str] | None = None) -> float | None:
        """Return the uitvalrisico that half of the visible list lies above."""
        return self.regio.midden(zichtbaar=_both(self.zichtbaar.jongeren, zichtbaar))

    def jongere(self, jongere_id: str) -> JongereKort:
        """Return who a visible jongere is."""
        self.zichtbaar.check_jongere(jongere_id)
        return self.regio.jongere(jongere_id)

    def vaardigheden(self, jongere_id: str) -> Vaardigheden:
        """Return what a visible jongere can do."""
        self.zichtbaar.check_jongere(jongere_id)
        return self.regio.vaardigheden(jongere_id)

    def uitvalrisico(self, jongere_id: str) -> Uitvalrisico:
        """Return the risk of a visible jongere."""
        self.zichtbaar.check_jongere(jongere_id)
        return self.regio.uitvalrisico(jongere_id)

    def onderwijssoorten(self) -> list[str]:
        """Return the onderwijssoorten that occur in the region."""
        return self.regio.onderwijssoorten()


@dataclass(frozen=True)
class MatchingVoor:
    """Pairs as one actor may see them."""

    matching: "MatchingView"
    zichtbaar: Zichtbaar

    def suggesties(
        self, jongere_id: str, *, top: int = 10, volgorde: Volgorde = "passendheid"
    ) -> Suggesties:
        """Rank the leerwerkplekken for a visible jongere."""
        self.zichtbaar.check_jongere(jongere_id)
        return self.matching.suggesties(jongere_id, top=top, volgorde=volgorde)

    def kandidaten(
        self,
        leerwerkplek_id: str,
        *,
        top: int = 10,
        volgorde: Volgorde = "passendheid",
        zichtbaar: AbstractSet[str] | None = None,
    ) -> Kandidaten:
        """Rank the visible jongeren for a visible leerwerkplek."""
        self.zichtbaar.check_leerwerkplek(leerwerkplek_id)
        seen = self.zichtbaar.among(zichtbaar)
        return self.matching.kandidaten(leerwerkplek_id, top=top, volgorde=volgorde, zichtbaar=seen)

    def wensen(self, jongere_id: str) -> Wijziging:
        """Return what a visible jongere wants and can do now."""
        self.zichtbaar.check_jongere(jongere_id)
        return self.matching.wensen(jongere_id)

    def competenties(self) -> Mapping[str, str]:
        """Return the titles of the competenties that places ask, by id."""
        return self.matching.competenties()

    def verkenning(self, jongere_id: str, wijziging: Wijziging, *, top: int = 10) -> Verkenning:
        """Rank for a visible jongere as if something were otherwise."""
        self.zichtbaar.check_jongere(jongere_id)
        return self.matching.verkenning(jongere_id, wijziging, top=top)


@dataclass(frozen=True)
class RoutesVoor:
    """Routes as one actor may see them."""

    kaart: "RoutesView"
    zichtbaar: Zichtbaar

    def routes(self, jongere_id: str) -> Routesuggesties:
        """Return routes of a visible jongere towards a praktijkverklaring."""
        self.zichtbaar.check_jongere(jongere_id)
        return self.kaart.routes(jongere_id)


def _both(mine: AbstractSet[str], asked: AbstractSet[str] | None) -> AbstractSet[str]:
    """Return who is visible of those that are asked for; None asks for all."""
    return mine if asked is None else mine & asked


def _key_of(toegang: Toegang, stand: Stand, today: date) -> Key:
    """Return what the visible rows depend on; everybody of one region shares a set."""
    actor, doel = toegang.actor, toegang.doel
    who: Hashable = actor.regios
    if doel is Doel.BEGELEIDING:
        who = (actor.gebruiker_id, actor.organisaties)
    return doel, who, stand, today


def _read(session: Session, toegang: Toegang, today: date) -> Zichtbaar:
    actor, doel = toegang.actor, toegang.doel
    jongeren = session.scalars(zichtbare_jongeren(actor, doel, vandaag=today))
    if doel is not Doel.WERVING:
        return Zichtbaar(frozenset(jongeren))
    places = session.scalars(zichtbare_leerwerkplekken(actor, doel))
    return Zichtbaar(frozenset(jongeren), frozenset(places))


def _keep(kept: "OrderedDict[Asked, Kept]", key: Asked, value: Kept) -> None:
    """Keep a value as the newest, and let the oldest go when there are too many."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
