"""Models of the tests: stored, offered by one analyst and approved by another."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.fairness import Scored, report
from models.gate import judge, with_places
from models.goede_plekken import MATEN
from models.reliability import reliability
from models.store import ModelStore
from models.training import Training
from service.aanmelden.accounts import create_gebruiker
from service.modelbeheer.aanbieden import aanbieden
from service.modelbeheer.besluiten import Handtekening, goedkeuren
from service.rechten.begrippen import Rol
from service.settings import Settings
from service.storage.engine import open_engine, unit_of_work
from service.storage.gebruiker import GebruikerRepository
from tests.models.test_store import trained

ROWS = 1200
TRAINER, KEURDER = "trainer", "keurder"
REDEN = "alleen voor een test, met verzonnen gegevens"


def add_analisten(session: Session, *names: str) -> None:
    """Make accounts with the role analist, where they are not there yet."""
    for name in names or (TRAINER, KEURDER):
        if GebruikerRepository(session).find(name) is None:
            create_gebruiker(session, name, None, [Rol.ANALIST])


def offer(engine: Engine, models: ModelStore, training: Training, trainer: str = TRAINER) -> str:
    """Store a version and offer it; return its version."""
    version = models.save(training, trainer=trainer)
    aanbieden(engine, models, training.name, version, trainer=trainer, op=datetime.now(UTC))
    return version


def sign(reden: str = REDEN, door: str = KEURDER) -> Handtekening:
    """Return a signature of now."""
    return Handtekening(door, reden, datetime.now(UTC))


def full_training() -> Training:
    """Return a small training of plaatsing with all that a card tells, made up where need be."""
    training = trained(1)
    groups = pl.DataFrame({"onderwijssoort": (["vso", "pro"] * ROWS)[:ROWS]})
    rng = np.random.default_rng(1)
    scores = rng.uniform(0.2, 0.9, ROWS)
    labels = (rng.random(ROWS) < scores).astype(np.float64)
    who, chosen = np.arange(ROWS), scores > 0.7
    found = report(Scored(labels, scores, who, chosen), groups, seed=1, draws=50)
    card: dict[str, Any] = {
        "bedoeld_voor": ["Een gesprek voorbereiden."],
        "niet_voor": ["Een jongere weigeren."],
        "grenzen": ["Een reden is geen oorzaak."],
        "gegevens": {"toets_vanaf": "2026-01-01"},
        "methode": {"soort": "LightGBM"},
        "kalibratie": reliability(labels, scores),
        "groepen": found.groepen.to_dicts(),
        "groepen_te_klein": 0,
        "goede_plekken": [
            {"kenmerk": "leerweg", "waarde": waarde, "maat": maat, **_sure("aandeel"), **ratio}
            for waarde, ratio in (("BOL", _sure("verhouding", 0.7)), ("BBL", _sure("verhouding")))
            for maat in MATEN
        ],
    }
    card["oordeel"] = with_places(judge(found), card["goede_plekken"]).described()
    metrics = {"auc": 0.71, "auc_low": 0.66, "auc_high": 0.75, "brier": 0.2}
    metrics |= {"recall_at_10": 0.31, "precision_at_10": 0.62}
    return replace(training, metrics=metrics, card={**training.card, **card})


def _sure(name: str, value: float = 1.0) -> dict[str, float]:
    return {name: value, f"{name}_low": value - 0.1, f"{name}_high": value + 0.1}


def promote_new(settings: Settings, trainings: Iterable[Training]) -> ModelStore:
    """Let newer versions score; what the gate says of them is left out, so that any may."""
    models = ModelStore(settings.tracking, settings.models)
    engine = open_engine(settings.database)
    try:
        with unit_of_work(engine) as session:
            add_analisten(session)
        for one in trainings:
            card = {key: value for key, value in one.card.items() if key != "oordeel"}
            version = offer(engine, models, replace(one, card=card))
            goedkeuren(engine, models, one.name, version, sign())
    finally:
        engine.dispose()
    return models
