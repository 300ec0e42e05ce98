from datetime import timedelta

import polars as pl
import pytest

from features.synthetic import Region
from models.splitting import add_months
from service.errors import NotFoundError
from service.regio import Regio
from tests.service.region import CONFIG, regio_of, small_regio, small_region


@pytest.fixture(scope="module")
def region() -> Region:
    return small_region()


@pytest.fixture(scope="module")
def regio() -> Regio:
    return small_regio()


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


def test_the_chance_lies_between_its_bounds(regio: Regio) -> None:
    for one in regio.jongeren(aantal=100)[0]:
        assert 0 <= one.laag <= one.kans <= one.hoog <= 1
        assert round(100 * one.laag) == pytest.approx(100 * one.laag)


def test_the_month_before_is_seen_as_it_was_known_then(regio: Regio, region: Region) -> None:
    eerder = add_months(CONFIG.peildatum, -1)
    then = regio_of(region.tables, peildatum=eerder)
    kansen = dict(then.scores.iter_rows())
    everybody, _ = regio.jongeren(aantal=10_000)

    assert any(one.vorige_maand for one in everybody)
    for one in everybody:
        kans = kansen.get(one.jongere.jongere_id)
        assert (one.vorige_maand is None) == (kans is None)
        if one.vorige_maand is not None:
            assert one.vorige_maand.peildatum == eerder
            assert one.vorige_maand.kans == pytest.approx(kans, abs=1e-12)


def test_what_changed_in_a_month_sums_to_the_difference(regio: Regio) -> None:
    everybody, _ = regio.jongeren(aantal=10_000)
    changed = [one for one in everybody if one.vorige_maand and one.vorige_maand.veranderingen]

    assert changed
    for one in changed:
        assert one.vorige_maand is not None
        points = [change.bijdrage for change in one.vorige_maand.veranderingen]
        assert sum(points) == pytest.approx(100 * (one.kans - one.vorige_maand.kans), abs=1e-4)
        assert sorted(points, key=lambda point: -abs(point)) == points


def test_a_row_that_became_known_late_is_a_change_of_this_month(region: Region) -> None:
    verzuim = region.tables["verzuim"]
    week = add_months(CONFIG.peildatum, -2)
    heard = CONFIG.peildatum - timedelta(days=3)
    late = verzuim.with_columns(
        bekend_op=pl.when(pl.col("week") >= week).then(pl.lit(heard)).otherwise("bekend_op")
    )
    regio = regio_of({**region.tables, "verzuim": late})

    everybody, _ = regio.jongeren(aantal=10_000)
    names = {
        change.feature
        for one in everybody
        if one.vorige_maand
        for change in one.vorige_maand.veranderingen
        if change.groep == "verzuim" and change.eerder is None and change.nu is not None
    }

    assert names


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
        assert other.matching.suggesties(jongere_id) == regio.matching.suggesties(jongere_id)


def test_whoever_is_unknown_is_not_found(regio: Regio) -> None:
    for ask in (regio.uitvalrisico, regio.jongere):
        with pytest.raises(NotFoundError):
            ask("niemand")
