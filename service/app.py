"""The running service: the pages, with the API mounted under ``/api/v1``."""

import re
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic

from anyio import create_task_group, sleep
from anyio.to_thread import run_sync
from fastapi import FastAPI
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from models.errors import AlteredModelError
from models.store import ModelStore
from service.aanmelden.opening import open_provider, sessie_rules
from service.answers import UNEXPECTED, answer_for
from service.api.app import VersionHeader, create_api
from service.api.beschrijving import API_VERSION, VERSION_HEADER, Contact
from service.api.importen import MAX_FILE_BYTES
from service.api.importen import PATH as IMPORTS
from service.api.problems import API_PATH, problem_response
from service.audit.middleware import STATE, Auditing, AuditState
from service.audit.opening import open_audit
from service.bewaking.metrics import add_metrics
from service.bewaking.middleware import Watching
from service.bewaking.omvang import BodyLimit
from service.bewaking.tracing import Tracing
from service.dependencies import Installation, RegioHolder, RegioView
from service.errors import NotRecordedError, VangnetError
from service.importing.voorstel import Werkplaats
from service.jobs import import_into_store
from service.logs import configure_logs, get_log
from service.outbox.loop import keep_sending
from service.privacy.loket import Loket
from service.protection import Protection
from service.rechten.verzoek import NoRightsYet
from service.settings import Settings
from service.snapshot.settling import give_back
from service.storage.engine import for_asking_at_once, open_engine
from service.web import importen
from service.web.middleware import Pages
from service.web.rendering import error_page
from service.web.site import add_site

MAX_BODY_BYTES = 1_000_000
UPLOADS = {IMPORTS: MAX_FILE_BYTES, importen.PATH: MAX_FILE_BYTES}
"""Addresses that receive files, with most bytes of a request."""
RENEW_SECONDS = 1.0
"""Time between two looks whether there are newer data or models."""
RETRIED_AFTER = 15
"""So many times longer the next look waits when newer ones could not be read."""


def create_app(
    settings: Settings,
    *,
    load_regio: Callable[[], RegioView],
    regio_stamp: Callable[[], Hashable] = lambda: None,
    renew_seconds: float = RENEW_SECONDS,
) -> FastAPI:
    """Return the service; nothing is opened before it starts.

    Parameters
    ----------
    settings : Settings
        Of this installation; its database must have been migrated.
    load_regio : callable
        Reads the region into memory, as `service.jobs.open_regio` does. When it says that there
        is no data or no model yet, the service starts all the same, tells its users so, and
        tries again at the next request.
    regio_stamp : callable
        Tells which data and models `load_regio` would read now. When that changes, because a
        command in another process imported or trained, the region is read again in the
        background; by default it never is.
    renew_seconds : float
        Time between two looks at the stamp.

    Returns
    -------
    FastAPI
        An ASGI application. Serve it without access log: addresses hold search terms.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[Mapping[str, Installation | AuditState]]:
        configure_logs(production=settings.environment == "production")
        engine = open_engine(settings.database)
        asking = for_asking_at_once(engine)
        regio = RegioHolder(load_regio, regio_stamp)
        tracing.start()
        try:
            await run_sync(_try_load, regio)
            with open_audit(engine, settings) as audit:
                async with create_task_group() as tasks:
                    tasks.start_soon(keep_sending, engine, settings)
                    installation = Installation(
                        engine,
                        regio,
                        sessie_rules(settings),
                        ModelStore(settings.tracking, settings.models),
                        partial(import_into_store, settings),
                        Loket(engine, settings),
                        Werkplaats.of(settings.data),
                        provider=open_provider(settings),
                        asking=asking,
                        kaarttegels=settings.kaarttegels,
                        kaartbron=settings.kaartbron,
                    )
                    tasks.start_soon(_keep_new, installation, renew_seconds)
                    yield {"installation": installation, STATE: audit}
                    tasks.cancel_scope.cancel()
        finally:
            tracing.stop()
            for opened in (engine, asking):
                if opened is not None:
                    opened.dispose()

    tracing = Tracing(settings.trace_file)
    token = settings.metrics_token
    app = FastAPI(
        title="Vangnet",
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(BodyLimit, default=MAX_BODY_BYTES, others=UPLOADS)
    app.add_middleware(NoRightsYet)
    app.add_middleware(Auditing, refusal=_not_recorded)
    app.add_middleware(Watching, tracing=tracing)
    app.add_middleware(Pages)
    app.add_middleware(Protection, https=settings.secure_cookies, kaarttegels=settings.kaarttegels)
    add_metrics(app, None if token is None else token.get_secret_value())
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)
    app.router.routes.append(_mount_api(settings))
    add_site(app, https=settings.secure_cookies)
    return app


def _mount_api(settings: Settings) -> Mount:
    """Return the API below its path, also for an address with a line break in it."""
    contact = Contact(settings.contact_name, settings.contact_url, settings.contact_email)
    mount = Mount(API_PATH, VersionHeader(create_api(contact)))
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def _not_recorded(scope: Scope, error: NotRecordedError) -> Response:
    """Return what is shown instead of an answer whose line could not be stored."""
    answer = answer_for(error) or UNEXPECTED
    if scope["path"].startswith(f"{API_PATH}/"):
        return problem_response(answer, headers={VERSION_HEADER: API_VERSION})
    return error_page(answer)


def _try_load(regio: RegioHolder) -> None:
    """Load the region before the first request; what is absent now may come later."""
    try:
        regio.get()
        give_back()
    except (VangnetError, AlteredModelError) as error:
        get_log(__name__).warning("no_regio_yet", problem=str(error))


async def _keep_new(installation: Installation, seconds: float) -> None:
    """Look for a newer region as long as the service runs, in a thread of its own."""
    while True:
        await sleep(seconds)
        if not await run_sync(_try_renew, installation, abandon_on_cancel=True):
            await sleep(seconds * RETRIED_AFTER)


def _try_renew(installation: Installation) -> bool:
    """Renew the region when there is a newer one; False when it could not be read."""
    begun = monotonic()
    try:
        if installation.regio.renew():
            installation.ready.forget()
            give_back()
            get_log(__name__).info("regio_renewed", seconds=round(monotonic() - begun, 2))
    except Exception as error:  # noqa: BLE001  # nobody asked: the former region stays, the log tells
        get_log(__name__).warning("regio_not_renewed", kind=type(error).__name__, exc_info=error)
        return False
    return True
