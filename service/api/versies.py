"""Two who edit the same: each answer has its version, each edit names the version it was based on.

A version is told in ``ETag`` and named in ``If-Match`` (RFC 9110, 13.1.1). Without one an edit is
refused with 428 (RFC 6585); of another version with 409 and both versions, as people must choose.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Response

from service.api.schemas import ApiModel
from service.errors import ConflictError

ETAG = "ETag"


def required_version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            max_length=100,
            description="De ETag van wat u wijzigt, zoals u die kreeg. Verplicht: zonder is het "
            "antwoord 428, bij een andere versie 409.",
            examples=['"1042"'],
        ),
    ] = None,
) -> str:
    """Return the version that an edit is based on.

    Raises
    ------
    HTTPException
        428, when the request names none.
    """
    if if_match is None or if_match.strip() in {"", "*"}:
        raise HTTPException(HTTPStatus.PRECONDITION_REQUIRED)
    return if_match.strip().strip('"')


VersieDep = Annotated[str, Depends(required_version)]


def tell_version(response: Response, versie: object) -> None:
    """Put a version on an answer."""
    response.headers[ETAG] = f'"{versie}"'


@contextmanager
def both_versions(wanted: ApiModel, stands: Callable[[], Mapping[str, object]]) -> Iterator[None]:
    """Let a conflict carry what was sent and what stands now (TRUST R6).

    Parameters
    ----------
    wanted : ApiModel
        What was sent.
    stands : callable
        Reads what stands now, in a unit of work of its own.
    """
    try:
        yield
    except ConflictError as error:
        gevraagd = wanted.model_dump(mode="json", by_alias=True)
        raise ConflictError(error.what, error.key, stands(), gevraagd) from error
