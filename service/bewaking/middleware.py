"""ASGI middleware that counts and traces every request."""

from time import perf_counter

from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.bewaking.metrics import METHODS, OTHER, count_request
from service.bewaking.tracing import Tracing

SERVER_ERROR = 500
PROPAGATOR = TraceContextTextMapPropagator()


class Watching:
    """Counts and traces; what is watched does not notice.

    Parameters
    ----------
    app : ASGIApp
        What is watched.
    tracing : Tracing
        Where spans go.
    """

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self.app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, method = perf_counter(), scope["method"]
        known = method if method in METHODS else OTHER

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                count_request(
                    known, _route(scope), int(message["status"]), perf_counter() - started
                )
            await send(message)

        if self._tracing.on:
            await self._traced(known, scope, receive, send_counted)
        else:
            await self.app(scope, receive, send_counted)

    async def _traced(self, method: str, scope: Scope, receive: Receive, send: Send) -> None:
        parent = PROPAGATOR.extract(dict(Headers(scope=scope)))
        with self._tracing.tracer.start_as_current_span(
            method, context=parent, kind=SpanKind.SERVER
        ) as span:

            async def send_traced(message: Message) -> None:
                if message["type"] == "http.response.start":
                    route, status = _route(scope), int(message["status"])
                    span.update_name(f"{method} {route}".strip())
                    span.set_attribute("http.request.method", method)
                    span.set_attribute("http.route", route)
                    span.set_attribute("http.response.status_code", status)
                    if status >= SERVER_ERROR:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            await self.app(scope, receive, send_traced)


def _route(scope: Scope) -> str:
    """Return the template of the route, with the path under which the API is mounted."""
    path = getattr(scope.get("route"), "path", "")
    root: str = scope.get("root_path", "")
    return root + path if path else ""
