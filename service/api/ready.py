"""Answers as the bytes that are sent: made once, and put together of parts that are ready."""

from collections.abc import Iterable

from fastapi import Response

from service.api.schemas import ApiModel

JSON = "application/json"


def as_json(answer: ApiModel) -> bytes:
    """Return an answer as JSON in UTF-8, checked when it was made and not once more."""
    return answer.__pydantic_serializer__.to_json(answer, by_alias=True)


def respond(answer: bytes) -> Response:
    """Return JSON as the answer to a request."""
    return Response(answer, media_type=JSON)


def page_of(head: ApiModel, results: Iterable[bytes]) -> bytes:
    """Return a page of which the results are JSON already; `head` is the page without any.

    Raises
    ------
    ValueError
        The page has results of its own.
    """
    before, empty, after = as_json(head).partition(b'"resultaten":[]')
    if not empty:
        raise ValueError("a page that is filled in has no results of its own")
    return b"".join([before, b'"resultaten":[', b",".join(results), b"]", after])
