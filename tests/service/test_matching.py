import polars as pl
import pytest

from features.synthetic import Region
from service.errors import NotFoundError
from service.matching import Matching
from service.overzicht import running_stages
from tests.service.region import CONFIG, small_regio, small_region


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


def test_every_place_is_either_fit_or_excluded_with_a_reason(
    matching: Matching, region: Region, suggested: pl.DataFrame
) -> None:
    for jongere_id in suggested["jongere_id"].unique().sort().head(25):
        answer = matching.suggesties(jongere_id, top=10)
        shown = {one.leerwerkplek.leerwerkplek_id for one in answer.suggesties}
        excluded = {one.leerwerkplek.leerwerkplek_id for one in answer.uitgesloten}

        assert answer.passend + len(answer.uitgesloten) == region.tables["leerwerkplek"].height
        assert not shown & excluded
        assert all(one.blokkades for one in answer.uitgesloten)
        assert [one.rang for one in answer.suggesties] == list(range(1, len(shown) + 1))


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
    for one in matching.kandidaten(plek, top=3).suggesties:
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

        assert fit[plek] == pytest.approx(kans)


def test_whoever_is_unknown_is_not_found(matching: Matching) -> None:
    for ask in (matching.suggesties, matching.kandidaten):
        with pytest.raises(NotFoundError):
            ask("niemand")
