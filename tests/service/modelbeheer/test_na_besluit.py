"""What people decided beside what the model proposed, per group and never of a few (TRUST F7)."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from features.contract import Tables
from models.history import groepen_at
from service.matchtafel.begrippen import Keuze
from service.modelbeheer.na_besluit import ENDS, NaBesluit, beside, over_plekken
from service.storage.engine import unit_of_work
from service.storage.matchtafel_tables import BESLUIT, VOORSTEL, VOORSTELREGEL
from service.storage.na_besluit import Beslist, decided_after
from tests.service.matchtafel.conftest import NOW, Tafel, make_tafel
from tests.service.region import CONFIG, small_region

DAY = CONFIG.peildatum
DRAWS = 200
FEW = "21 en ouder"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return small_region().tables


@pytest.fixture(scope="module")
def ages(tables: Tables) -> dict[str, str]:
    spine = tables["jongere"].select("jongere_id", peildatum=pl.lit(DAY))
    return dict(
        zip(spine["jongere_id"], groepen_at(tables, spine)["leeftijd"].to_list(), strict=True)
    )


def decided(ages: dict[str, str], place: str, kept: float, *, seed: int = 1) -> list[Beslist]:
    """Propose a place to six of ten; people keep it for this share of the oldest, for nearly all
    others."""
    rng = np.random.default_rng(seed)
    found = []
    for jongere, age in ages.items():
        plek = place if rng.random() < 0.6 else None
        stays = plek is not None and rng.random() < (kept if age == FEW else 0.9)
        keuze = Keuze.VOORSTELLEN if stays else Keuze.AANHOUDEN
        found.append(Beslist(jongere, DAY, keuze, plek, plek))
    return found


@pytest.fixture(scope="module")
def place(tables: Tables) -> str:
    ids = tables["leerwerkplek"].filter(pl.col("soort") == "leerbaan")["leerwerkplek_id"]
    return str(ids.sort().first())


def line(found: NaBesluit, waarde: str, maat: str = "voorgesteld") -> dict[str, object]:
    (one,) = (one for one in found.regels if (one["waarde"], one["maat"]) == (waarde, maat))
    return dict(one)


def test_people_who_skip_one_group_are_seen_beside_a_model_that_does_not(
    tables: Tables, ages: dict[str, str], place: str
) -> None:
    found = beside(decided(ages, place, 0.5), tables, draws=DRAWS)

    one = line(found, FEW)
    assert 0.8 < one["verhouding_model"] < 1.25  # type: ignore[operator]  # a figure
    assert one["verhouding_besluit_high"] < 0.8  # type: ignore[operator]  # a figure
    assert FEW in {one["waarde"] for one in found.scheef}
    assert found.besluiten == len(ages)


def test_people_who_follow_for_everybody_alike_are_not_called_uneven(
    tables: Tables, ages: dict[str, str], place: str
) -> None:
    found = beside(decided(ages, place, 0.9), tables, draws=DRAWS)

    assert found.regels
    assert [one for one in found.scheef if one["kenmerk"] == "leeftijd"] == []


def test_shares_are_those_counted_by_hand(tables: Tables, ages: dict[str, str], place: str) -> None:
    cases = decided(ages, place, 0.5)
    own = [one for one in cases if ages[one.jongere_id] == FEW]

    one = line(beside(cases, tables, draws=DRAWS), FEW)

    told = sum(one.voorstel is not None for one in own) / len(own)
    kept = sum(one.keuze == Keuze.VOORSTELLEN for one in own) / len(own)
    assert (one["model"], one["besluit"]) == (
        pytest.approx(told, abs=1e-4),
        pytest.approx(kept, abs=1e-4),
    )
    assert one["besluit_low"] < one["besluit"] < one["besluit_high"]  # type: ignore[operator]


@pytest.mark.parametrize("size", [9, 12])
def test_a_group_that_is_small_or_decided_about_alike_is_not_told_of(
    tables: Tables, ages: dict[str, str], place: str, size: int
) -> None:
    cases = [one for one in decided(ages, place, 0.5) if ages[one.jongere_id] != FEW]
    few = [one for one in ages if ages[one] == FEW][:size]
    cases += [Beslist(one, DAY, Keuze.VOORSTELLEN, place, place) for one in few]

    found = beside(cases, tables, draws=DRAWS)

    of_age = [one for one in found.regels if one["kenmerk"] == "leeftijd"]
    assert of_age
    assert FEW not in {one["waarde"] for one in of_age}
    assert not any("jongeren" in one for one in of_age)


def test_a_ratio_to_a_rest_of_nine_is_not_told(
    tables: Tables, ages: dict[str, str], place: str
) -> None:
    cases = decided(ages, place, 0.5)
    rest = [one for one in cases if ages[one.jongere_id] != FEW][:9]
    cases = [one for one in cases if ages[one.jongere_id] == FEW] + rest

    one = line(beside(cases, tables, draws=DRAWS), FEW)

    assert all(one[f"verhouding_besluit{end}"] is None for end in ENDS)


def test_without_besluiten_there_is_nothing_to_tell(tables: Tables) -> None:
    assert beside([], tables) == NaBesluit((), 0, 0)


def decide(session: object, tafel: Tafel, keuze: Keuze, minutes: int, **more: object) -> None:
    session.execute(  # type: ignore[attr-defined]  # a session
        sa.insert(BESLUIT).values(
            agendapunt_id=tafel.agendapunten[0],
            leerwerkplek_id="P1",
            keuze=keuze,
            reden="omdat het past",
            eigenaar_id=tafel.eigenaar,
            opvolgdatum=NOW.date(),
            door=tafel.gebruiker,
            tijdstip=NOW + timedelta(minutes=minutes),
            **more,
        )
    )


def propose(session: object, tafel: Tafel, number: int, plek: str, minutes: int) -> None:
    session.execute(  # type: ignore[attr-defined]  # a session
        sa.insert(VOORSTEL).values(
            id=number,
            matchtafel_id=tafel.id,
            nummer=number,
            opties={},
            uitkomst={},
            door=tafel.gebruiker,
            tijdstip=NOW + timedelta(minutes=minutes),
        )
    )
    session.execute(  # type: ignore[attr-defined]  # a session
        sa.insert(VOORSTELREGEL).values(
            voorstel_id=number,
            agendapunt_id=tafel.agendapunten[0],
            leerwerkplek_id=plek,
            kans=0.5,
            uitleg={},
        )
    )


def test_the_last_besluit_counts_beside_the_last_proposal_before_it(engine: Engine) -> None:
    tafel = make_tafel(engine)
    with unit_of_work(engine) as session:
        propose(session, tafel, 1, "P2", 1)
        propose(session, tafel, 2, "P1", 2)
        decide(session, tafel, Keuze.AANHOUDEN, 3)
        first = session.execute(sa.select(BESLUIT.c.id)).scalar_one()
        decide(session, tafel, Keuze.VOORSTELLEN, 4, vervangt_id=first)
        propose(session, tafel, 3, "P2", 5)

    with unit_of_work(engine, read_only=True) as session:
        found = decided_after(session, since=NOW)
        later = decided_after(session, since=datetime(2027, 1, 1, tzinfo=UTC))
        told = over_plekken(session, small_region().tables, since=NOW)

    assert found == [Beslist("J1", NOW.date(), Keuze.VOORSTELLEN, "P1", "P1")]
    assert later == []
    assert (told.besluiten, told.regels) == (1, ())
