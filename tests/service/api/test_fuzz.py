"""Every operation of the document called with right and wrong input, as every role (TRUST S11).

A small version of ``experiments/fuzz_api.py``, against a real server.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
import uvicorn
from fastapi.testclient import TestClient
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from service.app import create_app
from service.rechten.begrippen import Rol
from tests.service.api.conftest import Service
from tests.service.conftest import OWN_SITE
from tests.service.fakes import FakeRegio
from tests.service.region import small_regio

STREAM = "volgMatchtafel"
EACH = len(Rol)
"""A role calls one operation in so many; together they call all of them."""
EXAMPLES = 2
SEMANTIC = "positive_data_acceptance"
"""Valid JSON may be refused for its meaning, which no schema can say."""


@pytest.fixture(scope="module")
def address(service: Service) -> Iterator[str]:
    """Address of a real server on the store of these tests."""
    small_regio()  # a table of it is asked for; made once, and not while somebody waits
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(service.settings, load_regio=FakeRegio, renew_seconds=600)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def cookie_of(client: TestClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@pytest.mark.parametrize("rol", Rol)
def test_no_input_makes_the_api_fail_or_answer_what_is_not_documented(
    service: Service, address: str, rol: Rol
) -> None:
    headers = OWN_SITE | {"Cookie": cookie_of(service.log_in(rol))}
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    excluded = [getattr(schemathesis.checks, SEMANTIC)]
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    chosen = [one for one in operations if one.definition.raw["operationId"] != STREAM]
    calls = 0
    for operation in chosen[list(Rol).index(rol) % EACH :: EACH]:
        for mode in GenerationMode:

            @hypothesis_settings(max_examples=EXAMPLES, phases=[Phase.generate], database=None)
            @given(case=operation.as_strategy(generation_mode=mode))
            def call(case: schemathesis.Case[Any]) -> None:
                nonlocal calls
                calls += 1
                case.call_and_validate(headers=headers, excluded_checks=excluded, timeout=60)

            # an operation without input cannot be asked wrongly
            with suppress(Unsatisfiable):
                call()
    assert calls > len(chosen) // EACH
