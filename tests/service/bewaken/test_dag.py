"""One night of the watch: what shifted is told once, and stays told until somebody looked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from models.drift import ALARM as PSI_ALARM
from models.store import ModelStore
from service.bewaken.bekijken import bekijk
from service.bewaken.dag import bewaak, settle
from service.bewaken.hertoets import hertoetsen
from service.bewaken.kampioen import Kampioen, kampioenen
from service.bewaken.maten import Maat
from service.bewaken.verschuiving import verschoven
from service.errors import NotFoundError, RefusedError, Weigering
from service.storage.bericht import BerichtRepository, Status
from service.storage.bewaking import (
    ALARM,
    BEKEKEN,
    OPEN,
    RUSTIG,
    TE_WEINIG,
    VOORBIJ,
    Bevinding,
    BewakingRepository,
)
from service.storage.bewaking_tables import BEVINDING, BEWAAKALARM, BEWAKING
from service.storage.engine import unit_of_work
from service.storage.tables import CANONICAL
from tests.service.promoveren import add_analisten
from tests.service.region import CONFIG, small_region

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
REDEN = "De school stapte over; de mapping is verbeterd."
GEVONDEN = Bevinding(
    "uitvalrisico", "1", Maat.INVOER.value, "verzuim", ALARM, "Verschoven.", waarde=0.3
)


def night(engine: Engine, *found: Bevinding, op: datetime = NOW) -> list[Bevinding]:
    with unit_of_work(engine) as session:
        return settle(BewakingRepository(session), found, op=op)


def states(engine: Engine) -> list[str]:
    with unit_of_work(engine, read_only=True) as session:
        return [one.stand for one in BewakingRepository(session).alarms(OPEN, BEKEKEN, VOORBIJ)]


def look(engine: Engine, *, door: str = "keurder", reden: str = REDEN) -> None:
    with unit_of_work(engine, read_only=True) as session:
        newest = BewakingRepository(session).alarms(OPEN, BEKEKEN, VOORBIJ)[0].id
    bekijk(engine, newest, door=door, reden=reden, op=NOW)


def test_an_alarm_is_told_once_and_stays_open_until_somebody_looked(engine: Engine) -> None:
    assert night(engine, GEVONDEN) == [GEVONDEN]
    for later in (GEVONDEN, replace(GEVONDEN, waarde=0.9), replace(GEVONDEN, niveau=RUSTIG)):
        assert night(engine, later) == []

    assert states(engine) == [OPEN]


def test_what_was_looked_at_is_silent_until_it_worsens(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        add_analisten(session)
    night(engine, GEVONDEN)
    look(engine)

    assert night(engine, replace(GEVONDEN, waarde=0.35)) == []
    assert states(engine) == [BEKEKEN]
    worse = replace(GEVONDEN, waarde=0.5)
    assert night(engine, worse) == [worse]
    assert states(engine) == [OPEN, VOORBIJ]


def test_what_went_over_after_somebody_looked_is_new_when_it_comes_back(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        add_analisten(session)
    night(engine, GEVONDEN)
    look(engine)

    night(engine, replace(GEVONDEN, niveau=TE_WEINIG))
    assert states(engine) == [BEKEKEN]
    night(engine, replace(GEVONDEN, niveau=RUSTIG))
    assert states(engine) == [VOORBIJ]
    assert night(engine, GEVONDEN) == [GEVONDEN]


@pytest.mark.parametrize(
    ("later", "state"),
    [
        (replace(GEVONDEN, onderwerp="iedereen", niveau=RUSTIG), VOORBIJ),
        (replace(GEVONDEN, onderwerp="iedereen", niveau=TE_WEINIG), BEKEKEN),
        (replace(GEVONDEN, maat=Maat.KALIBRATIE.value, niveau=RUSTIG), BEKEKEN),
        (replace(GEVONDEN, versie="2", niveau=RUSTIG), VOORBIJ),
        (replace(GEVONDEN, model="plaatsing", niveau=RUSTIG), BEKEKEN),
    ],
)
def test_what_is_not_named_any_more_is_over_where_it_was_measured_or_its_version_went(
    engine: Engine, later: Bevinding, state: str
) -> None:
    with unit_of_work(engine) as session:
        add_analisten(session)
    night(engine, GEVONDEN)
    night(engine, later)
    assert states(engine) == [OPEN]
    look(engine)

    night(engine, later)
    assert states(engine) == [state]
    assert night(engine, GEVONDEN) == ([GEVONDEN] if state == VOORBIJ else [])


def test_looking_asks_a_reason_and_the_role_of_an_analist(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        add_analisten(session)
    night(engine, GEVONDEN)

    for door, reden, why in (
        ("keurder", " te kort ", Weigering.REDEN_TE_KORT),
        ("niemand", REDEN, Weigering.GEEN_ANALIST),
    ):
        with pytest.raises(RefusedError) as refused:
            look(engine, door=door, reden=reden)
        assert refused.value.weigering is why
    assert states(engine) == [OPEN]
    with pytest.raises(NotFoundError):
        bekijk(engine, 10**6, door="keurder", reden=REDEN, op=NOW)


def test_the_database_takes_no_look_without_a_name_and_a_reason(engine: Engine) -> None:
    night(engine, GEVONDEN)

    for wrong in ({"stand": BEKEKEN}, {"stand": "weg"}):
        with pytest.raises(sa.exc.IntegrityError), unit_of_work(engine) as session:
            session.execute(sa.update(BEWAAKALARM).values(**wrong))


def test_a_run_keeps_its_figures_and_gives_a_series(engine: Engine) -> None:
    calm = replace(GEVONDEN, niveau=RUSTIG, waarde=0.01, onderwerp="ander")
    with unit_of_work(engine) as session:
        repository = BewakingRepository(session)
        for ago in (2, 1):
            day = NOW.date() - timedelta(days=ago)
            number = repository.add([GEVONDEN, calm], dag=day, bekend_tot=day, tijdstip=NOW)
        assert repository.found(number) == [GEVONDEN, calm]
        assert repository.measured("uitvalrisico", "1") == [date(2026, 11, 20), date(2026, 11, 21)]
        series = repository.worst_per_day(Maat.INVOER.value, since=date(2026, 11, 21))
    assert series == [("uitvalrisico", date(2026, 11, 21), 0.3)]


def test_the_tables_of_the_watch_hold_no_person() -> None:
    for table in (BEWAKING, BEVINDING, BEWAAKALARM):
        assert not {"jongere_id", "leerwerkplek_id"} & set(table.c.keys())


@pytest.mark.parametrize(
    ("days", "measured", "done", "late"),
    [
        (27, (), None, False),
        (30, (), None, False),
        (36, (), None, True),
        (40, (20, 29), 29, False),
        (60, (20, 50), 50, True),
    ],
)
def test_the_test_after_four_weeks_is_due_done_or_too_late(
    days: int, measured: tuple[int, ...], done: int | None, late: bool
) -> None:
    begin = date(2026, 9, 1)
    een = Kampioen("plaatsing", "1", begin, None, None)
    seen = [begin + timedelta(days=one) for one in measured]

    first, second = hertoetsen(een, seen, begin + timedelta(days=days))

    assert (first.op, second.op) == (date(2026, 9, 29), date(2026, 10, 27))
    assert first.gedaan == (None if done is None else begin + timedelta(days=done))
    assert first.te_laat is late


@pytest.mark.slow
def test_a_shift_in_the_store_is_an_alarm_within_one_night_and_is_mailed_once(
    regio: tuple[Engine, ModelStore],
) -> None:
    engine, models = regio
    tables = small_region().tables
    with unit_of_work(engine, read_only=True) as session:
        (een,) = kampioenen(session, models)
    calm = list(verschoven(een, tables, CONFIG.peildatum))
    assert not [one.onderwerp for one in calm if one.niveau == ALARM]
    assert any(one.niveau == RUSTIG for one in calm)

    with unit_of_work(engine) as session:
        # a system that from now on sends one niveau, for what was sent before too
        session.execute(sa.update(CANONICAL["inschrijving"]).values(niveau=1))
    night = bewaak(engine, models, now=NOW)
    again = bewaak(engine, models, now=NOW + timedelta(days=1))

    told = {one.onderwerp: one for one in night.nieuw if one.maat == Maat.INVOER}
    assert told, [one for one in night.bevindingen if one.maat == Maat.INVOER]
    assert all((one.waarde or 0) > PSI_ALARM for one in told.values())
    assert "inschrijving_niveau" in told
    assert "later veranderd" in told["inschrijving_niveau"].tekst
    assert not [name for name in told if not name.startswith(("inschrijving", "klas"))]
    assert [one for one in again.nieuw if one.maat == Maat.INVOER] == []
    with unit_of_work(engine, read_only=True) as session:
        mails = [
            one
            for one in BerichtRepository(session).list(Status.WACHT)
            if one.sleutel.startswith("bewaken/")
        ]
    assert len(mails) == 1
    assert mails[0].pad == "/bewaking"
    assert {one.maat for one in night.bevindingen} >= {Maat.KALIBRATIE, Maat.BRON, Maat.HERTOETS}


@pytest.mark.slow
def test_a_shift_put_into_one_column_is_told_of_that_column_alone(
    regio: tuple[Engine, ModelStore],
) -> None:
    engine, models = regio
    tables = small_region().tables
    with unit_of_work(engine, read_only=True) as session:
        (een,) = kampioenen(session, models)
    # a system that stopped sending its contacts some months ago
    changed = tables["contact"].filter(
        pl.col("bekend_op") <= CONFIG.peildatum - timedelta(days=300)
    )

    found = [
        one
        for one in verschoven(een, {**tables, "contact": changed}, CONFIG.peildatum)
        if one.niveau == ALARM
    ]

    assert found
    assert all("contact" in one.onderwerp or one.maat == Maat.SCORE for one in found)
