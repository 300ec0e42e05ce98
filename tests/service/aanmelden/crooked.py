"""An identity provider that answers over HTTP what a test wants, also what it never should."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT = "vangnet"


def make_key(kid: str) -> RSAKey:
    """Return a key pair of a provider."""
    return RSAKey.generate_key(2048, {"kid": kid, "alg": "RS256", "use": "sig"})


@cache
def own_key() -> RSAKey:
    """Return the key pair with which every provider of these tests begins."""
    return make_key("eerste")


@dataclass
class Crooked:
    """What the provider says; each part can be made wrong."""

    address: str = ""
    keys: list[RSAKey] = field(default_factory=lambda: [own_key()])
    id_token: Callable[[], str] = str
    metadata: Mapping[str, object] = field(default_factory=dict)
    token_status: int = 200
    delay: float = 0.0
    asked: list[str] = field(default_factory=list)

    def claims(self, own_nonce: str, **other: object) -> dict[str, Any]:
        """Return good claims, but for those that are named."""
        now = int(time.time())
        good = {
            "iss": self.address,
            "sub": "jansen",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": own_nonce,
        }
        return {name: value for name, value in (good | other).items() if value is not None}

    def sign(self, claims: dict[str, Any], key: RSAKey | None = None) -> str:
        """Return an ID token with a good signature of a key."""
        key = key or self.keys[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def answer(self, path: str) -> tuple[int, object]:
        """Return status and body of an answer."""
        if path == "/.well-known/openid-configuration":
            good = {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/jwks",
            }
            return 200, good | dict(self.metadata)
        if path == "/jwks":
            return 200, KeySet([*self.keys]).as_dict(private=False)
        token = {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token()}
        return self.token_status, token if self.token_status == 200 else {"error": "invalid_grant"}


@contextmanager
def crooked_provider() -> Iterator[Crooked]:
    """Serve a provider in a thread."""
    provider = Crooked()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            provider.asked.append(self.path)
            time.sleep(provider.delay)
            status, body = provider.answer(self.path)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815  # names of the library

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
