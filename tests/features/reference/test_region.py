"""The facts of the region agree with each other, and with their sources when those are at hand."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from features import tables as t
from features.contract import Table, check_table
from features.reference.region import (
    competentie_facts,
    opleiding_competentie_facts,
    opleiding_facts,
    postcode_facts,
    werkproces_facts,
)

SHARED = Path(__file__).parents[4] / "shared" / "data"
at_hand = pytest.mark.skipif(not SHARED.is_dir(), reason="the source data are not at hand")


def source(name: str) -> pl.DataFrame:
    return pl.read_csv(SHARED / name, infer_schema_length=0)


@pytest.mark.parametrize(
    ("facts", "table", "extra"),
    [
        (postcode_facts, t.POSTCODE, "in_regio"),
        (opleiding_facts, t.KWALIFICATIE, "gewicht"),
        (werkproces_facts, t.WERKPROCES, ""),
        (competentie_facts, t.COMPETENTIE, ""),
    ],
)
def test_facts_keep_the_contract(
    facts: Callable[[], pl.DataFrame], table: Table, extra: str
) -> None:
    frame = facts()
    check_table(frame.drop(extra) if extra else frame, table)


def test_every_skill_of_an_opleiding_is_a_competentie_and_every_opleiding_has_skills() -> None:
    skills = opleiding_competentie_facts()
    assert set(skills["competentie_id"]) <= set(competentie_facts()["competentie_id"])
    assert set(skills["opleidingcode"]) == set(opleiding_facts()["opleidingcode"])


def test_no_title_of_a_werkproces_is_visibly_cut_off() -> None:
    dangling = re.compile(r"( (en|of|de|het|een|van|met|te|wordt|tot|bij)|[,/(-])$")
    assert [title for title in werkproces_facts()["titel"] if dangling.search(title)] == []


@at_hand
def test_postcodes_lie_where_the_source_says_and_the_region_is_complete() -> None:
    told = source("nl-postcode-regio/pc4.csv.gz")
    joined = postcode_facts().join(told, left_on="postcode4", right_on="pc4")
    assert joined.height == postcode_facts().height
    for own, other in (("breedtegraad", "lat"), ("lengtegraad", "lon")):
        assert (joined[own] - joined[other].cast(pl.Float64)).abs().max() < 1e-4  # type: ignore[operator]  # not empty
    assert (joined["plaats"] == joined["woonplaats"]).all()
    homes = told.filter(pl.col("rmc_regio") == "Achterhoek", pl.col("soort") != "Postbus")
    assert set(homes["pc4"]) == set(postcode_facts().filter("in_regio")["postcode4"])


@at_hand
def test_werkprocessen_stand_in_the_source() -> None:
    told = source("mbo-kwalificatiestructuur/werkprocessen.csv.gz").filter(
        pl.col("kwaliteit") != "laag"
    )
    codes = set((told["crebo"] + "-" + told["werkproces_code"]).to_list())
    assert set(werkproces_facts()["werkproces_id"]) <= codes


@at_hand
def test_skills_stand_in_the_source() -> None:
    told = source("competentnl-crebo-skills/crebo_skill.csv.gz")
    pairs = set(zip(told["crebo"], told["skill_uri"].str.split("/").list.last(), strict=True))
    own = opleiding_competentie_facts()
    codes = own["competentie_id"].str.strip_prefix("CNL-")
    assert set(zip(own["opleidingcode"], codes, strict=True)) <= pairs
