"""A suggestie is outdated from a correction on, until the corrected data gave the same again."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.privacy.correctie import correct
from service.storage import CanonicalRepository, ImportRepository, unit_of_work
from service.storage.suggestielog_tables import INHOUD, LIJST, SUGGESTIE, VERTONING
from service.storage.verouderd import outdated_suggesties
from tests.service.storage.imports import jongeren, start_import

CORRECTED = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HEAD = {"soort": "leerwerkplekken", "peildatum": CORRECTED.date(), "volgorde": "passendheid"}
HEAD |= {"model": "plaatsing", "model_versie": "1", "model_sha256": "0" * 64}
HEAD |= {"code_versie": "1", "schema_sha256": "0" * 64, "regel_versie": "1"}


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store with J0 and J1, and one list of suggesties about each."""
    with unit_of_work(engine) as session:
        CanonicalRepository(session).merge("jongere", jongeren(2), start_import(session))
        for number in range(2):
            _add_list(session, f"J{number}", str(number) * 64)
    return engine


def _add_list(session: Session, who: str, key: str) -> None:
    session.execute(sa.insert(LIJST), [HEAD | {"sha256": key, "jongere_id": who}])
    line = {"lijst_sha256": key, "nummer": 1, "jongere_id": who, "rang": 1, "score": 0.5}
    session.execute(sa.insert(SUGGESTIE), [line | {"invoer_sha256": key, "uitleg_sha256": key}])
    texts = {"lijst_sha256": key, "nummer": 1, "jongere_id": who, "invoer": "{}", "uitleg": "{}"}
    session.execute(sa.insert(INHOUD), [texts])


def show(store: Engine, who: str, *, at: datetime, run: int | None) -> None:
    seen = {"id": uuid4().hex, "lijst_sha256": who[1] * 64, "tijdstip": at, "importrun_id": run}
    seen |= {"kijker": "gebruiker:1", "doel": "begeleiding", "operatie_id": "1"}
    with unit_of_work(store) as session:
        session.execute(sa.insert(VERTONING), [seen])


def set_right(store: Engine) -> tuple[int, int]:
    """Correct J0; return the last run before the correction, and that of the correction."""
    asked = {"tabel": "jongere", "sleutel": {}, "kolom": "woonplaats", "waarde": "Aalten"}
    with unit_of_work(store) as session:
        before = ImportRepository(session).state()[1]
        correct(session, "J0", **asked, reden="verhuisd", door="gebruiker:1", op=CORRECTED)  # type: ignore[arg-type]  # as `asked`
        return before, ImportRepository(session).state()[1]


def outdated(store: Engine) -> list[str]:
    with unit_of_work(store, read_only=True) as session:
        whole, own = outdated_suggesties(session), outdated_suggesties(session, "J0")
    assert whole == own  # nobody else was corrected
    return [one.jongere_id for one in whole]


def test_without_a_correction_nothing_is_outdated(store: Engine) -> None:
    show(store, "J0", at=CORRECTED - MINUTE, run=1)
    assert outdated(store) == []


@pytest.mark.parametrize("known", [True, False])
def test_what_was_shown_before_is_outdated_at_once_and_of_nobody_else(
    store: Engine, known: bool
) -> None:
    for who in ("J0", "J1"):
        show(store, who, at=CORRECTED - MINUTE, run=1 if known else None)
    set_right(store)
    assert outdated(store) == ["J0"]


def test_what_a_worker_shows_from_older_data_after_the_correction_is_outdated_too(
    store: Engine,
) -> None:
    before, _ = set_right(store)
    show(store, "J0", at=CORRECTED + MINUTE, run=before)
    assert outdated(store) == ["J0"]


def test_a_list_that_the_corrected_data_give_as_well_is_not_outdated(store: Engine) -> None:
    show(store, "J0", at=CORRECTED - MINUTE, run=1)
    _, corrected = set_right(store)
    assert outdated(store) == ["J0"]
    show(store, "J0", at=CORRECTED + MINUTE, run=corrected)
    assert outdated(store) == []
