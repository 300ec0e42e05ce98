"""A POST that may be sent twice is done once: the header ``Idempotency-Key``.

The key, a digest of the request and the answer are stored in the transaction that does the work;
so whatever happens to the connection or the server, the same key brings the same answer.

References
----------
IETF draft-ietf-httpapi-idempotency-key-header: same key and other request is 422.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request, Response
from sqlalchemy.orm import Session

from service.api.schemas import ApiModel
from service.dependencies import ActorDep
from service.storage.herhaling import Antwoord, HerhalingRepository

KEY_HEADER = "Idempotency-Key"
KEPT_HEADERS = ("location", "etag")
REPLAYED = "Idempotency-Replayed"


class AnsweredBeforeError(Exception):
    """Ends a request whose key was answered before."""

    def __init__(self, antwoord: Antwoord) -> None:
        super().__init__("answered before")
        self.antwoord = antwoord


@dataclass(frozen=True)
class Herhaling:
    """How one request is known again; without a key it is done each time."""

    gebruiker_id: int
    sleutel: str | None
    verzoek_sha256: str

    def begin(self, session: Session) -> None:
        """Claim the key before anything is written.

        Raises
        ------
        AnsweredBeforeError
            The request was done before.
        HerhaalError
            The key belongs to another request.
        """
        if self.sleutel is None:
            return
        known = HerhalingRepository(session).take(
            self.gebruiker_id, self.sleutel, self.verzoek_sha256, op=datetime.now(UTC)
        )
        if known is not None:
            raise AnsweredBeforeError(known)

    def keep(
        self,
        session: Session,
        response: Response,
        made: ApiModel,
        status: HTTPStatus = HTTPStatus.CREATED,
    ) -> None:
        """Keep the answer in the transaction of the work."""
        if self.sleutel is None:
            return
        koppen = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        antwoord = Antwoord(status, koppen, made.model_dump_json(by_alias=True))
        HerhalingRepository(session).keep(self.gebruiker_id, self.sleutel, antwoord)


async def get_herhaling(
    request: Request,
    actor: ActorDep,
    sleutel: Annotated[
        str | None,
        Header(
            alias=KEY_HEADER,
            min_length=1,
            max_length=255,
            pattern=r"^[!-~]+$",
            description="Eigen kenmerk van dit verzoek. Met hetzelfde kenmerk en dezelfde inhoud "
            "krijgt u binnen 24 uur hetzelfde antwoord, en gebeurt het maar één keer.",
            examples=["6f1c2f4e-1b5d-4b43-9f0e-3f2d8f6f2f10"],
        ),
    ] = None,
) -> Herhaling:
    """Return how this request is known again."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    return Herhaling(actor.gebruiker_id, sleutel, digest.hexdigest())


HerhalingDep = Annotated[Herhaling, Depends(get_herhaling)]


def add_replay(api: FastAPI) -> None:
    """Let a request that was done before leave as the answer that it got."""
    api.add_exception_handler(AnsweredBeforeError, _replay)


def _replay(_: Request, error: Exception) -> Response:
    if not isinstance(error, AnsweredBeforeError):
        raise error
    antwoord = error.antwoord
    return Response(
        antwoord.tekst,
        status_code=antwoord.status,
        media_type="application/json",
        headers={**antwoord.koppen, REPLAYED: "true"},
    )
