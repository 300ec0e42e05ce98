"""From what happened to lines of the chain and records of the processing log."""

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from importlib.metadata import version

from sqlalchemy.orm import Session

from service.audit.sleutels import AuditSleutels, audit_pseudonym
from service.audit.spoor import IEDEREEN, JONGERE, Gebeurd
from service.audit.verwerkingsregister import activiteit_of
from service.storage.audit import AuditRepository

OWN_NUMBER = re.compile(r"\d{1,7}")
"""A number that this store gave out; whatever else names a thing may be about a person."""
RESOURCE = json.dumps(
    {"service.name": "vangnet", "service.version": version("vangnet")}, separators=(",", ":")
)
OPERATION_BYTES = 8
"""Length of the id of an operation (W3C Trace Context, section 3.2.2.4)."""
UNSET, ERROR = 0, 2
"""Status of a processing: ``STATUS_CODE_UNSET`` also when the question was wrong."""


class Auditlog:
    """Writes lines under the keys of one installation.

    Parameters
    ----------
    sleutels : AuditSleutels
        Keys of the audit domain.
    pseudonyms : callable
        Gives the pseudonyms of persons in the audit domain, by jongere_id.
    """

    def __init__(
        self,
        sleutels: AuditSleutels,
        pseudonyms: Callable[[Collection[str]], Mapping[str, str]],
    ) -> None:
        self._sleutels = sleutels
        self._pseudonyms = pseudonyms

    def name_of(self, jongere_id: str) -> str:
        """Return how lines name a jongere."""
        return f"{JONGERE}:{self._pseudonyms([jongere_id])[jongere_id]}"

    def write(self, session: Session, found: Iterable[Gebeurd]) -> None:
        """Append what happened, with all that belongs to it; the caller commits."""
        happened = list(found)
        known = self._pseudonyms([person for one in happened for person in _named(one)])
        AuditRepository(session).append(
            [self._line(one, known) for one in happened if one.regel],
            additions=[addition for one in happened for addition in one.additions],
            verwerkingen=[record for one in happened for record in self._records(one, known)],
        )

    def _line(self, one: Gebeurd, known: Mapping[str, str]) -> dict[str, object]:
        spoor, key = one.spoor, self._sleutels.pseudonym
        objecten = [f"{JONGERE}:{known[person]}" for person in one.personen]
        objecten += [
            f"{soort}:{known[name] if soort == JONGERE else hidden(name, key)}"
            for soort, name in one.dingen
        ]
        objecten += [f"{JONGERE}:{IEDEREEN}"] * one.iedereen
        return {
            "tijdstip": spoor.begin,
            "actie": spoor.actie,
            "handeling": spoor.handeling,
            "doel": spoor.doel,
            "objecten": json.dumps(objecten, separators=(",", ":")),
            "resultaat": one.resultaat.value,
            "status": one.status,
            "oorsprong": spoor.oorsprong,
            "actor": spoor.actor,
            "trace_id": spoor.trace_id,
            "operatie_id": spoor.operatie_id,
        }

    def _records(self, one: Gebeurd, known: Mapping[str, str]) -> list[dict[str, object]]:
        """Return a record per person; of several persons each is a part of the whole.

        Of everybody at once there is the whole alone.
        """
        if not (one.personen or one.iedereen):
            return []
        spoor = one.spoor
        whole = {
            "trace_id": spoor.trace_id,
            "operation_id": spoor.operatie_id,
            "status_code": ERROR if one.status is not None and one.status >= 500 else UNSET,
            "name": spoor.actie,
            "start_time": spoor.begin,
            "end_time": one.einde,
            "parent_operation_id": None,
            "foreign_operation_id": spoor.ouder_id,
            "resource": RESOURCE,
            "processing_activity_id": activiteit_of(spoor.doel).uri,
            "data_subject_id": None,
        }
        if not one.eerste:
            return [self._part(whole, known[person]) for person in one.personen]
        if len(one.personen) == 1 and not one.iedereen:
            sealed = self._sleutels.encrypt(known[one.personen[0]], spoor.operatie_id)
            return [{**whole, "data_subject_id": sealed}]
        return [whole, *(self._part(whole, known[person]) for person in one.personen)]

    def _part(self, whole: dict[str, object], pseudonym: str) -> dict[str, object]:
        operation_id = os.urandom(OPERATION_BYTES).hex()
        return {
            **whole,
            "operation_id": operation_id,
            "parent_operation_id": whole["operation_id"],
            "foreign_operation_id": None,
            "data_subject_id": self._sleutels.encrypt(pseudonym, operation_id),
        }


def _named(one: Gebeurd) -> list[str]:
    """Return every jongere that a line names, also those of whom nothing was shown."""
    return [*one.personen, *(name for soort, name in one.dingen if soort == JONGERE)]


def hidden(name: str, key: bytes) -> str:
    """Return the name of a thing as the log holds it: own short numbers, else a pseudonym.

    Examples
    --------
    >>> hidden("12", b"key"), len(hidden("123456782", b"key"))
    ('12', 32)
    """
    return name if OWN_NUMBER.fullmatch(name) else audit_pseudonym(key, name)
