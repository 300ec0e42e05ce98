from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features.competentieruimte import (
    KOPPELING,
    OWN,
    apply_koppelingen,
    confidence,
    find_codes,
    is_code,
    linked_niveaus,
    own_id,
    propose,
)
from features.reference.region import competentie_facts
from features.reference.synoniemen import synoniem_facts
from features.tables import COMPETENTIEMETING, LEERWERKPLEK_EIS, WERKPROCES_COMPETENTIE
from features.vaardigheidsprofiel import vaardigheidsprofiel

SHARES = st.floats(0, 1)
CODES = competentie_facts()["competentie_id"].to_list()


def own(*texts: str) -> pl.DataFrame:
    rows = [(own_id(text), text) for text in texts]
    return pl.DataFrame(rows, schema=["eigen_id", "tekst"], orient="row")


def koppelingen(pairs: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame([*pairs.items()], schema=KOPPELING, orient="row")


def metingen(*rows: tuple[str, int, date]) -> pl.DataFrame:
    """Judgements of one jongere on one day: competentie, niveau and since when it is known."""
    return pl.DataFrame(
        [("J1", date(2025, 3, 1), *row, "school") for row in rows],
        schema=COMPETENTIEMETING.schema,
        orient="row",
    )


@given(st.sampled_from(CODES), st.sampled_from([" ", "-", ".", "_", ""]))
def test_an_exact_code_is_found_in_any_spelling(code: str, sign: str) -> None:
    for spelling in (code, code.lower(), code.upper().replace("-", sign)):
        assert find_codes([spelling], CODES) == {spelling: code}


def test_own_words_are_never_a_spelling_of_a_code() -> None:
    assert find_codes(["werkt veilig", "Samenwerken"], [*CODES, own_id("samen werken")]) == {}


@pytest.mark.parametrize("code", ["25748-B1-K1-W9", "B1-K1-W1", "WV-optijd", "id-7", "C1", "a://b"])
def test_an_unknown_code_is_not_taken_for_words(code: str) -> None:
    assert is_code(code)


@pytest.mark.parametrize(
    "text", ["VCA", "3D-printen", "Werkt in 2 talen", "Samenwerken", "op tijd"]
)
def test_words_are_not_taken_for_a_code(text: str) -> None:
    assert not is_code(text)


@given(SHARES, SHARES, SHARES)
def test_a_greater_likeness_or_lead_never_lowers_the_confidence(
    score: float, more: float, margin: float
) -> None:
    low, high = sorted((score, more))
    assert 0 < confidence(low, margin) <= confidence(high, margin) < 1
    assert confidence(margin, low) <= confidence(margin, high)


@pytest.mark.parametrize(
    ("text", "competentie_id"),
    [
        ("Op tijd komen", "WV-op-tijd"),
        ("vraagt om hulp als het nodig is", "WV-hulp-vragen"),
        ("Doorzettingsvermogen", "WV-doorzetten"),
        ("omgaan met feedback", "WV-kritiek"),
        ("gereedschap gebruiken", "CNL-072570C444"),
        ("tillen", "CNL-D16A30C42A"),
    ],
)
def test_what_schools_write_on_their_forms_finds_its_competentie(
    text: str, competentie_id: str
) -> None:
    found = propose(
        competentie_facts(), own(text, "Vakken vullen"), synonyms=synoniem_facts(), top=1
    )
    sure = dict(found.select("competentie_id", "zekerheid").iter_rows())
    assert sure.pop(competentie_id) > 3 * max(sure.values())


def test_the_order_of_both_lists_changes_nothing() -> None:
    words = own("Op tijd komen", "kassa bedienen", "netjes werken")
    facts = competentie_facts()
    shuffled = propose(facts.reverse(), words.reverse(), synonyms=synoniem_facts().reverse())
    assert_frame_equal(propose(facts, words, synonyms=synoniem_facts()), shuffled)


def test_a_title_of_several_opleidingen_shares_its_confidence() -> None:
    title = "Bereidt assisterende werkzaamheden voor"
    found = propose(competentie_facts(), own(title), top=9)
    assert found["titel"].unique().to_list() == [title]
    assert found["zekerheid"].n_unique() == 1
    assert 0.8 < found["zekerheid"].sum() <= 1


def test_what_a_person_rejected_is_not_proposed_again() -> None:
    words = own("Op tijd komen")
    rejected = koppelingen({words["eigen_id"][0]: "WV-op-tijd"})
    found = propose(competentie_facts(), words, rejected=rejected, top=3)
    assert found.height == 3
    assert "WV-op-tijd" not in found["competentie_id"]


def test_words_that_resemble_nothing_get_no_proposal() -> None:
    names = competentie_facts().head(3)
    assert propose(names, own("xyz", "??")).is_empty()
    assert propose(names.clear(), own("op tijd")).is_empty()


def test_own_words_count_from_the_moment_that_they_are_confirmed() -> None:
    day = date(2025, 3, 1)
    tables = {"competentiemeting": metingen((own_id("Op tijd"), 3, day), ("C2", 1, day))}
    without = apply_koppelingen(tables, koppelingen({}))["competentiemeting"]
    linked = apply_koppelingen(tables, koppelingen({own_id("Op tijd"): "WV-op-tijd"}))
    assert without["competentie_id"].to_list() == ["C2"]
    assert dict(linked["competentiemeting"].select("competentie_id", "niveau").iter_rows()) == {
        "C2": 1,
        "WV-op-tijd": 3,
    }


def test_an_own_list_that_a_school_gave_as_competenties_means_itself_until_it_is_linked() -> None:
    tables = {"competentiemeting": metingen(("EL-3", 3, date(2025, 3, 1)))}
    assert_frame_equal(
        apply_koppelingen(tables, koppelingen({}))["competentiemeting"],
        tables["competentiemeting"],
    )
    linked = apply_koppelingen(tables, koppelingen({"EL-3": "WV-op-tijd"}))
    assert linked["competentiemeting"]["competentie_id"].to_list() == ["WV-op-tijd"]


def test_the_same_judgement_said_twice_is_one_known_when_both_are() -> None:
    tables = {
        "competentiemeting": metingen(
            (own_id("op tijd"), 3, date(2025, 5, 1)), ("WV-op-tijd", 2, date(2025, 3, 1))
        )
    }
    linked = apply_koppelingen(tables, koppelingen({own_id("op tijd"): "WV-op-tijd"}))
    assert linked["competentiemeting"].select("niveau", "bekend_op").rows() == [
        (3, date(2025, 5, 1))
    ]


def test_two_demands_that_mean_the_same_are_the_highest_of_both() -> None:
    eisen = pl.DataFrame(
        [("P1", own_id("op tijd"), 2, True, "a"), ("P1", "WV-op-tijd", 3, False, "b")],
        schema=LEERWERKPLEK_EIS.schema,
        orient="row",
    )
    linked = apply_koppelingen(
        {"leerwerkplek_eis": eisen}, koppelingen({own_id("op tijd"): "WV-op-tijd"})
    )["leerwerkplek_eis"]
    assert linked.select("competentie_id", "niveau", "hard").rows() == [("WV-op-tijd", 3, True)]


def test_a_profile_never_shows_unexplained_words() -> None:
    day = date(2025, 3, 1)
    tables = {"competentiemeting": metingen((own_id("iets"), 4, day), ("C2", 1, day))}
    spine = pl.DataFrame({"jongere_id": ["J1"], "peildatum": [date(2025, 9, 1)]})
    profile = vaardigheidsprofiel(apply_koppelingen(tables, koppelingen({})), spine)
    assert not profile["competentie_id"].str.starts_with(OWN).any()
    assert profile["competentie_id"].to_list() == ["C2"]


def test_every_synonym_belongs_to_a_competentie_and_is_found() -> None:
    facts = synoniem_facts()
    assert set(facts["competentie_id"]) <= set(CODES)
    texts = own(*facts["titel"])
    found = propose(competentie_facts(), texts, synonyms=facts, top=1)
    meant = found.join(texts, on="eigen_id").join(
        facts.select("titel", meant="competentie_id"), left_on="tekst", right_on="titel"
    )
    assert meant.height == facts.height
    assert meant["competentie_id"].to_list() == meant["meant"].to_list()


def test_a_competentie_that_nobody_judged_is_near_the_werkprocessen_that_use_it() -> None:
    day = date(2025, 3, 1)
    tables = {
        "competentiemeting": metingen(("W1", 4, day), ("W2", 1, day), ("C2", 3, day)),
        "werkproces_competentie": pl.DataFrame(
            [("W1", "C1", "t"), ("W2", "C1", "t"), ("W1", "C2", "t"), ("W9", "C3", "t")],
            schema=WERKPROCES_COMPETENTIE.schema,
            orient="row",
        ),
    }
    spine = pl.DataFrame({"jongere_id": ["J1"], "peildatum": [date(2025, 9, 1)]})
    found = linked_niveaus(tables, vaardigheidsprofiel(tables, spine))
    assert found.select("competentie_id", "niveau_gekoppeld", "werkprocessen").rows() == [
        ("C1", 2.5, 2)
    ]
