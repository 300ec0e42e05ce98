"""From BSN or onderwijsnummer to jongere_id: a keyed pseudonym, made at the door.

A plain hash of a BSN is worthless, since all valid numbers can be tried in minutes; the key
stays in the settings, outside the data (TRUST P1).
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

PSEUDONYM_LENGTH = 32
"""Hexadecimal digits kept of the HMAC: 128 bits, no collision among all Dutch persons."""
DOMAIN = b"matching:"
BLOCK = 64
"""Bytes of one block of SHA-256."""
ELFPROEF_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
REMAINDER_ONDERWIJSNUMMER = 5


@dataclass(frozen=True)
class PseudonymKey:
    """Key of the HMAC, and what lays a second layer over its results (`service.privacy.laag`)."""

    kern: bytes
    cover: Callable[[Sequence[str]], list[str]] | None = None


Key = bytes | PseudonymKey
"""What makes a jongere_id of a number; bytes alone are a key without second layer."""


def pseudonym(number: str, key: Key) -> str:
    """Return the jongere_id of one BSN or onderwijsnummer: HMAC-SHA256 under the key, shortened.

    Examples
    --------
    >>> pseudonym("999990019", b"k" * 32) == pseudonym("999990019", b"k" * 32)
    True
    >>> pseudonym("999990019", b"k" * 32) == pseudonym("999990019", b"l" * 32)
    False
    """
    if isinstance(key, PseudonymKey):
        made = pseudonym(number, key.kern)
        return made if key.cover is None else key.cover([made])[0]
    return hmac.digest(key, DOMAIN + number.encode(), "sha256").hex()[:PSEUDONYM_LENGTH]


def pseudonyms(numbers: pl.Series, key: Key) -> pl.Series:
    """Return the jongere_id of every number; null stays null, each number is hashed once.

    The hash of the key is made once and copied: the same HMAC at a third of the time.
    """
    distinct = numbers.drop_nulls().unique(maintain_order=True)
    hashed = _hash_all(distinct.to_list(), key)
    if distinct.len() == numbers.len():
        return pl.Series(numbers.name, hashed, pl.String)
    return numbers.replace_strict(distinct, hashed, default=None, return_dtype=pl.String)


def _hash_all(numbers: list[str], key: Key) -> list[str]:
    """Return HMAC-SHA256 of each number, spelled out as in RFC 2104: the key is read once."""
    if isinstance(key, PseudonymKey):
        made = _hash_all(numbers, key.kern)
        return made if key.cover is None else key.cover(made)
    block = (key if len(key) <= BLOCK else hashlib.sha256(key).digest()).ljust(BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + DOMAIN)
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    hashed = []
    for number in numbers:
        inside, outside = inner.copy(), outer.copy()
        inside.update(number.encode())
        outside.update(inside.digest())
        hashed.append(outside.hexdigest()[:PSEUDONYM_LENGTH])
    return hashed


def passes_elfproef(number: pl.Expr) -> pl.Expr:
    """Whether a text is nine digits that satisfy the elfproef of the BSN; null for null.

    References
    ----------
    Besluit burgerservicenummer; Logisch Ontwerp BSN: weights 9..2 and -1, sum divisible by 11,
    and not all zero.

    Examples
    --------
    >>> frame = pl.DataFrame({"nummer": ["999990019", "999990018", "BSN1", None]})
    >>> frame.select(passes_elfproef(pl.col("nummer"))).to_series().to_list()
    [True, False, False, None]
    """
    return _nine_digits(number) & (_weighted(number) % 11 == 0)


def passes_onderwijsnummer(number: pl.Expr) -> pl.Expr:
    """Whether a text is nine digits that can be an onderwijsnummer; null for null.

    Sources differ: the number is said to satisfy the elfproef like a BSN, or to begin with 10
    and leave 5 where a BSN leaves nothing. Either is accepted, so that no jongere is refused
    for a difference between sources.

    References
    ----------
    Weights as of the BSN; remainder 5 and the first digits 10: the description of the
    onderwijsnummer in Wikipedia (nl) and python-stdnum, `stdnum.nl.onderwijsnummer`.

    Examples
    --------
    >>> frame = pl.DataFrame({"nummer": ["101222331", "999990019", "101222332", None]})
    >>> frame.select(passes_onderwijsnummer(pl.col("nummer"))).to_series().to_list()
    [True, True, False, None]
    """
    remainder = _weighted(number) % 11
    own = number.str.starts_with("10") & (remainder == REMAINDER_ONDERWIJSNUMMER)
    return _nine_digits(number) & ((remainder == 0) | own)


def is_person_number(number: str) -> bool:
    """Whether nine digits can be a BSN or an onderwijsnummer, as `passes_onderwijsnummer` says.

    Examples
    --------
    >>> is_person_number("999990019"), is_person_number("101222331"), is_person_number("999990018")
    (True, True, False)
    """
    if not re.fullmatch("[0-9]{9}", number) or number == "000000000":
        return False
    pairs = zip(number, ELFPROEF_WEIGHTS, strict=True)
    remainder = sum(int(digit) * weight for digit, weight in pairs) % 11
    own = number.startswith("10") and remainder == REMAINDER_ONDERWIJSNUMMER
    return remainder == 0 or own


def _nine_digits(number: pl.Expr) -> pl.Expr:
    return number.str.contains(r"^[0-9]{9}$") & (number != "000000000")


def _weighted(number: pl.Expr) -> pl.Expr:
    """Return the weighted sum of the digits, of which the elfproef looks at the remainder."""
    whole = number.cast(pl.Int64, strict=False)
    return pl.sum_horizontal(
        whole // 10 ** (8 - place) % 10 * weight for place, weight in enumerate(ELFPROEF_WEIGHTS)
    )
