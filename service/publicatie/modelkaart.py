"""The model card of one stored model, by the field names that Dutch government uses (TRUST X2).

References
----------
MinBZK/amt, ``amt/schema/model_card.py``: names and nesting. What that schema has no place for (use,
limits, the judgement on groups) stands under ``vangnet``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.publicatie.feiten import CIJFERS, ModelFeiten
from service.publicatie.organisatie import Antwoorden

BOUNDS = {"_low": "ondergrens", "_high": "bovengrens"}
TYPES: Mapping[type, str] = {bool: "bool", int: "int", float: "float", str: "string"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Provenance(_Part):
    """Which code made the card, when."""

    git_commit_hash: str | None = None
    timestamp: datetime
    uri: str
    author: str | None = None


class License(_Part):
    """Under which terms the model is given out."""

    license_name: str


class Owner(_Part):
    """The organisation; no person is named."""

    oin: str | None = None
    organization: str
    email: str | None = None


class Artifact(_Part):
    """The files of the model."""

    uri: str
    content_type: str = Field(serialization_alias="content-type")


class Parameter(_Part):
    """One setting of the training."""

    name: str
    dtype: str
    value: str


class Task(_Part):
    """What the model does."""

    type: str
    name: str


class Dataset(_Part):
    """Examples that the model learned from, or was tested on."""

    type: str
    name: str
    split: str
    features: tuple[str, ...]
    revision: str


class Label(_Part):
    """What belongs to a metric: a bound, or the group that it is about."""

    name: str
    type: str
    dtype: str
    value: str


class Metric(_Part):
    """One figure of the test."""

    type: str
    name: str
    dtype: str
    value: int | float
    labels: tuple[Label, ...] = ()


class Measurements(_Part):
    """Plots; the card holds none."""

    bar_plots: tuple[()] = ()
    graph_plots: tuple[()] = ()


class Result(_Part):
    """One test."""

    task: tuple[Task, ...]
    datasets: tuple[Dataset, ...]
    metrics: tuple[Metric, ...]
    measurements: Measurements = Measurements()


class ModelIndexItem(_Part):
    """The model and its results."""

    name: str
    model: str
    artifacts: tuple[Artifact, ...]
    parameters: tuple[Parameter, ...]
    results: tuple[Result, ...]


class Eigen(_Part):
    """What a reader must know and the schema has no place for."""

    wat: str
    versie: str
    sha256: str
    bedoeld_voor: tuple[str, ...]
    niet_voor: tuple[str, ...]
    grenzen: tuple[str, ...]
    te_weinig_gegevens: bool
    oordeel: str
    kenmerken: tuple[Mapping[str, Any], ...]


class Modelkaart(_Part):
    """The whole card."""

    provenance: Provenance
    name: str
    language: tuple[str, ...] = ("nl",)
    license: License
    tags: tuple[str, ...]
    owners: tuple[Owner, ...]
    model_index: tuple[ModelIndexItem, ...] = Field(serialization_alias="model-index")
    vangnet: Eigen


@dataclass(frozen=True)
class Maker:
    """What makes the card: a commit where the code has its history, its version, and when."""

    commit: str | None
    code: str
    op: datetime


def modelkaart(model: ModelFeiten, antwoorden: Antwoorden, maker: Maker) -> Modelkaart:
    """Return the card of a stored model; an owner that is not known is said to be so."""
    kaart, urn = model.kaart, f"urn:vangnet:model:{model.naam}:{model.versie}"
    owner = antwoorden["organisatie"] or "nog niet ingevuld"
    result = Result(
        task=(Task(type="tabular-classification", name=kaart["wat"]),),
        datasets=tuple(_datasets(model)),
        metrics=tuple(_metrics(model)),
    )
    return Modelkaart(
        provenance=Provenance(
            git_commit_hash=maker.commit,
            timestamp=maker.op,
            uri=f"urn:vangnet:code:{maker.code}",
            author=owner,
        ),
        name=f"vangnet-{model.naam}",
        license=License(license_name=antwoorden["licentie"] or "nog niet ingevuld"),
        tags=("onderwijs", "werk", "jongeren", model.naam),
        owners=(
            Owner(
                oin=antwoorden["oin"] or None,
                organization=owner,
                email=antwoorden["contact"] or None,
            ),
        ),
        model_index=(
            ModelIndexItem(
                name=model.naam,
                model=urn,
                artifacts=(Artifact(uri=urn, content_type="text/plain"),),
                parameters=tuple(_parameters(kaart["methode"])),
                results=(result,),
            ),
        ),
        vangnet=_eigen(model),
    )


def _eigen(model: ModelFeiten) -> Eigen:
    kaart = model.kaart
    return Eigen(
        wat=kaart["wat"],
        versie=model.versie,
        sha256=model.stored.sha256,
        bedoeld_voor=tuple(kaart["bedoeld_voor"]),
        niet_voor=tuple(kaart["niet_voor"]),
        grenzen=tuple(kaart["grenzen"]),
        te_weinig_gegevens=kaart["te_weinig_gegevens"],
        oordeel=model.oordeel,
        kenmerken=tuple(kaart["kenmerken"]),
    )


def _datasets(model: ModelFeiten) -> Iterator[Dataset]:
    found = model.kaart["gegevens"]
    names = tuple(one["name"] for one in model.kaart["kenmerken"])
    until = f"bekend tot {found['bekend_tot']}"
    spans = {
        "train": f"peildata {found['eerste_peildatum']} tot {found['laatste_peildatum']}, {until}",
        "test": f"peildata vanaf {found['toets_vanaf']}, {until}",
    }
    for split, revision in spans.items():
        if split == "train" or found["toets_vanaf"] is not None:
            name = f"Voorbeelden voor {model.naam} uit de regio"
            yield Dataset(type="tabular", name=name, split=split, features=names, revision=revision)


def _metrics(model: ModelFeiten) -> Iterator[Metric]:
    """Yield the figures of the test, then those of each group, then what it sees of good places."""
    yield from _of(model.kaart["toets"], ())
    for row in model.groepen:
        about = _label(row["kenmerk"], "groep", row["waarde"])
        figures = {key: value for key, value in row.items() if key not in ("kenmerk", "waarde")}
        yield from _of(figures, (about,))
    for row in model.goede_plekken:
        about = _label(row["kenmerk"], "groep", row["waarde"])
        places = _label("maat", "goede plekken", row["maat"])
        shown = {name: value for name, value in row.items() if name.startswith("verhouding")}
        yield from _of(shown, (about, places))


def _of(found: Mapping[str, Any], about: tuple[Label, ...]) -> Iterator[Metric]:
    for name, value in found.items():
        if value is None or name.endswith(tuple(BOUNDS)):
            continue
        bounds = tuple(
            _label(word, "95%-interval", found[f"{name}{end}"])
            for end, word in BOUNDS.items()
            if found.get(f"{name}{end}") is not None
        )
        words = CIJFERS.get(name, name.replace("_", " "))
        dtype = TYPES[type(value)]
        yield Metric(type=name, name=words, dtype=dtype, value=value, labels=about + bounds)


def _label(name: str, kind: str, value: object) -> Label:
    return Label(name=name, type=kind, dtype=TYPES.get(type(value), "string"), value=str(value))


def _parameters(methode: Mapping[str, Any], above: str = "") -> Iterator[Parameter]:
    """Yield the settings, flat; what is nested gets the names above it."""
    for key, value in methode.items():
        parts = enumerate(value) if isinstance(value, list | tuple) else ()
        nested = value if isinstance(value, Mapping) else {str(at): one for at, one in parts}
        if nested:
            yield from _parameters(nested, f"{above}{key}.")
        elif value is not None and not isinstance(value, list | tuple | Mapping):
            dtype = TYPES.get(type(value), "string")
            yield Parameter(name=f"{above}{key}", dtype=dtype, value=str(value))
