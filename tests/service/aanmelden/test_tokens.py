from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from service.aanmelden.accounts import set_gebruiker_actief, set_rollen
from service.aanmelden.errors import SignInError
from service.aanmelden.own import OwnAccount
from service.aanmelden.tokens import actor_of_token, has_checksum, scopes_of, with_checksum
from service.errors import NotAllowedError, NotFoundError
from service.rechten.begrippen import Actor, Handeling, Rol
from service.rechten.toegang import grant
from service.storage.engine import unit_of_work
from tests.service.aanmelden.people import NAAM, NOW, RULES, add, as_actor

READ = Handeling.RISICO_LEZEN
DAY = timedelta(days=1)


def own(engine: Engine, naam: str = NAAM) -> OwnAccount:
    return OwnAccount(engine, as_actor(add(engine, naam, "loopbaancoach")), RULES, NOW)


def actor(engine: Engine, secret: str, later: timedelta = timedelta()) -> Actor | None:
    found = actor_of_token(engine, secret, rules=RULES, now=NOW + later)
    return None if found is None else found[0]


def test_a_token_speaks_for_its_account_within_its_scopes(engine: Engine) -> None:
    secret, _ = own(engine).make_token("koppeling", [READ], 30)
    found = actor(engine, secret)

    assert found is not None
    assert (found.naam, found.scopes) == (NAAM, frozenset({READ}))
    assert grant(found, READ).handeling is READ
    with pytest.raises(NotAllowedError):
        grant(found, Handeling.SUGGESTIES_LEZEN)
    with pytest.raises(NotAllowedError):
        grant(found, Handeling.EIGEN_ACCOUNT)


def test_a_revoked_token_fails_at_the_next_request(engine: Engine) -> None:
    account = own(engine)
    secret, token = account.make_token("koppeling", [READ], 30)
    assert actor(engine, secret) is not None
    account.revoke_token(token.id)

    assert actor(engine, secret) is None


@pytest.mark.parametrize("dagen", [1, 90])
def test_a_token_is_over_after_its_days(engine: Engine, dagen: int) -> None:
    secret, _ = own(engine).make_token("koppeling", [READ], dagen)

    assert actor(engine, secret, dagen * DAY - timedelta(seconds=1)) is not None
    assert actor(engine, secret, dagen * DAY) is None


@pytest.mark.parametrize("dagen", [-1, 0, 91, 10_000])
def test_a_token_lasts_ninety_days_at_most(sqlite_engine: Engine, dagen: int) -> None:
    with pytest.raises(SignInError):
        own(sqlite_engine).make_token("koppeling", [READ], dagen)


@pytest.mark.parametrize("scopes", [[], ["audit_lezen"], [READ, "audit_lezen"], ["bestaat niet"]])
def test_a_token_gets_no_right_that_its_account_has_not(
    sqlite_engine: Engine, scopes: list[str]
) -> None:
    with pytest.raises(SignInError):
        own(sqlite_engine).make_token("koppeling", scopes, 30)


def test_a_token_loses_what_its_account_loses(engine: Engine) -> None:
    secret, _ = own(engine).make_token("koppeling", [READ], 30)
    with unit_of_work(engine) as session:
        set_rollen(session, NAAM, ["leerbedrijf"])
    found = actor(engine, secret)

    assert found is not None
    with pytest.raises(NotAllowedError):
        grant(found, READ)


def test_a_token_of_a_closed_account_opens_nothing(engine: Engine) -> None:
    secret, _ = own(engine).make_token("koppeling", [READ], 30)
    with unit_of_work(engine) as session:
        set_gebruiker_actief(session, NAAM, actief=False)

    assert actor(engine, secret) is None


def test_nobody_revokes_the_token_of_another(engine: Engine) -> None:
    _, token = own(engine).make_token("koppeling", [READ], 30)

    with pytest.raises(NotFoundError):
        own(engine, "ander").revoke_token(token.id)


def test_the_store_never_holds_a_token(sqlite_engine: Engine) -> None:
    secret, token = own(sqlite_engine).make_token("koppeling", [READ], 30)
    with sqlite_engine.connect() as connection:
        dump = "\n".join(connection.connection.iterdump())

    assert secret not in dump
    assert secret[8:40] not in dump
    assert secret.endswith(token.einde)


def test_a_token_is_known_by_its_prefix_and_holds_256_bits(sqlite_engine: Engine) -> None:
    secret, _ = own(sqlite_engine).make_token("koppeling", [READ], 30)

    assert secret.startswith("vangnet_")
    assert len(secret) == len("vangnet_") + 43 + 8


@given(st.text(alphabet="abcdefgh0123456789_-", min_size=43, max_size=43), st.integers(0, 50))
def test_a_typing_error_is_seen_without_the_store(body: str, at: int) -> None:
    secret = with_checksum(f"vangnet_{body}")
    wrong = f"{secret[:at]}{'x' if secret[at] != 'x' else 'y'}{secret[at + 1 :]}"

    assert has_checksum(secret)
    assert not has_checksum(wrong)


@given(st.text(max_size=80))
def test_no_text_at_all_breaks_the_check(text: str) -> None:
    assert not has_checksum(text)


@pytest.mark.parametrize("rol", list(Rol))
def test_the_scopes_of_a_role_are_its_rights_and_never_the_own_account(rol: Rol) -> None:
    scopes = scopes_of([rol])

    assert scopes
    assert Handeling.EIGEN_ACCOUNT not in scopes
    assert Handeling.OPENBAAR not in scopes
