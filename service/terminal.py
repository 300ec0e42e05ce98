"""What a command shows on the terminal while it works, beside what it prints."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich import progress as rich_progress
from rich.console import Console

if TYPE_CHECKING:
    from service.importing.run import Progress

BAR_WIDTH = 30
console = Console(stderr=True, highlight=False)


@contextmanager
def progress_bar() -> Iterator["Progress"]:
    """Show a bar on a terminal; yields a function that takes (step, done, of how many)."""
    columns = (
        rich_progress.SpinnerColumn(),
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, rich_progress.TaskID] = {}

        def advance(stap: str, gedaan: int, totaal: int) -> None:
            if stap not in tasks:
                tasks[stap] = bar.add_task(stap, total=totaal)
            bar.update(tasks[stap], completed=gedaan, total=totaal)

        yield advance


@contextmanager
def step_list() -> Iterator[Callable[[str], None]]:
    """Show one line per step with a spinner and the time; yields a function that names a step."""
    columns = (
        rich_progress.SpinnerColumn(finished_text="✓"),
        rich_progress.TextColumn("{task.description}"),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=console) as bar:

        def say(step: str) -> None:
            for task in bar.tasks:
                bar.update(task.id, completed=1)
            bar.add_task(step, total=1)

        yield say
        for task in bar.tasks:
            bar.update(task.id, completed=1)


@contextmanager
def step_bars() -> Iterator[tuple[Callable[[str], None], Callable[[int, int], None]]]:
    """Show a line per step, with a bar where a step has parts.

    Yields a function that names the step that begins, and one that says how many of its parts are
    done, of how many.
    """
    columns = (
        rich_progress.SpinnerColumn(finished_text="✓"),
        rich_progress.TextColumn("{task.description}"),
        rich_progress.TextColumn("{task.fields[parts]}"),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=console) as bar:

        def finish() -> None:
            for task in bar.tasks:
                bar.update(task.id, total=1, completed=1)

        def say(step: str) -> None:
            finish()
            bar.add_task(step, total=1, parts="")

        def advance(done: int, total: int) -> None:
            told = f"{done} van {total} {'━' * (BAR_WIDTH * done // max(total, 1))}"
            if bar.tasks:
                bar.update(bar.tasks[-1].id, parts=told)

        yield say, advance
        finish()


def counted(advance: "Progress", step: str) -> Callable[[int, int], None]:
    """Return a function that moves one step of a bar: how many are done, of how many."""

    def moved(done: int, total: int) -> None:
        advance(step, done, total)

    return moved
