"""An effect in words: for a group, with its doubts, and without any figure where it was refused."""

import re
from dataclasses import replace

import pytest

from models.effect import Oordeel, Weigering
from models.effect_checks import Placebo
from models.effect_score import Effect
from models.effect_vraag import SoortHulp, Uitkomst, Vraag
from models.effect_zinnen import (
    GEEN_ANTWOORD,
    GEMIDDELDE,
    NIET_GETEST,
    WEIGERINGEN,
    hoe,
    naam_van,
    zinnen,
)

TRAJECT = Vraag(SoortHulp.TRAJECT, "jobcoaching")
COACH = Vraag(SoortHulp.BEGELEIDING, "mentor")
PASSED = Placebo(0.0, -0.1, 0.1, gezakt=False)
WORKS = Oordeel(
    120, 900, 6, 0.02, 0.20, att=Effect(-0.08, -0.13, -0.03, 0.02), e_grens=1.6, vooraf=PASSED
)


def test_an_effect_is_told_per_hundred_with_its_interval_and_never_of_one_jongere() -> None:
    told = " ".join(zinnen(TRAJECT, WORKS))

    assert "zijn er 20 die binnen een jaar van school gaan" in told
    assert "naar schatting 28." in told
    assert "tussen 13 minder en 3 minder op de 100" in told
    assert "De hulp lijkt te werken." in told
    assert "2 meer op de 100. Dat zegt niets over de hulp" in told
    assert "minstens 1,6 keer" in told
    assert told.endswith(GEMIDDELDE)


def test_an_interval_around_nothing_says_that_it_may_be_chance() -> None:
    found = replace(WORKS, att=Effect(-0.02, -0.07, 0.03, 0.02), e_grens=1.0)
    told = " ".join(zinnen(TRAJECT, found))

    assert "kan toeval zijn" in told
    assert "lijkt te werken" not in told
    assert "keer zo groot" not in told


def test_more_uitval_and_more_plaatsingen_are_not_the_same_news() -> None:
    more = replace(WORKS, att=Effect(0.08, 0.03, 0.13, 0.02))

    assert any("ging het vaker mis" in one for one in zinnen(TRAJECT, more))
    placed = replace(TRAJECT, uitkomst=Uitkomst.PLAATSING)
    assert "De hulp lijkt te werken." in zinnen(placed, more)


def test_of_two_roles_the_better_one_is_named() -> None:
    beside = replace(COACH, tegenover="jobcoach")

    assert "Contact door mentor lijkt het best te werken." in zinnen(beside, WORKS)
    worse = replace(WORKS, att=Effect(0.08, 0.03, 0.13, 0.02))
    assert "Contact door jobcoach lijkt het best te werken." in zinnen(beside, worse)
    assert "Met contact door jobcoach waren dat er naar schatting 28." in zinnen(beside, WORKS)[0]
    unsure = replace(WORKS, att=Effect(-0.02, -0.07, 0.03, 0.02))
    assert "We weten dus niet wie het best contact zoekt." in " ".join(zinnen(beside, unsure))
    assert not any("deze hulp werkt" in one for one in zinnen(beside, unsure))
    assert "jobcoach werd benaderd" in hoe(beside)
    assert naam_van(beside).endswith("vergeleken met jobcoach")


def test_what_could_not_be_tested_is_said() -> None:
    assert NIET_GETEST in zinnen(TRAJECT, replace(WORKS, vooraf=None))
    assert NIET_GETEST not in zinnen(TRAJECT, WORKS)


@pytest.mark.parametrize("why", list(Weigering))
def test_a_refusal_gives_its_reason_and_no_figure_of_an_effect(why: Weigering) -> None:
    told = zinnen(TRAJECT, replace(WORKS, weigering=why))

    assert told == (GEEN_ANTWOORD, WEIGERINGEN[why])
    assert set(re.findall(r"\d+", " ".join(told))) <= {"50"}


@pytest.mark.parametrize("vraag", [TRAJECT, COACH, replace(COACH, tegenover="jobcoach")])
def test_sentences_are_short(vraag: Vraag) -> None:
    text = " ".join((*zinnen(vraag, WORKS), hoe(vraag), *WEIGERINGEN.values()))

    assert max(len(one.split()) for one in re.split(r"[.?!:] ", text)) <= 25
