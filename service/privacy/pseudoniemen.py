"""Pseudonyms of persons for everything outside the rows of the store: log, exports, runs of MLflow.

A pseudonym is an HMAC under the key of its domain of the random secret of the person. So the
pseudonyms of one person in two domains have nothing in common, and when the person is erased the
secret goes and no pseudonym that was ever written leads back: what may not be changed, such as a
chained audit log, need not be.
"""

import hmac
from collections.abc import Collection
from threading import Lock

import polars as pl
from sqlalchemy import Engine

from service.privacy.sleutels import Domein, Sleutels
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.engine import unit_of_work
from service.storage.persoonssleutel import PersoonssleutelRepository

LENGTH = 32
"""Hexadecimal digits kept of the HMAC."""
PSEUDONIEM = "pseudoniem"
JONGERE_ID = "jongere_id"


class Pseudoniemen:
    """Makes and traces back pseudonyms; one per process, for many threads.

    Parameters
    ----------
    engine : Engine
        The store with the secrets.
    sleutels : Sleutels
        The keys. A domain without one is unknown here: asking for it is a KeyError.
    """

    def __init__(self, engine: Engine, sleutels: Sleutels) -> None:
        self._engine = engine
        self._keys = {domein: sleutels.key(domein) for domein in sleutels.domeinen}
        self._lock = Lock()
        self._known: dict[str, str] = {}
        self._made: dict[tuple[Domein, str], str] = {}

    def of(self, domein: Domein, jongere_id: str) -> str:
        """Return the pseudonym of one person in a domain: 32 hexadecimal digits.

        An id that is not stored (somebody typed it) gets one too, of the id itself.
        """
        return self.of_many(domein, [jongere_id])[jongere_id]

    def of_many(self, domein: Domein, jongeren: Collection[str]) -> dict[str, str]:
        """Return the pseudonyms of persons in a domain, by jongere_id."""
        secrets = self._secrets(jongeren)
        made = self._made
        found = {}
        for one in jongeren:
            secret = secrets.get(one)
            if secret is None:  # somebody typed this: it is not kept
                found[one] = self._hash(domein, f"id:{one}")
                continue
            key = domein, secret
            if key not in made:
                made[key] = self._hash(domein, secret)
            found[one] = made[key]
        return found

    def jongere_of(self, domein: Domein, pseudoniem: str) -> str | None:
        """Return whose pseudonym this is; None when nobody's, or of somebody erased."""
        with looking_as(SYSTEEM), unit_of_work(self._engine, read_only=True) as session:
            secrets = PersoonssleutelRepository(session).all()
        found = (one for one, secret in secrets.items() if self._hash(domein, secret) == pseudoniem)
        return next(found, None)

    def forget(self) -> None:
        """Look secrets up again: after an erasure or a rotation in this process."""
        with self._lock:
            self._known, self._made = {}, {}

    def give_out(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a frame as it may leave: with the pseudonym of the export domain for the id."""
        ids = frame[JONGERE_ID].unique().to_list()
        made = self.of_many(Domein.EXPORT, ids)
        column = pl.col(JONGERE_ID).replace_strict(made, return_dtype=pl.String)
        return frame.with_columns(column).rename({JONGERE_ID: PSEUDONIEM})

    def _secrets(self, jongeren: Collection[str]) -> dict[str, str]:
        with self._lock:
            known = self._known
        missing = [one for one in jongeren if one not in known]
        if missing:
            with looking_as(SYSTEEM), unit_of_work(self._engine, read_only=True) as session:
                found = PersoonssleutelRepository(session).of(missing)
            with self._lock:
                known = self._known = self._known | found
        return known

    def _hash(self, domein: Domein, secret: str) -> str:
        return hmac.digest(self._keys[domein], secret.encode(), "sha256").hex()[:LENGTH]
