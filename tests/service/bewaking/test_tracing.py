"""Traces as an option: spans of requests as JSON lines, without anything about a person."""

import json
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from service.app import create_app
from tests.databases import open_migrated
from tests.service.conftest import make_settings
from tests.service.fakes import FakeRegio

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


def trace(folder: Path, path: str, headers: dict[str, str], *, wanted: bool) -> list[Any]:
    """Return the spans that one request leaves."""
    file = folder / "spans.jsonl"
    update = {"trace_file": file if wanted else None}
    settings = make_settings(folder).model_copy(update=update)
    engine = open_migrated(settings.database)
    engine.dispose()
    with TestClient(create_app(settings, load_regio=FakeRegio)) as client:
        client.get(path, headers=headers)
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_span_tells_route_and_status_and_follows_the_caller(tmp_path: Path) -> None:
    headers = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
    (span,) = trace(tmp_path, "/api/v1/jongeren/geheim?zoek=iemand", headers, wanted=True)

    assert span["name"] == "GET /api/v1/jongeren/{jongereId}"
    assert span["context"]["trace_id"] == f"0x{TRACE}"
    assert span["parent_id"] == f"0x{CALLER}"
    assert span["attributes"] == {
        "http.request.method": "GET",
        "http.route": "/api/v1/jongeren/{jongereId}",
        "http.response.status_code": 401,
    }
    assert "geheim" not in json.dumps(span)


def test_nothing_is_traced_unless_the_settings_ask_for_it(tmp_path: Path) -> None:
    assert trace(tmp_path, "/api/v1/gezondheid", {}, wanted=False) == []
