"""Public files of the small region, made once per process."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from models.praktijkverklaring_leren import WerkprocesModel
from models.praktijkverklaring_training import WERKPROCES_RULE, werkproces_history
from models.store import Champion, StoredCard
from models.training import train_model
from service.publicatie.organisatie import Antwoorden, vragen
from service.publicatie.uitgave import Uitgave, make
from tests.service.region import CONFIG, QUICK, small_models, small_region

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GIVEN = {
    "organisatie": "Gemeente Noorderhaaks",
    "contact": "algoritmes@noorderhaaks.example",
    "website": "https://noorderhaaks.example/vangnet",
    "url": "",
    "verwerkingsregister": "https://noorderhaaks.example/register",
    "broncode": "",
    "status": "In gebruik",
    "begindatum": "2026-09",
    "einddatum": "",
    "leverancier": "Intern ontwikkeld",
    "dpia_datum": "2026-06-01",
    "dpia_link": "",
    "iama_datum": "2026-06-15",
    "iama_link": "https://noorderhaaks.example/iama",
}
ANSWERS = dict.fromkeys(vragen(), "De organisatie heeft dit opgeschreven.") | GIVEN


@cache
def small_cards() -> tuple[StoredCard, ...]:
    """Return the cards as the store tells them; of werkproces too little is known for a model."""
    history = werkproces_history(small_region().tables, observed_until=CONFIG.peildatum)
    learned = train_model(
        WerkprocesModel, WERKPROCES_RULE, history, CONFIG.peildatum, QUICK, 1, lambda _: None
    )
    assert learned.model.te_weinig_gegevens
    cards = [one.card for one in small_models()] + [learned.card]
    return tuple(StoredCard(one["model"], "3", "ab" * 32, NOW, {}, one, False) for one in cards)


def in_use(cards: Iterable[StoredCard]) -> dict[str, Champion]:
    """Return these versions as those that are in use."""
    return {one.name: Champion(one.version, one.sha256) for one in cards}


@cache
def small_uitgave() -> Uitgave:
    """Return the files of an organisation that answered everything."""
    return make(small_cards(), in_use(small_cards()), Antwoorden(ANSWERS), op=NOW)
