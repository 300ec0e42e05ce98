"""Keys of the audit domain, and what is done with them: pseudonyms, encryption, signatures.

They live outside the database (TRUST P1): who has only a copy of it can link no line to a
person, read no processed person, and sign no head of the chain.
"""

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
PSEUDONYM_HEX = 32
"""Hex digits of a pseudonym: 128 bits, so that two persons never share one."""


def audit_pseudonym(key: bytes, subject: str) -> str:
    """Return the pseudonym of a person or thing in the audit log.

    Parameters
    ----------
    key : bytes
        Of the audit domain.
    subject : str
        As the store knows it, such as a ``jongere_id``.

    Returns
    -------
    str
        32 hex digits of HMAC-SHA256; other domains have other keys, so theirs cannot be linked.
    """
    return hmac.digest(key, subject.encode(), "sha256").hex()[:PSEUDONYM_HEX]


@dataclass(frozen=True)
class AuditSleutels:
    """The keys of the audit domain of one installation, each of 32 bytes."""

    pseudonym: bytes
    versleuteling: bytes
    ondertekening: bytes

    @classmethod
    def of(cls, secret: bytes) -> "AuditSleutels":
        """Derive the keys from one secret of the settings, each for its own use.

        References
        ----------
        RFC 5869, HMAC-based Extract-and-Expand Key Derivation Function.
        """
        names = ("pseudonym", "versleuteling", "ondertekening")
        return cls(
            *(
                HKDF(
                    algorithm=SHA256(),
                    length=KEY_BYTES,
                    salt=None,
                    info=f"vangnet/audit/{name}".encode(),
                ).derive(secret)
                for name in names
            )
        )

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.versleuteling)

    @cached_property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.ondertekening)

    @cached_property
    def public_key(self) -> str:
        """Key in hex with which anybody can check a signature."""
        return self._signer.public_key().public_bytes_raw().hex()

    def encrypt(self, subject: str, operation_id: str) -> str:
        """Return who a processing was about, readable only with the key and for this operation."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, subject.encode(), operation_id.encode())
        return binascii.b2a_base64(nonce + sealed, newline=False).decode()

    def decrypt(self, sealed: str, operation_id: str) -> str:
        """Return who a processing was about.

        Raises
        ------
        ValueError
            The text was made with another key or for another operation, or was altered.
        """
        raw = base64.b64decode(sealed)
        try:
            found = self._cipher.decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], operation_id.encode()
            )
        except InvalidTag:
            raise ValueError("made with another key, or altered") from None
        return found.decode()

    def sign(self, text: str) -> str:
        """Return the Ed25519 signature of a text, in hex."""
        return self._signer.sign(text.encode()).hex()


def is_signed(text: str, signature: str, public_key: str) -> bool:
    """Whether a signature in hex is that of a text under a public key in hex."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """Return a short name of a public key, to compare by eye."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]
