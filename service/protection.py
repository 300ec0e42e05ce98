"""What every request passes, for pages and API alike: origin check, safe headers, a log line."""

from collections.abc import Iterable
from time import perf_counter
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.logs import get_log

RawHeader = tuple[bytes, bytes]
"""Name in small letters (as ASGI asks) and value."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN_SITE = frozenset({"same-origin", "none"})
CSP = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
CACHE = b"cache-control"
NO_STORE = "no-store"
HSTS = "max-age=31536000"


def safe_headers(*, https: bool, kaarttegels: str | None = None) -> dict[str, str]:
    """Return the headers of every answer; over HTTPS also that browsers are to keep it so.

    Parameters
    ----------
    https : bool
        Whether the site is only reached over HTTPS.
    kaarttegels : str, optional
        Address of map tiles that the organisation chose; images of that host are let in.
    """
    headers = dict(HEADERS)
    if kaarttegels is not None:
        host = "https://" + urlsplit(kaarttegels).netloc
        # a tile that is let go of becomes an empty image in the address itself
        headers["Content-Security-Policy"] += f"; img-src 'self' data: {host}"
    return headers | {"Strict-Transport-Security": HSTS} if https else headers


class Protection:
    """Puts the headers on every answer, and logs the request.

    The log line holds method, route, status and duration: not the address, whose search term
    may be a name. An answer may set its own ``Cache-Control``; otherwise nothing is kept.

    Parameters
    ----------
    app : ASGIApp
        What is protected.
    https : bool
        Whether the site is only reached over HTTPS; then browsers are told to keep it so.
    kaarttegels : str, optional
        As `safe_headers`.
    """

    def __init__(self, app: ASGIApp, *, https: bool, kaarttegels: str | None = None) -> None:
        self.app = app
        safe = safe_headers(https=https, kaarttegels=kaarttegels)
        self._headers = [(name.lower().encode(), value.encode()) for name, value in safe.items()]
        self._names = frozenset(name for name, _ in self._headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._protected(message["headers"])
                _log_request(scope, int(message["status"]), perf_counter() - started)
            await send(message)

        await self.app(scope, receive, send_protected)

    def _protected(self, headers: Iterable[RawHeader]) -> list[RawHeader]:
        kept = [one for one in headers if one[0] not in self._names]
        if not any(name == CACHE for name, _ in kept):
            kept.append((CACHE, NO_STORE.encode()))
        return [*kept, *self._headers]


def comes_from_own_site(method: str, headers: Headers) -> bool:
    """Whether an unsafe request was started on a page of this site.

    ``Sec-Fetch-Site`` decides; a browser too old to send it must send an ``Origin`` whose host is
    ours. A request with neither is refused: only browsers hold our cookie.

    References
    ----------
    OWASP Cross-Site Request Forgery Prevention Cheat Sheet, Fetch Metadata headers.
    """
    if method in SAFE_METHODS:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in OWN_SITE
    host = headers.get("host", "")
    return bool(host) and urlsplit(headers.get("origin", "")).netloc == host


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "")
    get_log(__name__).info(
        "request",
        method=scope["method"],
        route=scope.get("root_path", "") + route,
        status=status,
        milliseconds=round(1000 * seconds),
    )
