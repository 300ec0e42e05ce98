from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.praktijkverklaring import routes
from models.praktijkverklaring_context import (
    HIGHEST_NIVEAU,
    Basis,
    Certificaat,
    JongereFeiten,
    RouteContext,
    kerntaak_of,
)
from models.praktijkverklaring_kandidaten import until_certificaat
from models.praktijkverklaring_keuze import STEP_HOURS
from models.praktijkverklaring_plannen import RouteConfig, make_plannen
from models.praktijkverklaring_route import PraktijkverklaringRoute, Routes, SoortStap, Stap
from models.praktijkverklaring_stappen import VERVOLG_TRAJECTEN
from models.praktijkverklaring_variatie import LEAST_DISTANCE, Kenmerk, distance
from tests.models.leren import CONFIG, leren_context, leren_model

WHO = st.integers(0, CONFIG.jongeren - 1).map(lambda number: f"J{number:06}")
FEW = settings(max_examples=12)


def places(seed: int = 0, share: float = 0.5) -> pl.DataFrame:
    """Return places that suit, with chances, as another model would."""
    rng = np.random.default_rng(seed)
    ids = list(leren_context().plekken)
    chosen = [one for one in ids if rng.random() < share]
    return pl.DataFrame(
        {"leerwerkplek_id": chosen, "kans": rng.uniform(0.3, 0.95, len(chosen))},
        schema={"leerwerkplek_id": pl.String, "kans": pl.Float64},
    )


def found_for(who: str, seed: int = 0, **asked: int) -> Routes:
    config = RouteConfig(**asked)
    return routes(leren_context(), leren_model(), who, places(seed), config=config)


def at_work(route: PraktijkverklaringRoute) -> Stap:
    """Return the step at a place: each route has one."""
    (stap,) = [stap for stap in route.stappen if stap.soort == SoortStap.LEERWERKPLEK]
    return stap


@FEW
@given(WHO, st.integers(0, 5), st.integers(8, 40))
def test_a_route_fits_the_hours_and_has_at_most_three_steps(
    who: str, seed: int, weken: int
) -> None:
    found = found_for(who, seed, weken=weken)

    assert len(found.routes) <= RouteConfig().aantal
    for route in found.routes:
        stap = at_work(route)
        hours = sum(doel.uren for doel in stap.leerdoelen)
        assert len(route.stappen) <= 3
        assert stap.weken <= max(weken, STEP_HOURS)
        assert hours <= stap.weken * (stap.uren_per_week or 0)


@FEW
@given(WHO, st.integers(0, 5))
def test_steps_follow_each_other_in_time(who: str, seed: int) -> None:
    for route in found_for(who, seed).routes:
        for earlier, later in zip(route.stappen, route.stappen[1:], strict=False):
            assert earlier.einde <= later.begin
        assert all(stap.begin >= CONFIG.peildatum for stap in route.stappen)


@FEW
@given(WHO, st.integers(0, 5))
def test_nothing_is_learned_before_what_comes_before_it_nor_what_is_mastered(
    who: str, seed: int
) -> None:
    context = leren_context()
    feiten = context.feiten(who)
    for route in found_for(who, seed).routes:
        stap = at_work(route)
        learned = {doel.werkproces_id for doel in stap.leerdoelen}
        assert learned.isdisjoint(feiten.beheerst)
        for doel in stap.leerdoelen:
            check_before(context, feiten, learned, doel.leerwerkplek_id, doel.werkproces_id)


def check_before(
    context: RouteContext, feiten: JongereFeiten, learned: set[str], plek: str, one: str
) -> None:
    """All earlier werkprocessen of the kerntaak that the place teaches are learned or mastered."""
    kerntaak, number = kerntaak_of(one)
    gelijk = {context.werkprocessen[name].gelijk for name in learned}
    for chain in context.plekken[plek].ketens:
        for earlier in chain:
            if kerntaak_of(earlier)[0] == kerntaak and kerntaak_of(earlier)[1] < number:
                assert earlier in feiten.beheerst or context.werkprocessen[earlier].gelijk in gelijk


@FEW
@given(WHO, st.integers(0, 5))
def test_routes_really_differ(who: str, seed: int) -> None:
    context = leren_context()
    found = found_for(who, seed)
    kenmerken = []
    for route in found.routes:
        stap = at_work(route)
        plek = context.plekken[stap.id]
        learned = {context.werkprocessen[doel.werkproces_id].gelijk for doel in stap.leerdoelen}
        kenmerken.append(Kenmerk(frozenset(learned), plek.leerbedrijf_id, plek.sector))

    for place, one in enumerate(kenmerken):
        for other in kenmerken[:place]:
            assert distance(one, other) >= LEAST_DISTANCE


@FEW
@given(WHO, st.integers(0, 5))
def test_what_is_said_of_a_route_agrees(who: str, seed: int) -> None:
    context = leren_context()
    for route in found_for(who, seed).routes:
        doelen = at_work(route).leerdoelen
        assert 0 <= route.laag <= route.kans <= route.hoog <= 1
        assert route.kans <= route.blijft
        assert route.verwacht == pytest.approx(route.blijft * sum(doel.kans for doel in doelen))
        assert sum(one.gepland for one in route.dekking) == len(doelen)
        for one in route.dekking:
            assert one.behaald + one.gepland <= one.totaal
            assert context.kwalificaties[one.opleidingcode].niveau <= HIGHEST_NIVEAU


@FEW
@given(WHO, st.integers(0, 5), st.integers(6, 30))
def test_more_weeks_never_lower_the_expected_gain(who: str, seed: int, weken: int) -> None:
    context, kansen = leren_context(), dict(places(seed).iter_rows())
    feiten = context.feiten(who)
    best = []
    for most in (weken, weken + 6):
        config = RouteConfig(weken=most, genoeg=1.0)
        plans = make_plannen(context, leren_model(), who, feiten, kansen, config)
        best.append(max((plan.winst for plan in plans), default=0.0))

    assert best[1] >= best[0] - 1e-12


@FEW
@given(WHO)
def test_a_missing_basis_comes_first_where_a_traject_admits(who: str) -> None:
    found = found_for(who)
    for route in found.routes:
        first = route.stappen[0]
        if first.soort == SoortStap.TRAJECT:
            assert found.basis
            admitted = {one.traject_id for one in found.trajecten if one.toegelaten}
            assert first.id in admitted


def test_what_comes_after_a_route_is_named_and_its_traject_admits() -> None:
    seen = set()
    for number in range(0, 400, 10):
        found = found_for(f"J{number:06}")
        for route in found.routes:
            seen.add(route.vervolg)
            last = route.stappen[-1]
            if last.soort == SoortStap.TRAJECT and len(route.stappen) > 1:
                (oordeel,) = [one for one in found.trajecten if one.traject_id == last.id]
                assert oordeel.toegelaten
                assert VERVOLG_TRAJECTEN[route.vervolg] in oordeel.soort
    assert len(seen) > 1


def test_two_qualifications_are_combined_where_one_leerbedrijf_teaches_both() -> None:
    context = leren_context()
    combined = [
        route
        for number in range(60)
        for route in found_for(f"J{number:06}", aantal=8).routes
        if at_work(route).ook_bij
    ]

    assert combined
    for route in combined:
        stap = at_work(route)
        (other,) = stap.ook_bij
        assert context.plekken[stap.id].leerbedrijf_id == context.plekken[other].leerbedrijf_id
        assert {doel.leerwerkplek_id for doel in stap.leerdoelen} <= {stap.id, other}
    assert any(len(route.dekking) > 1 for route in combined)


def test_without_a_place_it_says_so_and_still_tells_of_trajecten() -> None:
    found = routes(leren_context(), leren_model(), "J000001", places(share=0.0))

    assert found.routes == ()
    assert Basis.GEEN_PLEK in found.basis
    assert found.trajecten


def test_a_wish_counts_for_the_sector_of_the_qualification() -> None:
    context = leren_context()
    feiten = replace(context.feiten("J000001"), beheerst=frozenset(), uren_max=24.0)
    kansen = dict.fromkeys(context.plekken, 0.8)
    gains = {}
    for wish in ((), ("techniek",)):
        plans = make_plannen(
            context, leren_model(), "J000001", replace(feiten, wensen=wish), kansen, RouteConfig()
        )
        gains[wish] = sum(plan.kandidaat.plek.sector == "techniek" for plan in plans)

    assert gains[("techniek",)] >= gains[()]
    assert gains[("techniek",)] > 0


def with_certificaten(*parts: frozenset[str]) -> tuple[RouteContext, tuple[str, ...]]:
    """Return a context in which one qualification has these certificates, and its longest chain."""
    context = leren_context()
    code, chain = max(
        (
            (code, chain)
            for code, dossier in context.kwalificaties.items()
            for chain in dossier.kerntaken.values()
        ),
        key=lambda one: len(one[1]),
    )
    certificaten = tuple(
        Certificaat(f"C{number}", f"Certificaat {number}", part)
        for number, part in enumerate(parts)
    )
    dossier = replace(context.kwalificaties[code], certificaten=certificaten)
    return replace(context, kwalificaties={**context.kwalificaties, code: dossier}), chain


def test_a_certificate_is_earned_by_the_last_of_its_werkprocessen_that_is_left() -> None:
    nobody = replace(leren_context().feiten("J000001"), beheerst=frozenset())
    _, chain = with_certificaten()
    first, second, third = chain[:3]
    context, _ = with_certificaten(frozenset({first, third}), frozenset({first, "elsewhere"}))

    assert until_certificaat(context, nobody, chain) == 3
    able = replace(nobody, beheerst=frozenset({third}))
    assert until_certificaat(context, able, [first, second]) == 1
    assert until_certificaat(context, replace(able, beheerst=frozenset({first, third})), chain) == 0


def test_without_known_certificates_a_whole_kerntaak_stands_in() -> None:
    nobody = replace(leren_context().feiten("J000001"), beheerst=frozenset())
    context, chain = with_certificaten()

    assert until_certificaat(context, nobody, chain) == len(chain)
    assert until_certificaat(context, nobody, chain[:-1]) == 0


@FEW
@given(WHO, st.integers(0, 5))
def test_a_certificate_is_told_when_the_route_teaches_what_was_missing_for_it(
    who: str, seed: int
) -> None:
    context = leren_context()
    beheerst = context.feiten(who).beheerst
    for route in found_for(who, seed).routes:
        learned = {doel.werkproces_id for doel in at_work(route).leerdoelen}
        for dekking in route.dekking:
            told = {
                one.titel
                for one in context.kwalificaties[dekking.opleidingcode].certificaten
                if one.werkprocessen <= learned | beheerst and one.werkprocessen & learned
            }
            assert set(dekking.certificaten) == told


def test_the_routes_of_the_made_up_region_reach_certificates() -> None:
    reached = {
        titel
        for number in range(40)
        for route in found_for(f"J{number:06}").routes
        for dekking in route.dekking
        for titel in dekking.certificaten
    }

    assert reached
