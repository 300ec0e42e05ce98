"""The keys of pseudonyms: one per domain, all outside the database (TRUST P1).

``pseudonym_key`` makes the first layer of a jongere_id and never changes. ``matching_keys`` holds
the keys of the second layer, the oldest first; the database says which of them its rows lie under
(`service.privacy.rotatie`). Every other domain has a key of its own, derived from
``pseudonym_key`` unless the settings give one; that of protected attributes is never derived, for
who serves pages has ``pseudonym_key`` and may not come near them.

References
----------
RFC 5869 (HKDF). AVG article 4(5): the additional information is kept separately.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.errors import SettingsError
from service.importing.pseudonym import PseudonymKey
from service.privacy.laag import KEY_BYTES, Laag
from service.settings import Settings

DERIVED_BYTES = 32
FINGERPRINT_LENGTH = 16
NO_LAYER = "geen"
"""Fingerprint of a database whose ids have one layer only."""


class Domein(StrEnum):
    """Where a pseudonym is used; one of a domain says nothing in another."""

    MATCHING = "matching"
    UITVAL = "uitval"
    AUDIT = "audit"
    EXPORT = "export"
    GROOTBOEK = "grootboek"
    """The ledger of erasures."""
    BESCHERMD = "beschermd"
    """Protected attributes, which only the audit job reads (TRUST F3)."""


@dataclass(frozen=True)
class Sleutels:
    """All keys of an installation.

    Parameters
    ----------
    kern : bytes
        Key of the first layer of a jongere_id.
    lagen : mapping of fingerprint to Laag
        The known second layers, the oldest first.
    eigen : mapping of Domein to bytes
        Keys that the settings give; of other domains the key is derived.
    """

    kern: bytes
    lagen: Mapping[str, Laag]
    eigen: Mapping[Domein, bytes]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the keys of the settings."""
        given = {
            Domein.UITVAL: settings.uitval_key,
            Domein.AUDIT: settings.audit_key,
            Domein.EXPORT: settings.export_key,
            Domein.BESCHERMD: settings.beschermd_key,
        }
        texts = [one.get_secret_value() for one in settings.matching_keys]
        return cls(
            kern=settings.pseudonym_key.get_secret_value().encode(),
            lagen={
                fingerprint(one): Laag(_derive(one.encode(), "laag", KEY_BYTES)) for one in texts
            },
            eigen={
                domein: key.get_secret_value().encode()
                for domein, key in given.items()
                if key is not None
            },
        )

    @property
    def domeinen(self) -> tuple[Domein, ...]:
        """The domains of which there is a key here."""
        given = Domein.BESCHERMD in self.eigen
        return tuple(one for one in Domein if given or one is not Domein.BESCHERMD)

    def key(self, domein: Domein) -> bytes:
        """Return the key of a domain, 32 bytes.

        Raises
        ------
        SettingsError
            The settings do not give the key of protected attributes.
        """
        if domein not in self.domeinen:
            raise SettingsError("beschermd_key", "is not set: protected attributes stay closed")
        return _derive(self.eigen.get(domein, self.kern), domein, DERIVED_BYTES)

    @property
    def newest(self) -> str:
        """Fingerprint of the layer that a rotation leads to; `NO_LAYER` when there is none."""
        return [NO_LAYER, *self.lagen][-1]

    def pseudonym_key(self, vingerafdruk: str) -> PseudonymKey:
        """Return what makes a jongere_id of a number in a database under this layer.

        Raises
        ------
        KeyError
            The settings do not hold that key.
        """
        cover = None if vingerafdruk == NO_LAYER else self.lagen[vingerafdruk].cover
        return PseudonymKey(self.kern, cover)

    def uncover(self, ids: list[str], vingerafdruk: str) -> list[str]:
        """Return ids without their second layer, as they would be under any key."""
        return ids if vingerafdruk == NO_LAYER else self.lagen[vingerafdruk].uncover(ids)


def fingerprint(key: str) -> str:
    """Return what tells a key apart without telling anything about it."""
    return hashlib.sha256(f"vangnet:{key}".encode()).hexdigest()[:FINGERPRINT_LENGTH]


def _derive(key: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"vangnet:{purpose}".encode()).derive(key)
