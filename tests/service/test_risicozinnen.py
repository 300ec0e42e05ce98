import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.registry import Feature
from models.change import Verandering
from service import risicozinnen, wording
from service.suggesties import VorigeMaand
from tests.service.fakes import make_uitvalrisico
from tests.service.test_wording import BANNED, RISK, check_sentence

VALUES = st.none() | st.floats(0, 40)


@given(st.integers(0, 100), st.integers(0, 100))
def test_an_interval_names_its_bounds_within_the_hundred(one: int, other: int) -> None:
    low, high = sorted((one, other))

    said = risicozinnen.tussen_tekst(low / 100, high / 100)

    numbers = [int(number) for number in re.findall(r"\d+", said)]
    assert numbers[-1] == 100
    assert set(numbers[:-1]) <= {low, high}
    assert "tussen 0 " not in said


@given(st.sampled_from(RISK), VALUES, VALUES)
def test_every_change_of_a_feature_has_a_sentence(
    feature: Feature, eerder: float | None, nu: float | None
) -> None:
    said = risicozinnen.verandering_zin(Verandering("x", feature.name, eerder, nu, 2.0))

    assert said.startswith(wording.OBSERVATIONS[feature.name].sentence(nu)[:-2].rstrip(")"))
    assert not BANNED.search(said)
    assert "None" not in said
    assert said.endswith((".", '."'))


@pytest.mark.parametrize(
    ("feature", "eerder", "nu", "words"),
    [
        ("verzuim_ongeoorloofd_13", 0.04, 0.12, "12% van de lesuren zonder toestemming (vorige "),
        ("contact_pogingen", 2.0, 5.0, "zocht in het laatste halfjaar 5 keer contact (vorige maa"),
        ("stage_loopt", 0.0, 1.0, "Heeft nu een stage (vorige maand geen)."),
        ("stage_loopt", 1.0, 0.0, 'Vorige maand stond hier: "Heeft nu een stage."'),
        ("klas_verzuim", 0.04, 0.12, "(verschil: 12% van de lesuren; vorige maand 4%)."),
        ("stage_zoekduur_laatste", None, 3.0, "Vorige maand was dit niet bekend."),
        ("verzuim_ongeoorloofd_13", 0.121, 0.122, "weegt nu anders door de andere gegevens."),
    ],
)
def test_a_change_says_what_is_and_what_was(
    feature: str, eerder: float | None, nu: float | None, words: str
) -> None:
    assert words in risicozinnen.verandering_zin(Verandering("x", feature, eerder, nu, 2.0))


def test_small_changes_are_told_together_and_nothing_is_lost() -> None:
    vorige = VorigeMaand(
        date(2026, 10, 1),
        0.2,
        tuple(
            Verandering("x", "stage_loopt", 0.0, 1.0, points) for points in (6.0, -1.0, 0.4, 0.3)
        ),
    )

    told = sum(one.bijdrage for one in risicozinnen.getoond(vorige))

    assert [one.bijdrage for one in risicozinnen.getoond(vorige)] == [6.0, -1.0]
    assert told + risicozinnen.overig(vorige) == pytest.approx(5.7)


@given(st.floats(0, 1))
def test_the_month_is_said_to_be_higher_lower_or_the_same(kans: float) -> None:
    risico = make_uitvalrisico(1)

    said = risicozinnen.maand_zin(risico, VorigeMaand(date(2026, 10, 1), kans, ()))

    check_sentence(said)
    assert ("hoger" in said) == (
        kans < risico.kans and wording.kans_tekst(kans) != wording.kans_tekst(risico.kans)
    )


@pytest.mark.parametrize(
    "sentence", [risicozinnen.TE_WEINIG, risicozinnen.NIEUW, risicozinnen.LATER_BEKEND]
)
def test_fixed_sentences_are_plain(sentence: str) -> None:
    check_sentence(sentence)


@pytest.mark.parametrize("feature", RISK, ids=lambda feature: feature.name)
def test_every_group_has_an_everyday_name(feature: Feature) -> None:
    named = risicozinnen.groep_tekst(feature.group)

    assert named[0].isupper()
    assert "competentie" not in named.lower()
