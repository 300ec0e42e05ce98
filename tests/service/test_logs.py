import json
import subprocess
import sys

import pytest
from fastapi.testclient import TestClient

from service.logs import get_log

NAME = "Geheime-naam"


@pytest.mark.parametrize("path", ["/jongeren/{}", "/api/v1/jongeren/{}/uitvalrisico"])
def test_a_name_that_somebody_types_in_an_address_stays_out_of_the_log(
    logged_in: TestClient, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    answer = logged_in.get(path.format(NAME))

    log = capsys.readouterr().err
    assert answer.status_code == 404
    assert "NotFoundError" in log
    assert NAME not in log


def test_a_failure_and_its_cause_are_logged_with_kind_and_place_without_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        try:
            json.loads(NAME)
        except json.JSONDecodeError as cause:
            raise ValueError(f"bad value {NAME}") from cause
    except ValueError as error:
        get_log("test").error("page_error", exc_info=error)

    log = capsys.readouterr().err
    assert all(word in log for word in ("ValueError", "JSONDecodeError", "test_logs.py"))
    assert NAME not in log


def test_lines_of_libraries_have_the_same_form() -> None:
    program = (
        "import logging; from service.logs import configure_logs; configure_logs(production=True);"
        "logging.getLogger('uvicorn.error').warning('Invalid HTTP request received.')"
    )
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    line = json.loads(done.stderr)
    assert (line["event"], line["level"]) == ("Invalid HTTP request received.", "warning")
