import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.contract import Tables
from features.synthetic import Region
from models.ranking import ALTERNATIVES, NEAR
from service.errors import NotFoundError
from service.matching import Matching
from service.overzicht import jongere_overzicht, running_stages, zoekende_jongeren
from service.regio import Regio
from service.suggesties import Volgorde
from tests.service.region import CONFIG, regio_of, small_models, small_regio, small_region


@pytest.fixture(scope="module")
def region() -> Region:
    return small_region()


@pytest.fixture(scope="module")
def matching() -> Matching:
    return small_regio().matching


def no_progress(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture(scope="module")
def suggested(matching: Matching) -> pl.DataFrame:
    return matching.suggest(top=4, progress=no_progress)


@pytest.fixture(scope="module")
def matched(matching: Matching) -> pl.DataFrame:
    return matching.match(progress=no_progress)


def test_every_place_is_shown_or_excluded_with_a_reason_and_never_both(
    matching: Matching, region: Region
) -> None:
    everything = set(region.tables["leerwerkplek"]["leerwerkplek_id"])
    for jongere_id in region.tables["jongere"]["jongere_id"].sample(80, seed=1):
        answer = matching.suggesties(jongere_id, top=len(everything))
        shown = [one.leerwerkplek.leerwerkplek_id for one in answer.suggesties]
        excluded = [one.leerwerkplek.leerwerkplek_id for one in answer.uitgesloten]

        assert len(shown) == answer.passend
        assert sorted(shown + excluded) == sorted(everything)
        assert all(one.blokkades for one in answer.uitgesloten)
        assert [one.rang for one in answer.suggesties] == list(range(1, len(shown) + 1))


def test_every_zoekende_jongere_is_a_kandidaat_or_excluded_with_a_reason(
    matching: Matching, region: Region
) -> None:
    looking = sorted(zoekende_jongeren(region.tables, CONFIG.peildatum)["jongere_id"])
    for plek in region.tables["leerwerkplek"]["leerwerkplek_id"].sample(20, seed=1):
        answer = matching.kandidaten(plek, top=len(looking))
        shown = [one.jongere.jongere_id for one in answer.kandidaten]
        excluded = [one.jongere.jongere_id for one in answer.uitgesloten]

        assert sorted(shown + excluded) == looking
        assert all(one.blokkades for one in answer.uitgesloten)


def test_a_command_and_a_page_give_the_same_ranking(
    matching: Matching, suggested: pl.DataFrame
) -> None:
    for (jongere_id,), rows in list(suggested.group_by("jongere_id", maintain_order=True))[:25]:
        answer = matching.suggesties(str(jongere_id), top=4)

        assert rows["leerwerkplek_id"].to_list() == [
            one.leerwerkplek.leerwerkplek_id for one in answer.suggesties
        ]
        assert rows["rang"].to_list() == [one.rang for one in answer.suggesties]
        assert rows["kans"].to_list() == pytest.approx([one.kans for one in answer.suggesties])


def test_a_candidate_has_the_same_chance_on_the_page_of_the_jongere(matching: Matching) -> None:
    plek = small_region().tables["leerwerkplek"]["leerwerkplek_id"][0]
    for one in matching.kandidaten(plek, top=3).kandidaten:
        own = matching.suggesties(one.jongere.jongere_id, top=1000).suggesties
        kansen = {other.leerwerkplek.leerwerkplek_id: other.kans for other in own}

        assert kansen[plek] == pytest.approx(one.kans)


def test_who_has_a_stage_gets_suggestions_for_the_next_but_no_place_in_the_proposal(
    region: Region, suggested: pl.DataFrame, matched: pl.DataFrame
) -> None:
    placed = set(running_stages(region.tables, CONFIG.peildatum)["jongere_id"])

    assert placed & set(suggested["jongere_id"])
    assert matched.height > 0
    assert not placed & set(matched["jongere_id"])


def test_who_left_school_without_startkwalificatie_gets_suggestions(
    suggested: pl.DataFrame,
) -> None:
    assert set(suggested["jongere_id"]) - set(small_regio().scores["jongere_id"])


def test_the_joint_proposal_keeps_within_the_capacity_left(
    matching: Matching, region: Region, matched: pl.DataFrame
) -> None:
    taken = running_stages(region.tables, CONFIG.peildatum).group_by("leerwerkplek_id").len("bezet")
    room = (
        region.tables["leerwerkplek"]
        .join(taken, on="leerwerkplek_id", how="left")
        .select("leerwerkplek_id", vrij=pl.col("capaciteit") - pl.col("bezet").fill_null(0))
    )
    asked = matched.group_by("leerwerkplek_id").len("gevraagd").join(room, on="leerwerkplek_id")

    assert matched.height > 0
    assert matched["jongere_id"].is_unique().all()
    assert asked.filter(pl.col("gevraagd") > pl.col("vrij")).height == 0


def test_the_joint_proposal_offers_only_pairs_that_no_rule_blocks(
    matching: Matching, matched: pl.DataFrame
) -> None:
    for jongere_id, plek, kans in matched.head(25).iter_rows():
        fit = {
            one.leerwerkplek.leerwerkplek_id: one.kans
            for one in matching.suggesties(jongere_id, top=1000).suggesties
        }

        assert fit[plek] == pytest.approx(kans, abs=1e-6)


def test_whoever_is_unknown_is_not_found(matching: Matching) -> None:
    for ask in (matching.suggesties, matching.kandidaten):
        with pytest.raises(NotFoundError):
            ask("niemand")


def raised(tables: Tables, draw: int) -> Tables:
    """Return tables of jongeren of whom every sign of uitval got worse, at random and by much."""
    rng = np.random.default_rng(draw)
    worse = dict(tables)
    missed = pl.col("lesuren") * rng.uniform(0.3, 1.0)
    worse["verzuim"] = tables["verzuim"].with_columns(
        uren_geoorloofd=pl.lit(0.0),
        uren_ongeoorloofd=pl.max_horizontal("uren_ongeoorloofd", missed).clip(
            upper_bound="lesuren"
        ),
    )
    worse["resultaat"] = tables["resultaat"].with_columns(pl.col("waarde") * rng.uniform(0.1, 0.8))
    worse["contact"] = tables["contact"].with_columns(gelukt=pl.lit(value=False))
    return worse


@pytest.mark.slow
def test_raising_the_risk_never_shortens_the_list_of_anybody(
    matching: Matching, region: Region
) -> None:
    whole = matching.suggest(top=1000, progress=no_progress)
    jongeren = jongere_overzicht(region.tables, CONFIG.peildatum, {})
    cases = 0
    for draw in range(22):
        worse = raised(region.tables, draw)
        other = Matching(
            worse, peildatum=CONFIG.peildatum, plaatsing=small_models()[1], jongeren=jongeren
        )
        cases += whole["jongere_id"].n_unique()

        assert_frame_equal(other.suggest(top=1000, progress=no_progress), whole)
    assert cases > 10_000


def test_the_signs_that_were_raised_do_raise_the_risk(region: Region) -> None:
    before, after = small_regio().scores, regio_of(raised(region.tables, 0)).scores

    assert after["uitvalrisico"].to_numpy().mean() > 1.2 * before["uitvalrisico"].to_numpy().mean()


def test_names_change_nothing(matching: Matching, region: Region) -> None:
    other = Regio(
        region.tables,
        peildatum=CONFIG.peildatum,
        uitvalrisico=small_models()[0],
        plaatsing=small_models()[1],
        namen={},
    ).matching

    assert other.suggest(top=9, progress=no_progress).equals(
        matching.suggest(top=9, progress=no_progress)
    )
    plek = region.tables["leerwerkplek"]["leerwerkplek_id"][3]
    assert [one.jongere.jongere_id for one in other.kandidaten(plek, top=50).kandidaten] == [
        one.jongere.jongere_id for one in matching.kandidaten(plek, top=50).kandidaten
    ]


def test_another_place_never_takes_one_off_the_list(matching: Matching, region: Region) -> None:
    tables = dict(region.tables)
    for name in ("leerwerkplek", "leerwerkplek_eis"):
        copied = tables[name].filter(pl.col("leerwerkplek_id") <= "P00050")
        again = copied.with_columns(pl.col("leerwerkplek_id") + "-nog-een")
        tables[name] = pl.concat([tables[name], again])
    more = regio_of(tables).matching.suggest(top=1000, progress=no_progress)
    pairs = ["jongere_id", "leerwerkplek_id"]

    whole = matching.suggest(top=1000, progress=no_progress)
    assert more.height > whole.height
    assert whole.join(more, on=pairs, how="anti").height == 0


@pytest.mark.parametrize("volgorde", ["reistijd", "naam"])
def test_another_order_shows_the_same_places_in_that_order(
    matching: Matching, volgorde: Volgorde
) -> None:
    for jongere_id in ("J000000", "J000004", "J000010"):
        by_fit = matching.suggesties(jongere_id, top=1000).suggesties
        other = matching.suggesties(jongere_id, top=1000, volgorde=volgorde).suggesties

        titles = [one.leerwerkplek.titel.casefold() for one in other]
        minutes = [one.reistijd_minuten for one in other if one.reistijd_minuten is not None]
        if volgorde == "naam":
            assert titles == sorted(titles)
        else:
            assert minutes == sorted(minutes)
        assert {one.leerwerkplek for one in other} == {one.leerwerkplek for one in by_fit}


def test_nothing_stands_above_a_place_that_is_clearly_better(suggested: pl.DataFrame) -> None:
    best_below = pl.col("kans").reverse().cum_max().reverse().over("jongere_id")

    assert suggested.filter(pl.col("kans") < best_below - NEAR - 1e-9).height == 0


def test_how_many_others_want_a_place_is_counted_over_everybody_who_looks(
    matching: Matching, region: Region
) -> None:
    looking = zoekende_jongeren(region.tables, CONFIG.peildatum)["jongere_id"].to_list()
    high = {
        str(jongere_id): set(rows["leerwerkplek_id"])
        for (jongere_id,), rows in matching.suggest(top=1000, progress=no_progress)
        .filter(pl.col("jongere_id").is_in(looking))
        .sort("kans", "leerwerkplek_id", descending=[True, False])
        .group_by("jongere_id", maintain_order=True)
        .head(ALTERNATIVES)
        .group_by("jongere_id")
    }
    found = [pair for one in looking[::9] for pair in matching.suggesties(one, top=50).suggesties]

    assert any(pair.anderen > 3 for pair in found)
    for pair in found:
        others = [plekken for one, plekken in high.items() if one != pair.jongere.jongere_id]
        plek = pair.leerwerkplek.leerwerkplek_id
        assert pair.anderen == sum(plek in plekken for plekken in others)


def test_kandidaten_stand_by_what_they_gain_over_elsewhere(
    matching: Matching, region: Region
) -> None:
    for plek in region.tables["leerwerkplek"]["leerwerkplek_id"].head(10):
        found = matching.kandidaten(plek, top=1000).kandidaten
        gains = [one.kans - one.elders for one in found]

        assert all(gain >= max(gains[place:]) - NEAR - 1e-9 for place, gain in enumerate(gains))
        for one in found[:3]:
            other = [
                pair.kans
                for pair in matching.suggesties(one.jongere.jongere_id, top=1000).suggesties
                if pair.leerwerkplek.leerwerkplek_id != plek
            ]
            best = sorted(other)[-ALTERNATIVES:]
            assert one.andere_plekken == len(other)
            assert one.elders == pytest.approx(sum(best) / ALTERNATIVES)
