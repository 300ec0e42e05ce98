from io import StringIO

import pytest
from rich.console import Console

from service import terminal


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What a terminal would show."""
    shown = StringIO()
    monkeypatch.setattr(terminal, "console", Console(file=shown, force_terminal=True, width=100))
    return shown


def test_a_step_with_parts_says_how_many_are_done(screen: StringIO) -> None:
    with terminal.step_bars() as (say, advance):
        say("Gegevens lezen")
        say("Instellingen zoeken")
        advance(20, 50)

    last = screen.getvalue().replace("\r", "\n")
    assert "Gegevens lezen" in last
    assert "20 van 50 " + "━" * 12 in last


def test_parts_of_no_step_are_told_to_nobody(screen: StringIO) -> None:
    with terminal.step_bars() as (_, advance):
        advance(1, 2)

    assert "van" not in screen.getvalue()
