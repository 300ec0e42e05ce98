"""Whether people still decide themselves, and which besluiten to look at again (H5, H8)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from service.matchtafel.begrippen import Keuze
from service.privacy.correctie import correct
from service.storage.bericht import BerichtRepository
from service.storage.engine import unit_of_work
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT, DEELNEMER, MATCHTAFEL
from service.storage.suggestielog_tables import LIJST, SUGGESTIE, VERTONING
from service.suggestielog.herziening import outdated, review_list
from service.suggestielog.lijst import Soort
from service.suggestielog.volggedrag import TE_SNEL, TE_VAAK, check_today, measure
from tests.databases import open_migrated
from tests.service.mensen import add_account, add_regio, settle

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_migrated(f"sqlite:///{tmp_path / 'v.db'}")
    with unit_of_work(engine) as session:
        add_regio(session)
        add_account(session, "coach", "een lang en goed wachtwoord")
    yield engine
    engine.dispose()


def decide(
    store: Engine, n: int, *, followed: int, seconds: float, versie: str = "1", first: int = 0
) -> None:
    """Let the coach take `n` besluiten, of which `followed` as suggested, so long after it."""
    head = {
        "peildatum": DAY,
        "volgorde": "",
        "model": "plaatsing",
        "model_versie": versie,
        "model_sha256": "a" * 64,
        "code_versie": "",
        "schema_sha256": "b" * 64,
        "regel_versie": "",
    }
    begin = NOW - timedelta(hours=6)
    lists, lines, shown, points, taken = [], [], [], [], []
    for one in range(first, first + n):
        key, seen = f"{one:064d}", begin + timedelta(seconds=one * 0.1)
        lists.append(
            head | {"sha256": key, "soort": Soort.LEERWERKPLEKKEN, "jongere_id": f"J{one}"}
        )
        lines.append(
            {"lijst_sha256": key, "nummer": 1, "jongere_id": f"J{one}", "rang": 1}
            | {"object_id": "P1", "score": 0.5}
        )
        shown.append(
            {
                "id": f"{one:032d}",
                "lijst_sha256": key,
                "tijdstip": seen,
                "kijker": "gebruiker:1",
                "gebruiker_id": 1,
                "doel": "",
                "operatie_id": "",
            }
        )
        points.append(
            {
                "id": one + 1,
                "matchtafel_id": 1,
                "jongere_id": f"J{one}",
                "volgorde": one,
                "urgentie": [],
                "aselect": False,
                "trekkans": 0.0,
                "versie": 1,
            }
        )
        at = begin + timedelta(minutes=1) + timedelta(seconds=(one + 1) * seconds)
        plek = "P1" if one - first < followed else "P2"
        taken.append(
            {
                "id": one + 1,
                "agendapunt_id": one + 1,
                "leerwerkplek_id": plek,
                "keuze": Keuze.VOORSTELLEN,
                "reden": "Dat past goed bij wens.",
                "eigenaar_id": 1,
                "opvolgdatum": DAY,
                "door": 1,
                "tijdstip": at,
            }
        )
    with unit_of_work(store) as session:
        if not first:
            session.execute(
                sa.insert(MATCHTAFEL).values(
                    id=1,
                    regio="Achterhoek",
                    datum=DAY,
                    status="open",
                    momentopname={},
                    versie=1,
                    aangemaakt_door=1,
                    aangemaakt_op=NOW,
                )
            )
            session.execute(
                sa.insert(DEELNEMER).values(
                    id=1, matchtafel_id=1, naam="A", organisatie="S", rol="r"
                )
            )
        for table, rows in (
            (LIJST, lists),
            (SUGGESTIE, lines),
            (VERTONING, shown),
            (AGENDAPUNT, points),
            (BESLUIT, taken),
        ):
            session.execute(sa.insert(table), rows)


def test_following_nearly_always_raises_an_alarm_per_role_team_and_region(store: Engine) -> None:
    decide(store, 60, followed=57, seconds=40.0)

    new = check_today(store, now=NOW)

    assert {(one.groep, one.reden) for one in new} == {
        (groep, TE_VAAK) for groep in ("rol", "team", "regio")
    }
    assert all(one.waarde == pytest.approx(0.95) for one in new)
    assert check_today(store, now=NOW) == []
    with unit_of_work(store, read_only=True) as session:
        assert sum(BerichtRepository(session).counts().values()) == len(new)


def test_deciding_within_seconds_raises_an_alarm(store: Engine) -> None:
    decide(store, 30, followed=10, seconds=4.0)

    new = check_today(store, now=NOW)

    assert {one.reden for one in new} == {TE_SNEL}
    assert all(one.waarde == pytest.approx(4.0) for one in new)


@pytest.mark.parametrize(("n", "followed"), [(49, 49), (60, 54), (200, 100)])
def test_people_who_choose_themselves_or_are_too_few_raise_none(
    store: Engine, n: int, followed: int
) -> None:
    decide(store, n, followed=followed, seconds=40.0)

    assert check_today(store, now=NOW) == []


def test_small_groups_show_no_number(store: Engine) -> None:
    decide(store, 9, followed=3, seconds=40.0)

    with unit_of_work(store, read_only=True) as session:
        found = measure(session, now=NOW)

    assert found
    assert all((one.besluiten, one.gevolgd, one.seconden) == (None, None, None) for one in found)


def test_numbers_of_besluiten_are_tens_so_that_no_small_group_follows_from_the_others(
    store: Engine,
) -> None:
    decide(store, 28, followed=14, seconds=40.0)

    with unit_of_work(store, read_only=True) as session:
        found = measure(session, now=NOW)

    assert {one.besluiten for one in found} == {20}


def test_a_besluit_from_before_a_correction_rests_on_an_outdated_suggestie(store: Engine) -> None:
    decide(store, 20, followed=10, seconds=40.0)
    with unit_of_work(store) as session:
        found = review_list(session, "plaatsing", "1")
        assert outdated(session, found) == frozenset()
        settle(session, [found[-1].jongere_id])
        after = [one for one in found if one.jongere_id == found[-1].jongere_id]
        correct(
            session,
            found[-1].jongere_id,
            tabel="jongere",
            sleutel={},
            kolom="geboortedatum",
            waarde="2008-05-04",
            reden="stond verkeerd",
            door="toets",
            op=found[-1].tijdstip + timedelta(seconds=1),
        )
        assert outdated(session, found) == {one.id for one in after}


def test_the_review_list_of_a_version_is_exactly_what_it_may_have_moved(store: Engine) -> None:
    decide(store, 200, followed=100, seconds=40.0, versie="1")
    decide(store, 300, followed=100, seconds=40.0, versie="2", first=200)
    with unit_of_work(store, read_only=True) as session:
        begin = perf_counter()
        found = review_list(session, "plaatsing", "2")
        took = perf_counter() - begin
        none = review_list(session, "uitvalrisico", "2")

    assert [one.id for one in found] == list(range(201, 501))
    assert none == []
    assert took < 5
