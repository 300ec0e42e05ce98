"""Chances that drift from what came out, and groups that people treat unevenly, raise an alarm."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from models.drift_rows import Rijp
from service.bewaken.groepen import beslist
from service.bewaken.kampioen import Kampioen
from service.bewaken.maten import Maat
from service.bewaken.uitkomsten import Uitgekomen, held_against
from service.modelbeheer.na_besluit import CHOSEN_DAYS, NIETS
from service.storage.bewaken import Gekozen
from service.storage.bewaking import ALARM, LET_OP, RUSTIG, TE_WEINIG, Bevinding

EEN = Kampioen("uitvalrisico", "1", date(2026, 1, 1), None, date(2025, 1, 1))
DAY = date(2025, 9, 1)
ROWS = 3_000
SEEDS = [pytest.param(seed, marks=[pytest.mark.slow] if seed else []) for seed in range(20)]
"""Twenty regions that do not exist; all but one only among the long proofs."""


def matured(seed: int, *, rows: int = ROWS, extra: float = 0.0) -> tuple[Rijp, np.ndarray]:
    """Return rows and their true chances; of leerweg BBL so much more happened than was said."""
    rng = np.random.default_rng(seed)
    said = expit(rng.normal(-1.6, 1.0, rows))
    leerweg = rng.choice(["BOL", "BBL"], rows)
    truth = np.clip(said + extra * (leerweg == "BBL"), 0, 1)
    happened = (rng.random(rows) < truth).astype(np.float64)
    frame = pl.DataFrame(
        {"jongere_id": [f"J{number}" for number in range(rows)], "peildatum": [DAY] * rows}
    )
    return Rijp(frame, happened, pl.DataFrame({"leerweg": leerweg})), said


def of(found: Uitgekomen, maat: Maat) -> list[Bevinding]:
    return [one for one in found.bevindingen if one.maat == maat]


@pytest.mark.parametrize("seed", SEEDS)
def test_chances_that_came_true_raise_nothing(seed: int) -> None:
    rijp, said = matured(seed)

    found = held_against(EEN, rijp, said)

    assert [one.niveau for one in of(found, Maat.KALIBRATIE)] == [RUSTIG]
    assert not [one for one in found.bevindingen if one.niveau == ALARM]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("drift", [0.06, -0.06])
def test_chances_that_drifted_raise_the_alarm_and_say_which_way(seed: int, drift: float) -> None:
    rijp, said = matured(seed)

    (one,) = of(held_against(EEN, rijp, np.clip(said + drift, 0, 1)), Maat.KALIBRATIE)

    assert one.niveau == ALARM
    assert (one.waarde or 0) == pytest.approx(drift, abs=0.03)
    assert ("meer dan er uitkwam" in one.tekst) is (drift > 0)
    assert one.laag is not None
    assert one.hoog is not None
    assert one.laag < (one.waarde or 0) < one.hoog


def test_what_was_really_shown_counts_before_what_is_said_again() -> None:
    rijp, said = matured(1)
    shown = (rijp.uitkomst, np.clip(said + 0.1, 0, 1), rijp.frame["jongere_id"])

    (one,) = of(held_against(EEN, rijp, said, shown=shown), Maat.KALIBRATIE)

    assert one.niveau == ALARM
    assert "over wat is getoond" in one.tekst


@pytest.mark.parametrize("seed", SEEDS)
def test_a_group_of_which_too_little_is_said_raises_the_alarm(seed: int) -> None:
    rijp, said = matured(seed, extra=0.1)

    told = [one for one in of(held_against(EEN, rijp, said), Maat.GROEPEN) if one.niveau == ALARM]

    assert "leerweg BBL: kalibratie" in {one.onderwerp for one in told}


def test_few_outcomes_say_nothing() -> None:
    rijp, said = matured(1, rows=300)

    found = held_against(EEN, rijp, said)

    assert [one.niveau for one in of(found, Maat.KALIBRATIE)] == [TE_WEINIG]
    assert not [one for one in found.bevindingen if one.niveau in {ALARM, LET_OP}]
    assert found.besloten == NIETS


def helped(rijp: Rijp, said: np.ndarray, share: dict[str, float], days: int = 10) -> list[Gekozen]:
    """Let people help this share, per leerweg, of the fifth with the highest chances."""
    rng = np.random.default_rng(5)
    high = said >= np.quantile(said, 0.8)
    leerweg = rijp.groepen["leerweg"].to_list()
    return [
        Gekozen(who, DAY + timedelta(days=days))
        for who, one, top in zip(rijp.frame["jongere_id"], leerweg, high, strict=True)
        if top and rng.random() < share[one]
    ]


def after(gekozen: list[Gekozen], seed: int = 1) -> list[Bevinding]:
    rijp, said = matured(seed)
    return list(beslist(EEN, held_against(EEN, rijp, said, gekozen=gekozen).besloten))


def test_people_who_help_one_group_less_than_the_model_would_raise_the_alarm() -> None:
    rijp, said = matured(1)

    found = after(helped(rijp, said, {"BOL": 0.9, "BBL": 0.4}))

    told = {one.onderwerp: one for one in found}
    one = told["leerweg BBL: op de lijst"]
    assert one.niveau == ALARM
    assert one.maat == Maat.NA_BESLUIT
    assert (one.waarde or 9) < 0.6
    assert "Bij het model was dat" in one.tekst
    assert {"leerweg BBL: gevonden"} <= set(told)


@pytest.mark.parametrize("seed", SEEDS)
def test_people_who_help_everybody_alike_raise_nothing(seed: int) -> None:
    rijp, said = matured(seed)

    (one,) = after(helped(rijp, said, {"BOL": 0.7, "BBL": 0.7}), seed)

    assert one.niveau == RUSTIG


def test_a_besluit_long_after_the_peildatum_is_not_about_that_list() -> None:
    rijp, said = matured(1)

    (one,) = after(helped(rijp, said, {"BOL": 0.9, "BBL": 0.4}, days=CHOSEN_DAYS + 1))

    assert one.niveau == TE_WEINIG
