"""A client that reads every page it gets, and refuses a bad one."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD
from tests.service.web.html import Reader, find_problems, read


class PageClient(TestClient):
    """Checks the HTML of every page on its way to the test."""

    def request(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - as it is inherited
        """Return an answer, once its page was found good."""
        response = super().request(*args, **kwargs)
        if response.headers.get("content-type", "").startswith("text/html"):
            assert find_problems(response.text) == []
        return response

    def read(self, path: str) -> Reader:
        """Return the elements of a page that must be there."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return read(response.text)


def text_of(reader: Reader) -> str:
    """Return the text of the whole page, with single spaces."""
    return " ".join(reader.all("body")[0].text.split())


@pytest.fixture(scope="module")
def visitor(app: FastAPI) -> Iterator[PageClient]:
    """Somebody who is not logged in."""
    with make_client(app) as client:
        yield client


@pytest.fixture(scope="module")
def coach(app: FastAPI) -> Iterator[PageClient]:
    """Somebody who is logged in."""
    with make_client(app) as client:
        log_in(client)
        yield client


def make_client(app: FastAPI) -> PageClient:
    """Return a client that shows redirects and errors as a browser gets them."""
    return PageClient(app, follow_redirects=False, raise_server_exceptions=False)


def log_in(client: TestClient, volgende: str = "") -> Response:
    """Log in with the account of the tests."""
    form = {"naam": NAAM, "wachtwoord": WACHTWOORD, "volgende": volgende}
    return client.post("/inloggen", data=form, headers=OWN_SITE)
