"""Rights of a web request: none at its begin, then what the declaration of its route granted."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from service.rechten.toegang import GEEN, Toegang, looking_as


def toegang_of(connection: HTTPConnection) -> Toegang:
    """Return what was granted to this request.

    Raises
    ------
    RuntimeError
        The route declares no handeling: a mistake in the code, so nothing is shown.
    """
    granted: Toegang | None = connection.scope["state"].get("toegang")
    if granted is None:
        raise RuntimeError("this route declares no handeling; see service.dependencies.require")
    return granted


class NoRightsYet:
    """ASGI middleware: at its begin, a request may see no row about a person."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; what starts and stops the service is left as it is."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        with looking_as(GEEN):
            await self.app(scope, receive, send)
