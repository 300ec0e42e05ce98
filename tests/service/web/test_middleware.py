"""Answers leave compressed where that tells nobody anything; static files stay in the browser."""

import pytest

from service.web.rendering import digest, static
from tests.service.web.conftest import PageClient

GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("path", "site", "compressed"),
    [
        ("/zo-werkt-het", "none", True),
        ("/zo-werkt-het", "same-origin", True),
        ("/zo-werkt-het", "cross-site", False),
        ("/zo-werkt-het", "same-site", False),
        ("/api/v1/openapi.json", "none", False),
        ("/static/vangnet.css", "cross-site", True),
    ],
)
def test_only_what_nobody_else_asked_for_is_compressed(
    visitor: PageClient, path: str, site: str, compressed: bool
) -> None:
    answer = visitor.get(path, headers=GZIP | {"Sec-Fetch-Site": site})

    assert answer.status_code == 200
    assert (answer.headers.get("content-encoding") == "gzip") is compressed


def test_a_request_that_does_not_say_where_it_comes_from_gets_a_plain_page(
    visitor: PageClient,
) -> None:
    answer = visitor.get("/zo-werkt-het", headers=GZIP)

    assert "content-encoding" not in answer.headers


def test_an_address_with_the_mark_of_its_content_is_kept_for_good(visitor: PageClient) -> None:
    assert "immutable" in visitor.get(static("vangnet.css")).headers["cache-control"]


@pytest.mark.parametrize("path", ["/static/vangnet.css", "/static/0123456789ab/vangnet.css"])
def test_an_address_without_that_mark_is_asked_again(visitor: PageClient, path: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


def test_what_is_not_there_is_not_kept(visitor: PageClient) -> None:
    answer = visitor.get(f"/static/{digest()}/nergens.css")

    assert answer.status_code == 404
    assert "immutable" not in answer.headers["cache-control"]


def test_a_page_names_only_static_files_that_can_be_kept(visitor: PageClient) -> None:
    page = visitor.read("/zo-werkt-het")

    named = [
        one.attributes.get("src") or one.attributes["href"] for one in page.all("script", "link")
    ]
    assert len(named) >= 5
    assert all(one.startswith(f"/static/{digest()}/") for one in named)
    assert {visitor.get(one).status_code for one in named} == {200}
