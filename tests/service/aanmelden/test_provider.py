"""What a provider may not get past us: every wrong answer is refused (TRUST S4, R9)."""

import base64
import hmac
import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from service.aanmelden.errors import AanmeldReden, SignInError
from service.aanmelden.provider import AT_ONCE, KEEP, REST, Persoon, Provider
from tests.service.aanmelden.crooked import CLIENT, Crooked, crooked_provider, make_key

NONCE = "een nonce van deze keer"
VERIFIER = "v" * 64


@pytest.fixture
def crooked() -> Iterator[Crooked]:
    with crooked_provider() as provider:
        yield provider


def provider_of(crooked: Crooked, timeout: float = 5.0) -> Provider:
    return Provider(crooked.address, CLIENT, "geheim", "http://x.example/terug", timeout=timeout)


def ask(provider: Provider, *, iss: str = "", now: datetime | None = None) -> Persoon:
    return provider.person_of(
        code="code",
        code_verifier=VERIFIER,
        nonce=NONCE,
        iss=iss,
        now=now or datetime.now(UTC),
    )


def refusal(crooked: Crooked, id_token: str) -> AanmeldReden:
    """Return why an ID token is refused."""
    crooked.id_token = lambda: id_token
    with pytest.raises(SignInError) as raised:
        ask(provider_of(crooked))
    return raised.value.reden


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def part(value: object) -> str:
    """Return a part of a token."""
    return encode(json.dumps(value).encode())


def test_a_good_token_names_its_person(crooked: Crooked) -> None:
    crooked.id_token = lambda: crooked.sign(crooked.claims(NONCE))

    assert ask(provider_of(crooked)) == Persoon(crooked.address, "jansen")


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "een andere nonce"},
        {"nonce": None},
        {"aud": "een ander programma"},
        {"aud": None},
        {"aud": ["a", "b"]},
        {"aud": [CLIENT, "een ander programma"]},
        {"azp": "een ander programma"},
        {"iss": "https://elders.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"iat": None},
        {"nbf": int(time.time()) + 3600},
    ],
    ids=lambda wrong: "-".join(f"{name} {type(value).__name__}" for name, value in wrong.items()),
)
def test_a_token_with_a_wrong_claim_is_refused(crooked: Crooked, wrong: dict[str, object]) -> None:
    token = crooked.sign(crooked.claims(NONCE, **wrong))

    assert refusal(crooked, token) is AanmeldReden.AANBIEDER_FOUT


def test_a_token_for_several_programs_that_was_made_for_us_is_taken(crooked: Crooked) -> None:
    crooked.id_token = lambda: crooked.sign(
        crooked.claims(NONCE, aud=[CLIENT, "een ander programma"], azp=CLIENT)
    )

    assert ask(provider_of(crooked)).sub == "jansen"


def test_a_token_without_signature_is_refused(crooked: Crooked) -> None:
    token = f"{part({'alg': 'none', 'kid': 'eerste'})}.{part(crooked.claims(NONCE))}."
    assert refusal(crooked, token) is AanmeldReden.AANBIEDER_FOUT


def test_a_token_signed_by_somebody_else_is_refused(crooked: Crooked) -> None:
    token = crooked.sign(crooked.claims(NONCE), make_key("eerste"))

    assert refusal(crooked, token) is AanmeldReden.AANBIEDER_FOUT


def test_a_token_signed_with_a_key_that_is_not_published_is_refused(crooked: Crooked) -> None:
    token = crooked.sign(crooked.claims(NONCE), make_key("vreemd"))

    assert refusal(crooked, token) is AanmeldReden.AANBIEDER_FOUT


def test_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused(crooked: Crooked) -> None:
    public = crooked.keys[0].as_pem(private=False)
    signed = f"{part({'alg': 'HS256', 'kid': 'eerste'})}.{part(crooked.claims(NONCE))}"
    mark = encode(hmac.digest(public, signed.encode(), "sha256"))

    assert refusal(crooked, f"{signed}.{mark}") is AanmeldReden.AANBIEDER_FOUT


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d.e"])
def test_what_is_no_token_is_refused(crooked: Crooked, token: str) -> None:
    assert refusal(crooked, token) is AanmeldReden.AANBIEDER_FOUT


def test_a_token_that_was_altered_is_refused(crooked: Crooked) -> None:
    header, _, signature = crooked.sign(crooked.claims(NONCE)).split(".")
    payload = crooked.sign(crooked.claims(NONCE, sub="beheerder")).split(".")[1]

    assert refusal(crooked, f"{header}.{payload}.{signature}") is AanmeldReden.AANBIEDER_FOUT


def test_a_code_that_the_provider_refuses_opens_nothing(crooked: Crooked) -> None:
    crooked.token_status = 400

    assert refusal(crooked, "") is AanmeldReden.AANBIEDER_FOUT


@pytest.mark.parametrize("iss", ["https://elders.example", ""])
def test_an_answer_of_another_issuer_is_refused_before_the_code_is_used(
    crooked: Crooked, iss: str
) -> None:
    crooked.metadata = {"authorization_response_iss_parameter_supported": True}
    crooked.id_token = lambda: crooked.sign(crooked.claims(NONCE))
    with pytest.raises(SignInError):
        ask(provider_of(crooked), iss=iss)

    assert "/token" not in crooked.asked


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elders.example"},
        {"token_endpoint": "ftp://elders.example"},
        {"token_endpoint": None},
    ],
    ids=str,
)
def test_a_provider_that_describes_itself_wrongly_is_refused(
    crooked: Crooked, metadata: dict[str, object]
) -> None:
    crooked.metadata = metadata

    assert refusal(crooked, "x") is AanmeldReden.AANBIEDER_FOUT


def test_new_keys_of_the_provider_are_fetched_once(crooked: Crooked) -> None:
    provider = provider_of(crooked)
    crooked.id_token = lambda: crooked.sign(crooked.claims(NONCE))
    ask(provider)
    crooked.keys.insert(0, make_key("tweede"))

    assert ask(provider).sub == "jansen"
    assert crooked.asked.count("/jwks") == 2


def test_what_the_provider_told_of_itself_is_kept_for_an_hour(crooked: Crooked) -> None:
    provider, now = provider_of(crooked), datetime.now(UTC)
    for later in (timedelta(), KEEP - timedelta(seconds=1), KEEP):
        provider.login_address(state="s", nonce="n", code_verifier=VERIFIER, now=now + later)

    assert crooked.asked.count("/jwks") == 2


def test_a_slow_provider_is_given_up_and_left_alone_for_a_while(crooked: Crooked) -> None:
    crooked.delay = 1.0
    provider, now = provider_of(crooked, timeout=0.2), datetime.now(UTC)
    started = time.monotonic()
    for _ in range(20):
        with pytest.raises(SignInError) as raised:
            ask(provider, now=now)
        assert raised.value.reden is AanmeldReden.AANBIEDER_STIL
    assert time.monotonic() - started < 1.0
    assert len(crooked.asked) == 1

    crooked.delay = 0.0
    crooked.id_token = lambda: crooked.sign(crooked.claims(NONCE))
    assert ask(provider, now=now + REST).sub == "jansen"


def test_a_provider_that_is_away_is_told_apart(crooked: Crooked) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{free.getsockname()[1]}"
    provider = Provider(away, CLIENT, "geheim", "http://x.example/terug")

    with pytest.raises(SignInError) as raised:
        ask(provider)
    assert raised.value.reden is AanmeldReden.AANBIEDER_STIL


def test_a_slow_provider_never_holds_more_than_a_few_threads(crooked: Crooked) -> None:
    crooked.delay = 0.6
    provider = provider_of(crooked)
    crooked.id_token = lambda: crooked.sign(crooked.claims(NONCE))
    quick: list[float] = []

    def attempt() -> None:
        started = time.monotonic()
        try:
            ask(provider)
        except SignInError:
            quick.append(time.monotonic() - started)

    threads = [Thread(target=attempt) for _ in range(3 * AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(quick) >= 2 * AT_ONCE
    assert sum(seconds < 0.5 for seconds in quick) >= AT_ONCE
