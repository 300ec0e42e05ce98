"""Where the report of a version lies: with its run in MLflow, in the data folder."""

from pathlib import Path
from typing import Final

from models.errors import ModelNotFoundError
from models.store import EVALUATIE, ModelStore

FOLDER: Final = EVALUATIE
JSON_FILE, HTML_FILE = "evaluatie.json", "evaluatie.html"


def report_of(models: ModelStore, name: str, version: str) -> Path | None:
    """Return the report of a version; None where it was never evaluated.

    Parameters
    ----------
    models : ModelStore
        Stored versions.
    name, version : str
        Which one.
    """
    try:
        path = models.artifacts(name, version) / FOLDER / HTML_FILE
    except ModelNotFoundError:
        return None
    return path if path.is_file() else None
