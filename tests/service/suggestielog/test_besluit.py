"""A besluit is one suggestion at a time, by a person, and no score ever changes it (H2, H11)."""

from collections.abc import Iterator

import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from service.storage.matchtafel_tables import BESLUIT, OPVOLGING
from tests.service.region import small_regio
from tests.service.suggestielog.test_tonen import API, fitting

UNSAFE = ("post", "put", "patch", "delete")


def bodies(document: dict[str, dict[str, dict[str, object]]]) -> Iterator[tuple[str, object]]:
    """Yield the body of every operation that takes or changes a besluit."""
    for address, item in document["paths"].items():
        if "besluit" in address or "opvolging" in address:
            for method in UNSAFE:
                if method in item:
                    yield f"{method} {address}", item[method].get("requestBody")  # type: ignore[attr-defined]


def arrays_in(schema: object, document: dict[str, object]) -> Iterator[object]:
    """Yield every array of a schema, following its references."""
    if isinstance(schema, list):
        for one in schema:
            yield from arrays_in(one, document)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "array":
        yield schema
    if "$ref" in schema:
        yield from arrays_in(referred(str(schema["$ref"]), document), document)
    for value in schema.values():
        yield from arrays_in(value, document)


def referred(reference: str, document: dict[str, object]) -> object:
    """Return what a reference within the document points at."""
    found: object = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]  # type: ignore[index]  # references lead somewhere
    return found


def test_no_operation_takes_more_than_one_besluit_at_a_time(coach: TestClient) -> None:
    document = coach.get(f"{API}/openapi.json").json()
    found = dict(bodies(document))

    assert len(found) >= 2
    for operation, body in found.items():
        assert list(arrays_in(body, document)) == [], operation


def test_scoring_again_changes_no_besluit(coach: TestClient, store: Engine) -> None:
    """Scores are read a thousand times after people decided; what they decided stays."""
    asked = {"regio": "Achterhoek", "datum": "2026-12-03", "aantal": 6}
    asked |= {"deelnemers": [{"naam": "Bo", "organisatie": "School", "rol": "coach"}]}
    tafel = coach.post(f"{API}/matchtafels", json=asked).headers["location"]
    coach.patch(tafel, json={"status": "open", "versie": 1})
    owner = coach.get(tafel).json()["deelnemers"][0]["deelnemerId"]
    for punt in coach.get(f"{tafel}/agendapunten").json()["resultaten"]:
        besluit = {
            "agendapuntId": punt["agendapuntId"],
            "agendapuntVersie": punt["versie"],
            "keuze": "niet passend",
            "reden": "De jongere wil eerst iets anders.",
            "eigenaarId": owner,
            "opvolgdatum": "2026-12-10",
        }
        assert coach.post(f"{API}/besluiten", json=besluit).status_code == 201
    before = kept(store)

    paren = small_regio().matching.paren
    scored = sum(len(paren.score(paren.zoekend[at : at + 50]).kans) for at in range(0, 200, 50))
    coach.post(f"{tafel}/voorstellen", json={})
    for one in fitting(5):
        coach.get(f"{API}/jongeren/{one}/suggesties")

    assert len(before[0]) == 6
    assert scored >= 1000
    assert kept(store) == before


def kept(store: Engine) -> tuple[list[object], list[object]]:
    with store.connect() as connection:
        besluiten = [tuple(row) for row in connection.execute(sa.select(BESLUIT))]
        opvolgingen = [tuple(row) for row in connection.execute(sa.select(OPVOLGING))]
    return list(besluiten), list(opvolgingen)
