"""Recording what is shown, when it is shown (TRUST H1).

Whatever a route asks of the region it gets through `GetoondeRegio`, so a list cannot be shown
without a record. The rows go to the writer of the audit log: they are stored before the answer
leaves, or nothing is shown (TRUST A4).
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import Engine

from service.audit.spoor import current_spoor
from service.matchtafel.zicht import TafelZicht
from service.routes import Routesuggesties
from service.storage.engine import unit_of_work
from service.storage.suggestielog import SuggestielogRepository
from service.storage.suggestielog_tables import INHOUD, LIJST, SUGGESTIE, VERTONING
from service.suggestielog.instructie import Lezers
from service.suggestielog.lijst import Lijst
from service.suggestielog.maken import (
    of_kandidaten,
    of_nieuwe_kansen,
    of_routes,
    of_suggesties,
    of_uitvalrisico,
    of_verkenning,
)
from service.suggesties import JongereKort, Kandidaten, Suggesties, Uitvalrisico, Volgorde
from service.vaardigheden import Vaardigheden
from service.verkenning import Verkenning, Wijziging

if TYPE_CHECKING:
    from service.dependencies import MatchingView, RegioView, RoutesView

MOST_KNOWN = 50_000
"""Hashes of stored lists that a process remembers: about eight megabytes."""
MOST_MADE = 5_000
"""Lists that a process remembers by the answer they were made of."""
NIEUW = "nieuwe kansen"


class Bekend(NamedTuple):
    """What is left to know of a list that is stored: its hash, and whom it is about."""

    sha256: str
    jongeren: frozenset[str]


class Nieuw(NamedTuple):
    """A list that the store need not be asked for: its rows are handed over in any case."""

    lijst: Lijst


def growing_id(moment: datetime) -> str:
    """Return a key of 32 hex digits that is larger than those of earlier microseconds.

    Rows with keys that grow stand beside each other, so many of them are one page to write. As a
    UUID of version 7 it begins with the time; the rest is 64 random bits.

    References
    ----------
    RFC 9562, section 5.7 (why keys that are ordered by time).
    """
    return f"{int(moment.timestamp() * 1_000_000):016x}{secrets.token_hex(8)}"


@dataclass
class Suggestielog:
    """Hands what is shown to the writer of the audit log.

    Parameters
    ----------
    engine : Engine
        The store; asked once per process whether a list is stored already.
    """

    engine: Engine
    _known: "OrderedDict[str, None]" = field(default_factory=OrderedDict)
    _made: "OrderedDict[Hashable, tuple[Sequence[object], Bekend | None]]" = field(
        default_factory=OrderedDict
    )
    _lock: Lock = field(default_factory=Lock)

    def show(
        self,
        lijsten: "Iterable[Lijst | Bekend | Nieuw]",
        *,
        gebruiker_id: int | None = None,
        importrun: int | None = None,
    ) -> None:
        """Record that these lists are shown to whoever this request or command is of.

        Parameters
        ----------
        lijsten : iterable of Lijst, Bekend or Nieuw
            What is shown; of a `Lijst` the store is asked whether it is there.
        gebruiker_id : int, optional
            The account that looks; None for a program or a command.
        importrun : int, optional
            Number of the last run whose data the lists were made of; None when not known.
        """
        spoor, moment = current_spoor(), datetime.now(UTC)
        for one in lijsten:
            lijst = one.lijst if isinstance(one, Nieuw) else one
            spoor.about(*lijst.jongeren)
            if isinstance(lijst, Lijst) and (isinstance(one, Nieuw) or not self._is_stored(lijst)):
                spoor.add(LIJST, [lijst.head()], skip_known=True)
                spoor.add(SUGGESTIE, lijst.rows(), skip_known=True)
                spoor.add(INHOUD, lijst.inhoud(), skip_known=True)
            spoor.add(
                VERTONING,
                [
                    {
                        "id": growing_id(moment),
                        "lijst_sha256": lijst.sha256,
                        "tijdstip": moment,
                        "kijker": spoor.actor,
                        "gebruiker_id": gebruiker_id,
                        "doel": spoor.doel,
                        "operatie_id": spoor.operatie_id,
                        "importrun_id": importrun,
                    }
                ],
            )

    def list_of(
        self, shown: Sequence[object], make: Callable[[], Lijst | None], *asked: Hashable
    ) -> "Nieuw | Bekend | None":
        """Return the list that is kept of these same answers, or make it.

        Only of a list that is stored anything is kept, which is its hash. The answers are held
        with it, so their ids cannot become those of others.

        Parameters
        ----------
        shown : sequence of object
            The answers; the same object tells the same.
        make : callable
            Makes the list.
        *asked : hashable
            What else decides the list.
        """
        key = (tuple(map(id, shown)), asked)
        with self._lock:
            found = self._made.get(key)
        if found is not None:
            return found[1]
        lijst = make()
        if lijst is not None and not self._is_stored(lijst):
            return Nieuw(lijst)
        kept = None if lijst is None else Bekend(lijst.sha256, lijst.jongeren)
        with self._lock:
            self._made[key] = (shown, kept)
            while len(self._made) > MOST_MADE:
                self._made.popitem(last=False)
        return kept

    def forget(self) -> None:
        """Forget what is stored: rows may have been removed."""
        with self._lock:
            self._known.clear()
            self._made.clear()

    def _is_stored(self, lijst: Lijst) -> bool:
        """Whether a list is in the store for sure; only what another transaction shows counts."""
        if lijst.sha256 in self._known:
            return True
        with unit_of_work(self.engine, read_only=True) as session:
            stored = bool(SuggestielogRepository(session).known([lijst.sha256]))
        if stored:
            with self._lock:
                self._known[lijst.sha256] = None
                while len(self._known) > MOST_KNOWN:
                    self._known.popitem(last=False)
        return stored


@dataclass(frozen=True)
class Kijker:
    """Who looks, and where that is recorded."""

    log: Suggestielog
    lezers: Lezers
    gebruiker_id: int | None
    importrun: int | None = None

    def shows(self, *lijsten: Lijst | Bekend | Nieuw | None) -> None:
        """Record that these lists are shown.

        Raises
        ------
        InstructieError
            The account has yet to read the current instruction, so it may see no score.
        """
        found = [one for one in lijsten if one is not None]
        if found and self.gebruiker_id is not None:
            self.lezers.check(self.gebruiker_id)
        self.log.show(found, gebruiker_id=self.gebruiker_id, importrun=self.importrun)

    def suggesties(self, jongere_id: str, found: Suggesties) -> None:
        """Record that the places of a jongere are shown, and what would open another."""
        self.shows(
            self.log.list_of([found], lambda: of_suggesties(jongere_id, found)),
            self.log.list_of([found], lambda: of_nieuwe_kansen(jongere_id, found), NIEUW),
        )


@dataclass(frozen=True)
class GetoondeRegio:
    """A region of which every list that is asked for is recorded as shown."""

    regio: "RegioView"
    kijker: Kijker

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
    def gestopt(self) -> frozenset[str]:
        """Names of the models that people stopped."""
        return self.regio.gestopt

    def zonder(self, modellen: AbstractSet[str]) -> "GetoondeRegio":
        """Return the same as if these models were stopped."""
        return GetoondeRegio(self.regio.zonder(modellen), self.kijker)

    @property
    def matching(self) -> "GetoondeMatching":
        """Places for a jongere, candidates for a place."""
        return GetoondeMatching(self.regio.matching, self.kijker)

    @property
    def routes(self) -> "GetoondeRoutes":
        """Routes towards a praktijkverklaring."""
        return GetoondeRoutes(self.regio.routes, self.kijker)

    @property
    def tafel(self) -> TafelZicht:
        """What a matchtafel sees; its screens record themselves what they show of it."""
        return self.regio.tafel

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
        """Return one page of the list, recorded."""
        rows, total = self.regio.jongeren(
            zoek=zoek,
            onderwijssoort=onderwijssoort,
            volgorde=volgorde,
            vanaf=vanaf,
            aantal=aantal,
            zichtbaar=zichtbaar,
        )
        self.kijker.shows(
            self.kijker.log.list_of(
                rows,
                lambda: of_uitvalrisico(rows, vanaf=vanaf, volgorde=volgorde),
                vanaf,
                volgorde,
            )
        )
        return rows, total

    def zonder_score(
        self,
        *,
        zoek: str = "",
        onderwijssoort: str | None = None,
        vanaf: int = 0,
        aantal: int = 25,
        zichtbaar: AbstractSet[str] | None = None,
    ) -> tuple[list[JongereKort], int]:
        """Return who is in the list without a score: nothing was suggested of them."""
        return self.regio.zonder_score(
            zoek=zoek,
            onderwijssoort=onderwijssoort,
            vanaf=vanaf,
            aantal=aantal,
            zichtbaar=zichtbaar,
        )

    def midden(self, *, zichtbaar: AbstractSet[str] | None = None) -> float | None:
        """Return the uitvalrisico that half of the region lies above: of nobody in particular."""
        return self.regio.midden(zichtbaar=zichtbaar)

    def jongere(self, jongere_id: str) -> JongereKort:
        """Return who a jongere is; NotFoundError when unknown."""
        return self.regio.jongere(jongere_id)

    def vaardigheden(self, jongere_id: str) -> Vaardigheden:
        """Return what a jongere can do; NotFoundError when unknown."""
        return self.regio.vaardigheden(jongere_id)

    def uitvalrisico(self, jongere_id: str) -> Uitvalrisico:
        """Return the risk of one jongere, recorded."""
        found = self.regio.uitvalrisico(jongere_id)
        self.kijker.shows(self.kijker.log.list_of([found], lambda: of_uitvalrisico([found])))
        return found

    def onderwijssoorten(self) -> list[str]:
        """Return the onderwijssoorten that occur in the region."""
        return self.regio.onderwijssoorten()


@dataclass(frozen=True)
class GetoondeMatching:
    """Pairs, recorded when they are asked for."""

    matching: "MatchingView"
    kijker: Kijker

    def suggesties(
        self, jongere_id: str, *, top: int = 10, volgorde: Volgorde = "passendheid"
    ) -> Suggesties:
        """Rank the leerwerkplekken for one jongere, recorded."""
        found = self.matching.suggesties(jongere_id, top=top, volgorde=volgorde)
        self.kijker.suggesties(jongere_id, found)
        return found

    def kandidaten(
        self,
        leerwerkplek_id: str,
        *,
        top: int = 10,
        volgorde: Volgorde = "passendheid",
        zichtbaar: AbstractSet[str] | None = None,
    ) -> Kandidaten:
        """Rank the jongeren for one leerwerkplek, recorded."""
        found = self.matching.kandidaten(
            leerwerkplek_id, top=top, volgorde=volgorde, zichtbaar=zichtbaar
        )
        self.kijker.shows(self.kijker.log.list_of([found], lambda: of_kandidaten(found)))
        return found

    def wensen(self, jongere_id: str) -> Wijziging:
        """Return what a jongere wants and can do now; NotFoundError when unknown."""
        return self.matching.wensen(jongere_id)

    def competenties(self) -> Mapping[str, str]:
        """Return the titles of the competenties that places ask, by id."""
        return self.matching.competenties()

    def verkenning(self, jongere_id: str, wijziging: Wijziging, *, top: int = 10) -> Verkenning:
        """Rank as if something were otherwise beside the list of now, both recorded."""
        found = self.matching.verkenning(jongere_id, wijziging, top=top)
        # what is explored is nearly always new; the list of now is the same object each time
        explored = [Nieuw(one) for one in of_verkenning(jongere_id, found) if one is not None]
        log = self.kijker.log
        self.kijker.shows(
            log.list_of([found.nu], lambda: of_suggesties(jongere_id, found.nu)), *explored
        )
        return found


@dataclass(frozen=True)
class GetoondeRoutes:
    """Routes, recorded when they are asked for."""

    kaart: "RoutesView"
    kijker: Kijker

    def routes(self, jongere_id: str) -> Routesuggesties:
        """Return routes towards a praktijkverklaring, recorded."""
        found = self.kaart.routes(jongere_id)
        self.kijker.shows(of_routes(found))
        return found
