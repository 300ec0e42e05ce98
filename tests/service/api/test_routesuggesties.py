from fastapi.testclient import TestClient

PATH = "/api/v1/jongeren/{}/routesuggesties"


def test_routes_come_with_their_steps_chances_and_sentences(logged_in: TestClient) -> None:
    answer = logged_in.get(PATH.format("J3"))

    assert answer.status_code == 200
    found = answer.json()
    assert found["modelVersie"] == "1"
    assert found["melding"] is None
    assert found["basis"]
    assert [route["rang"] for route in found["routes"]] == [1, 2, 3]
    first = found["routes"][0]
    assert first["laag"] <= first["kans"] <= first["hoog"]
    assert [stap["soort"] for stap in first["stappen"]] == ["traject", "leerwerkplek"]
    assert first["stappen"][0]["leerbedrijf"] is None
    assert first["stappen"][1]["leerbedrijf"] == "Voorbeeld Logistiek"
    assert first["stappen"][1]["leerdoelen"][0]["zin"].startswith("Bereidt het werk voor")
    assert first["dekking"][0]["kerntaken"] == ["B1-K1"]
    assert first["vervolg"] in {"entree", "bbl", "werk"}
    assert found["trajecten"][1]["zin"].startswith("Werk houden: dit kan nu niet.")


def test_without_a_place_the_answer_says_so_and_names_trajecten(logged_in: TestClient) -> None:
    found = logged_in.get(PATH.format("J1")).json()

    assert found["routes"] == []
    assert "geen passende plek" in found["melding"]
    assert found["trajecten"]


def test_without_a_model_of_learning_the_answer_says_why(logged_in: TestClient) -> None:
    found = logged_in.get(PATH.format("J2")).json()

    assert found["modelVersie"] is None
    assert found["routes"] == []
    assert "te weinig werkprocessen" in found["melding"]


def test_an_unknown_jongere_and_a_parameter_are_refused(logged_in: TestClient) -> None:
    assert logged_in.get(PATH.format("onbekend")).status_code == 404
    assert logged_in.get(PATH.format("J3") + "?aantal=3").status_code == 400


def test_who_is_not_logged_in_sees_no_routes(anonymous: TestClient) -> None:
    assert anonymous.get(PATH.format("J3")).status_code == 401
