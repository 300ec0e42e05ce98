"""The made-up region keeps the contract, and behaves like the field."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features.labels import plaatsing_geslaagd
from features.peildatum import cut_to_peildatum
from features.synthetic import Region, RegionConfig, generate_region
from features.tables import TABLES
from features.vocabulary import Leerweg, Onderwijssoort, RedenEindeStage
from tests.checks import check_tables

CONFIG = RegionConfig(jongeren=2500, leerbedrijven=160, leerwerkplekken=500, seed=3)


@pytest.fixture(scope="module")
def region() -> Region:
    return generate_region(CONFIG)


def test_every_table_keeps_the_contract(region: Region) -> None:
    assert set(region.tables) == set(TABLES)
    check_tables(region.tables, TABLES)


@settings(max_examples=6)
@given(
    jongeren=st.integers(1, 60),
    leerbedrijven=st.integers(1, 12),
    leerwerkplekken=st.integers(1, 20),
    seed=st.integers(0, 10_000),
)
def test_a_region_of_any_size_keeps_the_contract(
    jongeren: int, leerbedrijven: int, leerwerkplekken: int, seed: int
) -> None:
    made = generate_region(
        RegionConfig(
            jongeren=jongeren,
            leerbedrijven=leerbedrijven,
            leerwerkplekken=leerwerkplekken,
            seed=seed,
            peildatum=date(2024, 3, 1),
        )
    )
    check_tables(made.tables, TABLES)
    assert made.tables["jongere"].height == made.numbers["nummer"].n_unique() == jongeren


def test_the_same_seed_gives_the_same_region_and_another_seed_another() -> None:
    small = RegionConfig(jongeren=80, leerbedrijven=10, leerwerkplekken=30, seed=4)
    one, two = generate_region(small), generate_region(small)
    for name, frame in one.tables.items():
        assert_frame_equal(frame, two.tables[name])
    other = generate_region(RegionConfig(jongeren=80, leerbedrijven=10, leerwerkplekken=30, seed=5))
    assert not one.tables["inschrijving"].equals(other.tables["inschrijving"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"jongeren": 0},
        {"begin": date(2022, 9, 1)},
        {"peildatum": date(2026, 11, 2)},
        {"peildatum": date(2022, 8, 1)},
    ],
)
def test_a_region_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"region has|begin is|must come after"):
        RegionConfig(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_nothing_in_the_tables_was_known_after_the_peildatum(region: Region) -> None:
    persons = {
        name: region.tables[name] for name in ("inschrijving", "stage", "verzuim", "contact")
    }
    cut = cut_to_peildatum(persons, CONFIG.peildatum)
    for name, frame in persons.items():
        assert_frame_equal(cut[name].select(frame.columns), frame, check_row_order=False)


def test_every_number_satisfies_the_elfproef(region: Region) -> None:
    digits = [[int(digit) for digit in number] for number in region.numbers["nummer"]]
    totals = np.array(digits) @ np.array((9, 8, 7, 6, 5, 4, 3, 2, -1))
    assert (totals % 11 == 0).all()
    assert region.numbers["nummer"].str.starts_with("999").all()


def test_all_nine_entree_qualifications_and_fifteen_of_niveau_2_have_werkprocessen(
    region: Region,
) -> None:
    taught = region.tables["werkproces"].join(region.tables["kwalificatie"], on="opleidingcode")
    codes = taught.group_by("niveau").agg(pl.col("opleidingcode").unique())
    by_niveau = dict(codes.iter_rows())
    assert set(by_niveau[1]) == {str(code) for code in range(25740, 25749)}
    assert len(by_niveau[2]) >= 15


def test_every_kind_of_education_and_both_leerwegen_occur(region: Region) -> None:
    enrolled = region.tables["inschrijving"]
    kinds = {str(kind) for kind in Onderwijssoort} - {Onderwijssoort.VO, Onderwijssoort.MBO}
    assert set(enrolled["onderwijssoort"]) == kinds
    assert {str(Leerweg.BOL), str(Leerweg.BBL)} <= set(enrolled["leerweg"].drop_nulls())


def test_jongeren_go_from_pro_to_mbo_up_and_down_in_niveau_and_between_schools(
    region: Region,
) -> None:
    steps = (
        region.tables["inschrijving"]
        .sort("jongere_id", "begindatum")
        .with_columns(
            pl.col("onderwijssoort").shift(1).over("jongere_id").alias("van"),
            pl.col("instelling").shift(1).over("jongere_id").alias("van_instelling"),
        )
        .drop_nulls("van")
    )
    seen = set(steps.select("van", "onderwijssoort").iter_rows())
    assert {("pro", "entree"), ("pro", "mbo-2"), ("entree", "mbo-2")} <= seen
    assert {("mbo-2", "mbo-3"), ("mbo-3", "mbo-2"), ("mbo-4", "mbo-3")} <= seen
    within_mbo = steps.filter(pl.col("van").str.starts_with("mbo"))
    assert within_mbo.filter(pl.col("instelling") != pl.col("van_instelling")).height


def test_a_switch_within_one_mbo_school_is_a_change_of_the_same_enrolment(region: Region) -> None:
    whole = ["jongere_id", "instelling", "volgnummer"]
    periods = (
        region.tables["inschrijving"]
        .sort("begindatum")
        .with_columns(volgende=pl.col("begindatum").shift(-1).over(whole), n=pl.len().over(whole))
    )
    changes = periods.drop_nulls("volgende")
    assert changes.height > 20
    assert changes["reden_uitschrijving"].null_count() == changes.height
    assert (changes["einddatum"].dt.offset_by("1d") == changes["volgende"]).all()
    assert (
        periods.group_by(whole)
        .agg(pl.col("geplande_einddatum").n_unique())["geplande_einddatum"]
        .to_list()
        == [1] * periods.select(whole).n_unique()
    )


def test_leaving_is_reported_30_to_90_days_late(region: Region) -> None:
    left = region.tables["inschrijving"].filter(
        pl.col("reden_uitschrijving").is_in(["02", "04", "06", "07", "10"]),
        pl.col("einddatum") < date(2026, 7, 1),
    )
    delay = (left["einde_bekend_op"] - left["einddatum"]).dt.total_days()
    assert delay.is_between(30, 90).all()
    assert left.height > 100


def test_a_jongere_never_has_two_stages_or_enrolments_at_once(region: Region) -> None:
    for name in ("stage", "inschrijving"):
        periods = region.tables[name].sort("jongere_id", "begindatum")
        before = periods.with_columns(
            eerder=pl.col("einddatum").shift(1).over("jongere_id"),
            open=pl.col("einddatum").is_null().shift(1).over("jongere_id"),
        )
        overlap = before.filter(pl.col("begindatum") < pl.col("eerder"))
        assert overlap.height == 0, name


def test_capacity_is_never_exceeded(region: Region) -> None:
    stage = region.tables["stage"].drop_nulls("leerwerkplek_id")
    for day in (date(2023, 3, 1), date(2024, 10, 15), date(2026, 2, 1)):
        running = stage.filter(
            pl.col("begindatum") <= day,
            pl.col("einddatum").is_null() | (pl.col("einddatum") > day),
        )
        used = (
            running.group_by("leerwerkplek_id")
            .len()
            .join(region.tables["leerwerkplek"], on="leerwerkplek_id")
        )
        assert used.filter(pl.col("len") > pl.col("capaciteit")).height == 0


def test_most_places_are_open_with_room_on_the_peildatum(region: Region) -> None:
    places = region.tables["leerwerkplek"]
    still_open = places.filter(
        pl.col("begindatum") <= CONFIG.peildatum,
        pl.col("sluit_op").is_null() | (pl.col("sluit_op") >= CONFIG.peildatum),
    )
    running = region.tables["stage"].filter(pl.col("einddatum").is_null())
    used = running.group_by("leerwerkplek_id").len()
    free = still_open.join(used, on="leerwerkplek_id", how="left").filter(
        pl.col("len").fill_null(0) < pl.col("capaciteit")
    )
    assert still_open.height > 0.75 * places.height
    assert free.height > 0.6 * places.height


def test_a_longer_search_goes_with_stages_that_break_off(region: Region) -> None:
    stage = judged_stages(region).drop_nulls("zoekduur_weken")
    short = stage.filter(pl.col("zoekduur_weken") < 5)["geslaagd"].mean()
    long = stage.filter(pl.col("zoekduur_weken") > 10)["geslaagd"].mean()
    assert short > long + 0.1  # type: ignore[operator]  # both have rows


def test_history_alone_misleads_about_hours(region: Region) -> None:
    """More hours break a stage off, yet in the history those with more hours hold as well."""
    stage = judged_stages(region)
    many = stage.filter(pl.col("uren_per_week") >= 30)["geslaagd"].mean()
    few = stage.filter(pl.col("uren_per_week") <= 20)["geslaagd"].mean()
    assert many > few  # type: ignore[operator]  # both have rows


def test_some_places_are_popular_and_most_are_not(region: Region) -> None:
    counts = region.tables["stage"]["leerwerkplek_id"].drop_nulls().value_counts()
    chosen = counts["count"].sort(descending=True).to_list()
    top = sum(chosen[: len(chosen) // 10])
    assert top > 0.2 * sum(chosen)


def test_stages_end_in_every_way_that_the_field_knows(region: Region) -> None:
    ways = set(region.tables["stage"]["reden_einde"].drop_nulls())
    assert ways == {str(way) for way in RedenEindeStage} - {RedenEindeStage.DIPLOMA}


def test_what_people_tell_and_register_has_gaps(region: Region) -> None:
    tables = region.tables
    everyone = tables["jongere"].height
    assert 0.75 < tables["voorkeur"]["jongere_id"].n_unique() / everyone < 0.95
    assert 0.01 < tables["jongere"]["postcode4"].null_count() / everyone < 0.06
    assert tables["verzuim"]["jongere_id"].n_unique() < 0.98 * everyone
    assert 0.1 < tables["stage"]["zoekduur_weken"].null_count() / tables["stage"].height < 0.4
    late = (tables["verzuim"]["bekend_op"] - tables["verzuim"]["week"]).dt.total_days()
    assert 0.05 < (late > 14).mean() < 0.2  # type: ignore[operator]  # not empty


def judged_stages(region: Region) -> pl.DataFrame:
    stage = region.tables["stage"]
    judged = plaatsing_geslaagd(stage, observed_until=CONFIG.peildatum)
    return stage.join(judged, on="stage_id").drop_nulls("geslaagd")


def test_who_enters_pro_or_vso_later_is_planned_to_end_sooner(region: Region) -> None:
    entered = (
        region.tables["inschrijving"]
        .sort("begindatum")
        .unique("jongere_id", keep="first", maintain_order=True)
        .filter(
            pl.col("onderwijssoort").is_in(["pro", "vso"]), pl.col("begindatum") >= CONFIG.begin
        )
    )
    who = entered["jongere_id"].str.slice(1).cast(pl.Int64).to_numpy()
    started = region.truth.jongeren.instap_leerjaar[who]
    years = (entered["geplande_einddatum"].dt.year() - entered["begindatum"].dt.year()).to_numpy()
    autumn = (entered["begindatum"].dt.month() >= 8).to_numpy()
    stock = (entered["begindatum"] == CONFIG.begin).to_numpy()
    rest = 5 - (started - 1) - ~autumn

    assert (years == rest)[~stock].all()
    assert len(set(started[~stock])) > 2
