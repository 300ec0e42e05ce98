"""Which passwords are good enough, and how they are hashed (TRUST S1).

A password has 15 characters or more and no rule on kinds of characters. It is refused when it is
easy to foresee: what remains without words that many people use, without rows of keys, digits and
repeated pieces, and without the name of the account is too short. A rule instead of a list: the
usual lists hold hardly any password of this length, and those they hold are of this kind.

References
----------
NIST SP 800-63B-4, section 3.1.1.2: length 15, blocklist with dictionary words, repetitive or
sequential characters and context-specific words. OWASP ASVS 5.0, 6.2.1, 6.2.4, 6.2.11.
The words in `wachtwoordwoorden.txt` are ours: the most told examples of bad passwords in Dutch and
English (months, seasons, football clubs, first names, "welkom", "password"), and of this field.
"""

import re
from functools import cache
from importlib.resources import files

from pwdlib import PasswordHash

from service.aanmelden.errors import WeakPasswordError
from service.aanmelden.sleutels import new_token
from service.errors import PasswordError

SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 200
LEAST_UNFORESEEN = 8
"""Characters that must remain when all that is easy to foresee is left out (own threshold)."""
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",  # pragma: allowlist secret
    "azertyuiopqsdfghjklmwxcvbn",  # pragma: allowlist secret
    "01234567890123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",  # pragma: allowlist secret
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
)
"""Neighbours in the alphabet and on the keyboard; forwards and backwards."""
RUN = 4
"""Neighbours from this length on are one piece that is easy to foresee."""
LOOKALIKE = str.maketrans("@4310$5!7", "aaeiossit")
REPEATED = re.compile(r"(.+?)\1+")
SHORTEST_WORD = 4


def check_password(password: str, naam: str) -> None:
    """Refuse a password that is too short, too long, or easy to foresee.

    Parameters
    ----------
    password : str
        What somebody chose.
    naam : str
        Name of the account; it adds nothing to a password.

    Raises
    ------
    PasswordError
        It is shorter than `SHORTEST_PASSWORD` characters.
    WeakPasswordError
        It is longer than `LONGEST_PASSWORD`, or easy to foresee.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordError(SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD or len(unforeseen(password, naam)) < LEAST_UNFORESEEN:
        raise WeakPasswordError(LONGEST_PASSWORD)


def unforeseen(password: str, naam: str = "") -> str:
    """Return what remains of a password without the pieces that are easy to foresee.

    Examples
    --------
    >>> unforeseen("Welkom2026Welkom2026!")
    ''
    >>> unforeseen("qwertyuiop12345")
    ''
    >>> len(unforeseen("paarse fiets zingt zacht")) >= LEAST_UNFORESEEN
    True
    """
    text = password.lower()
    for piece in _pieces(text):
        text = text.replace(piece, " ")
    words = [*_words(), *(part for part in re.split(r"\W+", naam.lower()) if len(part) > 2)]
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ").replace(word.translate(LOOKALIKE), " ")
        text = _drop_lookalike(text, word)
    return REPEATED.sub(r"\1", re.sub(r"[\W\d_]+", "", text))


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its parameters and salt."""
    return _passwords().hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Check a password; without a hash against that of something unknown, for the same time."""
    right = _passwords().verify(password, password_hash or hash_of_nothing())
    return right and password_hash is not None


@cache
def hash_of_nothing() -> str:
    """Return the hash of a password that nobody knows."""
    return hash_password(new_token())


@cache
def _passwords() -> PasswordHash:
    return PasswordHash.recommended()


def _drop_lookalike(text: str, word: str) -> str:
    """Leave out a word of which letters were written as digits and signs."""
    plain = text.translate(LOOKALIKE)
    at = plain.find(word)
    while at >= 0:
        text = f"{text[:at]} {text[at + len(word) :]}"
        plain = f"{plain[:at]} {plain[at + len(word) :]}"
        at = plain.find(word)
    return text


def _pieces(text: str) -> list[str]:
    """Return the neighbours of the alphabet and the keyboard in a text, the longest first."""
    rows = [*ROWS, *(row[::-1] for row in ROWS)]
    found = {
        text[start:end]
        for start in range(len(text))
        for end in range(start + RUN, len(text) + 1)
        if any(text[start:end] in row for row in rows)
    }
    return sorted(found, key=len, reverse=True)


@cache
def _words() -> tuple[str, ...]:
    text = files("service.aanmelden").joinpath("wachtwoordwoorden.txt").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if len(line) >= SHORTEST_WORD and not line.startswith("#"))
