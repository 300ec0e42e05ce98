"""What every page passes: the menu learns its address, and it leaves compressed where it may.

The length of a compressed page tells a listener on the line whether what an attacker put in the
address also stands elsewhere in the page (BREACH). So nothing is compressed that another site
asked a browser for, nor what does not say who asked for it; and the API never is. A page that a
person opens here, or from this site, can hold nothing that an attacker put there. Our pages hold
no token against forged requests either: the origin of a request decides
(`service.protection.comes_from_own_site`).

References
----------
Gluck, Harris and Prado (2013), BREACH: reviving the CRIME attack; W3C Fetch Metadata.
"""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from service.web.rendering import HERE

LEAST_BYTES = 1_000
LEVEL = 6
OWN = frozenset({"same-origin", "none"})
API, STATIC = "/api/", "/static/"


class Pages:
    """ASGI middleware: tells the menu where it is, and compresses what may be compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._compressed = GZipMiddleware(app, minimum_size=LEAST_BYTES, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; what starts and stops the service is left as it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        token = HERE.set(scope["path"])
        try:
            chosen = self._compressed if may_compress(scope) else self.app
            await chosen(scope, receive, send)
        finally:
            HERE.reset(token)


def may_compress(scope: Scope) -> bool:
    """Whether the answer to this request may be compressed.

    Examples
    --------
    >>> may_compress({"path": "/static/x.css", "headers": []})
    True
    >>> asked = [(b"sec-fetch-site", b"same-origin")]
    >>> may_compress({"path": "/jongeren", "headers": asked})
    True
    >>> may_compress({"path": "/api/v1/jongeren", "headers": asked})
    False
    >>> may_compress({"path": "/jongeren", "headers": [(b"sec-fetch-site", b"cross-site")]})
    False
    """
    path: str = scope["path"]
    if path.startswith(STATIC):
        return True
    return not path.startswith(API) and Headers(scope=scope).get("sec-fetch-site") in OWN
