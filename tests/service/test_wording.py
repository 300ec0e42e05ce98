import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.blokkade import Blokkade
from features.registry import Feature
from features.vocabulary import Niveau, Onderwijssoort
from models.explanation import Reden
from service import wording
from service.suggesties import OntbrekendeCompetentie
from service.web.rendering import FOLDER

BANNED = re.compile(
    r"geslacht|\bman\b|vrouw|meisje|herkomst|afkomst|nationaliteit|geboorteland|migratie|etni"
    r"|geloof|religie|ziek|diagnose|gezondheid|handicap|beperking|adhd|autis|postcode|politie"
    r"|inkomen|thuistaal|\bras\b",
    re.IGNORECASE,
)
RISK = list(wording.RISK_FEATURES.values())
PAIR = list(wording.PLAATSING_FEATURES.values())
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
def test_the_unit_of_every_feature_has_a_way_of_writing(feature: Feature) -> None:
    assert feature.unit in wording.UNITS


def test_every_whole_sentence_belongs_to_a_feature() -> None:
    assert set(wording.OBSERVATIONS) <= {feature.name for feature in [*RISK, *PAIR]}


@pytest.mark.parametrize("blokkade", list(Blokkade))
def test_every_blokkade_says_why_and_what_would_help(blokkade: Blokkade) -> None:
    assert wording.blokkade_zin(blokkade).startswith("Valt buiten, want ")
    check_sentence(wording.blokkade_zin(blokkade))
    check_sentence(wording.opheffing_zin(blokkade))


@pytest.mark.parametrize("template", sorted((FOLDER / "templates").rglob("*.html")), ids=str)
def test_no_screen_names_an_attribute_that_never_counts(template: object) -> None:
    text = (FOLDER / "templates" / str(template)).read_text(encoding="utf-8")
    # how-it-works names what never counts, to say that it does not
    told = text.replace("Denk aan afkomst, geloof en gezondheid.", "")

    assert not BANNED.search(told)


def test_a_value_that_is_not_known_is_called_so() -> None:
    assert wording.risico_zin(Reden(RISK[0].name, None, 1.0)).endswith(": niet bekend.")


def test_one_week_is_singular_and_a_share_is_a_percentage() -> None:
    zoekduur = Reden("stage_zoekduur_laatste", 1.0, 2.0)
    verzuim = Reden("verzuim_ongeoorloofd_13", 0.137, 2.0)

    assert wording.risico_zin(zoekduur).endswith(": 1 week.")
    assert wording.risico_zin(verzuim).endswith(": 14%.")


def test_a_unit_that_the_label_says_is_not_said_twice() -> None:
    weken = Reden("verzuim_weken_ongeoorloofd_13", 5.0, 2.0)

    assert wording.risico_zin(weken) == (
        "Weken met ongeoorloofd verzuim in het laatste kwartaal: 5."
    )


@pytest.mark.parametrize(
    "feature", [f for f in [*RISK, *PAIR] if f.unit.startswith("deel")], ids=lambda f: f.name
)
def test_every_share_is_told_as_a_percentage(feature: Feature) -> None:
    zin = wording.risico_zin if feature in RISK else wording.plaatsing_zin

    assert "73%" in zin(Reden(feature.name, 0.73, 1.0))


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "geen omstandigheden"), (1.0, "1 omstandigheid"), (2.0, "2 omst")]
)
def test_what_a_jongere_avoids_is_counted_in_words(value: float, words: str) -> None:
    assert words in wording.plaatsing_zin(Reden("omstandigheden_vermeden", value, 2.0))


def test_a_change_upward_carries_its_sign() -> None:
    reden = Reden("verzuim_ongeoorloofd_verandering", 0.08, 2.0)

    assert wording.risico_zin(reden).endswith(": +8%.")


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


def test_what_is_missing_names_asked_and_present_niveau() -> None:
    competentie = OntbrekendeCompetentie("WV-1", "Op tijd komen", 3, None, hard=True)

    assert wording.ontbrekend_zin(competentie) == (
        "Op tijd komen: gevraagd zelfstandig (moet), nu nog niet beoordeeld."
    )
