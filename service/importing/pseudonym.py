"""From BSN or onderwijsnummer to jongere_id: a keyed pseudonym, made at the door.

A plain hash of a BSN is worthless, since all valid numbers can be tried in minutes; the key
stays in the settings, outside the data (TRUST P1).
"""

import hashlib
import hmac

import polars as pl

PSEUDONYM_LENGTH = 32
"""Hexadecimal digits kept of the HMAC: 128 bits, no collision among all Dutch persons."""
DOMAIN = b"matching:"
ELFPROEF_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def pseudonym(number: str, key: bytes) -> str:
    """Return the jongere_id of one BSN or onderwijsnummer: HMAC-SHA256 under the key, shortened.

    Examples
    --------
    >>> pseudonym("999990019", b"k" * 32) == pseudonym("999990019", b"k" * 32)
    True
    >>> pseudonym("999990019", b"k" * 32) == pseudonym("999990019", b"l" * 32)
    False
    """
    digest = hmac.new(key, DOMAIN + number.encode(), hashlib.sha256)
    return digest.hexdigest()[:PSEUDONYM_LENGTH]


def pseudonyms(numbers: pl.Series, key: bytes) -> pl.Series:
    """Return the jongere_id of every number; null stays null, each number is hashed once."""
    distinct = numbers.drop_nulls().unique()
    hashed = [pseudonym(number, key) for number in distinct]
    return numbers.replace_strict(distinct, hashed, default=None, return_dtype=pl.String)


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
    digits = number.str.contains(r"^\d{9}$") & (number != "000000000")
    total = pl.sum_horizontal(
        number.str.slice(place, 1).cast(pl.Int32, strict=False) * weight
        for place, weight in enumerate(ELFPROEF_WEIGHTS)
    )
    return digits & (total % 11 == 0)
