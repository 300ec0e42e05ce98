"""No log, no view (TRUST A4): an answer leaves only after its line has been stored."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import structlog
from opentelemetry.trace import format_trace_id, get_current_span
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.audit.log import Auditlog
from service.audit.schrijver import GroupWriter
from service.audit.spoor import CURRENT, JONGERE, Spoor
from service.errors import NotRecordedError
from service.logs import get_log
from service.storage.engine import JOURNAL

STATE = "audit"
"""Key of the state of the app under which the lifespan puts an `AuditState`."""
UNTRACED = frozenset({"/api/v1/gezondheid", "/api/v1/gereedheid", "/metrics"})
"""Addresses that show nothing about a person and are asked all the time."""
STATIC = "/static/"
UNKNOWN_ADDRESS = "(onbekend adres)"


def is_untraced(path: str) -> bool:
    """Whether an address leaves no line: files of the pages, health and metrics."""
    return path in UNTRACED or path.startswith(STATIC)


class AuditState:
    """What the middleware needs of a running service: keys for a change, a writer for a view."""

    def __init__(self, log: Auditlog, writer: GroupWriter) -> None:
        self.log = log
        self.writer = writer


class RequestSpoor(Spoor):
    """The trace of a request, which reads its route and objects off the address.

    Parameters
    ----------
    scope : dict
        Of the request; the router completes it on the way.
    log : Auditlog
        Writes the line of a change.
    """

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope, log: Auditlog) -> None:
        client = scope.get("client")
        super().__init__(
            "",
            oorsprong=client[0] if client else "",
            writer=log,
            traceparent=Headers(scope=scope).get("traceparent", ""),
        )
        self._scope = scope
        watched = get_current_span().get_span_context()
        if watched.is_valid:  # tracing is on: one id for both
            self.trace_id = format_trace_id(watched.trace_id)

    def _complete(self, status: int | None) -> None:
        scope = self._scope
        route = getattr(scope.get("route"), "path", None)
        address = UNKNOWN_ADDRESS if route is None else scope.get("root_path", "") + route
        self.actie = f"{scope['method']} {address}"
        processed = status is None or status < 400 or status >= 500
        parameters: Mapping[str, Any] = scope.get("path_params", {})
        for name, value in parameters.items():
            soort = name.removesuffix("_id").removesuffix("Id").lower()
            if soort == JONGERE and processed:
                self.about(str(value))
            else:
                self.note(soort, value)


class Auditing:
    """Gives every request a `Spoor`, and holds its answer until the line is stored.

    Parameters
    ----------
    app : ASGIApp
        What is logged.
    refusal : callable
        Makes the answer, from the scope, when the line cannot be stored.
    """

    def __init__(
        self, app: ASGIApp, *, refusal: Callable[[Scope, NotRecordedError], Response]
    ) -> None:
        self.app = app
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or is_untraced(scope["path"]):
            await self.app(scope, receive, send)
            return
        state: AuditState = scope["state"][STATE]
        spoor = RequestSpoor(scope, state.log)
        tokens = CURRENT.set(spoor), JOURNAL.set(spoor)
        structlog.contextvars.bind_contextvars(trace_id=spoor.trace_id)
        gate = _Gate(state.writer, spoor, send, partial(self._refuse, scope, receive, send))
        try:
            await self.app(scope, receive, gate.send)
        except Exception:
            if not gate.is_shut:
                await gate.open(500)
            if not gate.is_shut:
                raise
        finally:
            CURRENT.reset(tokens[0])
            JOURNAL.reset(tokens[1])

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._refusal(scope, NotRecordedError())(scope, receive, send)


class _ShutError(OSError):
    """What an answer meets that may not be shown; a stream ends on it as if nobody listened."""


class _Gate:
    """Lets an answer pass once its line is stored; otherwise another one goes in its place."""

    def __init__(
        self, writer: GroupWriter, spoor: Spoor, send: Send, refuse: Callable[[], Awaitable[None]]
    ) -> None:
        self._writer = writer
        self._spoor = spoor
        self._send = send
        self._refuse = refuse
        self._started = False
        self.is_shut = False

    async def send(self, message: Message) -> None:
        """Pass a message on; raise `_ShutError` for all that belongs to a refused answer."""
        if message["type"] == "http.response.start":
            await self.open(message["status"])
        if self.is_shut:
            raise _ShutError
        self._started = True
        await self._send(message)

    async def open(self, status: int) -> None:
        """Store the line of an answer with this status, or answer that it cannot be stored."""
        happened = self._spoor.close(status)
        if happened is None:
            return
        try:
            await self._writer.record(happened)
        except Exception as error:  # noqa: BLE001  # whatever kept the line back: show nothing
            get_log(__name__).error("not_recorded", kind=type(error).__name__, problem=str(error))
            self.is_shut = not self._started
            if self.is_shut:
                await self._refuse()
        else:
            self._spoor.stored(happened)
