"""The notebooks: clean on disk, and each tells its story from begin to end."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MACHINE = re.compile(r"/(?:home|root|work|tmp|Users|mnt)/|[A-Z]:\\\\|https?://(?:localhost|127\.)")
"""Places of one machine."""
SECONDS = 240
NAMES = [path.stem for path in NOTEBOOKS]


def load(path: Path) -> nbformat.NotebookNode:
    """Return a notebook as it is on disk."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call,no-any-return]  # no types


def test_there_are_six_numbered_stories() -> None:
    assert [name[:2] for name in NAMES] == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_is_stored_without_outputs_and_counts(path: Path) -> None:
    notebook = load(path)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]

    assert code
    assert not any(cell.outputs for cell in code)
    assert {cell.execution_count for cell in code} == {None}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*")), ids=lambda path: path.name)
def test_nothing_of_a_machine_is_in_a_notebook(path: Path) -> None:
    assert MACHINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_begins_with_its_title_and_tells_before_it_computes(path: Path) -> None:
    cells = load(path).cells

    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith(f"# {path.stem[:2]} · ")
    assert sum(cell.cell_type == "markdown" for cell in cells) >= len(cells) / 3


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the kernel that runs it, not of our code
@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_runs_from_begin_to_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    notebook = load(path)
    NotebookClient(
        notebook, timeout=SECONDS, resources={"metadata": {"path": str(path.parent)}}
    ).execute()

    drawn = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in drawn) >= 2
