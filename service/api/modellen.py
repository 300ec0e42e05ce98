"""Routes about stored models: which there are, how good, and which one scores now."""

from fastapi import APIRouter

from models.store import StoredCard
from service.api.beheer_schemas import ModelKortOut, ModellenOut, ModelOut
from service.api.paging import present_page
from service.api.queries import ModelId, ModellenQueryDep, NoQueryDep
from service.dependencies import Installation, InstallationDep, require
from service.errors import NotFoundError
from service.rechten.begrippen import Handeling

PATH = "/api/v1/modellen"
router = APIRouter(prefix="/modellen", tags=["modellen"])
LEZEN = require(Handeling.MODELLEN_LEZEN)


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
        ModelKortOut(**one.model_dump(exclude={"maten", "kaart"}))
        for one in found[first : first + query.paginagrootte]
    ]
    return ModellenOut(**present_page(PATH, query, shown, len(found)))


@router.get("/{modelId}", dependencies=[LEZEN], operation_id="leesModel", summary="Eén model")
def read_model(model_id: ModelId, _: NoQueryDep, installation: InstallationDep) -> ModelOut:
    """Een bewaard model met zijn maten en zijn kaart."""
    for one in _known(installation):
        if one.model_id == model_id:
            return one
    raise NotFoundError("model", model_id)


def _known(installation: Installation) -> list[ModelOut]:
    cards = installation.modellen.cards()
    newest = {one.name: one.version for one in reversed(cards)}
    return [_present(one, in_gebruik=newest[one.name] == one.version) for one in cards]


def _present(card: StoredCard, *, in_gebruik: bool) -> ModelOut:
    return ModelOut(
        model_id=f"{card.name}-{card.version}",
        naam=card.name,
        versie=card.version,
        sha256=card.sha256,
        bewaard_op=card.saved_at,
        in_gebruik=in_gebruik and not card.altered,
        ongewijzigd=not card.altered,
        maten=card.metrics,
        kaart=card.card,
    )
