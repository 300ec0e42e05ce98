"""When the identity provider is silent, a page says so and local accounts go on (TRUST R9, S4)."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from service.aanmelden.errors import AanmeldReden
from service.aanmelden.zinnen import AANMELD_ZINNEN
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.web.conftest import text_of
from tests.service.web.html import read

SITE = "http://vangnet.example"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[TestClient]:
    """A service whose provider accepts a connection and then says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = make_settings(tmp_path).model_copy(
            update={
                "oidc_issuer": f"http://127.0.0.1:{silent.getsockname()[1]}",
                "oidc_client_id": "vangnet",
                "oidc_client_secret": SecretStr("geheim-van-vangnet"),
                "public_url": SITE,
            }
        )
        app = make_app(settings, FakeRegio)
        with TestClient(app, base_url=SITE, follow_redirects=False) as client:
            yield client


def test_a_silent_provider_gives_a_dutch_page_and_local_sign_in_goes_on(site: TestClient) -> None:
    offered = site.get("/inloggen")
    tried = site.get("/inloggen/organisatie")

    assert "log in via uw organisatie" in offered.text
    status, sentence = AANMELD_ZINNEN[AanmeldReden.AANBIEDER_STIL]
    assert tried.status_code == status == 503
    assert sentence in text_of(read(tried.text))
    assert "127.0.0.1" not in tried.text

    form = {"naam": NAAM, "wachtwoord": WACHTWOORD}
    assert site.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
    assert site.get("/jongeren").status_code == 200
