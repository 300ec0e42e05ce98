"""The model card: what a model is, what it was made of, how good it is, and what it is not for."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from math import isfinite
from typing import Any, Final

from features.labels import UitvalDefinition
from features.stage import MELDVERTRAGING_DAGEN
from models.history import History
from models.registered import RegisteredModel
from models.stack import Stack, StackConfig

WHAT: Final = {
    "uitvalrisico": (
        "De kans dat een jongere zonder startkwalificatie binnen twaalf maanden van school gaat "
        "en niet binnen zestig dagen ergens anders begint."
    ),
    "plaatsing": (
        "De kans dat een jongere op een leerwerkplek blijft tot het geplande einde, of hoogstens "
        "veertien dagen korter."
    ),
    "werkproces": (
        "De kans dat een jongere die tot het einde op een leerwerkplek blijft, een werkproces "
        "daar zelfstandig leert doen in de uren die er zijn."
    ),
}
INTENDED: Final = {
    "uitvalrisico": (
        "Helpen kiezen wie eerst besproken wordt, door mensen die de jongere kennen.",
        "Laten zien welke feiten de kans hoger of lager maken.",
    ),
    "plaatsing": (
        "Leerwerkplekken voor een jongere op volgorde zetten, met redenen voor en tegen.",
        "Een gesprek voorbereiden over wat past en wat nog mist.",
    ),
    "werkproces": (
        "Routes naar een praktijkverklaring voorstellen: wat waar te leren is, en hoe lang.",
        "Een leerplan bespreken met de jongere en het leerbedrijf.",
    ),
}
FORBIDDEN: Final = (
    "Besluiten nemen zonder dat een mens kijkt.",
    "Een jongere hulp, onderwijs of een plek weigeren.",
    "Scholen, begeleiders of leerbedrijven beoordelen.",
    "De kans delen met leerbedrijven.",
)
LIMITS: Final = {
    "uitvalrisico": (
        "Het model kent alleen wat op de peildatum geregistreerd was.",
        "Een reden is een verband in de cijfers, geen oorzaak.",
        "Havo- en vwo-diploma's staan niet in de gegevens.",
    ),
    "plaatsing": (
        "Het verleden laat alleen de plekken zien die mensen kozen. Daarvoor is bijgesteld, maar "
        "wat mensen wisten en niet opschreven, kan een kans nog te hoog maken.",
        "Stages zonder gepland einde tellen niet mee.",
        "Een reden is een verband in de cijfers, geen oorzaak.",
    ),
    "werkproces": (
        "Alleen werkprocessen die voor en na een stage zijn beoordeeld, tellen mee.",
        "De uren van een stage zijn gelijk verdeeld over de werkprocessen ervan.",
        "Een reden is een verband in de cijfers, geen oorzaak.",
    ),
}

SUSPECT: Final = (
    "Deze kenmerken zeggen alleen al bijna hoe het afliep. Kijk in de bron of ze toen echt al "
    "bekend waren."
)

RULE: Final = (
    "Een eenvoudige regel met punten, omdat er te weinig gegevens zijn voor een model. De marges "
    "zijn daarom breed."
)


def model_card(
    model: RegisteredModel,
    history: History,
    metrics: dict[str, float],
    *,
    config: StackConfig,
    seed: int,
    observed_until: date,
    test_start: date | None,
    suspect: Mapping[str, float],
) -> dict[str, Any]:
    """Return the card as plain data, ready for JSON; texts that a user reads are Dutch.

    A metric that has no meaning for the data, such as a slope without spread, is None; a model
    that is a rule for lack of data has not been tested. `suspect` are the features that alone tell
    the outcome suspiciously well, with their AUC (`models.leakage`).
    """
    kind, peildatum = type(model), history.peildatum
    return {
        "model": kind.name,
        "wat": WHAT[kind.name],
        "definitie": asdict(UitvalDefinition())
        if kind.name == "uitvalrisico"
        else {"meldvertraging_dagen": MELDVERTRAGING_DAGEN},
        "gegevens": {
            "voorbeelden": history.frame.height,
            "jongeren": history.frame["jongere_id"].n_unique(),
            "eerste_peildatum": str(peildatum.min()),
            "laatste_peildatum": str(peildatum.max()),
            "bekend_tot": str(observed_until),
            "toets_vanaf": None if test_start is None else str(test_start),
        },
        "kenmerken": [
            asdict(feature) for feature in kind.features if feature.name in model.stack.columns
        ],
        "verdachte_kenmerken": {
            "uitleg": SUSPECT,
            "auc": dict(suspect),
        }
        if suspect
        else None,
        "te_weinig_gegevens": model.te_weinig_gegevens,
        "n_positief": model.n_positief,
        "methode": {"soort": RULE}
        if model.te_weinig_gegevens
        else {"soort": _kind(model, config), "seed": seed, **_plain(config)} | _levels(model),
        "toets": {name: value if isfinite(value) else None for name, value in metrics.items()},
        "bedoeld_voor": list(INTENDED[kind.name]),
        "niet_voor": list(FORBIDDEN),
        "grenzen": list(LIMITS[kind.name]),
    }


def _levels(model: RegisteredModel) -> dict[str, Any]:
    """Return how far the log-odds of each kind of row are moved, where kinds have a level."""
    stack = model.stack
    return {"niveaus": stack.levels.described()} if isinstance(stack, Stack) and model.kinds else {}


def _kind(model: RegisteredModel, config: StackConfig) -> str:
    """Return in Dutch what the model is made of."""
    own = ", met een eigen niveau per onderwijssoort," if model.kinds else ","
    members = "LightGBM" + (" en logistische regressie" if config.linear is not None else "")
    return (
        f"{members} met monotone kenmerken{own} gewogen en waar dat helpt gekalibreerd op latere "
        "gegevens"
    )


def _plain(config: StackConfig) -> dict[str, Any]:
    """Return the settings with lists for tuples, as JSON would."""
    return asdict(config) | {"trees": [asdict(one) for one in config.trees]}
