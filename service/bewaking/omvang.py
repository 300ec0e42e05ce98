"""A limit on what a request may send, that answers as every other refusal does.

The limit of the framework answers in plain text, before any header or log line is added.
"""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: whoever reads more of a body than allowed gets a 413 raised.

    Parameters
    ----------
    app : ASGIApp
        Whose handlers answer the 413.
    default : int
        Most bytes of a body.
    others : mapping of path to int
        Addresses with a limit of their own.
    """

    def __init__(self, app: ASGIApp, *, default: int, others: Mapping[str, int]) -> None:
        self.app = app
        self._default = default
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self._others.get(scope["path"], self._default)
        told = Headers(scope=scope).get("content-length", "0")
        size = int(told) if told.isascii() and told.isdecimal() else 0

        async def receive_limited() -> Message:
            nonlocal size
            if size > most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            message = await receive()
            if message["type"] == "http.request" and told == "0":
                size += len(message.get("body", b""))
                if size > most:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self.app(scope, receive_limited, send)
