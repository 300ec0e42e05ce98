"""The second layer of a jongere_id: a permutation under a key of its own, which can be replaced.

No BSN is kept, so a pseudonym cannot be made anew when a key must go. The first layer (HMAC of the
number, `service.importing.pseudonym`) therefore stays, and a second one lies over it that can be
taken off and put on again: AES-128 of the 128 bits of the pseudonym. Each block is an HMAC and
occurs once, so a plain permutation (ECB) tells nothing of it.

References
----------
FIPS 197 (AES). Kennisnet, Nummervoorziening: a pseudonym of the first level, and one per chain.
"""

import re
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from service.importing.pseudonym import PSEUDONYM_LENGTH

KEY_BYTES = 16
_OWN = re.compile(rf"[0-9a-f]{{{PSEUDONYM_LENGTH}}}")


def is_own(jongere_id: str) -> bool:
    """Whether an id was made of a number by Vangnet; ids that others gave stay as they are.

    Examples
    --------
    >>> is_own("0f" * 16), is_own("J000123")
    (True, False)
    """
    return _OWN.fullmatch(jongere_id) is not None


class Laag:
    """Puts a layer over pseudonyms, and takes it off.

    Parameters
    ----------
    key : bytes
        16 bytes.

    Examples
    --------
    >>> laag = Laag(bytes(16))
    >>> hidden = laag.cover(["00" * 16, "J1"])
    >>> hidden
    ['66e94bd4ef8a2c3b884cfa59ca342b2e', 'J1']
    >>> laag.uncover(hidden)
    ['00000000000000000000000000000000', 'J1']
    """

    def __init__(self, key: bytes) -> None:
        # one block that is already random: no chaining to hide repetition is needed
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305

    def cover(self, ids: Sequence[str]) -> list[str]:
        """Return the ids with the layer on; ids that Vangnet did not make stay as they are."""
        return _through(self._cipher.encryptor(), ids)

    def uncover(self, ids: Sequence[str]) -> list[str]:
        """Return the ids with the layer off."""
        return _through(self._cipher.decryptor(), ids)


def _through(context: CipherContext, ids: Sequence[str]) -> list[str]:
    own = [at for at, one in enumerate(ids) if is_own(one)]
    changed = context.update(bytes.fromhex("".join(ids[at] for at in own))).hex()
    made = list(ids)
    for place, at in enumerate(own):
        made[at] = changed[place * PSEUDONYM_LENGTH : (place + 1) * PSEUDONYM_LENGTH]
    return made
