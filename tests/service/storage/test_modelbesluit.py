"""The database itself keeps the rules of promotion, and every besluit as it was."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from service.storage.modelbeheer_tables import MODELBESLUIT
from service.storage.modelbesluit import ModelbesluitRepository
from tests.service.promoveren import add_analisten


def good(engine: Engine) -> dict[str, object]:
    """Return an approval that the database takes."""
    with unit_of_work(engine) as session:
        add_analisten(session)
        trainer, door = (one.id for one in GebruikerRepository(session).list())
    return {
        "model": "plaatsing",
        "versie": "1",
        "sha256": "a" * 64,
        "trainer_id": trainer,
        "oordeel": "groen",
        "besluit": "goedgekeurd",
        "door_id": door,
        "reden": "",
        "tijdstip": datetime.now(UTC),
    }


def test_the_database_refuses_what_the_rules_do_not_allow(engine: Engine) -> None:
    row = good(engine)
    for wrong in (
        {"door_id": row["trainer_id"]},
        {"trainer_id": None},
        {"oordeel": "rood", "reden": "een heel goede reden"},
        {"oordeel": "oranje", "reden": "te kort"},
        {"besluit": "stil goedgekeurd"},
        {"besluit": "afgewezen"},
        {"oordeel": "paars"},
        {"door_id": None},
        {"sha256": "kort"},
    ):
        with pytest.raises(IntegrityError), unit_of_work(engine) as session:
            ModelbesluitRepository(session).add(**(row | wrong))
    with unit_of_work(engine) as session:
        ModelbesluitRepository(session).add(**row)
        assert len(ModelbesluitRepository(session).all("plaatsing")) == 1


def test_what_was_decided_is_never_changed_or_removed(engine: Engine) -> None:
    row = good(engine)
    with unit_of_work(engine) as session:
        ModelbesluitRepository(session).add(**row)
    for change in (sa.delete(MODELBESLUIT), sa.update(MODELBESLUIT).values(reden="iets anders")):
        with pytest.raises(DBAPIError), engine.connect() as connection, connection.begin():
            connection.execute(change)
    with unit_of_work(engine, read_only=True) as session:
        assert [one.reden for one in ModelbesluitRepository(session).all()] == [""]
