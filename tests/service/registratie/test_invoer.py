"""What people enter is checked by the contract that imports use, and kept as a run of its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from service.errors import ConflictError, InvoerError, NotFoundError
from service.registratie.feiten import Wensen, add_voorkeur, change_voorkeur
from service.registratie.invoer import BRON, Invoerder, refuse_future
from service.registratie.leerwerkplekken import (
    Eis,
    PlekGegevens,
    close_plek,
    create_plek,
    read_plek,
    update_plek,
)
from service.storage import ImportRepository, MergeCount, unit_of_work
from service.storage.tables import IMPORT_ID
from tests.service.api.conftest import BEDRIJF, fill_store

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
ANNA = Invoerder("anna", NOW)
PLEK = PlekGegevens(
    BEDRIJF,
    "stage",
    "Magazijn",
    date(2026, 12, 1),
    2,
    8.0,
    24.0,
    eisen=(Eis("WV-03", 2, hard=True), Eis("WV-04", 1, hard=False)),
    werkprocessen=("25748-B1-K1-W1",),
)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with unit_of_work(engine) as session:
        fill_store(session)
    return engine


def test_an_entry_is_an_import_run_of_who_entered_it(filled: Engine) -> None:
    with unit_of_work(filled) as session:
        made = create_plek(session, PLEK, ANNA)
    with unit_of_work(filled, read_only=True) as session:
        run = ImportRepository(session).list(limit=1)[0]

    assert (run.id, run.actor, run.soort, run.sha256) == (made.plek[IMPORT_ID], "anna", BRON, "")
    assert run.tellingen == {
        "leerwerkplek": MergeCount(1, 0, 0),
        "leerwerkplek_eis": MergeCount(2, 0, 0),
        "leerwerkplek_werkproces": MergeCount(1, 0, 0),
    }
    assert made.plek["bekend_op"] == NOW.date()


def test_every_change_gives_a_version_that_was_not_there_before(filled: Engine) -> None:
    seen = set()
    with unit_of_work(filled) as session:
        plek = create_plek(session, PLEK, ANNA)
        key = plek.plek["leerwerkplek_id"]
        for _ in range(5):
            seen.add(plek.versie)
            # the same content again is another version: somebody wrote in between
            plek = update_plek(session, key, PLEK, versie=plek.versie, door=ANNA)
        closed = close_plek(session, key, date(2027, 1, 1), versie=plek.versie, door=ANNA)
        assert read_plek(session, key).versie == closed.versie

    assert len(seen | {plek.versie, closed.versie}) == 7


def test_an_edit_on_an_old_version_changes_nothing(filled: Engine) -> None:
    with unit_of_work(filled) as session:
        made = create_plek(session, PLEK, ANNA)
    key = made.plek["leerwerkplek_id"]
    with pytest.raises(ConflictError), unit_of_work(filled) as session:
        update_plek(session, key, PLEK, versie="anders", door=ANNA)
    with unit_of_work(filled, read_only=True) as session:
        assert read_plek(session, key) == made


def test_what_is_refused_leaves_no_run_behind(filled: Engine) -> None:
    with unit_of_work(filled, read_only=True) as session:
        before = len(ImportRepository(session).list())
    wrong = PlekGegevens(BEDRIJF, "stage", "X", date(2026, 12, 1), 1, 30.0, 8.0)
    with pytest.raises(InvoerError) as refused, unit_of_work(filled) as session:
        create_plek(session, wrong, ANNA)

    assert [one.naam for one in refused.value.fouten] == ["uren_max"]
    with unit_of_work(filled, read_only=True) as session:
        assert len(ImportRepository(session).list()) == before


def test_wishes_that_are_not_there_cannot_be_changed(filled: Engine) -> None:
    with pytest.raises(NotFoundError), unit_of_work(filled) as session:
        change_voorkeur(session, "J1", date(2026, 9, 9), Wensen(), versie="1", door=ANNA)


def test_a_change_of_wishes_empties_what_is_left_out(filled: Engine) -> None:
    with unit_of_work(filled) as session:
        wishes = Wensen(sectoren=["techniek"], uren_max=20, vermijdt=[])
        made = add_voorkeur(session, "J9", wishes, datum=NOW.date(), door=ANNA)
        assert (made["sectoren"], made["vermijdt"], made["vervoer"]) == (["techniek"], [], None)
        versie = str(made[IMPORT_ID])
        changed = change_voorkeur(
            session, "J9", NOW.date(), Wensen(uren_max=8), versie=versie, door=ANNA
        )

    assert (changed["sectoren"], changed["uren_max"]) == (None, 8)


@given(st.integers(-400, 400))
def test_a_day_is_refused_exactly_when_it_lies_after_the_day_of_entry(days: int) -> None:
    day = NOW.date() + timedelta(days=days)
    if days > 0:
        with pytest.raises(InvoerError):
            refuse_future(ANNA, datum=day)
    else:
        refuse_future(ANNA, datum=day, leeg=None)
