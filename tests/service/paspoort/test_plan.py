"""The plan of a jongere holds what was chosen, in words to the jongere, and never a chance."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from service.paspoort.feiten import Wil
from service.paspoort.plan import ONDERDELEN, Keuze, Onderdeel, Plan, as_pdf, make_plan
from service.vaardigheden import Vaardigheden
from tests.service.fake_matching import FakeMatching
from tests.service.fake_routes import FakeRoutes
from tests.service.paspoort.test_tijdlijn import STAGE, make

TODAY = date(2026, 11, 22)
WIL = Wil(TODAY, ("handel",), 16.0, 24.0, 45.0, ("fiets",), ("hoogte",), rijbewijs=None)
FOUND = FakeMatching().suggesties("J1")
ROUTES = FakeRoutes(10).routes("J0")
CHOICES = st.builds(
    Keuze,
    onderdelen=st.frozensets(st.sampled_from(Onderdeel)),
    plekken=st.lists(st.sampled_from(FOUND.suggesties), max_size=3, unique_by=id).map(tuple),
    routes=st.just(() if ROUTES.gevonden is None else ROUTES.gevonden.routes[:1]) | st.just(()),
)


def plan_of(keuze: Keuze) -> Plan:
    return make_plan(
        keuze,
        naam="Noor",
        coach="coach",
        op=TODAY,
        feiten=make(stages=(STAGE,), wil=WIL),
        kan=Vaardigheden((), ()),
        routes=ROUTES,
    )


@given(CHOICES)
def test_every_section_was_chosen_and_none_tells_a_chance(keuze: Keuze) -> None:
    plan = plan_of(keuze)

    heads = {one.kop for one in plan.secties}
    assert {ONDERDELEN[one] for one in keuze.onderdelen} == heads & set(ONDERDELEN.values())
    assert len(plan.secties) == len(keuze.onderdelen) + bool(keuze.plekken) + len(keuze.routes)
    told = " ".join(text for one in plan.secties for text in (*one.zinnen, *one.punten))
    for secret in ("van de 100", "kans", "risico", "de jongere"):
        assert secret not in told


def test_a_place_says_which_own_wishes_it_meets() -> None:
    plan = plan_of(Keuze(plekken=FOUND.suggesties[:1]))

    (told,) = plan.secties[0].punten
    assert "Dit werk koos je zelf. De uren passen bij jou. Het is dichtbij genoeg." in told


def test_a_route_ends_with_what_comes_after_it() -> None:
    assert ROUTES.gevonden is not None
    (section,) = plan_of(Keuze(routes=ROUTES.gevonden.routes[:1])).secties

    assert section.genummerd
    assert "Je leert: Bereidt het werk voor" in " ".join(section.punten)
    assert section.punten[-1].startswith("Daarna kun je")


def test_the_file_has_structure_for_a_screen_reader() -> None:
    file = as_pdf(plan_of(Keuze(onderdelen=frozenset(Onderdeel))))

    assert file.startswith(b"%PDF")
    assert b"/StructTreeRoot" in file
    assert b"nl" in file


def test_a_sign_without_a_font_still_gives_a_file() -> None:
    plan = plan_of(Keuze(onderdelen=frozenset({Onderdeel.WIL}), bericht="hoi \U0001f9d1‍\U0001f527"))

    assert as_pdf(plan).startswith(b"%PDF")
