"""What the pages of models say: statuses, verdicts and findings in words, and their charts."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from models.gate import CALIBRATION, NEEDS, RECALL_GAP, SELECTION, Bevinding, Kleur, Regel
from models.store import KINDS
from service.dutch import getal, percent
from service.modelbeheer.overzicht import ModelStatus, Versie
from service.publicatie.feiten import publishable
from service.web.grafiek import Grafiek, Interval, Reeks, intervallen, lijnen

STATUSSEN: Mapping[ModelStatus, str] = MappingProxyType(
    {
        ModelStatus.IN_GEBRUIK: "in gebruik",
        ModelStatus.WACHT: "wacht op een tweede analist",
        ModelStatus.EERDER: "eerder in gebruik",
        ModelStatus.AFGEWEZEN: "afgewezen",
        ModelStatus.NIET_AANGEBODEN: "niet aangeboden",
    }
)
OORDELEN: Mapping[Kleur, str] = MappingProxyType(
    {
        Kleur.ROOD: "Rood: niemand mag deze versie in gebruik nemen.",
        Kleur.ORANJE: "Oranje: een tweede analist mag haar in gebruik nemen, met een reden.",
        Kleur.TE_WEINIG: "Te weinig gegevens: een tweede analist mag haar in gebruik nemen, met "
        "een reden.",
        Kleur.GROEN: "Groen: geen verschil gevonden dat te groot is.",
    }
)
BESLUITEN: Mapping[str, str] = MappingProxyType(
    {
        "aangeboden": "Aangeboden na de training",
        "goedgekeurd": "Goedgekeurd en in gebruik genomen",
        "afgewezen": "Afgewezen",
        "teruggezet": "Teruggezet: deze versie kwam weer in gebruik",
    }
)
MATEN: Mapping[str, str] = MappingProxyType(
    {
        "auc": "Onderscheid (AUC; 0,5 is gokken, 1 is foutloos)",
        "brier": "Fout van de kansen (Brier; lager is beter)",
        "ece": "Afwijking van de kansen (lager is beter)",
        "calibration_in_the_large": "Gemiddeld te hoog of te laag (0 is goed)",
        "recall_at_10": "Gevonden met de hoogste tien procent",
        "precision_at_10": "Raak in de hoogste tien procent",
    }
)
CAPACITEIT: Mapping[str, str] = MappingProxyType(
    {"05": "5 van de 100", "10": "10 van de 100", "20": "20 van de 100"}
)
PLEKKEN: Mapping[str, str] = MappingProxyType(
    {
        "betaald": "Betaalde plekken",
        "bbl": "Plekken voor BBL",
        "niveau": "Plekken op het eigen niveau",
    }
)
PLEKKEN_ZIN: Mapping[str, str] = MappingProxyType(
    {maat: words[:1].lower() + words[1:] for maat, words in PLEKKEN.items()}
)


def bevinding_zin(one: Bevinding) -> str:
    """Return in one sentence what a rule of the gate found of a group."""
    wie = f"{one.kenmerk.capitalize()} {one.waarde}"
    punten = getal(abs(100 * one.gevonden))
    tussen = f"(tussen {getal(100 * one.laag)} en {getal(100 * one.hoog)})"
    if one.regel is Regel.TE_WEINIG:
        return f"{wie}: te weinig uitkomsten om iets te zeggen."
    if one.regel is Regel.KALIBRATIE:
        kant = "meer" if one.gevonden > 0 else "minder"
        return f"{wie}: het model zegt {punten} van de 100 {kant} dan er uitkwam {tussen}."
    if one.regel is Regel.ACHTERUIT:
        return f"{wie}: wordt {punten} van de 100 minder gevonden dan nu {tussen}."
    if one.regel is Regel.SELECTIE:
        maal = f"(tussen {getal(one.laag)} en {getal(one.hoog)})"
        return f"{wie}: staat {getal(one.gevonden)} keer zo vaak op de lijst als de rest {maal}."
    if one.regel is Regel.PLEKKEN:
        maal = f"(tussen {getal(one.laag, 2)} en {getal(one.hoog, 2)})"
        welke = PLEKKEN_ZIN.get(one.maat, "goede plekken")
        return (
            f"{wie}: {welke} staan {getal(one.gevonden, 2)} keer zo vaak bij de eerste vijf als "
            f"bij de rest {maal}, geteld naar wat open stond."
        )
    kant = "meer" if one.gevonden > 0 else "minder"
    waarom = " Een deel komt doordat er in deze groep " if one.kenmerk in NEEDS else ""
    waarom += "meer of minder jongeren uitvallen." if waarom else ""
    return (
        f"{wie}: van wie uitvalt, wordt {punten} van de 100 {kant} gevonden dan bij de rest "
        f"{tussen}.{waarom}"
    )


def vergelijking(mine: Versie, other: Versie | None) -> list[list[str]]:
    """Return figures of a version, and of the champion beside it where there is one."""
    rows = []
    for name, words in MATEN.items():
        shown = [_met_marge(one.card.metrics, name) for one in (mine, other) if one is not None]
        if any(shown):
            rows.append([words, *(value or "niet gemeten" for value in shown)])
    return rows


def _met_marge(found: Mapping[str, float], name: str) -> str:
    if name not in found:
        return ""
    bounds = [found.get(f"{name}{end}") for end in ("_low", "_high")]
    told = getal(found[name], 3)
    if None in bounds:
        return told
    low, high = (getal(float(one or 0), 3) for one in bounds)
    return f"{told} ({low} tot {high})"


def capaciteit(versie: Versie) -> list[list[str]]:
    """Return how much is found where coaches have room for a share of the jongeren."""
    found = versie.card.metrics
    return [
        [words, percent(found[f"recall_at_{key}"]), percent(found[f"precision_at_{key}"])]
        for key, words in CAPACITEIT.items()
        if f"recall_at_{key}" in found and f"precision_at_{key}" in found
    ]


def kalibratie_grafiek(kaart: Mapping[str, Any]) -> Grafiek | None:
    """Return the calibration plot of a card; None for a card without it."""
    bins = kaart.get("kalibratie")
    if not bins:
        return None
    points = tuple((one["gezegd"], one["uitgekomen"]) for one in bins)
    return lijnen(
        "Komen de kansen uit?",
        "Elke stip is een even groot deel van de toets. Op de stippellijn zegt het model "
        "precies wat er gebeurde. Onder de lijn zegt het te veel, erboven te weinig.",
        [Reeks("deze versie", points)],
        assen=("wat het model zei", "wat er gebeurde"),
        diagonaal=True,
    )


def groep_grafieken(kaart: Mapping[str, Any]) -> list[Grafiek]:
    """Return for each attribute how much more or less of a group is found than of the rest."""
    shown = publishable(kaart.get("groepen", ()), kaart.get("groepen_te_klein", 0))
    found = []
    for kenmerk in dict.fromkeys(one["kenmerk"] for one in shown):
        rows = [_interval(one) for one in shown if one["kenmerk"] == kenmerk]
        found.append(
            intervallen(
                f"Wie wordt gevonden, per {kenmerk}",
                "Van wie uitvalt: hoeveel van de 100 er meer (rechts) of minder (links) op de "
                f"lijst staan dan bij de rest. De streepjeslijnen staan op {percent(RECALL_GAP)}.",
                rows,
                grenzen=(-RECALL_GAP, RECALL_GAP),
                schrijf=percent,
            )
        )
    return found


def _interval(row: Mapping[str, Any]) -> Interval:
    values = (row.get(f"recall_gap{end}") for end in ("", "_low", "_high"))
    value, low, high = (float("nan") if one is None else float(one) for one in values)
    return Interval(str(row["waarde"]), value, low, high)


def groep_rijen(kaart: Mapping[str, Any]) -> list[list[str]]:
    """Return the figures of each group, safe to show (TRUST P8)."""
    shown = publishable(kaart.get("groepen", ()), kaart.get("groepen_te_klein", 0))
    return [
        [
            f"{one['kenmerk'].capitalize()} {one['waarde']}",
            _rij(one, "recall"),
            _rij(one, "calibration_in_the_large"),
            _rij(one, "calibration_slope"),
        ]
        for one in shown
    ]


def _rij(row: Mapping[str, Any], name: str) -> str:
    values = [row.get(f"{name}{end}") for end in ("", "_low", "_high")]
    if any(one is None for one in values):
        return "niet bekend"
    value, low, high = (getal(float(one or 0), 3) for one in values)
    return f"{value} ({low} tot {high})"


def plekken_grafieken(kaart: Mapping[str, Any]) -> list[Grafiek]:
    """Return for each kind of good places how high each group sees them (TRUST F6)."""
    laag, hoog = SELECTION
    found = []
    for maat, words in PLEKKEN.items():
        rows = [
            Interval(
                f"{one['kenmerk'].capitalize()} {one['waarde']}",
                _number(one["verhouding"]),
                _number(one["verhouding_low"]),
                _number(one["verhouding_high"]),
            )
            for one in kaart.get("goede_plekken", ())
            if one["maat"] == maat
        ]
        if rows:
            found.append(
                intervallen(
                    f"{words} bij de eerste vijf",
                    "Hoe vaak deze plekken bij de eerste vijf staan, naast de rest en geteld naar "
                    "wat open stond. Op 1 is het gelijk. De streepjeslijnen staan op "
                    f"{getal(laag, 2)} en {getal(hoog, 2)}: daarbuiten moet iemand tekenen.",
                    rows,
                    grenzen=(laag, hoog),
                    midden=1.0,
                    schrijf=partial(getal, decimals=2),
                )
            )
    return found


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def regels() -> list[str]:
    """Return the rules of the gate in words."""
    laag, hoog = (getal(one, 2) for one in SELECTION)
    return [
        f"Rood: van een groep wordt zeker meer dan {percent(RECALL_GAP)} minder of meer gevonden.",
        f"Rood: de kansen van een groep kloppen zeker meer dan {percent(CALIBRATION)} niet.",
        "Rood: een groep wordt zeker minder gevonden dan met het model dat nu in gebruik is.",
        f"Oranje: een verschil dat zo groot is, maar minder zeker, of een groep die minder dan "
        f"{laag} of meer dan {hoog} keer zo vaak op de lijst staat.",
        f"Oranje: goede plekken (betaald, BBL, op het eigen niveau) die bij een groep minder dan "
        f"{laag} of meer dan {hoog} keer zo vaak bij de eerste vijf staan.",
        "Te weinig gegevens: bij minder dan honderd jongeren van een groep kwam het uit.",
    ]


def namen(versies: Sequence[Versie]) -> list[tuple[str, list[Versie]]]:
    """Return the versions of each model, in the order of the models."""
    return [(name, [one for one in versies if one.card.name == name]) for name in KINDS]
