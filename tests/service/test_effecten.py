"""Answers on help as plain data: small numbers hidden, no figure where it was refused, kept."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from models.effect import Oordeel, Weigering
from models.effect_checks import Overlap, Placebo
from models.effect_score import Effect
from models.effect_vraag import SoortHulp, Uitkomst, Vraag
from service.effecten import Antwoord, keep, read_kept, told

DAY = date(2026, 11, 1)
VRAAG = Vraag(SoortHulp.TRAJECT, "jobcoaching")
FOUND = Oordeel(
    120,
    900,
    6,
    0.02,
    0.20,
    att=Effect(-0.08, -0.13, -0.03, 0.02),
    overlap=Overlap(0.0, 400.0, 0.9, 0.1, 0.25, ()),
    e_waarde=2.1,
    e_grens=1.6,
    vooraf=Placebo(0.0, -0.1, 0.1, gezakt=False),
)


def test_an_answer_holds_its_figures() -> None:
    answer = told(VRAAG, FOUND, DAY)

    assert answer["effect"]["groep_met_hulp"]["value"] == -0.08
    assert answer["jongeren"] == {"wel": "120", "niet": "900"}


@pytest.mark.parametrize("why", list(Weigering))
def test_a_refused_answer_holds_no_effect(why: Weigering) -> None:
    answer = told(VRAAG, replace(FOUND, weigering=why), DAY)

    assert answer["effect"] is None
    assert answer["weigering"] == why.value
    assert "0.08" not in json.dumps(answer)


def test_fewer_than_ten_jongeren_are_not_counted_out() -> None:
    few = told(VRAAG, Oordeel(3, 900, 6, 0.0, 0.0, weigering=Weigering.TE_WEINIG), DAY)

    assert few["jongeren"]["wel"] == "minder dan 10"


def test_a_later_answer_takes_the_place_of_an_earlier_one_to_the_same_question(
    tmp_path: Path,
) -> None:
    def ask(vraag: Vraag, n: int) -> Antwoord:
        return told(vraag, replace(FOUND, n_wel=n), DAY)

    other = replace(VRAAG, uitkomst=Uitkomst.PLAATSING)
    assert read_kept(tmp_path) == ()
    keep(tmp_path, [ask(VRAAG, 100), ask(other, 110)])
    kept = keep(tmp_path, [ask(VRAAG, 200)])

    assert [one["jongeren"]["wel"] for one in kept] == ["110", "200"]
    assert read_kept(tmp_path) == kept
    assert [one.name for one in tmp_path.iterdir()] == ["effecten.json"]
