"""What people decide is never lost, never erased, and comes back on its day."""

import threading
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from features.labels import plaatsing_geslaagd
from service.errors import ConflictError, NotFoundError, RefusedError
from service.matchtafel.begrippen import Keuze, Opvolging, Status, Uitkomst, Vraag
from service.matchtafel.besluiten import NieuwBesluit, Plaatsing, answer, decide
from service.matchtafel.tafel import carried_over, move_on, promises
from service.storage import CanonicalRepository, unit_of_work
from service.storage.besluit import BesluitRepository, OpvolgingRepository
from service.storage.matchtafel import MatchtafelRepository
from service.storage.matchtafel_tables import BESLUIT
from tests.service.matchtafel.conftest import NOW, TODAY, Tafel

LATER = TODAY + timedelta(days=7)
AGREED = Plaatsing(LATER, LATER + timedelta(days=100), 24.0)


def besluit(tafel: Tafel, line: int = 0, versie: int = 1, **values: object) -> NieuwBesluit:
    wanted: dict[str, Any] = {
        "keuze": Keuze.VOORSTELLEN,
        "reden": "past bij de wens en is dichtbij",
        "leerwerkplek_id": "P1",
        "opvolgdatum": LATER,
        "eigenaar_id": tafel.eigenaar,
    }
    return NieuwBesluit(tafel.agendapunten[line], versie, **(wanted | values))


def store(tafel: Tafel, wanted: NieuwBesluit) -> int:
    with unit_of_work(tafel.engine) as session:
        return decide(session, wanted, door=tafel.gebruiker, op=NOW)


def opvolgingen(tafel: Tafel) -> list[Opvolging]:
    with unit_of_work(tafel.engine, read_only=True) as session:
        return OpvolgingRepository(session).of_matchtafel(tafel.id)


def find(tafel: Tafel, uitkomst: Uitkomst, plaatsing: Plaatsing | None = None) -> Opvolging:
    asked = next(one for one in opvolgingen(tafel) if one.uitkomst is None)
    with unit_of_work(tafel.engine) as session:
        return answer(
            session,
            asked.id,
            uitkomst,
            versie=asked.versie,
            door=tafel.gebruiker,
            op=NOW + timedelta(days=8),
            plaatsing=plaatsing,
        )


def stages(tafel: Tafel) -> pl.DataFrame:
    with unit_of_work(tafel.engine, read_only=True) as session:
        return CanonicalRepository(session).read("stage")


def test_a_besluit_asks_back_on_its_day(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    store(tafel, besluit(tafel, 1, keuze=Keuze.AANHOUDEN, leerwerkplek_id=None))
    assert [(one.vraag, one.datum) for one in opvolgingen(tafel)] == [
        (Vraag.GESTART, LATER),
        (Vraag.VERDER, LATER),
    ]


WRONG: tuple[dict[str, Any], ...] = (
    {"reden": "te kort"},
    {"reden": "   kort      "},
    {"leerwerkplek_id": None},
    {"opvolgdatum": TODAY - timedelta(days=1)},
    {"leerwerkplek_id": "P9"},
)


def test_a_besluit_without_reason_place_or_later_day_is_refused(tafel: Tafel) -> None:
    # at one table: what is refused leaves nothing behind
    for wrong in WRONG:
        with pytest.raises(RefusedError):
            store(tafel, besluit(tafel, **wrong))
        assert opvolgingen(tafel) == []


def test_a_line_of_a_proposal_belongs_to_its_own_jongere(tafel: Tafel) -> None:
    with unit_of_work(tafel.engine) as session:
        tables = MatchtafelRepository(session)
        voorstel = tables.add_voorstel(
            tafel.id, opties={}, uitkomst={}, door=tafel.gebruiker, op=NOW
        )
        regel = {"leerwerkplek_id": "P1", "kans": 0.5, "uitleg": {}}
        tables.add_regels(voorstel.id, [regel | {"agendapunt_id": tafel.agendapunten[1]}])
        (other,) = tables.regels(voorstel.id)
    for regel_id in (other.id, 10**6):
        with pytest.raises(NotFoundError):
            store(tafel, besluit(tafel, voorstelregel_id=regel_id))


def test_what_begins_later_has_not_started(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    later = Plaatsing(date(2099, 1, 1), date(2099, 6, 1), 24.0)
    with pytest.raises(RefusedError):
        find(tafel, Uitkomst.GESTART, plaatsing=later)
    assert stages(tafel).is_empty()


def test_a_place_that_was_promised_is_not_promised_again(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    with unit_of_work(tafel.engine, read_only=True) as session:
        assert promises(session) == {"J1": "P1"}
    find(tafel, Uitkomst.NIET_GESTART, plaatsing=AGREED)
    with unit_of_work(tafel.engine) as session:
        assert promises(session) == {}
        move_on(session, tafel.id, Status.GESLOTEN, versie=2, op=NOW)
        assert "J1" in carried_over(session, "Achterhoek")


def test_only_somebody_at_the_table_can_own_a_line(tafel: Tafel) -> None:
    with pytest.raises(NotFoundError):
        store(tafel, besluit(tafel, eigenaar_id=999))


def test_the_database_itself_refuses_a_besluit_without_reason(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    copy = sa.insert(BESLUIT).from_select(
        [column.name for column in BESLUIT.c if column.name not in ("id", "vervangt_id")],
        sa.select(
            *(
                sa.literal("kort") if column.name == "reden" else column
                for column in BESLUIT.c
                if column.name not in ("id", "vervangt_id")
            )
        ),
    )
    with pytest.raises(IntegrityError), tafel.engine.begin() as connection:
        connection.execute(copy)


def test_a_later_besluit_replaces_and_the_first_stays_on_record(tafel: Tafel) -> None:
    first = store(tafel, besluit(tafel))
    second = store(tafel, besluit(tafel, versie=2, leerwerkplek_id="P2"))
    with unit_of_work(tafel.engine, read_only=True) as session:
        found = BesluitRepository(session).of_matchtafel(tafel.id)
        standing = BesluitRepository(session).standing(tafel.id)
    assert [one.id for one in found] == [first, second]
    assert found[1].vervangt_id == first
    assert standing[tafel.agendapunten[0]].id == second
    assert [one.besluit_id for one in opvolgingen(tafel)] == [second]


def test_of_two_who_decide_at_once_one_is_told(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    with pytest.raises(ConflictError):
        store(tafel, besluit(tafel, leerwerkplek_id="P2"))
    assert len(opvolgingen(tafel)) == 1


def test_many_races_lose_nothing(tafel: Tafel) -> None:
    refused: list[str] = []

    def race(place: str, versie: int, ready: threading.Barrier) -> None:
        ready.wait()
        try:
            store(tafel, besluit(tafel, versie=versie, leerwerkplek_id=place))
        except ConflictError:
            refused.append(place)

    for versie in range(1, 11):
        ready = threading.Barrier(2)
        racers = [
            threading.Thread(target=race, args=(place, versie, ready)) for place in ("P1", "P2")
        ]
        for one in racers:
            one.start()
        for one in racers:
            one.join()
    with unit_of_work(tafel.engine, read_only=True) as session:
        stored = BesluitRepository(session).of_matchtafel(tafel.id)
    assert len(stored) == len(refused) == 10
    assert [one.vervangt_id for one in stored] == [None, *(one.id for one in stored[:-1])]


def test_nothing_is_decided_at_a_table_that_is_closed(tafel: Tafel) -> None:
    with unit_of_work(tafel.engine) as session:
        move_on(session, tafel.id, Status.GESLOTEN, versie=2, op=NOW)
    with pytest.raises(RefusedError):
        store(tafel, besluit(tafel))


def test_a_start_becomes_a_stage_that_training_can_see(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    asked = find(tafel, Uitkomst.GESTART, plaatsing=AGREED)
    stage = stages(tafel).row(0, named=True)
    assert stage["stage_id"] == asked.stage_id == "J1-100000001-20261109"
    assert (stage["leerwerkplek_id"], stage["bekend_op"]) == ("P1", date(2026, 11, 10))
    assert stage["bron"] == "matchtafel"
    last = opvolgingen(tafel)[-1]
    assert (last.vraag, last.stage_id) == (Vraag.LOOPT_HET, asked.stage_id)


def test_what_broke_off_or_never_began_teaches_as_well(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    find(tafel, Uitkomst.GESTART, plaatsing=AGREED)
    find(tafel, Uitkomst.AFGEBROKEN)
    store(tafel, besluit(tafel, 1, leerwerkplek_id="P2"))
    find(tafel, Uitkomst.NIET_GESTART, plaatsing=AGREED)
    found = stages(tafel)
    labels = plaatsing_geslaagd(found, observed_until=AGREED.geplande_einddatum + timedelta(120))
    assert found["reden_einde"].to_list() == ["anders", "niet gestart"]
    assert labels["geslaagd"].to_list() == [False, False]


def test_a_question_takes_only_its_own_answers_once(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    with pytest.raises(RefusedError):
        find(tafel, Uitkomst.OPGEPAKT)
    with pytest.raises(RefusedError):
        find(tafel, Uitkomst.GESTART)
    asked = opvolgingen(tafel)[0]
    find(tafel, Uitkomst.GESTART, plaatsing=AGREED)
    with pytest.raises(ConflictError), unit_of_work(tafel.engine) as session:
        answer(session, asked.id, Uitkomst.GESTART, versie=1, door=1, op=NOW, plaatsing=AGREED)


def test_who_was_put_off_or_not_reached_comes_back(tafel: Tafel) -> None:
    store(tafel, besluit(tafel, keuze=Keuze.AANHOUDEN, leerwerkplek_id=None))
    with unit_of_work(tafel.engine) as session:
        assert carried_over(session, "Achterhoek") == set()
        move_on(session, tafel.id, Status.GESLOTEN, versie=2, op=NOW)
        assert carried_over(session, "Achterhoek") == {"J1", "J2"}
        assert carried_over(session, "Utrecht") == set()


def test_who_looks_on_is_told_in_order(tafel: Tafel) -> None:
    store(tafel, besluit(tafel))
    with unit_of_work(tafel.engine, read_only=True) as session:
        tables = MatchtafelRepository(session)
        seen = tables.gebeurtenissen(tafel.id, after=0)
        assert [one.soort for one in seen] == ["gepland", "open", "besluit"]
        assert tables.gebeurtenissen(tafel.id, after=seen[-1].id) == []
