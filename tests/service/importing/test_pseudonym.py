"""Pseudonyms of persons, and the checks of the numbers they are made of."""

import hashlib
import hmac

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from service.importing.pseudonym import (
    DOMAIN,
    PSEUDONYM_LENGTH,
    passes_elfproef,
    passes_onderwijsnummer,
    pseudonym,
    pseudonyms,
)

NUMBERS = st.integers(0, 999_999_999).map("{:09}".format)


def holds(check: pl.Expr, number: str) -> bool:
    return bool(pl.DataFrame({"n": [number]}).select(check).item())


@given(st.lists(st.one_of(st.none(), st.text(max_size=12))), st.binary(max_size=200))
def test_many_pseudonyms_are_those_made_one_by_one(numbers: list[str | None], key: bytes) -> None:
    made = pseudonyms(pl.Series("n", numbers, pl.String), key).to_list()
    assert made == [None if number is None else pseudonym(number, key) for number in numbers]


@given(st.text(max_size=12), st.binary(min_size=1, max_size=200))
def test_a_pseudonym_is_an_hmac_sha256_under_the_key(number: str, key: bytes) -> None:
    expected = hmac.new(key, DOMAIN + number.encode(), hashlib.sha256).hexdigest()
    assert pseudonym(number, key) == expected[:PSEUDONYM_LENGTH]


@given(NUMBERS)
def test_a_bsn_with_one_wrong_digit_fails_the_elfproef(number: str) -> None:
    others = [number[:5] + digit + number[6:] for digit in "0123456789"]
    good = [other for other in others if holds(passes_elfproef(pl.col("n")), other)]
    assert len(good) <= 1


@given(NUMBERS)
def test_every_bsn_may_stand_in_the_place_of_an_onderwijsnummer(number: str) -> None:
    if holds(passes_elfproef(pl.col("n")), number):
        assert holds(passes_onderwijsnummer(pl.col("n")), number)


@given(st.integers(0, 9_999_999).map("10{:07}".format))
def test_an_onderwijsnummer_begins_with_10_and_leaves_5(number: str) -> None:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11
    assert holds(passes_onderwijsnummer(pl.col("n")), number) == (rest in (0, 5))


def test_remainder_5_only_counts_after_10() -> None:
    assert holds(passes_onderwijsnummer(pl.col("n")), "109990001")
    assert not holds(passes_onderwijsnummer(pl.col("n")), "200000003")


def test_no_number_of_other_length_or_of_zeros_passes() -> None:
    for number in ("", "0", "000000000", "99999001", "9999900190", "BSN1", "99999001٣"):
        assert not holds(passes_elfproef(pl.col("n")), number)
        assert not holds(passes_onderwijsnummer(pl.col("n")), number)
