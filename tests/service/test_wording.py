import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.blokkade import Blokkade
from features.passendheid import PAIR_FEATURES
from features.registry import Feature
from features.vocabulary import Niveau, Onderwijssoort
from models.explanation import Reden
from models.ranking import NEAR
from service import wording
from service.web.rendering import FOLDER

BANNED = re.compile(
    r"geslacht|\bman\b|vrouw|meisje|herkomst|afkomst|nationaliteit|geboorteland|migratie|etni"
    r"|geloof|religie|ziek|diagnose|gezondheid|handicap|beperking|adhd|autis|postcode|politie"
    r"|inkomen|thuistaal|\bras\b",
    re.IGNORECASE,
)
RISK = list(wording.RISK_FEATURES.values())
PAIR = PAIR_FEATURES
LONGEST = 22
VALUES = st.none() | st.floats(-1, 200)


def test_the_registries_are_not_empty() -> None:
    assert len(RISK) > 10
    assert len(PAIR) > 10


@given(st.sampled_from(RISK), VALUES, st.floats(-60, 60))
def test_every_risk_feature_has_a_sentence(feature: Feature, value: float, points: float) -> None:
    check_sentence(wording.risico_zin(Reden(feature.name, value, points)))


@given(st.sampled_from(PAIR), VALUES, st.floats(-60, 60))
def test_every_pair_feature_has_a_sentence(feature: Feature, value: float, points: float) -> None:
    check_sentence(wording.plaatsing_zin(Reden(feature.name, value, points)))


def check_sentence(sentence: str) -> None:
    """A sentence begins with a capital, ends with a stop, and names no banned attribute."""
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert sentence.endswith(".")
    assert not BANNED.search(sentence)
    assert not re.search(r"\d\.\d{1,2}\b", sentence), "a decimal point"
    assert "None" not in sentence
    assert "nan" not in sentence


@pytest.mark.parametrize("feature", [*RISK, *PAIR], ids=lambda feature: feature.name)
def test_every_feature_is_said_in_a_sentence_of_its_own(feature: Feature) -> None:
    low, high = extremes(feature)
    said = wording.OBSERVATIONS[feature.name]

    for value in (low, high):
        check_plain(said.sentence(value))
    assert said.sentence(low) != said.sentence(high)


@pytest.mark.parametrize("feature", [*RISK, *PAIR], ids=lambda feature: feature.name)
def test_a_value_that_is_not_known_is_said_to_be_so(feature: Feature) -> None:
    sentence = wording.OBSERVATIONS[feature.name].sentence(None)

    check_plain(sentence)
    assert re.search("weten we niet|we weten niet", sentence)


def extremes(feature: Feature) -> tuple[float, float]:
    """Return a low and a high value that the unit of a feature allows."""
    if any(word in feature.label for word in ("verandering", "groei", "boven of onder")):
        return -0.3, 0.3
    if feature.unit == "niveau 1-4":
        return 1.0, 4.0
    if feature.unit.startswith(("deel", "ja of nee", "1 =")):
        return 0.0, 1.0
    return 0.0, 3.0


def check_plain(sentence: str) -> None:
    """A sentence is short, has no colon before a bare value, and says no word of the trade."""
    check_sentence(sentence)
    assert len(sentence.split()) <= LONGEST
    assert not re.search(r": [\d,]+\.$|: (ja|nee)\.$", sentence)
    assert not re.search(r"ongeoorloofd|kwartaal|belastbaarheid|competentie\b", sentence)


def test_reasons_part_into_what_was_observed_and_what_was_not() -> None:
    known, unknown = Reden("stage_loopt", 0.0, 4.0), Reden("contact_gelukt", None, 2.0)

    assert wording.gezien([unknown, known]) == [known]
    assert wording.ongezien([unknown, known]) == [unknown]


def test_a_conversation_begins_with_what_people_can_do_something_about() -> None:
    niveau = Reden("inschrijving_niveau", 1.0, 30.0)
    unknown = Reden("contact_gelukt", None, 20.0)
    stage = Reden("stage_zoekduur_laatste", 13.0, 10.0)

    assert wording.gespreksreden([niveau, unknown, stage]) == stage
    assert wording.gespreksreden([niveau, unknown]) is None
    assert wording.gespreksvraag(stage) == wording.VRAGEN["stage"]


def test_every_group_of_reasons_has_a_question_or_is_a_fact_of_the_enrolment() -> None:
    assert set(wording.VRAGEN) | {"inschrijving"} == {feature.group for feature in RISK}
    for vraag in wording.VRAGEN.values():
        check_sentence(vraag)


@given(st.lists(st.floats(0, 1), min_size=1))
def test_who_is_about_as_good_as_the_best_is_counted_from_the_top(kansen: list[float]) -> None:
    equal = wording.nek_aan_nek(kansen)

    assert all(max(kansen) - kans < NEAR for kans in kansen[:equal])
    assert all(max(kansen) - kans >= NEAR for kans in kansen[equal : equal + 1])


@pytest.mark.parametrize("blokkade", list(Blokkade))
def test_every_blokkade_says_why_and_what_would_help(blokkade: Blokkade) -> None:
    assert wording.blokkade_zin(blokkade).startswith("Valt buiten, want ")
    check_sentence(wording.blokkade_zin(blokkade))
    check_sentence(wording.opheffing_zin(blokkade))


@pytest.mark.parametrize("template", sorted((FOLDER / "templates").rglob("*.html")), ids=str)
def test_no_screen_names_an_attribute_that_never_counts(template: object) -> None:
    text = (FOLDER / "templates" / str(template)).read_text(encoding="utf-8")
    # how-it-works names what never counts, to say that it does not, and what minutes are made of
    told = text.replace("Denk aan afkomst, geloof en gezondheid.", "")
    told = re.sub(r'<h2 id="reistijd">.*?(?=<h2)', "", told, flags=re.DOTALL)
    # for an analist: how a version was audited by what is held apart and never counts (TRUST F3)
    told = re.sub(r'<h2 id="kenmerken">.*?</section>', "", told, flags=re.DOTALL)

    assert not BANNED.search(told)


def test_one_week_is_singular_and_a_share_is_a_percentage() -> None:
    zoekduur = Reden("stage_zoekduur_laatste", 1.0, 2.0)
    verzuim = Reden("verzuim_ongeoorloofd_13", 0.137, 2.0)

    assert wording.risico_zin(zoekduur) == "Zocht 1 week naar de laatste stage."
    assert wording.risico_zin(verzuim) == (
        "Miste in de laatste 3 maanden 14% van de lesuren zonder toestemming."
    )


def test_no_share_but_nought_is_told_as_nothing() -> None:
    reden = Reden("verzuim_ongeoorloofd_13", 0.002, 2.0)

    assert "minder dan 1%" in wording.risico_zin(reden)


@pytest.mark.parametrize(
    "feature", [f for f in [*RISK, *PAIR] if f.unit.startswith("deel")], ids=lambda f: f.name
)
def test_every_share_is_told_as_a_percentage_or_a_mark(feature: Feature) -> None:
    sentence = wording.OBSERVATIONS[feature.name].sentence(0.73)

    assert "73%" in sentence or "7,3 van de 10" in sentence


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "geen omstandigheden"), (1.0, "1 omstandigheid"), (2.0, "2 omst")]
)
def test_what_a_jongere_avoids_is_counted_in_words(value: float, words: str) -> None:
    assert words in wording.plaatsing_zin(Reden("omstandigheden_vermeden", value, 2.0))


@pytest.mark.parametrize(("change", "word"), [(0.08, "meer"), (-0.08, "minder"), (0, "evenveel")])
def test_a_change_says_its_direction_in_words(change: float, word: str) -> None:
    sentence = wording.risico_zin(Reden("verzuim_ongeoorloofd_verandering", change, 2.0))

    assert f" {word} lesuren" in sentence
    assert ("8%" in sentence) == bool(change)


@given(st.floats(0, 1))
def test_a_chance_never_claims_certainty(kans: float) -> None:
    text = wording.kans_tekst(kans)

    assert text.endswith("van de 100")
    assert "ongeveer 0 " not in text
    assert "ongeveer 100 " not in text


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_chance_never_has_a_lower_word(one: float, other: float) -> None:
    words = ["laag", "verhoogd", "hoog"]
    low, high = sorted((one, other))

    assert words.index(wording.risico_woord(low)) <= words.index(wording.risico_woord(high))


@pytest.mark.parametrize("niveau", list(Niveau))
def test_every_niveau_has_a_word(niveau: Niveau) -> None:
    assert wording.niveau_tekst(niveau) == niveau.name.lower().replace("_", " ")


@pytest.mark.parametrize("soort", list(Onderwijssoort))
def test_every_onderwijssoort_has_a_name(soort: Onderwijssoort) -> None:
    assert wording.onderwijssoort_tekst(soort) == wording.ONDERWIJSSOORTEN[soort]
