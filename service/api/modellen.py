"""Routes about stored models: which there are, how good, which one scores, and who decided that."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Engine

from models.gate import Kleur
from models.store import ModelStore
from service.api.beheer_schemas import (
    ModelbesluitIn,
    ModelbesluitOut,
    ModelKortOut,
    ModellenOut,
    ModelOut,
)
from service.api.paging import present_page
from service.api.queries import ModelId, ModellenQueryDep, NoQueryDep
from service.dependencies import ActorDep, Installation, InstallationDep, require
from service.errors import NotFoundError
from service.modelbeheer.besluiten import Handtekening, afwijzen, goedkeuren, terugzetten
from service.modelbeheer.overzicht import ModelStatus, Versie, versies
from service.rechten.begrippen import Handeling
from service.storage.engine import unit_of_work
from service.storage.modelbesluit import Modelbesluit

PATH = "/api/v1/modellen"
router = APIRouter(prefix="/modellen", tags=["modellen"])
LEZEN = require(Handeling.MODELLEN_LEZEN)
BEHEREN = require(Handeling.MODELLEN_BEHEREN)
COUNTED = "stand"
"""Part of a card that counts jongeren by value: it tells small numbers (TRUST P8)."""


@router.get("", dependencies=[LEZEN], operation_id="leesModellen", summary="Bewaarde modellen")
def list_modellen(query: ModellenQueryDep, installation: InstallationDep) -> ModellenOut:
    """Per naam de nieuwste eerst; met welke nu gerekend wordt, staat erbij."""
    found = [
        one
        for one in _known(installation)
        if query.naam in {None, one.naam} and query.in_gebruik in {None, one.in_gebruik}
    ]
    first = (query.pagina - 1) * query.paginagrootte
    shown = [
        ModelKortOut(**one.model_dump(exclude={"besluiten", "maten", "kaart"}))
        for one in found[first : first + query.paginagrootte]
    ]
    return ModellenOut(**present_page(PATH, query, shown, len(found)))


@router.get("/{modelId}", dependencies=[LEZEN], operation_id="leesModel", summary="Eén model")
def read_model(model_id: ModelId, _: NoQueryDep, installation: InstallationDep) -> ModelOut:
    """Een bewaard model met zijn maten, zijn kaart en wat mensen erover besloten."""
    return _one(installation, model_id)


@dataclass(frozen=True)
class Gevraagd:
    """What somebody wants of a version: by whom, why, and where the answer goes."""

    installation: Installation
    naam: str
    versie: str
    wie: Handtekening
    response: Response

    @property
    def where(self) -> tuple[Engine, ModelStore]:
        """The store and the register of models."""
        return self.installation.engine, self.installation.modellen

    def answer(self, versie: str) -> ModelbesluitOut:
        """Return the besluit that was just taken on a version of this model, and name its place."""
        model_id = f"{self.naam}-{versie}"
        self.response.headers["Location"] = f"{PATH}/{model_id}"
        return _one(self.installation, model_id).besluiten[-1]


def gevraagd(
    model_id: ModelId,
    wanted: ModelbesluitIn,
    _: NoQueryDep,
    installation: InstallationDep,
    actor: ActorDep,
    response: Response,
) -> Gevraagd:
    """Return what a request asks of a version; NotFoundError where its id names none."""
    naam, _dash, versie = model_id.rpartition("-")
    if not naam:
        raise NotFoundError("model", model_id)
    wie = Handtekening(actor.naam, wanted.reden, datetime.now(UTC))
    return Gevraagd(installation, naam, versie, wie, response)


GevraagdDep = Annotated[Gevraagd, Depends(gevraagd)]


@router.post(
    "/{modelId}/promoties",
    dependencies=[BEHEREN],
    status_code=HTTPStatus.CREATED,
    operation_id="maakPromotie",
    summary="Een versie in gebruik nemen",
)
def add_promotie(asked: GevraagdDep) -> ModelbesluitOut:
    """Alleen door een andere analist dan wie trainde.

    Rood kan niet; een ander oordeel dan groen vraagt een reden. Elke server rekent er binnen een
    minuut mee.
    """
    goedkeuren(*asked.where, asked.naam, asked.versie, asked.wie)
    return asked.answer(asked.versie)


@router.post(
    "/{modelId}/afwijzingen",
    dependencies=[BEHEREN],
    status_code=HTTPStatus.CREATED,
    operation_id="maakAfwijzing",
    summary="Een versie voorgoed afwijzen",
)
def add_afwijzing(asked: GevraagdDep) -> ModelbesluitOut:
    """Met een reden. De versie kan daarna niet meer in gebruik."""
    afwijzen(*asked.where, asked.naam, asked.versie, asked.wie)
    return asked.answer(asked.versie)


@router.post(
    "/{modelId}/terugzettingen",
    dependencies=[BEHEREN],
    status_code=HTTPStatus.CREATED,
    operation_id="maakTerugzetting",
    summary="Terug naar de versie die hiervoor in gebruik was",
)
def add_terugzetting(asked: GevraagdDep) -> ModelbesluitOut:
    """De genoemde versie moet die in gebruik zijn; het antwoord noemt de versie die nu rekent."""
    return asked.answer(terugzetten(*asked.where, asked.naam, asked.wie, van=asked.versie))


def _one(installation: Installation, model_id: str) -> ModelOut:
    for one in _known(installation):
        if one.model_id == model_id:
            return one
    raise NotFoundError("model", model_id)


def _known(installation: Installation) -> list[ModelOut]:
    cards = installation.modellen.cards()
    with unit_of_work(installation.engine, read_only=True) as session:
        return [_present(one) for one in versies(session, cards)]


def _present(one: Versie) -> ModelOut:
    card = one.card
    return ModelOut(
        model_id=one.model_id,
        naam=card.name,
        versie=card.version,
        sha256=card.sha256,
        bewaard_op=card.saved_at,
        in_gebruik=one.status is ModelStatus.IN_GEBRUIK and not card.altered,
        status=one.status,
        oordeel=one.oordeel,
        ongewijzigd=not card.altered,
        besluiten=[_told(besluit) for besluit in one.besluiten],
        maten=card.metrics,
        kaart={name: told for name, told in card.card.items() if name != COUNTED},
    )


def _told(one: Modelbesluit) -> ModelbesluitOut:
    return ModelbesluitOut(
        model_id=f"{one.model}-{one.versie}",
        besluit=one.besluit,
        oordeel=Kleur(one.oordeel),
        trainer=one.trainer,
        door=one.door,
        reden=one.reden,
        tijdstip=one.tijdstip,
    )
