import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.aanmelden.errors import WeakPasswordError
from service.aanmelden.wachtwoorden import (
    LEAST_UNFORESEEN,
    LONGEST_PASSWORD,
    ROWS,
    SHORTEST_PASSWORD,
    _passwords,
    check_password,
    hash_password,
    is_right,
    unforeseen,
)
from service.errors import PasswordError

FORESEEN = [
    "passwordpassword",
    "Password123456789",
    "P@ssw0rdP@ssw0rd",
    "wachtwoord123456",
    "Welkom2026Welkom2026!",
    "W3lk0m!Zomer2026",
    "123456789012345678",
    "111111111111111111",
    "qwertyuiopasdfghjkl",
    "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y7u8i9o0p",
    "abcdefghijklmnop",
    "zyxwvutsrqponmlk",
    "abcabcabcabcabcabc",
    "ikhouvanjouschatje",
    "iloveyouiloveyou",
    "AmsterdamAjax2025",
    "januarifebruarimaart",
    "administrator2026",
    "VangnetVangnet2026!",
    "letmeinletmein123",
    "leerlingvolgschool1",
    "anna.jansen.2026!!",
]


@pytest.mark.parametrize("password", FORESEEN)
def test_a_password_that_is_easy_to_foresee_is_refused(password: str) -> None:
    assert len(password) >= SHORTEST_PASSWORD
    with pytest.raises(WeakPasswordError):
        check_password(password, "anna.jansen")


@pytest.mark.parametrize(
    "password",
    [
        "een lang en goed wachtwoord",
        "paarse fiets zingt zacht",
        "correct horse battery staple",
        "vT7kQ-mZp2xLw9cRbN",
        "tafelpoot-regenjas-mosterd",
    ],
)
def test_loose_words_and_random_characters_are_taken(password: str) -> None:
    check_password(password, "anna")


@given(st.text(max_size=SHORTEST_PASSWORD - 1))
def test_a_short_password_is_refused_whatever_it_is(password: str) -> None:
    with pytest.raises(PasswordError):
        check_password(password, "anna")


@given(st.sampled_from(ROWS), st.integers(0, 30), st.integers(15, 60))
def test_no_row_of_keys_is_long_enough(row: str, start: int, length: int) -> None:
    endless = row * 5
    with pytest.raises(WeakPasswordError):
        check_password(endless[start : start + length], "anna")


@given(st.text(alphabet="abcxyz019!", min_size=1, max_size=4), st.integers(4, 30))
def test_no_repeated_piece_is_long_enough(piece: str, times: int) -> None:
    assert len(unforeseen(piece * times * 4)) < LEAST_UNFORESEEN


@given(st.text(min_size=15, max_size=LONGEST_PASSWORD))
def test_looking_at_a_password_never_fails_and_adds_nothing(password: str) -> None:
    assert len(unforeseen(password)) <= len(password.lower())


def test_a_password_of_more_characters_than_the_form_takes_is_refused() -> None:
    with pytest.raises(WeakPasswordError):
        check_password("vT7kQ-mZp2" * 21, "anna")


def test_a_hash_costs_a_thief_what_the_library_recommends() -> None:
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in _passwords().hash("een lang en goed wachtwoord")


def test_a_hash_fits_its_password_alone() -> None:
    known = hash_password("een lang en goed wachtwoord")

    assert known.startswith("$argon2id$")
    assert is_right("een lang en goed wachtwoord", known)
    assert not is_right("een lang en goed wachtwoorD", known)
    assert not is_right("een lang en goed wachtwoord", None)
