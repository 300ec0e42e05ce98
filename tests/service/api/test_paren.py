from typing import Any

import pytest
from fastapi.testclient import TestClient

from features.vocabulary import Ondersteuning, Sector, Vervoer
from service.verkenning import Wijziging
from tests.service.api.test_routes import check_problem, keys_of
from tests.service.conftest import OWN_SITE
from tests.service.fakes import FakeRegio

SUGGESTIES = "/api/v1/jongeren/J1/suggesties"
KANDIDATEN = "/api/v1/leerwerkplekken/P1/kandidaten"
VERKENNINGEN = "/api/v1/jongeren/J1/verkenningen"


def explore(client: TestClient, body: object, path: str = VERKENNINGEN) -> Any:  # noqa: ANN401 - an answer of httpx
    return client.post(path, json=body, headers=OWN_SITE)


def test_top_limits_the_suggesties_and_how_much_falls_out_is_always_told(
    logged_in: TestClient,
) -> None:
    body = logged_in.get(f"{SUGGESTIES}?top=2").json()

    assert [suggestie["rang"] for suggestie in body["suggesties"]] == [1, 2]
    assert body["passend"] == 4
    assert body["uitgeslotenTotaal"] == len(body["uitgesloten"]) == 8
    assert all(pair["blokkades"] for pair in body["uitgesloten"])


@pytest.mark.parametrize(("asked", "told"), [(0, 0), (3, 3), (500, 8)])
def test_what_falls_out_can_be_asked_in_part(logged_in: TestClient, asked: int, told: int) -> None:
    body = logged_in.get(f"{SUGGESTIES}?topUitgesloten={asked}").json()

    assert len(body["uitgesloten"]) == told
    assert body["uitgeslotenTotaal"] == 8


@pytest.mark.parametrize("path", [SUGGESTIES, KANDIDATEN])
def test_another_order_reaches_the_region_and_one_that_is_none_is_refused(
    logged_in: TestClient, path: str
) -> None:
    assert logged_in.get(f"{path}?volgorde=reistijd").json()["volgorde"] == "reistijd"
    problem = check_problem(logged_in.get(f"{path}?volgorde=uitvalrisico"), 400)
    assert problem["errors"]


def test_a_suggestie_says_what_would_help_and_how_many_others_want_it(
    logged_in: TestClient,
) -> None:
    body = logged_in.get(SUGGESTIES).json()
    first = body["suggesties"][0]

    assert (first["anderen"], first["drukteTekst"]) == (12, "12 anderen, 1 plek")
    assert first["verbetering"]["stappen"] == [
        {"wat": "competentie", "van": 1, "naar": 2, "competentieId": "WV-03"}
    ]
    assert first["verbetering"]["zin"].startswith("Als de jongere voor 'Op tijd komen'")
    assert body["nieuweKansen"][0]["verbetering"]["opgeheven"] == ["reistijd"]
    assert body["nieuweKansen"][0]["verbetering"]["kansNu"] is None


def test_a_kandidaat_says_what_is_gained_and_never_carries_a_risk(logged_in: TestClient) -> None:
    body = logged_in.get(KANDIDATEN).json()

    assert body["kandidaten"][0]["winstZin"].startswith("Op de beste 5 andere plekken")
    assert keys_of(body) == {
        *("peildatum", "modelVersie", "passend", "kandidaten", "uitgesloten", "volgorde"),
        "zonderScore",
        *(
            "zonderScore",
            "uitgeslotenTotaal",
            "rang",
            "jongere",
            "kans",
            "kansTekst",
            "reistijdMinuten",
            "voor",
        ),
        *("tegen", "laag", "hoog", "tussenTekst", "elders", "anderePlekken", "winstZin"),
        *("ontbrekend", "competentieId", "titel", "gevraagd", "gevraagdTekst", "niveau"),
        *("niveauTekst", "hard", "feature", "waarde", "bijdrage", "zin"),
        *("jongereId", "naam", "leeftijd", "woonplaats", "instelling", "onderwijssoort"),
        *("opleiding", "blokkades", "regel", "opheffing"),
        *("leerwerkplek", "leerwerkplekId", "soort", "leerbedrijf", "plaats", "sector"),
        *("urenMin", "urenMax", "capaciteit", "vrij"),
    }


def test_a_verkenning_shows_what_is_new_higher_and_gone(logged_in: TestClient) -> None:
    answer = explore(logged_in, {"urenMax": 32})
    body = answer.json()

    assert answer.status_code == 200
    assert (body["passendNu"], body["passendDan"]) == (4, 9)
    assert [(one["verschil"], one["rangNu"]) for one in body["plekken"]] == [
        ("hoger", 2),
        ("nieuw", None),
    ]
    assert body["plekken"][1]["opgeheven"][0]["regel"] == "reistijd"
    assert [one["rangNu"] for one in body["vervallen"]] == [1, 3, 4]
    assert body["vervallen"][0]["blokkades"][0]["regel"] == "uren"
    assert all(key.isalnum() and key[0].islower() for key in keys_of(body))


def test_everything_that_can_differ_reaches_the_region(
    logged_in: TestClient, regio: FakeRegio
) -> None:
    asked = {
        "urenMin": 8,
        "urenMax": 20.5,
        "reistijdMax": 30,
        "rijbewijs": False,
        "vervoer": ["fiets", "ov"],
        "vermijdt": [],
        "ondersteuning": ["jobcoach"],
        "sectoren": ["techniek", "handel"],
        "competentie": {"competentieId": "WV-03", "niveau": 3},
        "top": 5,
    }
    assert explore(logged_in, asked).status_code == 200
    assert regio.explored.pop() == Wijziging(
        uren_min=8,
        uren_max=20.5,
        reistijd_max=30,
        rijbewijs=False,
        vervoer=(Vervoer.FIETS, Vervoer.OV),
        vermijdt=(),
        ondersteuning=(Ondersteuning.JOBCOACH,),
        sectoren=(Sector.TECHNIEK, Sector.HANDEL),
        competentie=("WV-03", 3),
    )


def test_all_that_is_wrong_in_a_verkenning_is_told_at_once_in_dutch(
    logged_in: TestClient,
) -> None:
    wrong = {
        "urenMin": 30,
        "urenMax": 20,
        "reistijdMax": "lang",
        "vervoer": ["raket"],
        "ondersteuning": "jobcoach",
        "competentie": {"niveau": 7},
        "kleur": "rood",
    }
    problem = check_problem(explore(logged_in, wrong), 400)
    errors = problem["errors"]
    assert isinstance(errors, list)

    assert {error["naam"] for error in errors} == {
        "urenMax",
        "reistijdMax",
        "vervoer.0",
        "ondersteuning",
        "competentie.competentieId",
        "competentie.niveau",
        "kleur",
    }
    assert all(error["plaats"] == "body" for error in errors)
    assert not any("Deze waarde klopt niet" in error["detail"] for error in errors)


def test_a_competentie_that_no_place_asks_is_refused_as_other_wrong_input(
    logged_in: TestClient,
) -> None:
    asked = {"competentie": {"competentieId": "WV-99", "niveau": 3}}
    problem = check_problem(explore(logged_in, asked), 400)

    assert problem["errors"] == [
        {
            "plaats": "body",
            "naam": "competentie.competentieId",
            "code": "unknown_competentie",
            "detail": "Geen plek in deze regio vraagt deze competentie. Kies een andere.",
        }
    ]


@pytest.mark.parametrize("body", ["{", "[]", '{"urenMax": NaN}', '{"urenMax": 1e999}', ""])
def test_a_body_that_is_no_verkenning_is_refused(logged_in: TestClient, body: str) -> None:
    headers = {**OWN_SITE, "Content-Type": "application/json"}
    answer = logged_in.post(VERKENNINGEN, content=body, headers=headers)

    assert check_problem(answer, 400)["errors"]


def test_a_verkenning_keeps_the_rules_of_every_route(
    logged_in: TestClient, anonymous: TestClient
) -> None:
    cross_site = logged_in.post(VERKENNINGEN, json={}, headers={"Sec-Fetch-Site": "cross-site"})

    check_problem(cross_site, 403)
    check_problem(explore(anonymous, {}), 401)
    check_problem(explore(logged_in, {}, "/api/v1/jongeren/onbekend/verkenningen"), 404)
    check_problem(logged_in.get(VERKENNINGEN), 405)
    check_problem(explore(logged_in, {}, VERKENNINGEN + "?kleur=rood"), 400)
    assert explore(logged_in, {}).headers["cache-control"] == "no-store"
