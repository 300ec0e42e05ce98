from hypothesis import given
from hypothesis import strategies as st

from features.travel import DEFAULT_VERVOER
from features.vocabulary import Ondersteuning, Sector, Vervoer
from service.verkenning import Wijziging
from service.web.verkenning_form import (
    VERMIJDBAAR,
    VerkenningForm,
    form_of,
    read_form,
    wijziging_of,
)

HOURS = st.none() | st.floats(1, 60)
NU = st.builds(
    Wijziging,
    uren_min=st.none() | st.floats(0, 1),
    uren_max=HOURS,
    reistijd_max=st.none() | st.floats(1, 240),
    rijbewijs=st.none() | st.booleans(),
    vervoer=st.none() | st.lists(st.sampled_from(Vervoer), min_size=1, unique=True).map(tuple),
    vermijdt=st.none() | st.lists(st.sampled_from(VERMIJDBAAR), unique=True).map(tuple),
    ondersteuning=st.none() | st.lists(st.sampled_from(Ondersteuning), unique=True).map(tuple),
    sectoren=st.none() | st.lists(st.sampled_from(Sector), unique=True).map(tuple),
)


def sent(form: VerkenningForm) -> dict[str, list[str]]:
    """Return what a browser sends of a form."""
    return {name: [value] for name, value in form.text.items()} | {
        name: sorted(words) for name, words in form.ticked.items()
    }


@given(NU)
def test_a_form_that_is_sent_as_it_came_changes_nothing(nu: Wijziging) -> None:
    form = read_form(sent(form_of(nu)), {})

    assert not form.fouten
    assert wijziging_of(form, nu) == Wijziging()


@given(NU, NU)
def test_a_form_that_is_filled_in_as_another_gives_what_differs(
    nu: Wijziging, other: Wijziging
) -> None:
    asked = wijziging_of(read_form(sent(form_of(other)), {}), nu)

    for name in ("vervoer", "vermijdt", "ondersteuning"):
        words = getattr(asked, name)
        assert words is None or set(words) == set(form_of(other).ticked[name])


def test_where_travel_was_never_asked_the_usual_ways_are_ticked() -> None:
    form = form_of(Wijziging())
    more = form.ticked["vervoer"] | {"e-bike"}

    assert form.ticked["vervoer"] == set(map(str, DEFAULT_VERVOER))
    asked = wijziging_of(read_form(sent(form) | {"vervoer": sorted(more)}, {}), Wijziging())
    assert asked.vervoer == (Vervoer.LOPEN, Vervoer.FIETS, Vervoer.E_BIKE, Vervoer.OV)
    assert asked.vermijdt is None


@given(st.dictionaries(st.sampled_from(["uren_min", "niveau", "wens_1", "x"]), st.lists(st.text())))
def test_whatever_is_sent_is_read_or_told(values: dict[str, list[str]]) -> None:
    form = read_form(values, {"WV-03": "Op tijd komen"})

    if not form.fouten:
        wijziging_of(form, Wijziging())
