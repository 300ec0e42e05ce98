"""What HTTP asks of every address: HEAD, OPTIONS, and 304 for who has the answer already.

References
----------
RFC 9110, HTTP Semantics: 9.3.2 (HEAD), 9.3.7 (OPTIONS), 13.1.2 (If-None-Match), 8.8.3 (ETag).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JSON = "application/json"
ETAGS = 200
"""Answers of which the ETag is remembered, of at most some tens of kilobytes each."""
NO_BODY: Message = {"type": "http.response.body", "body": b"", "more_body": False}


class Verkeer:
    """ASGI middleware of the API.

    Parameters
    ----------
    app : ASGIApp
        The API.
    allowed : callable
        Tells the methods of an address; none when the address is not there.
    shared : str
        The one address that pages of other sites may read.
    """

    def __init__(self, app: ASGIApp, allowed: Callable[[str], Sequence[str]], shared: str) -> None:
        self.app = app
        self._allowed = allowed
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and (methods := self._allowed(scope["path"])):
            await _tell(methods, send, shared=scope["path"] == self._shared)
        elif scope["method"] in {"GET", "HEAD"}:
            await self._get(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        seen = Headers(scope=scope).get("if-none-match", "")
        answer = _Answer(send, seen, head=method == "HEAD")
        # in place: what is outside finds the route in this scope
        scope["method"] = "GET"
        try:
            await self.app(scope, receive, answer.send)
        finally:
            scope["method"] = method


@dataclass
class _Answer:
    """One answer on its way out; JSON is kept until it is whole, to give it its ETag."""

    out: Send
    seen: str
    head: bool
    start: Message | None = None
    parts: list[bytes] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_json(message):
            self.start = message
        elif message["type"] == "http.response.body" and self.start is not None:
            self.parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(self.start)
        else:
            bare = self.head and message["type"] == "http.response.body"
            await self.out({**message, "body": b""} if bare else message)

    async def _finish(self, start: Message) -> None:
        body = b"".join(self.parts)
        headers = MutableHeaders(raw=start["headers"])
        if "ETag" not in headers:
            headers["ETag"] = _etag_of(body)
        if _matches(self.seen, headers["ETag"]):
            start = {**start, "status": 304}
            for name in ("content-length", "content-type"):
                del headers[name]
            body = b""
        await self.out({**start, "headers": headers.raw})
        await self.out(NO_BODY if self.head else {**NO_BODY, "body": body})


@lru_cache(maxsize=ETAGS)
def _etag_of(body: bytes) -> str:
    """Return the ETag of an answer; one that stood ready is not read through once more."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _is_json(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "").startswith(JSON)


def _matches(seen: str, etag: str) -> bool:
    """Whether an If-None-Match names this ETag; weak and strong count alike here."""
    tags = {one.strip().removeprefix("W/") for one in seen.split(",")}
    return seen.strip() == "*" or etag.removeprefix("W/") in tags


async def _tell(methods: Sequence[str], send: Send, *, shared: bool) -> None:
    told = ", ".join(methods).encode()
    headers = [(b"allow", told)]
    if shared:
        headers += [
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-methods", told),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send(NO_BODY)
