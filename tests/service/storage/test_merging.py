"""What a newer source does to what is known: laws for all rows, and the plain cases."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.contract import Table, check_table
from features.tables import INSCHRIJVING, JONGERE, STAGE, TABLES
from service.storage.merging import MergeCount, merge_rows
from tests.strategies import frames

AUTUMN = date(2025, 9, 1)
WINTER = date(2026, 1, 10)
SPRING = date(2026, 4, 1)
SUMMER = date(2026, 7, 1)

RICH = ("inschrijving", "stage", "voorkeur", "leerwerkplek", "verzuim", "competentiemeting")
"""Tables with rules, lists, ends, or a bron in the key."""


def apply(table: Table, stored: pl.DataFrame, incoming: pl.DataFrame) -> pl.DataFrame:
    """Return the stored rows after a merge, ordered by key."""
    merge = merge_rows(table, stored, incoming)
    kept = stored.join(merge.changed, on=table.key, how="anti")
    return pl.concat([kept, merge.changed, merge.new]).sort(table.key)


def one(table: Table, **values: object) -> pl.DataFrame:
    return pl.DataFrame([{name: values.get(name) for name in table.schema}], schema=table.schema)


def inschrijving(**values: object) -> pl.DataFrame:
    basis = {
        "jongere_id": "J1",
        "instelling": "01AA",
        "volgnummer": "1",
        "onderwijssoort": "entree",
        "begindatum": AUTUMN,
        "bekend_op": AUTUMN,
        "bron": "RO_1",
    }
    return one(INSCHRIJVING, **(basis | values))


def stage(**values: object) -> pl.DataFrame:
    basis = {
        "stage_id": "S1",
        "jongere_id": "J1",
        "leerbedrijf_id": "100000001",
        "begindatum": AUTUMN,
        "bekend_op": AUTUMN,
        "bron": "RO_1",
    }
    return one(STAGE, **(basis | values))


def merged(table: Table, stored: pl.DataFrame, incoming: pl.DataFrame) -> dict[str, object]:
    return apply(table, stored, incoming).row(0, named=True)


@pytest.mark.parametrize("name", RICH)
@settings(max_examples=15)
@given(data=st.data())
def test_merging_twice_is_merging_once(name: str, data: st.DataObject) -> None:
    table = TABLES[name]
    stored = data.draw(frames(table))
    incoming = data.draw(frames(table, keys=stored if stored.height else None))
    once = apply(table, stored, incoming)
    assert merge_rows(table, once, incoming).count == MergeCount(0, 0, incoming.height)
    assert apply(table, once, incoming).equals(once)


@pytest.mark.parametrize("name", RICH)
@settings(max_examples=15)
@given(data=st.data())
def test_what_two_valid_sources_make_together_is_valid(name: str, data: st.DataObject) -> None:
    table = TABLES[name]
    stored = data.draw(frames(table, min_size=1))
    incoming = data.draw(frames(table, keys=stored if stored.height else None))
    check_table(apply(table, stored, incoming), table)


@pytest.mark.parametrize("name", RICH)
@settings(max_examples=10)
@given(data=st.data())
def test_every_row_is_counted_once_and_order_does_not_matter(
    name: str, data: st.DataObject
) -> None:
    table = TABLES[name]
    stored = data.draw(frames(table))
    incoming = data.draw(frames(table, keys=stored if stored.height else None))
    count = merge_rows(table, stored, incoming).count
    assert count.total == incoming.height
    backwards = [frame.sort(table.key, descending=True) for frame in (stored, incoming)]
    assert merge_rows(table, *backwards).count == count
    assert apply(table, *backwards).equals(apply(table, stored, incoming))


def test_a_null_keeps_what_is_known() -> None:
    stored = one(JONGERE, jongere_id="J1", postcode4="7001", woonplaats="Doetinchem", bron="a")
    incoming = one(JONGERE, jongere_id="J1", postcode4="7031", bron="b")
    assert merged(JONGERE, stored, incoming) == {
        "jongere_id": "J1",
        "geboortedatum": None,
        "postcode4": "7031",
        "woonplaats": "Doetinchem",
        "gemeente": None,
        "bron": "b",
    }


def test_another_bron_alone_is_no_change() -> None:
    stored = one(JONGERE, jongere_id="J1", postcode4="7001", bron="a")
    incoming = one(JONGERE, jongere_id="J1", postcode4="7001", bron="b")
    assert merge_rows(JONGERE, stored, incoming).count == MergeCount(0, 0, 1)


def test_another_bron_of_a_competentiemeting_is_another_measurement() -> None:
    table = TABLES["competentiemeting"]
    basis = {
        "jongere_id": "J1",
        "datum": AUTUMN,
        "competentie_id": "C1",
        "niveau": 2,
        "bekend_op": AUTUMN,
    }
    stored = one(table, **basis, bron="school")
    incoming = one(table, **basis, bron="leerbedrijf")
    assert merge_rows(table, stored, incoming).count == MergeCount(1, 0, 0)


@pytest.mark.parametrize(("first", "second"), [(AUTUMN, WINTER), (WINTER, AUTUMN)])
def test_the_earliest_day_on_which_it_was_known_stays(first: date, second: date) -> None:
    row = merged(STAGE, stage(bekend_op=first), stage(bekend_op=second))
    assert row["bekend_op"] == AUTUMN


def test_an_enrolment_that_goes_on_after_all_loses_its_end() -> None:
    stored = inschrijving(einddatum=WINTER, reden_uitschrijving="04", einde_bekend_op=SPRING)
    row = merged(INSCHRIJVING, stored, inschrijving(bron="RO_2"))
    assert row["einddatum"] is None
    assert row["reden_uitschrijving"] is None
    assert row["einde_bekend_op"] is None


def test_a_newer_end_of_an_enrolment_comes_with_its_own_reason_and_day() -> None:
    stored = inschrijving(einddatum=WINTER, reden_uitschrijving="04", einde_bekend_op=SPRING)
    row = merged(INSCHRIJVING, stored, inschrijving(einddatum=SPRING, einde_bekend_op=SUMMER))
    assert row["einddatum"] == SPRING
    assert row["reden_uitschrijving"] is None
    assert row["einde_bekend_op"] == SUMMER


def test_a_source_with_the_same_end_but_no_reason_keeps_the_reason() -> None:
    stored = inschrijving(einddatum=WINTER, reden_uitschrijving="04", einde_bekend_op=SPRING)
    row = merged(INSCHRIJVING, stored, inschrijving(einddatum=WINTER, einde_bekend_op=SUMMER))
    assert row["reden_uitschrijving"] == "04"


@pytest.mark.parametrize("table", [INSCHRIJVING, STAGE], ids=lambda table: table.name)
@pytest.mark.parametrize(("first", "second"), [(SPRING, SUMMER), (SUMMER, SPRING)])
def test_the_same_end_keeps_the_earliest_day_on_which_it_was_known(
    table: Table, first: date, second: date
) -> None:
    make = {"inschrijving": inschrijving, "stage": stage}[table.name]
    stored = make(einddatum=WINTER, einde_bekend_op=first)
    row = merged(table, stored, make(einddatum=WINTER, einde_bekend_op=second))
    assert row["einde_bekend_op"] == SPRING


def test_the_end_of_a_stage_is_not_lost_to_a_source_that_does_not_know_it() -> None:
    stored = stage(einddatum=WINTER, reden_einde="afgerond", einde_bekend_op=SPRING)
    row = merged(STAGE, stored, stage(uren_per_week=24.0, einde_bekend_op=AUTUMN))
    assert row["einddatum"] == WINTER
    assert row["einde_bekend_op"] == SPRING
    assert row["uren_per_week"] == 24.0


def test_a_stored_end_before_the_new_begin_is_dropped() -> None:
    stored = stage(einddatum=WINTER, einde_bekend_op=WINTER)
    row = merged(STAGE, stored, stage(begindatum=SPRING))
    assert row["begindatum"] == SPRING
    assert row["einddatum"] is None
    assert row["einde_bekend_op"] is None


def test_a_list_that_is_empty_replaces_one_that_is_filled() -> None:
    table = TABLES["voorkeur"]
    basis = {"jongere_id": "J1", "datum": AUTUMN, "bekend_op": AUTUMN, "bron": "a"}
    stored = one(table, **basis, vermijdt=["hoogte"], vervoer=["fiets"])
    incoming = one(table, **basis, vermijdt=[], vervoer=None)
    row = merged(table, stored, incoming)
    assert row["vermijdt"] == []
    assert row["vervoer"] == ["fiets"]
