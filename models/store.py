"""Keeps trained models: files in a folder, the runs and versions in MLflow.

The only file of this package that touches disk or MLflow. A version is a folder of plain text
(LightGBM, JSON) of which the sha256 is recorded; files that no longer match are refused.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from models.errors import AlteredModelError, ModelNotFoundError, NotPromotedError
from models.fallback import RuleScore
from models.leerwerkplek import PlaatsingModel
from models.praktijkverklaring_leren import WerkprocesModel
from models.registered import RegisteredModel
from models.training import Training
from models.uitvalrisico import UitvalrisicoModel

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.tracking import MlflowClient

KINDS: Final[dict[str, type[RegisteredModel]]] = {
    kind.name: kind for kind in (UitvalrisicoModel, PlaatsingModel, WerkprocesModel)
}
"""The class of each model, by the name it is stored under."""

ARTIFACT = "model"
CARD_FILE = "card.json"
EVALUATIE, OORDEEL_FILE = "evaluatie", "oordeel.json"
"""Folder of a run with its newest evaluation, and what that means for approving, as a file."""
SHA256 = "sha256"
PROMOTED = "promoted_sha256"
"""Tag of a version that was promoted: the hash that its files had then."""
CHAMPION = "champion"
"""Alias, in the registry of MLflow, of the one version of a name that scores."""
TRAINER = "trainer"
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


@dataclass(frozen=True)
class StoredModel:
    """A model as it was stored, ready to score."""

    model: RegisteredModel
    version: str
    sha256: str
    card: dict[str, Any]


@dataclass(frozen=True)
class StoredCard:
    """What is told of a stored model without loading it.

    `sha256` is that of the files as they were saved; `altered` says that they are gone or no
    longer those. Then `card` is empty. `evaluatie` is what the newest evaluation means for
    approving it (``kleur``, ``zinnen``); empty where there was none.
    """

    name: str
    version: str
    sha256: str
    saved_at: datetime
    metrics: dict[str, float]
    card: dict[str, Any]
    altered: bool
    evaluatie: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Champion:
    """The version of a model that scores, and the hash of the files that were promoted."""

    version: str
    sha256: str


class ModelStore:
    """Models by name and version.

    Parameters
    ----------
    tracking_uri : str
        Database of MLflow, such as ``sqlite:///path/mlflow.db``.
    folder : Path
        Where the files lie. It may be moved: only places within it are remembered.
    """

    def __init__(self, tracking_uri: str, folder: Path) -> None:
        self._tracking_uri = tracking_uri
        self._folder = folder.absolute()

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._folder

    def save(self, training: Training, *, trainer: str = "") -> str:
        """Store a trained model as the newest version of its name, and return that version.

        It scores nobody before it is promoted. `trainer` is who had it trained, for who reads the
        runs; what counts at a promotion is what the service recorded.
        """
        with _quiet(), tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / ARTIFACT
            training.model.save(folder)
            _write_card(folder, training.card)
            digest = _sha256(folder)
            tags = {**training.herkomst, SHA256: digest} | ({TRAINER: trainer} if trainer else {})
            run_id = self._log_run(training, folder, tags)
            return self._register(training.name, run_id, digest)

    def load(self, name: str, version: str | None = None) -> StoredModel:
        """Return the champion, or any stored version that is named, for replay and evaluation.

        Raises
        ------
        ModelNotFoundError
            The name or the version is not stored, or its files are gone.
        NotPromotedError
            No version is named and none was promoted.
        AlteredModelError
            The files are not those that were saved, or not those that were promoted.
        """
        with _quiet():
            found = self._find(name, version) if version else self._promoted(name)
        expected = found.tags[SHA256 if version else PROMOTED]
        folder = self._checked(name, found, expected)
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        return StoredModel(KINDS[name].load(folder), str(found.version), expected, card)

    def champion(self, name: str) -> Champion | None:
        """Return the version that scores; None where none was promoted."""
        with _quiet():
            try:
                found = self._promoted(name)
            except (ModelNotFoundError, NotPromotedError):
                return None
        return Champion(str(found.version), found.tags[PROMOTED])

    def promote(self, name: str, version: str, *, sha256: str) -> None:
        """Make a stored version the champion, when its files have the hash that was approved.

        Raises
        ------
        ModelNotFoundError
            The version is not stored, or its files are gone.
        AlteredModelError
            Its files have another hash.
        """
        with _quiet():
            found = self._find(name, version)
            self._checked(name, found, sha256)
            self._client.set_model_version_tag(name, version, PROMOTED, sha256)
            self._client.set_registered_model_alias(name, CHAMPION, version)

    def demote(self, name: str) -> None:
        """Let no version of a name be the champion."""
        with _quiet():
            if self._versions(name):
                self._client.delete_registered_model_alias(name, CHAMPION)

    def card(self, name: str, version: str) -> StoredCard:
        """Return what is told of one version; ModelNotFoundError when it is not stored."""
        with _quiet():
            return self._card(name, self._find(name, version))

    def artifacts(self, name: str, version: str) -> Path:
        """Return the folder in which MLflow finds what belongs to the run of a version.

        Raises
        ------
        ModelNotFoundError
            The version is not stored.
        """
        with _quiet():
            return self._place(name, str(self._find(name, version).run_id)).parent

    def prepare(self) -> None:
        """Make the tables of MLflow where there are none: those of a search come beside them."""
        with _quiet():
            self._client.search_experiments(max_results=1)

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the stored versions of a name, oldest first; empty when there are none."""
        with _quiet():
            return tuple(str(found.version) for found in self._versions(name))

    def cards(self) -> tuple[StoredCard, ...]:
        """Return every stored model by name, of each the newest version first."""
        if not self._folder.is_dir():
            return ()
        with _quiet():
            return tuple(
                self._card(name, found)
                for name in KINDS
                for found in reversed(self._versions(name))
            )

    def _card(self, name: str, found: "ModelVersion") -> StoredCard:
        folder, expected = self._place(name, str(found.run_id)), found.tags[SHA256]
        altered = not folder.is_dir() or _sha256(folder) != expected
        card = {} if altered else json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        run = self._client.get_run(str(found.run_id))
        saved_at = datetime.fromtimestamp(found.creation_timestamp / 1000, tz=UTC)
        return StoredCard(
            name,
            str(found.version),
            expected,
            saved_at,
            dict(run.data.metrics),
            card,
            altered,
            _evaluatie(folder.parent),
        )

    @cached_property
    def _client(self) -> "MlflowClient":
        from mlflow.tracking import MlflowClient

        self._folder.mkdir(parents=True, exist_ok=True)
        return MlflowClient(tracking_uri=self._tracking_uri, registry_uri=self._tracking_uri)

    def _checked(self, name: str, found: "ModelVersion", expected: str) -> Path:
        """Return the folder of a version whose files have this hash."""
        folder = self._place(name, str(found.run_id))
        if not folder.is_dir():
            raise ModelNotFoundError(name, str(found.version))
        actual = _sha256(folder)
        if actual != expected:
            raise AlteredModelError(name, str(found.version), expected, actual)
        return folder

    def _promoted(self, name: str) -> "ModelVersion":
        """Return the version that the alias names; one that was never promoted does not count."""
        stored = self._versions(name) if name in KINDS else []
        if not stored:
            raise ModelNotFoundError(name, None)
        version = self._client.get_registered_model(name).aliases.get(CHAMPION)
        found = next((one for one in stored if str(one.version) == str(version)), None)
        if found is None or PROMOTED not in found.tags:
            raise NotPromotedError(name)
        return found

    def _log_run(self, training: Training, folder: Path, tags: Mapping[str, str]) -> str:
        run_id = str(self._client.create_run(self._experiment(training.name)).info.run_id)
        for key, value in _parameters(training).items():
            self._client.log_param(run_id, key, value)
        for key, value in training.metrics.items():
            if isfinite(value):
                self._client.log_metric(run_id, key, value)
        for key, value in tags.items():
            self._client.set_tag(run_id, key, value)
        shutil.copytree(folder, self._place(training.name, run_id))
        self._client.set_terminated(run_id)
        return run_id

    def _experiment(self, name: str) -> str:
        found = self._client.get_experiment_by_name(name)
        if found is not None:
            return str(found.experiment_id)
        place = (self._folder / name).as_uri()
        return str(self._client.create_experiment(name, artifact_location=place))

    def _register(self, name: str, run_id: str, digest: str) -> str:
        if not self._client.search_registered_models(f"name = '{name}'"):
            self._client.create_registered_model(name)
        made = self._client.create_model_version(
            name,
            source=self._place(name, run_id).as_uri(),
            run_id=run_id,
            tags={SHA256: digest},
        )
        return str(made.version)

    def _place(self, name: str, run_id: str) -> Path:
        """Return where the files of a run lie: where MLflow looks, unless the folder was moved."""
        return self._folder / name / run_id / "artifacts" / ARTIFACT

    def _find(self, name: str, version: str) -> "ModelVersion":
        stored = self._versions(name) if name in KINDS else []
        found = next((one for one in stored if str(one.version) == version), None)
        if found is None:
            raise ModelNotFoundError(name, version)
        return found

    def _versions(self, name: str) -> "list[ModelVersion]":
        found = self._client.search_model_versions(f"name = '{name}'")
        return sorted(found, key=lambda one: int(one.version))


def _parameters(training: Training) -> dict[str, Any]:
    """Return the settings of every member, flat; of a rule how few jongeren there were."""
    stack = training.model.stack
    if isinstance(stack, RuleScore):
        return {"te_weinig_gegevens": True, "n_positief": training.model.n_positief}
    config = stack.config
    members = {f"trees_{place}": asdict(one) for place, one in enumerate(config.trees)}
    if config.linear is not None:
        members["linear"] = asdict(config.linear)
    flat = {f"{name}.{key}": value for name, one in members.items() for key, value in one.items()}
    return {"sets": config.sets} | flat


def _write_card(folder: Path, card: dict[str, Any]) -> None:
    text = json.dumps(card, indent=1, ensure_ascii=False)
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


def _evaluatie(run: Path) -> dict[str, Any]:
    """Return what the newest evaluation of a run means for approving; empty without one."""
    path = run / EVALUATIE / OORDEEL_FILE
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _sha256(folder: Path) -> str:
    """Return one hash over the names and contents of all files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()}\n{content}\n".encode())
    return digest.hexdigest()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep MLflow off the network and off the screen, and let its libraries' deprecations pass."""
    for key, value in QUIET.items():
        os.environ.setdefault(key, value)
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
