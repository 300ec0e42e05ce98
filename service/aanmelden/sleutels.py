"""Keyed hashes of what is shown once, and encryption of what must be read again."""

import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 32
NONCE_BYTES = 12
"""Length that AES-GCM asks (NIST SP 800-38D, section 8.2.2)."""


def new_token() -> str:
    """Return 256 random bits as text that fits an address, a header and a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def keyed_hash(key: bytes, domain: str, text: str) -> str:
    """Return the hexadecimal HMAC-SHA256 of a text; the same text differs between domains.

    Examples
    --------
    >>> keyed_hash(b"k" * 32, "sessie", "x") == keyed_hash(b"k" * 32, "link", "x")
    False
    """
    return hmac.new(key, f"{domain}:{text}".encode(), hashlib.sha256).hexdigest()


def seal(key: bytes, owner: str, secret: bytes) -> bytes:
    """Encrypt a secret of one owner; what is stored is of no use to a reader of the database.

    Parameters
    ----------
    key : bytes
        Key of the installation, at least 32 bytes; the key of the cipher is derived from it.
    owner : str
        Whose secret it is; under another owner it does not open.
    secret : bytes
        What is hidden.

    Returns
    -------
    bytes
        Nonce and ciphertext of AES-256-GCM.
    """
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, secret, owner.encode())


def unseal(key: bytes, owner: str, sealed: bytes) -> bytes | None:
    """Return the secret of an owner; None when it was altered, moved, or made with another key.

    Examples
    --------
    >>> sealed = seal(b"k" * 32, "1", b"secret")
    >>> unseal(b"k" * 32, "1", sealed), unseal(b"k" * 32, "2", sealed)
    (b'secret', None)
    """
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())
    except InvalidTag:
        return None


def _cipher(key: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"vangnet tweede factor")
    return AESGCM(derived.derive(key))
