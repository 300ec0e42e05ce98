"""The identity provider of an organisation, asked by OpenID Connect (TRUST S4).

Code flow with PKCE and nonce. Of what the provider says only who somebody is counts, by `iss` and
`sub`; what somebody may do here stands in our own tables.

References
----------
OpenID Connect Core 1.0, 3.1.3.7 (checks of an ID token); Discovery 1.0, 4.3 (issuer). RFC 7636
(PKCE), RFC 9700 (best practice), RFC 9207 (`iss` in the answer). OWASP ASVS 5.0, chapter V10.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any, cast

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from service.aanmelden.errors import AanmeldReden, SignInError
from service.logs import get_log

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512")
"""Signatures with a public key; never `none`, never a shared secret."""
SCOPE = "openid"
LEEWAY_SECONDS = 60
"""How far the clock of the provider may be off."""
DISCOVERY = "/.well-known/openid-configuration"
KEEP = timedelta(hours=1)
"""How long addresses and keys of the provider are kept."""
REST = timedelta(seconds=15)
"""After a failure nobody waits for the provider again within this time."""
AT_ONCE = 8
"""Requests to the provider at the same time; the other threads of the service stay free."""
TIMEOUT_SECONDS = 5.0
TERUG = "/inloggen/terug"
"""Path of ours where the provider sends people back to; it must know this address."""


@dataclass(frozen=True)
class Persoon:
    """Who logged in at the provider; together the key of an account here."""

    iss: str
    sub: str


@dataclass(frozen=True)
class _Known:
    """What the provider told of itself, and when."""

    metadata: Mapping[str, Any]
    keys: KeySet
    since: datetime


class Provider:
    """An identity provider, with time limits on everything that is asked of it.

    Parameters
    ----------
    issuer : str
        Address of the provider, exactly as it names itself.
    client_id, client_secret : str
        How it knows us.
    redirect_uri : str
        Address of ours where it sends people back to.
    timeout : float
        Longest wait for each answer, in seconds.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self.issuer = issuer
        self._client_id = client_id
        self._secret = client_secret
        self._redirect_uri = redirect_uri
        self._timeout = timeout
        self._gate = BoundedSemaphore(AT_ONCE)
        self._known: _Known | None = None
        self._failed: datetime | None = None

    def login_address(self, *, state: str, nonce: str, code_verifier: str, now: datetime) -> str:
        """Return the address at the provider where somebody logs in.

        Raises
        ------
        SignInError
            The provider does not answer, or not as the standard asks.
        """
        endpoint = self._endpoint(self._discover(now), "authorization_endpoint")
        with self._client() as client:
            address, _ = client.create_authorization_url(
                endpoint, state=state, code_verifier=code_verifier, nonce=nonce
            )
        return str(address)

    def person_of(
        self, *, code: str, code_verifier: str, nonce: str, iss: str, now: datetime
    ) -> Persoon:
        """Return who logged in, by the code with which the provider sent somebody back.

        Parameters
        ----------
        code : str
            As received.
        code_verifier, nonce : str
            Of this login, as kept here.
        iss : str
            Issuer that came with the code; empty when none did.
        now : datetime
            Moment of the check.

        Raises
        ------
        SignInError
            The provider does not answer, refuses the code, or its token is not for us, not of
            this login, not signed by it, or over.
        """
        known = self._discover(now)
        says_iss = known.metadata.get("authorization_response_iss_parameter_supported", False)
        if (iss or says_iss) and iss != self.issuer:
            raise _wrong("issuer of the answer")
        with self._asking(now), self._client() as client:
            try:
                token = client.fetch_token(
                    self._endpoint(known, "token_endpoint"), code=code, code_verifier=code_verifier
                )
            except OAuthError as error:
                raise _wrong(f"token endpoint: {error.error}") from error
        return self._check(str(token.get("id_token", "")), nonce, now)

    def _check(self, id_token: str, nonce: str, now: datetime) -> Persoon:
        """Return whom a token names, if all of it is right."""
        try:
            claims = self._decode(id_token, now)
            self._registry(nonce, now).validate(claims)
        except (JoseError, ValueError) as error:
            raise _wrong(f"id token: {type(error).__name__}") from error
        audience = claims["aud"]
        alone = audience in (self._client_id, [self._client_id])
        if claims.get("azp", self._client_id if alone else None) != self._client_id:
            raise _wrong("id token: made for another client")
        return Persoon(claims["iss"], claims["sub"])

    def _decode(self, id_token: str, now: datetime) -> dict[str, Any]:
        """Return the claims of a token whose signature is right; new keys are fetched once."""
        known = self._discover(now)
        try:
            return jwt.decode(id_token, known.keys, algorithms=ALGORITHMS).claims
        except InvalidKeyIdError:
            keys = self._discover(now, anew=True).keys
            return jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims

    def _registry(self, nonce: str, now: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )

    def _discover(self, now: datetime, *, anew: bool = False) -> _Known:
        """Return addresses and keys of the provider, from memory while they are fresh."""
        known = self._known
        if known is not None and now - known.since < KEEP and not anew:
            return known
        with self._asking(now), httpx2.Client(timeout=self._timeout) as client:
            metadata = _object(client.get(self.issuer.rstrip("/") + DISCOVERY))
            if metadata.get("issuer") != self.issuer:
                raise _wrong("discovery: names another issuer")
            jwks = _object(client.get(str(metadata.get("jwks_uri", ""))))
        try:
            keys = KeySet.import_key_set(cast("Any", jwks))
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _wrong("keys") from error
        self._known = _Known(metadata, keys, now)
        return self._known

    @contextmanager
    def _asking(self, now: datetime) -> Iterator[None]:
        """Ask the provider inside the block, unless it failed just now or is asked too much."""
        resting = self._failed is not None and now - self._failed < REST
        if resting or not self._gate.acquire(blocking=False):
            raise SignInError(AanmeldReden.AANBIEDER_STIL)
        try:
            yield
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            self._failed = now
            get_log(__name__).warning("provider_silent", kind=type(error).__name__)
            raise SignInError(AanmeldReden.AANBIEDER_STIL) from error
        else:
            self._failed = None
        finally:
            self._gate.release()

    def _endpoint(self, known: _Known, name: str) -> str:
        """Return an address that the provider named; over HTTPS if it is itself."""
        address = str(known.metadata.get(name, ""))
        if not address.startswith(self.issuer.split("//", 1)[0]):
            raise _wrong(f"discovery: no {name}")
        return address

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self._client_id,
            self._secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=self._timeout,
        )


def _object(response: httpx2.Response) -> Mapping[str, Any]:
    """Return the JSON object of an answer."""
    response.raise_for_status()
    try:
        found = response.json()
    except ValueError as error:
        raise _wrong("no JSON") from error
    if not isinstance(found, dict):
        raise _wrong("no JSON object")
    return found


def _wrong(what: str) -> SignInError:
    get_log(__name__).warning("provider_wrong", what=what)
    return SignInError(AanmeldReden.AANBIEDER_FOUT)
