from datetime import timedelta

import polars as pl
import pytest

from features.synthetic import Region
from service.errors import NotFoundError
from service.overzicht import running_stages
from service.regio import Regio
from tests.service.region import CONFIG, regio_of, small_regio, small_region


@pytest.fixture(scope="module")
def region() -> Region:
    return small_region()


@pytest.fixture(scope="module")
def regio() -> Regio:
    return small_regio()


def no_progress(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture(scope="module")
def suggested(regio: Regio) -> pl.DataFrame:
    return regio.suggest(top=4, progress=no_progress)


@pytest.fixture(scope="module")
def matched(regio: Regio) -> pl.DataFrame:
    return regio.match(progress=no_progress)


def test_the_list_begins_with_the_highest_risk_and_pages_show_everybody_once(regio: Regio) -> None:
    first, total = regio.jongeren(aantal=40)
    pages = [regio.jongeren(vanaf=start, aantal=40)[0] for start in range(0, total, 40)]
    everybody = [one for page in pages for one in page]
    kansen = [one.kans for one in everybody]

    assert pages[0] == first
    assert kansen == sorted(kansen, reverse=True)
    assert len({one.jongere.jongere_id for one in everybody}) == total == regio.scores.height


def test_the_list_can_be_ordered_by_name(regio: Regio) -> None:
    namen = [one.jongere.naam for one in regio.jongeren(volgorde="naam", aantal=100)[0]]

    assert namen == sorted(namen)


def test_searching_finds_a_part_of_a_name_whatever_its_capitals(regio: Regio) -> None:
    wanted = regio.jongeren(aantal=1)[0][0].jongere

    found, total = regio.jongeren(zoek=wanted.naam.upper())

    assert total == len(found) >= 1
    assert wanted in [one.jongere for one in found]


def test_searching_finds_the_whole_jongere_id_whatever_its_capitals(regio: Regio) -> None:
    wanted = regio.jongeren(aantal=1)[0][0].jongere

    for zoek in (wanted.jongere_id, wanted.jongere_id.lower()):
        assert [one.jongere for one in regio.jongeren(zoek=zoek)[0]] == [wanted]


def test_searching_takes_signs_as_they_are(regio: Regio) -> None:
    assert regio.jongeren(zoek=".*") == ([], 0)


def test_filtering_keeps_one_onderwijssoort(regio: Regio) -> None:
    counts = {soort: regio.jongeren(onderwijssoort=soort) for soort in regio.onderwijssoorten()}

    assert sum(total for _, total in counts.values()) == regio.scores.height
    for soort, (page, _) in counts.items():
        assert {one.jongere.onderwijssoort for one in page} == {soort}


def test_a_risk_tells_reasons_that_raise_and_lower_it(regio: Regio) -> None:
    page, _ = regio.jongeren(aantal=100)

    assert any(one.verhogend for one in page)
    for one in page:
        assert all(reden.bijdrage > 0 for reden in one.verhogend)
        assert all(reden.bijdrage < 0 for reden in one.verlagend)
        alone = regio.uitvalrisico(one.jongere.jongere_id)
        assert alone.kans == one.kans
        assert [reden.feature for reden in alone.verhogend] == [
            reden.feature for reden in one.verhogend
        ]


def test_every_place_is_either_fit_or_excluded_with_a_reason(
    regio: Regio, region: Region, suggested: pl.DataFrame
) -> None:
    for jongere_id in suggested["jongere_id"].unique().sort().head(25):
        answer = regio.suggesties(jongere_id, top=10)
        shown = {one.leerwerkplek.leerwerkplek_id for one in answer.suggesties}
        excluded = {one.leerwerkplek.leerwerkplek_id for one in answer.uitgesloten}

        assert answer.passend + len(answer.uitgesloten) == region.tables["leerwerkplek"].height
        assert not shown & excluded
        assert all(one.blokkades for one in answer.uitgesloten)
        assert [one.rang for one in answer.suggesties] == list(range(1, len(shown) + 1))


def test_a_command_and_a_page_give_the_same_ranking(regio: Regio, suggested: pl.DataFrame) -> None:
    for (jongere_id,), rows in list(suggested.group_by("jongere_id", maintain_order=True))[:25]:
        answer = regio.suggesties(str(jongere_id), top=4)

        assert rows["leerwerkplek_id"].to_list() == [
            one.leerwerkplek.leerwerkplek_id for one in answer.suggesties
        ]
        assert rows["rang"].to_list() == [one.rang for one in answer.suggesties]
        assert rows["kans"].to_list() == pytest.approx([one.kans for one in answer.suggesties])


def test_a_candidate_has_the_same_chance_on_the_page_of_the_jongere(regio: Regio) -> None:
    plek = small_region().tables["leerwerkplek"]["leerwerkplek_id"][0]
    for one in regio.kandidaten(plek, top=3).suggesties:
        own = regio.suggesties(one.jongere.jongere_id, top=1000).suggesties
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
    regio: Regio, suggested: pl.DataFrame
) -> None:
    assert set(suggested["jongere_id"]) - set(regio.scores["jongere_id"])


def test_the_joint_proposal_keeps_within_the_capacity_left(
    regio: Regio, region: Region, matched: pl.DataFrame
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
    regio: Regio, matched: pl.DataFrame
) -> None:
    for jongere_id, plek, kans in matched.head(25).iter_rows():
        fit = {
            one.leerwerkplek.leerwerkplek_id: one.kans
            for one in regio.suggesties(jongere_id, top=1000).suggesties
        }

        assert fit[plek] == pytest.approx(kans)


def test_what_becomes_known_after_the_peildatum_changes_nothing(
    regio: Regio, region: Region
) -> None:
    later = CONFIG.peildatum + timedelta(days=1)
    tables = dict(region.tables)
    for name in ("verzuim", "stage", "voorkeur", "inschrijving", "competentiemeting"):
        frame = tables[name]
        known_later = frame.sample(fraction=0.3, seed=1).with_columns(
            pl.lit(later).alias("bekend_op")
        )
        key = {"verzuim": "week", "stage": "stage_id"}.get(name)
        shifted = (
            known_later.with_columns(pl.col("stage_id") + "-later")
            if key == "stage_id"
            else known_later.with_columns(
                pl.col("begindatum" if name == "inschrijving" else key or "datum").dt.offset_by(
                    "1w"
                )
            )
        )
        tables[name] = pl.concat([frame, shifted])

    other = regio_of(tables)

    assert other.scores.equals(regio.scores)
    for jongere_id in regio.scores["jongere_id"].head(10):
        assert other.suggesties(jongere_id) == regio.suggesties(jongere_id)


def test_whoever_is_unknown_is_not_found(regio: Regio) -> None:
    for ask in (regio.uitvalrisico, regio.suggesties, regio.kandidaten):
        with pytest.raises(NotFoundError):
            ask("niemand")
