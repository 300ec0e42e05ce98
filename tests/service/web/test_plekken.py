import pytest

from features.vocabulary import Omstandigheid, Sector, Vervoer
from service.verkenning import Wijziging
from tests.service.conftest import OWN_SITE
from tests.service.fakes import FakeRegio
from tests.service.web.conftest import PageClient, text_of
from tests.service.web.html import Reader, read

VERKENNING = "/jongeren/J1/verkenning"
NU = {
    "uren_min": "16",
    "uren_max": "24",
    "reistijd_max": "45",
    "vervoer": ["lopen", "fiets"],
    "vermijdt": ["hoogte"],
    "wens_1": "handel",
    "wens_2": "bouw en infra",
}
"""The form as it stands now."""


def links_of(reader: Reader) -> dict[str, str]:
    return {link.text.strip(): link.attributes["href"] for link in reader.all("a")}


def test_a_place_says_how_many_others_want_it_and_what_would_help(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren/J1"))

    assert "In trek: 12 anderen, 1 plek." in text
    assert (
        "Wat zou helpen: Als de jongere voor 'Op tijd komen' op 'onder toezicht' staat, in plaats "
        "van 'met hulp', gaat de kans van slagen van ongeveer 67 naar ongeveer 74 van de 100."
        in text
    )
    assert "tussen 57 en 77 van de 100" in text


def test_the_list_says_what_would_give_a_better_place(coach: PageClient) -> None:
    text = text_of(coach.read("/jongeren/J1"))

    assert "Wat een betere plek zou geven" in text
    assert "Met een e-bike past deze plek ook, met een kans van slagen van ongeveer 81" in text


@pytest.mark.parametrize(
    ("path", "shown"), [("/jongeren/J1", "plekken=5"), ("/leerwerkplekken/P1", "kandidaten=10")]
)
def test_another_order_can_be_chosen_and_keeps_the_length(
    coach: PageClient, path: str, shown: str
) -> None:
    orders = links_of(coach.read(path))
    assert orders["reistijd"] == f"{path}?{shown}&volgorde=reistijd#lijst"
    assert orders["naam"] == f"{path}?{shown}&volgorde=naam#lijst"
    assert "passendheid" not in orders

    other = coach.read(f"{path}?volgorde=naam")
    assert "passendheid" in links_of(other)
    assert "op volgorde van naam" in text_of(other)


def test_an_order_that_is_none_is_refused_in_words(coach: PageClient) -> None:
    assert coach.get("/jongeren/J1?volgorde=uitvalrisico").status_code == 400


def test_a_place_shows_who_suits_it_and_what_they_gain_and_never_a_risk(coach: PageClient) -> None:
    text = text_of(coach.read("/leerwerkplekken/P1"))

    for shown in (
        "Wie past op deze plek?",
        "Nummer 1: Sam de Vries",
        "Op de beste 5 andere plekken gemiddeld ongeveer 50 van de 100: hier 17 meer.",
        "Er past geen andere plek.",
        "De kans op uitval telt niet mee.",
        "1 jongere valt buiten, want de reis duurt langer",
        "De jongere, de begeleider en het leerbedrijf kiezen samen.",
    ):
        assert shown in text
    assert "hoog risico" not in text


def test_a_place_for_nobody_says_so(coach: PageClient) -> None:
    assert "Voor niemand is deze plek nu mogelijk" in text_of(coach.read("/leerwerkplekken/P9"))


@pytest.mark.parametrize(
    "path", ["/leerwerkplekken/onbekend", "/jongeren/onbekend/verkenning", "/leerwerkplekken/P99"]
)
def test_what_is_unknown_is_not_found(coach: PageClient, path: str) -> None:
    assert coach.get(path).status_code == 404


def test_more_kandidaten_are_a_link_away(coach: PageClient) -> None:
    links = links_of(coach.read("/leerwerkplekken/P1"))

    assert links["Toon meer jongeren"].startswith("/leerwerkplekken/P1?kandidaten=30")


def test_the_form_of_a_verkenning_stands_as_it_is_now(coach: PageClient) -> None:
    page = coach.read(VERKENNING)
    fields = [field.attributes for field in page.all("input")]
    ticked = {field["value"] for field in fields if "checked" in field}
    chosen = [option.text for option in page.all("option") if "selected" in option.attributes]

    assert [field["value"] for field in fields if field["name"] == "uren_max"] == ["24"]
    assert ticked == {"lopen", "fiets", "hoogte"}
    assert chosen == ["handel", "bouw en infra"]


def test_a_form_that_is_sent_unchanged_explores_nothing(
    coach: PageClient, regio: FakeRegio
) -> None:
    answer = coach.post(VERKENNING, data=NU, headers=OWN_SITE)

    assert regio.explored.pop() == Wijziging()
    assert "U heeft niets veranderd" in answer.text


def test_only_what_differs_is_explored(coach: PageClient, regio: FakeRegio) -> None:
    changed = {
        **NU,
        "uren_max": "32,5",
        "vervoer": ["lopen", "fiets", "e-bike"],
        "vermijdt": [],
        "wens_1": "techniek",
        "rijbewijs": "ja",
        "competentie": "WV-03",
        "niveau": "3",
    }
    coach.post(VERKENNING, data=changed, headers=OWN_SITE)

    assert regio.explored.pop() == Wijziging(
        uren_max=32.5,
        vervoer=(Vervoer.LOPEN, Vervoer.FIETS, Vervoer.E_BIKE),
        vermijdt=(),
        sectoren=(Sector.TECHNIEK, Sector.BOUW),
        rijbewijs=True,
        competentie=("WV-03", 3),
    )


def test_the_explored_list_stands_beside_that_of_now(coach: PageClient) -> None:
    answer = coach.post(VERKENNING, data={**NU, "vermijdt": ["kou"]}, headers=OWN_SITE)
    text = text_of(read(answer.text))

    assert answer.status_code == 200
    for shown in (
        "vermijdt kou",
        "Nu passen 4 plekken, dan 9.",
        "hoger: was nummer 2",
        "nieuw",
        "Nu valt deze plek buiten (reistijd).",
        "verdwijnt",
        "Valt buiten, want de plek vraagt meer uren per week dan de jongere aankan.",
        "Andere plekken staan dan hoger.",
        "Er wordt niets bewaard.",
    ):
        assert shown in text


def test_all_that_is_wrong_is_told_at_once_and_what_was_filled_in_stays(
    coach: PageClient, regio: FakeRegio
) -> None:
    wrong = {**NU, "uren_max": "veel", "reistijd_max": "999", "competentie": "WV-99", "niveau": "2"}
    before = len(regio.explored)
    answer = coach.post(VERKENNING, data=wrong, headers=OWN_SITE)
    text = text_of(read(answer.text))

    assert answer.status_code == 400
    assert "Niet alles is goed ingevuld." in text
    assert "Vul een getal in van 1 tot 60." in text
    assert "Vul een getal in van 1 tot 240." in text
    assert "Deze vaardigheid is er niet." in text
    assert 'value="veel"' in answer.text
    assert len(regio.explored) == before


@pytest.mark.parametrize(
    ("sent", "fout"),
    [
        ({"uren_min": "30", "uren_max": "20"}, "De meeste uren zijn minder dan de minste."),
        ({"competentie": "WV-03"}, "Kies een vaardigheid en een niveau, of geen van beide."),
        ({"uren_max": "nan"}, "Vul een getal in van 1 tot 60."),
    ],
)
def test_what_does_not_go_together_is_told(
    coach: PageClient, sent: dict[str, str], fout: str
) -> None:
    answer = coach.post(VERKENNING, data={**NU, **sent}, headers=OWN_SITE)

    assert answer.status_code == 400
    assert fout in answer.text


def test_a_verkenning_from_another_site_is_refused(coach: PageClient) -> None:
    answer = coach.post(VERKENNING, data=NU, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_a_driving_licence_cannot_be_avoided(coach: PageClient) -> None:
    ticks = {
        field.attributes["value"]
        for field in coach.read(VERKENNING).all("input")
        if field.attributes.get("name") == "vermijdt"
    }

    assert ticks == set(map(str, Omstandigheid)) - {"rijbewijs"}


def test_routes_show_a_timeline_with_reasons_gaps_chance_and_what_comes_next(
    coach: PageClient,
) -> None:
    text = text_of(coach.read("/jongeren/J0/routes"))

    for shown in (
        "3 routes",
        "In twee jaar zijn twee of meer stages misgegaan.",
        "1 november 2026 tot 21 maart 2027 (20 weken) Op weg naar entree eerst dit traject",
        "Assistent magazijn bij Voorbeeld Logistiek",
        "Een deel leert de jongere op een andere plek van dit leerbedrijf.",
        "nu: nog niet beoordeeld",
        "tussen 55 en 73",
        "Pleit ervoor Er is 93 uur om dit te leren.",
        "3 van de 8 werkprocessen op deze route",
        "Daarna kan de jongere verder met een BBL-opleiding",
        "Werk houden: dit kan nu niet. Dit kan vanaf 18 jaar.",
    ):
        assert shown in text


@pytest.mark.parametrize(("jongere", "shown"), [("J1", "Nu geen route"), ("J2", "Nog geen routes")])
def test_no_route_says_why(coach: PageClient, jongere: str, shown: str) -> None:
    assert shown in text_of(coach.read(f"/jongeren/{jongere}/routes"))


def test_the_page_of_a_jongere_leads_to_routes_and_to_a_verkenning(coach: PageClient) -> None:
    links = links_of(coach.read("/jongeren/J1"))

    assert links["Wat als er iets anders is?"] == VERKENNING
    assert links["Routes naar een praktijkverklaring"] == "/jongeren/J1/routes"
    assert links["Wie past op deze plek?"].startswith("/leerwerkplekken/P")
