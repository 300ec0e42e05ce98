"""A test that cannot run here is skipped, but never where somebody relies on it."""

import pytest

from tests.conftest import REQUIRE, skip_or_fail


def test_what_cannot_run_is_skipped_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRE, "browser")
    with pytest.raises(pytest.skip.Exception, match="no server"):
        skip_or_fail("postgres", "no server")


def test_what_is_required_and_cannot_run_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRE, "postgres,browser")
    with pytest.raises(pytest.fail.Exception, match="no server"):
        skip_or_fail("postgres", "no server")
