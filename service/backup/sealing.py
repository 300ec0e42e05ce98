"""Encryption of a stream: whoever holds the file without the key can read nothing of it.

Pieces are sealed one by one with AES-256-GCM under a key of their own file; the number of the
piece and whether it is the last are part of the nonce, so that pieces cannot be left out, put in
another order or cut off unseen.

References
----------
V. T. Hoang et al., Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance (2015),
section 7: the STREAM construction, here with a nonce prefix of 7 bytes.
"""

import io
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"VANGNET1"
SALT_BYTES = 16
PREFIX_BYTES = 7
PIECE = 1 << 20
TAG_BYTES = 16
KEY_BYTES = 32


class SealBrokenError(Exception):
    """The key is another one, or the stream was cut off or changed."""


class SealingWriter(io.RawIOBase):
    """Seals what is written to it and hands that to another stream; close it to finish."""

    def __init__(self, target: BinaryIO, secret: bytes) -> None:
        super().__init__()
        salt = secrets.token_bytes(SALT_BYTES)
        self._target = target
        self._pieces = _Pieces(secret, salt, secrets.token_bytes(PREFIX_BYTES))
        self._waiting = bytearray()
        target.write(MAGIC + salt + self._pieces.prefix)

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # no other buffers
        """Take all of the data; the last piece waits for `close`."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._target.write(self._pieces.seal(bytes(self._waiting[:PIECE]), last=False))
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        """Seal the last piece; the stream below stays open."""
        if not self.closed:
            self._target.write(self._pieces.seal(bytes(self._waiting), last=True))
            self._waiting.clear()
        super().close()


def is_sealed(source: BinaryIO) -> bool:
    """Return whether a stream begins as a sealed one; it is left at its beginning."""
    begin = source.read(len(MAGIC))
    source.seek(0)
    return begin == MAGIC


def unseal(source: BinaryIO, secret: bytes) -> Iterator[bytes]:
    """Give the content of a sealed stream, piece by piece.

    Raises
    ------
    SealBrokenError
        The key is another one, or something is missing or changed; nothing after the last good
        piece was given.
    """
    header = source.read(len(MAGIC) + SALT_BYTES + PREFIX_BYTES)
    salt = header[len(MAGIC) : len(MAGIC) + SALT_BYTES]
    if not header.startswith(MAGIC) or len(header) != len(MAGIC) + SALT_BYTES + PREFIX_BYTES:
        raise SealBrokenError
    pieces = _Pieces(secret, salt, header[-PREFIX_BYTES:])
    sealed = source.read(PIECE + TAG_BYTES)
    while True:
        following = source.read(PIECE + TAG_BYTES)
        yield pieces.open(sealed, last=not following)
        if not following:
            return
        sealed = following


class _Pieces:
    """The cipher of one file, and how many pieces it did."""

    def __init__(self, secret: bytes, salt: bytes, prefix: bytes) -> None:
        derived = HKDF(SHA256(), KEY_BYTES, salt, b"vangnet backup 1").derive(secret)
        self.prefix = prefix
        self._cipher = AESGCM(derived)
        self._done = 0

    def seal(self, piece: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last=last), piece, None)

    def open(self, piece: bytes, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(last=last), piece, None)
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError from error

    def _nonce(self, *, last: bool) -> bytes:
        number = self._done.to_bytes(4, "big")
        self._done += 1
        return self.prefix + number + bytes([last])
