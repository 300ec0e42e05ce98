"""Models of the tests: stored, offered by one analyst and approved by another."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.store import ModelStore
from models.training import Training
from service.aanmelden.accounts import create_gebruiker
from service.modelbeheer.aanbieden import aanbieden
from service.modelbeheer.besluiten import Handtekening, goedkeuren
from service.rechten.begrippen import Rol
from service.settings import Settings
from service.storage.engine import open_engine, unit_of_work
from service.storage.gebruiker import GebruikerRepository

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
