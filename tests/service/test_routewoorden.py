import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.registry import Feature
from features.traject import ATTRIBUTEN
from features.werkproces import WERKPROCES_FEATURES
from models.explanation import Reden
from models.praktijkverklaring_context import Basis
from models.praktijkverklaring_route import Vervolg
from service import routewoorden
from service.observations.werkproces import WERKPROCES
from tests.service.fake_routes import DOELEN, TRAJECTEN, make_route
from tests.service.test_wording import check_plain, check_sentence, extremes

FEATURES = pytest.mark.parametrize("feature", WERKPROCES_FEATURES, ids=lambda one: one.name)


def test_every_registered_feature_of_learning_has_its_words() -> None:
    assert set(WERKPROCES) == {feature.name for feature in WERKPROCES_FEATURES}


@FEATURES
@given(value=st.none() | st.floats(-1, 200))
def test_a_reason_is_a_sentence(feature: Feature, value: float | None) -> None:
    check_sentence(routewoorden.leren_zin(Reden(feature.name, value, 3.0)))


@FEATURES
def test_a_low_value_is_said_otherwise_than_a_high_one(feature: Feature) -> None:
    low, high = (WERKPROCES[feature.name].sentence(value) for value in extremes(feature))

    check_plain(low)
    check_plain(high)
    assert low != high


@FEATURES
def test_what_is_not_known_is_said_to_be_so(feature: Feature) -> None:
    assert re.search("weten we niet", WERKPROCES[feature.name].sentence(None))


@pytest.mark.parametrize("rang", [1, 2, 3])
def test_a_route_is_told_in_sentences(rang: int) -> None:
    route = make_route(rang)
    told = [routewoorden.kans_zin(route), routewoorden.verwacht_zin(route)]
    told += [routewoorden.stap_zin(stap) for stap in route.stappen]
    told += [routewoorden.dekking_zin(one) for one in route.dekking]
    told += [routewoorden.vraag_zin(route.vraag), routewoorden.vervolg_zin(route.vervolg)]

    for sentence in told:
        check_sentence(sentence)
    assert "tussen 55 en 73" in told[0]
    assert "minstens 2 van de 3 werkprocessen" in told[0]


def test_a_route_of_one_werkproces_names_no_share_of_it() -> None:
    route = make_route(1)
    single = replace(route, stappen=(replace(route.stappen[1], leerdoelen=DOELEN[:1]),), nodig=1)

    assert "dit werkproces" in routewoorden.kans_zin(single)


def test_a_goal_says_from_where_in_how_many_hours_with_what_chance() -> None:
    said = [routewoorden.leerdoel_zin(doel) for doel in DOELEN]

    assert said[0].startswith("Bereidt het werk voor: nu met hulp; 80 uur, kans ongeveer 71 van")
    assert "nog niet beoordeeld" in said[1]


def test_a_traject_that_does_not_admit_says_which_rule_fails_and_what_to_ask() -> None:
    yes, no = (routewoorden.traject_zin(one) for one in TRAJECTEN)

    assert yes == "Op weg naar entree: dit kan."
    assert "Dit kan vanaf 18 jaar." in no
    assert "We weten nog niet welk mbo-niveau de jongere volgt." in no


def test_every_word_that_a_route_may_need_is_there() -> None:
    assert set(routewoorden.BASIS) == set(Basis)
    assert set(routewoorden.VERVOLG) == set(Vervolg)
    assert set(routewoorden.ATTRIBUTEN) == set(ATTRIBUTEN)
    for basis in Basis:
        check_sentence(routewoorden.basis_zin(basis))
