import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.text_matching import LabelIndex, words

NAMES = ["Komt op tijd", "Vraagt om hulp", "Voorraad beheren", "Machines bedienen", "Samenwerken"]
TEXTS = st.text(st.sampled_from("abdeghiklmnoprstuvz éë-,"), max_size=30)


@pytest.fixture(scope="module")
def index() -> LabelIndex:
    return LabelIndex(NAMES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("op tijd komen", "Komt op tijd"),
        ("VOORRAADBEHEER", "Voorraad beheren"),
        ("bediening van machines", "Machines bedienen"),
        ("hulp vragen", "Vraagt om hulp"),
        ("kan samenwerken met collega's", "Samenwerken"),
    ],
)
def test_inflection_compounds_and_capitals_do_not_hide_what_is_meant(
    index: LabelIndex, text: str, name: str
) -> None:
    found = index.search([text], top=1)
    assert NAMES[found.thing[0, 0]] == name


def test_a_name_itself_resembles_itself_fully(index: LabelIndex) -> None:
    found = index.search([name.upper() for name in NAMES], top=1)
    assert found.thing[:, 0].tolist() == list(range(len(NAMES)))
    np.testing.assert_allclose(found.score[:, 0], 1.0, atol=1e-6)


@given(TEXTS)
def test_scores_lie_between_nothing_and_the_same_and_fall(index: LabelIndex, text: str) -> None:
    score = index.search([text], top=5).score[0]
    assert ((score >= 0) & (score <= 1)).all()
    assert (np.diff(score) <= 0).all()


@given(st.permutations(NAMES), TEXTS)
def test_the_order_of_the_names_does_not_matter(
    index: LabelIndex, names: list[str], text: str
) -> None:
    here, there = index.search([text], top=5), LabelIndex(names).search([text], top=5)
    scores = {
        NAMES[thing]: score for thing, score in zip(here.thing[0], here.score[0], strict=True)
    }
    for thing, score in zip(there.thing[0], there.score[0], strict=True):
        assert score == pytest.approx(scores[names[thing]], abs=1e-5)


def test_another_name_of_the_same_thing_finds_it_and_lowers_nothing_of_the_others() -> None:
    index = LabelIndex([*NAMES, "Punctueel"], [0, 1, 2, 3, 4, 0])
    assert index.search(["punctueel zijn"], top=1).thing.tolist() == [[0]]
    assert index.search(["machines bedienen"], top=1).thing.tolist() == [[3]]


def test_texts_answer_alike_whether_asked_together_or_alone(index: LabelIndex) -> None:
    texts = [*NAMES, "hulp", "tijd"] * 60
    together = index.search(texts, top=3)
    alone = index.search(texts[:1], top=3)
    assert together.thing.shape == (420, 3)
    assert together.thing[0].tolist() == alone.thing[0].tolist()
    assert index.search([], top=3).thing.shape == (0, 3)


def test_no_more_things_come_back_than_there_are(index: LabelIndex) -> None:
    assert index.search(["tijd"], top=50).thing.shape == (1, 5)


def test_small_words_say_nothing() -> None:
    assert words("Ik kan met de kassa werken") == ["kassa", "werken"]
