"""What a route may ask for, as named types: the region, the open store, the actor."""

from asyncio import get_running_loop
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, partial
from http import HTTPStatus
from typing import Annotated, Any, Literal, Protocol

from fastapi import BackgroundTasks, Depends, HTTPException, Request, params
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from models.store import ModelStore
from service.aanmelden.incoming import (
    Incoming,
    actor_of_request,
    is_program,
    read_at_once,
    read_incoming,
)
from service.aanmelden.limits import count_export
from service.aanmelden.provider import Provider
from service.aanmelden.rules import SessieRules
from service.audit.spoor import current_spoor
from service.errors import NotLoggedInError, StoreError
from service.importing.voorstel import Importeer, Werkplaats
from service.matchtafel.waarom import Opgelost
from service.matchtafel.zicht import TafelZicht
from service.privacy.loket import Loket
from service.protection import comes_from_own_site
from service.rechten.begrippen import Actor, Handeling
from service.rechten.regio import Zicht
from service.rechten.toegang import GEEN, Toegang, grant, look_as
from service.rechten.verzoek import toegang_of
from service.routes import Routesuggesties
from service.snapshot.holder import Holder
from service.snapshot.ready import Ready
from service.storage.organisatie import Stand
from service.suggestielog.toezicht import Toezicht
from service.suggesties import JongereKort, Kandidaten, Suggesties, Uitvalrisico, Volgorde
from service.vaardigheden import Vaardigheden
from service.verkenning import Verkenning, Wijziging


class MatchingView(Protocol):
    """What is asked about pairs; `service.matching.Matching` answers it."""

    def suggesties(
        self, jongere_id: str, *, top: int = 10, volgorde: Volgorde = "passendheid"
    ) -> Suggesties:
        """Rank the leerwerkplekken for one jongere; NotFoundError when unknown."""

    def kandidaten(
        self,
        leerwerkplek_id: str,
        *,
        top: int = 10,
        volgorde: Volgorde = "passendheid",
        zichtbaar: AbstractSet[str] | None = None,
    ) -> Kandidaten:
        """Rank the (visible) jongeren for one leerwerkplek; NotFoundError when unknown."""

    def wensen(self, jongere_id: str) -> Wijziging:
        """Return what a jongere wants and can do now; NotFoundError when unknown."""

    def competenties(self) -> Mapping[str, str]:
        """Return the titles of the competenties that places ask, by id."""

    def verkenning(self, jongere_id: str, wijziging: Wijziging, *, top: int = 10) -> Verkenning:
        """Rank as if something were otherwise, beside the list of now."""


class RoutesView(Protocol):
    """What is asked about routes; `service.routes.Routekaart` answers it."""

    def routes(self, jongere_id: str) -> Routesuggesties:
        """Return routes towards a praktijkverklaring; NotFoundError when unknown."""


class RegioView(Protocol):
    """What the API and the pages ask of a region; `service.regio.Regio` answers it."""

    @property
    def stempel(self) -> str:
        """Of this region and its copies without some models, and of no other."""

    @property
    def peildatum(self) -> date:
        """Day from which the region is seen."""

    @property
    def importrun(self) -> int:
        """Number of the last run whose data it holds; a correction has one too."""

    @property
    def matching(self) -> MatchingView:
        """Places for a jongere, candidates for a place."""

    @property
    def routes(self) -> RoutesView:
        """Routes towards a praktijkverklaring."""

    @property
    def tafel(self) -> TafelZicht:
        """What a matchtafel sees."""

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
        """Return one page of the (visible) list, and how many jongeren that whole list has."""

    @property
    def gestopt(self) -> frozenset[str]:
        """Names of the models that people stopped."""

    def zonder(self, modellen: AbstractSet[str]) -> "RegioView":
        """Return the same as if these models were stopped (TRUST H7)."""

    def zonder_score(
        self,
        *,
        zoek: str = "",
        onderwijssoort: str | None = None,
        vanaf: int = 0,
        aantal: int = 25,
        zichtbaar: AbstractSet[str] | None = None,
    ) -> tuple[list[JongereKort], int]:
        """Return one page of who is in the list but has no score, by name, and how many."""

    def midden(self, *, zichtbaar: AbstractSet[str] | None = None) -> float | None:
        """Return the uitvalrisico that half of the list lies above; None without scores."""

    def jongere(self, jongere_id: str) -> JongereKort:
        """Return who a jongere is; NotFoundError when unknown."""

    def vaardigheden(self, jongere_id: str) -> Vaardigheden:
        """Return what a jongere can do; NotFoundError when unknown."""

    def uitvalrisico(self, jongere_id: str) -> Uitvalrisico:
        """Return the risk of one jongere; NotFoundError when unknown or not enrolled."""

    def onderwijssoorten(self) -> list[str]:
        """Return the onderwijssoorten that occur in the region."""


ENTRANCE = ThreadPoolExecutor(40, thread_name_prefix="entrance")
"""Where the store is asked who a request comes from; as many threads as routes have."""
RegioHolder = Holder[RegioView]
"""The region that everybody sees."""


@dataclass(frozen=True)
class Installation:
    """What one running service holds open."""

    engine: Engine
    regio: RegioHolder
    sessies: SessieRules
    modellen: ModelStore
    importeer: Importeer
    loket: Loket
    werkplaats: Werkplaats
    opgelost: Opgelost = field(default_factory=Opgelost)
    zicht: Zicht = field(default_factory=Zicht)
    ready: Ready = field(default_factory=Ready)

    @cached_property
    def toezicht(self) -> Toezicht:
        """What records, stops and explains suggesties."""
        return Toezicht(self.engine)

    provider: Provider | None = None
    asking: Engine | None = None
    """The same store for what may not wait, as `service.storage.engine.for_asking_at_once`."""
    kaarttegels: str | None = None
    """Address of map tiles that the organisation chose; None draws the region's own outlines."""
    kaartbron: str = ""


def get_installation(request: Request) -> Installation:
    """Return what the lifespan of the app opened."""
    installation: Installation = request.scope["state"]["installation"]
    return installation


async def _find_installation(request: Request) -> Installation:
    return get_installation(request)


InstallationDep = Annotated[Installation, Depends(_find_installation)]


async def get_actor(request: Request, after: BackgroundTasks) -> Actor:
    """Return who is logged in or sent a token; NotLoggedInError when nobody is known by it.

    The store is asked once for each request, however many of its dependencies want to know.
    """
    state: dict[str, Any] = request.scope["state"]
    known: Actor | None = state.get("actor")
    if known is not None:
        return known
    found = await _incoming(request, state["installation"])
    if found is None:
        raise NotLoggedInError
    current_spoor().actor = found.naam
    if found.afterwards is not None:
        after.add_task(found.afterwards)
    state["stand"], state["actor"] = found.stand, found.actor
    return found.actor


async def _incoming(request: Request, installation: "Installation") -> Incoming | None:
    """Return who a request comes from; in a thread only where that may take a wait."""
    engine, rules, now = installation.engine, installation.sessies, datetime.now(UTC)
    found = read_at_once(request, engine, installation.asking, rules, now)
    if found is not None:
        return found
    # by hand: what the framework has for this costs as much as the question itself
    asked = partial(copy_context().run, read_incoming, request, engine, rules, now)
    return await get_running_loop().run_in_executor(ENTRANCE, asked)


def get_actor_name(request: Request) -> str:
    """Return the name of who is logged in, empty when nobody is or the store does not answer."""
    installation = get_installation(request)
    engine, rules = installation.engine, installation.sessies
    try:
        actor = actor_of_request(request, engine, rules, datetime.now(UTC))
    except StoreError:
        return ""
    return actor.naam if actor else ""


async def require_own_site(request: Request) -> None:
    """Refuse an unsafe request that was started on another site (TRUST S5).

    A program that brings a token and no cookie is let through: no site can make a browser do so.
    """
    if comes_from_own_site(request.method, request.headers):
        return
    if not is_program(request, get_installation(request).sessies):
        raise HTTPException(HTTPStatus.FORBIDDEN)


DOEL_HEADER = "Vangnet-Doel"
"""Header in which a request to the API names its purpose, when its roles allow several."""
DOEL_COOKIE = "vangnet-doel"
"""Purpose that a person chose for the screens; a wish, the matrix decides."""


@dataclass(frozen=True)
class Vereist:
    """Dependency of a route that does `handeling`: grants it for a purpose, or refuses.

    It is async so that who looks stays known in the context of the request. It asks itself who
    that is: each dependency that the framework has to solve costs more than what is asked here.
    """

    handeling: Handeling

    async def __call__(self, request: Request, after: BackgroundTasks) -> None:
        """Grant the right to this request; NotAllowedError when no role allows it."""
        actor = await get_actor(request, after)
        spoor = current_spoor()
        spoor.handeling = self.handeling.value
        toegang = grant(
            actor,
            self.handeling,
            named=request.headers.get(DOEL_HEADER, ""),
            wished=request.cookies.get(DOEL_COOKIE, ""),
        )
        spoor.doel = toegang.doel.value
        request.scope["state"]["toegang"] = toegang
        look_as(toegang)


@dataclass(frozen=True)
class Openbaar:
    """Dependency of a route for everybody, who sees no row about a person."""

    handeling: Handeling = Handeling.OPENBAAR

    async def __call__(self, request: Request) -> None:
        """Grant nothing but to be there."""
        request.state.toegang = GEEN
        look_as(GEEN)


def require(handeling: Handeling) -> params.Depends:
    """Return the declaration of what a route does, for its ``dependencies``.

    Every route has exactly one; a test over the route table refuses a route without.
    """
    openbaar = handeling is Handeling.OPENBAAR
    declared: params.Depends = Depends(Openbaar() if openbaar else Vereist(handeling))
    return declared


async def get_toegang(request: Request) -> Toegang:
    """Return what the declaration of the route granted."""
    return toegang_of(request)


def limit_exports(
    actor: Annotated[Actor, Depends(get_actor)], installation: InstallationDep
) -> None:
    """Count a download; TooManyError when this account had enough in the last hour (TRUST S9)."""
    count_export(installation.engine, actor.gebruiker_id, datetime.now(UTC))


ToegangDep = Annotated[Toegang, Depends(get_toegang)]


async def get_regio(request: Request) -> RegioView:
    """Return the region as the actor may see it, or raise why there is none yet.

    Without the models that people stopped; and whatever list is asked of it, is recorded. Nearly
    always all of that is known, and no thread is needed to ask for it.
    """
    installation = get_installation(request)
    if (
        installation.zicht.known(toegang_of(request), request.scope["state"].get("stand"))
        is not None
        and installation.regio.is_ready
        and installation.toezicht.knows(installation.regio.get())
    ):
        return regio_of(request)
    return await run_in_threadpool(regio_of, request)


def regio_of(request: Request) -> RegioView:
    """Return what `get_regio` returns, in a route that runs in a thread of its own.

    There nothing is saved by knowing beforehand whether the store must be asked.
    """
    installation, toegang = get_installation(request), toegang_of(request)
    toezicht, actor = installation.toezicht, toegang.actor
    stand: Stand | None = request.scope["state"].get("stand")
    regio = toezicht.allowed(installation.regio.get(), actor.regios)
    mine = installation.zicht.regio(installation.engine, regio, toegang, stand)
    return toezicht.shown(mine, actor.gebruiker_id)


RegioDep = Annotated[RegioView, Depends(get_regio)]
ActorNameDep = Annotated[str, Depends(get_actor_name)]
ActorDep = Annotated[Actor, Depends(get_actor)]
