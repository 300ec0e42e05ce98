"""The cookie and the origin of a request, over HTTP."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.aanmelden.limits import ATTEMPTS
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio


def log_in_over_http(client: TestClient, **headers: str) -> int:
    """Post the login form; return the status."""
    form = {"naam": NAAM, "wachtwoord": WACHTWOORD}
    return client.post("/inloggen", data=form, headers=headers).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://sub.testserver"}, 403),
        ({"Origin": "http://testserver.elders.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
    ids=str,
)
def test_a_post_counts_only_when_it_comes_from_our_own_pages(
    anonymous: TestClient, headers: dict[str, str], status: int
) -> None:
    assert log_in_over_http(anonymous, **headers) == status
    anonymous.cookies.clear()


def test_a_logout_from_another_site_does_not_end_the_session(logged_in: TestClient) -> None:
    refused = logged_in.post("/uitloggen", headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status_code == 403
    assert logged_in.get("/jongeren").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(anonymous: TestClient) -> None:
    answer = anonymous.post(
        "/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD}, headers=OWN_SITE
    )
    cookie = answer.headers["set-cookie"].lower()
    anonymous.cookies.clear()

    assert cookie.startswith("vangnet=")
    for part in ("httponly", "samesite=lax", "path=/"):
        assert part in cookie
    assert "domain" not in cookie


def test_over_https_the_cookie_is_bound_to_this_host(tmp_path: Path) -> None:
    app = make_app(make_settings(tmp_path, secure_cookies=True), FakeRegio)
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        answer = client.post(
            "/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD}, headers=OWN_SITE
        )
        cookie = answer.headers["set-cookie"]
        listed = client.get("/jongeren")

    assert cookie.startswith("__Host-vangnet=")
    assert "Secure" in cookie
    assert listed.status_code == 200
    assert "max-age" in listed.headers["strict-transport-security"]


def test_an_old_cookie_is_worthless_after_logging_out(tmp_path: Path) -> None:
    app = make_app(make_settings(tmp_path), FakeRegio)
    with TestClient(app, follow_redirects=False) as client:
        assert log_in_over_http(client, **OWN_SITE) == 303
        old = client.cookies["vangnet"]
        client.post("/uitloggen", headers=OWN_SITE)
        client.cookies.set("vangnet", old)

        assert client.get("/api/v1/jongeren").status_code == 401


def test_a_wrong_password_shows_the_form_again_and_a_pause_says_so(tmp_path: Path) -> None:
    app = make_app(make_settings(tmp_path), FakeRegio)
    with TestClient(app) as client:
        form = {"naam": NAAM, "wachtwoord": "fout"}
        answers = [
            client.post("/inloggen", data=form, headers=OWN_SITE) for _ in range(ATTEMPTS + 1)
        ]

    assert [answer.status_code for answer in answers] == [400] * ATTEMPTS + [429]
    assert "horen niet bij elkaar" in answers[0].text
    assert "Wacht vijf minuten" in answers[-1].text
    assert answers[-1].headers["retry-after"] == "300"
    assert "retry-after" not in answers[0].headers
    assert "fout" not in answers[0].text.split("<main")[1]
