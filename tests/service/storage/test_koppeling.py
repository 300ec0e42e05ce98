"""The mapping list in the store."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.tables import COMPETENTIE, LEERBEDRIJF, LEERWERKPLEK, LEERWERKPLEK_EIS
from service.storage import unit_of_work
from service.storage.koppeling import Besluit, Koppeling, KoppelingRepository
from tests.service.storage.imports import NOON, merge_all

OWN = "tekst:op tijd"
YES = Koppeling(OWN, "WV-op-tijd", Besluit.BEVESTIGD, 0.8, "anna", NOON)


def store_competenties(session: Session) -> None:
    rows = [
        (OWN, "Op tijd", "eigen lijst", "a.csv"),
        ("tekst:netjes", "Netjes", "eigen lijst", "a.csv"),
        ("WV-op-tijd", "Komt op tijd", "werknemersvaardigheid", "test"),
        ("WV-tempo", "Werkt in een goed tempo", "werknemersvaardigheid", "test"),
    ]
    merge_all(session, {"competentie": pl.DataFrame(rows, schema=COMPETENTIE.schema, orient="row")})


def test_decisions_come_back_as_they_were_made(engine: Engine) -> None:
    no = replace(YES, competentie_id="WV-tempo", besluit=Besluit.AFGEWEZEN, zekerheid=None)
    with unit_of_work(engine) as session:
        store_competenties(session)
        assert KoppelingRepository(session).last_decided() is None
        KoppelingRepository(session).decide([no, YES])
    with unit_of_work(engine, read_only=True) as session:
        repository = KoppelingRepository(session)
        assert repository.list() == (YES, no)
        assert repository.pairs(Besluit.BEVESTIGD).rows() == [(OWN, "WV-op-tijd")]
        assert repository.pairs(Besluit.AFGEWEZEN).rows() == [(OWN, "WV-tempo")]
        assert repository.last_decided() == NOON


def test_own_words_mean_one_competentie_the_one_confirmed_last(engine: Engine) -> None:
    later = replace(YES, competentie_id="WV-tempo", besloten_op=NOON + timedelta(days=1))
    with unit_of_work(engine) as session:
        store_competenties(session)
        for one in (YES, later):
            KoppelingRepository(session).decide([one])
        assert KoppelingRepository(session).list() == (later,)


def test_a_confirmation_can_be_taken_back(engine: Engine) -> None:
    no = replace(YES, besluit=Besluit.AFGEWEZEN)
    with unit_of_work(engine) as session:
        store_competenties(session)
        KoppelingRepository(session).decide([YES, no])
        assert KoppelingRepository(session).list() == (no,)


def test_a_decision_on_an_unknown_competentie_is_refused_by_the_store(engine: Engine) -> None:
    unknown = replace(YES, competentie_id="WV-niets")
    with unit_of_work(engine) as session:
        store_competenties(session)
    with pytest.raises(sa.exc.IntegrityError), unit_of_work(engine) as session:
        KoppelingRepository(session).decide([unknown])


def test_own_words_are_counted_wherever_they_are_used(engine: Engine) -> None:
    places: dict[str, tuple[object, ...]] = {
        "leerbedrijf": ("100000001", "Bakker", None, None, None, [], "test"),
        "leerwerkplek": (
            *("P1", "100000001", "stage", "Hulp", None, NOON.date(), 1, 8.0, 24.0, [], [], None),
            *(NOON.date(), "test"),
        ),
        "leerwerkplek_eis": ("P1", OWN, 2, False, "test"),
    }
    contracts = (LEERBEDRIJF, LEERWERKPLEK, LEERWERKPLEK_EIS)
    with unit_of_work(engine) as session:
        store_competenties(session)
        merge_all(
            session,
            {
                one.name: pl.DataFrame([places[one.name]], schema=one.schema, orient="row")
                for one in contracts
            },
        )
        assert KoppelingRepository(session).waiting().rows() == [
            ("tekst:netjes", "Netjes", 0),
            (OWN, "Op tijd", 1),
        ]
