"""Notices leave by the command and by themselves; what is told of them fits the installation."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from service.app import create_app
from service.cli import app
from service.errors import SettingsError
from service.jobs import store
from service.outbox.berichten import Soort, enqueue
from service.settings import Settings, open_settings
from service.storage.bericht import BerichtRepository, Status
from service.storage.engine import unit_of_work
from tests.service.fakes import FakeRegio
from tests.service.outbox.mailbox import Mailbox

PATIENCE = 10.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with two notices that wait."""
    made = open_settings(tmp_path)
    with store(made) as engine, unit_of_work(engine) as session:
        for key in ("a", "b"):
            enqueue(session, Soort.IMPORT, sleutel=key, op=datetime.now(UTC), pad="/opvolgingen")
    return made


def run(settings: Settings, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--data", str(settings.data), "verstuur", *words])
    return done.exit_code, done.output


def test_without_a_mail_server_the_command_shows_what_waits(settings: Settings) -> None:
    code, told = run(settings)
    assert code == 0
    assert "VANGNET_SMTP_HOST" in told
    assert told.count("import /opvolgingen vanaf") == 2
    assert "2 berichten." in told


def test_the_command_sends_what_waits(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in mailbox.environment().items():
        monkeypatch.setenv(name, value)
    assert run(settings) == (0, "2 berichten verstuurd, 0 wachten nog.\n")
    assert run(settings) == (0, "0 berichten verstuurd, 0 wachten nog.\n")
    assert len(mailbox.mails) == 2


def test_the_command_says_why_it_failed_and_tries_anew_when_asked(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in mailbox.environment().items():
        monkeypatch.setenv(name, value)
    with store(settings) as engine, unit_of_work(engine) as session:
        notices = BerichtRepository(session)
        one = notices.list(Status.WACHT)[0]
        notices.failed(one, fout="vol", vanaf=one.vanaf, dood=True)
    mailbox.full = True
    code, told = run(settings)
    assert code == 1
    assert "1 berichten lukten niet (SMTPSenderRefused 452)." in told
    assert "Probeer ze opnieuw met --opnieuw:" in told
    mailbox.full = False
    assert run(settings, "--opnieuw") == (0, "1 berichten verstuurd, 1 wachten nog.\n")


def test_a_running_service_sends_by_itself(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in mailbox.environment().items():
        monkeypatch.setenv(name, value)
    service = create_app(open_settings(settings.data), load_regio=FakeRegio)
    deadline = time.monotonic() + PATIENCE
    with TestClient(service):
        while len(mailbox.mails) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
    assert len(mailbox.mails) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"VANGNET_SMTP_FROM": "vangnet"},
        {"VANGNET_SMTP_TO": ""},
        {
            "VANGNET_SMTP_HOST": "mail.example",
            "VANGNET_ENVIRONMENT": "production",
            "VANGNET_SECURE_COOKIES": "1",
        },
    ],
    ids=["sender without domain", "no team", "readable on its way"],
)
def test_settings_of_mail_that_cannot_work_are_refused(
    tmp_path: Path, wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (Mailbox(port=25).environment() | wrong).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError):
        open_settings(tmp_path)
