"""Imports, accounts and sessions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.errors import NotFoundError
from service.storage import (
    Gebruiker,
    GebruikerRepository,
    ImportRepository,
    MergeCount,
    SessieRepository,
    unit_of_work,
)
from tests.service.storage.imports import NOON

HOUR = timedelta(hours=1)
HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"
TOKEN = "ab" * 32
OTHER = "cd" * 32


def add_import(session: Session, sha256: str = "0" * 64, tijdstip: datetime = NOON) -> int:
    return ImportRepository(session).add(
        tijdstip=tijdstip, bestand="RO.CSV", sha256=sha256, soort="ro", actor="anna"
    )


def add_gebruiker(session: Session, naam: str = "anna") -> Gebruiker:
    return GebruikerRepository(session).add(
        naam=naam,
        password_hash=HASH,
        rollen=["coach", "beheerder"],
        aangemaakt_op=NOON,
    )


def test_an_import_is_found_by_its_bytes_with_what_it_did(engine: Engine) -> None:
    counts = {"jongere": MergeCount(1, 2, 3), "stage": MergeCount(0, 0, 5)}
    with unit_of_work(engine) as session:
        import_id = add_import(session, "a" * 64)
        ImportRepository(session).finish(import_id, counts)
    with unit_of_work(engine, read_only=True) as session:
        run = ImportRepository(session).find("a" * 64)
        assert ImportRepository(session).find("b" * 64) is None
    assert run is not None
    assert (run.id, run.bestand, run.soort, run.actor) == (import_id, "RO.CSV", "ro", "anna")
    assert run.tellingen == counts
    assert run.tijdstip == NOON
    assert run.tijdstip.tzinfo is UTC


def test_of_a_file_imported_twice_the_newest_import_is_found(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        first, second = add_import(session), add_import(session)
        found = ImportRepository(session).find("0" * 64)
        assert found is not None
        assert found.id == second
        assert [run.id for run in ImportRepository(session).list()] == [second, first]
        assert [run.id for run in ImportRepository(session).list(limit=1)] == [second]


def test_an_import_that_was_never_started_cannot_finish(engine: Engine) -> None:
    with pytest.raises(NotFoundError), unit_of_work(engine) as session:
        ImportRepository(session).finish(7, {})


def test_a_moment_is_kept_in_utc_wherever_it_was_written_down(engine: Engine) -> None:
    local = NOON.astimezone(timezone(timedelta(hours=5)))
    with unit_of_work(engine) as session:
        add_import(session, tijdstip=local)
    with unit_of_work(engine, read_only=True) as session:
        assert ImportRepository(session).list()[0].tijdstip.isoformat() == NOON.isoformat()


def test_a_moment_without_time_zone_is_refused(engine: Engine) -> None:
    with (
        pytest.raises(sa.exc.StatementError, match="no time zone"),
        unit_of_work(engine) as session,
    ):
        add_import(session, tijdstip=NOON.replace(tzinfo=None))


def test_a_gebruiker_is_found_by_naam_and_by_id(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        anna = add_gebruiker(session)
    with unit_of_work(engine, read_only=True) as session:
        repository = GebruikerRepository(session)
        assert repository.find("anna") == repository.get(anna.id) == anna
        assert repository.find("Anna") is None
        assert repository.list() == (anna,)
    assert anna.rollen == ("coach", "beheerder")
    assert anna.actief
    assert anna.aangemaakt_op == NOON


def test_two_gebruikers_cannot_share_a_naam(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        add_gebruiker(session)
        with pytest.raises(ValueError, match="anna"):
            add_gebruiker(session)
        assert len(GebruikerRepository(session).list()) == 1


def test_a_gebruiker_gets_another_password_and_is_kept_out(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        anna, bram = add_gebruiker(session), add_gebruiker(session, "bram")
        repository = GebruikerRepository(session)
        repository.set_password_hash(anna.id, "new", NOON)
        repository.set_actief(anna.id, actief=False)
        changed = repository.get(anna.id)
        assert (changed.password_hash, changed.actief) == ("new", False)
        assert repository.get(bram.id) == bram


def test_a_gebruiker_who_does_not_exist_cannot_be_changed(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        repository = GebruikerRepository(session)
        with pytest.raises(NotFoundError):
            repository.get(9)
        with pytest.raises(NotFoundError):
            repository.set_password_hash(9, "new", NOON)
        with pytest.raises(NotFoundError):
            repository.set_actief(9, actief=True)


def test_a_sessie_lives_until_it_is_removed(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        anna = add_gebruiker(session)
        made = SessieRepository(session).add(token_hmac=TOKEN, gebruiker_id=anna.id, tijdstip=NOON)
    with unit_of_work(engine) as session:
        repository = SessieRepository(session)
        assert repository.find(TOKEN) == made
        assert repository.find(OTHER) is None
        repository.touch(TOKEN, NOON + HOUR)
        seen = repository.find(TOKEN)
        assert seen is not None
        assert (seen.aangemaakt_op, seen.gezien_op) == (NOON, NOON + HOUR)
        repository.remove(TOKEN)
        assert repository.find(TOKEN) is None


def test_all_sessies_of_one_gebruiker_end_and_no_others(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        anna, bram = add_gebruiker(session), add_gebruiker(session, "bram")
        repository = SessieRepository(session)
        repository.add(token_hmac=TOKEN, gebruiker_id=anna.id, tijdstip=NOON)
        repository.add(token_hmac=OTHER, gebruiker_id=bram.id, tijdstip=NOON)
        repository.remove_of(anna.id)
        assert repository.find(TOKEN) is None
        assert repository.find(OTHER) is not None


@pytest.mark.parametrize(
    ("gezien_before", "aangemaakt_before", "left"),
    [(NOON, NOON, True), (NOON + HOUR, NOON, False), (NOON, NOON + HOUR, False)],
    ids=["young and in use", "idle too long", "made too long ago"],
)
def test_old_sessies_are_removed(
    engine: Engine, gezien_before: datetime, aangemaakt_before: datetime, left: bool
) -> None:
    with unit_of_work(engine) as session:
        anna = add_gebruiker(session)
        repository = SessieRepository(session)
        repository.add(token_hmac=TOKEN, gebruiker_id=anna.id, tijdstip=NOON)
        repository.remove_older(gezien_before=gezien_before, aangemaakt_before=aangemaakt_before)
        assert (repository.find(TOKEN) is not None) is left
