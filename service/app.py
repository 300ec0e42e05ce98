"""The running service: the pages, with the API mounted under ``/api/v1``."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from anyio.to_thread import run_sync
from fastapi import FastAPI

from service.answers import answer_for
from service.api.app import API_PATH, VersionHeader, create_api
from service.auth import SessieRules
from service.dependencies import Installation, RegioHolder, RegioView
from service.errors import VangnetError
from service.logs import configure_logs, get_log
from service.protection import Protection
from service.settings import Settings
from service.storage.engine import open_engine
from service.web.site import add_site

MAX_BODY_BYTES = 1_000_000


def create_app(settings: Settings, *, load_regio: Callable[[], RegioView]) -> FastAPI:
    """Return the service; nothing is opened before it starts.

    Parameters
    ----------
    settings : Settings
        Of this installation; its database must have been migrated.
    load_regio : callable
        Reads the region into memory, as `service.jobs.open_regio` does. When it says that there
        is no data or no model yet, the service starts all the same, tells its users so, and
        tries again at the next request.

    Returns
    -------
    FastAPI
        An ASGI application. Serve it without access log: addresses hold search terms.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[Mapping[str, Installation]]:
        configure_logs(production=settings.environment == "production")
        engine = open_engine(settings.database)
        regio = RegioHolder(load_regio)
        try:
            await run_sync(_try_load, regio)
            yield {"installation": Installation(engine, regio, sessie_rules(settings))}
        finally:
            engine.dispose()

    app = FastAPI(
        title="Vangnet",
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        max_body_size=MAX_BODY_BYTES,
    )
    app.add_middleware(Protection, https=settings.secure_cookies)
    app.mount(API_PATH, VersionHeader(create_api()))
    add_site(app)
    return app


def sessie_rules(settings: Settings) -> SessieRules:
    """Return how sessions are kept in this installation."""
    return SessieRules(
        key=settings.session_key.get_secret_value().encode(),
        idle=timedelta(minutes=settings.session_idle_minutes),
        longest=timedelta(hours=settings.session_max_hours),
        secure=settings.secure_cookies,
    )


def _try_load(regio: RegioHolder) -> None:
    """Load the region before the first request; what is absent now may come later."""
    try:
        regio.get()
    except VangnetError as error:
        answer = answer_for(error)
        get_log(__name__).warning("no_regio_yet", problem=str(error), known=answer is not None)
