"""The rules and features of one pair in plain Python: slow, readable, beside the compiled ones."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from features.blokkade import Blokkade
from features.travel import DEFAULT_VERVOER, EARTH_RADIUS_KM, MODES, WITHIN_POSTCODE_KM
from features.vocabulary import Omstandigheid, SoortLeerwerkplek, Vervoer

Fact = Mapping[str, Any]
Point = tuple[float | None, float | None]


def great_circle_km(here: Point, there: Point) -> float | None:
    """Return the haversine distance."""
    if None in (*here, *there):
        return None
    lat1, lon1, lat2, lon2 = (math.radians(degrees or 0.0) for degrees in (*here, *there))
    north, east = math.sin((lat2 - lat1) / 2) ** 2, math.sin((lon2 - lon1) / 2) ** 2
    return (
        2 * EARTH_RADIUS_KM * math.asin(math.sqrt(north + math.cos(lat1) * math.cos(lat2) * east))
    )


def journey_minutes(here: Point, there: Point, vervoer: Sequence[str] | None) -> float | None:
    """Return the minutes of the fastest way that somebody has."""
    km = great_circle_km(here, there)
    if km is None:
        return None
    ways = [MODES[Vervoer(word)] for word in vervoer or DEFAULT_VERVOER]
    length = max(km, WITHIN_POSTCODE_KM)
    return min(60 * length * way.detour / way.km_per_hour + way.fixed_minutes for way in ways)


def words(mask: int | None, order: Sequence[str]) -> set[str] | None:
    """Return the words of a bit set."""
    if mask is None:
        return None
    return {word for place, word in enumerate(order) if mask >> place & 1}


def rules(jongere: Fact, plek: Fact, minutes: float | None) -> set[Blokkade]:
    """Return what blocks; both facts hold words, None where unknown."""
    present = plek["omstandigheden"] or set()
    support = jongere["steun"] or set()
    own = jongere["eigen_plek"] == plek["leerwerkplek_id"]
    blocks = {
        Blokkade.ERKENNING: plek["erkend"] is False,
        Blokkade.EIGEN_OPLEIDING: _not_recognised(jongere, plek),
        Blokkade.UREN: _more(plek["uren_min"], jongere["uren_max"]),
        Blokkade.REISTIJD: _more(minutes, jongere["reistijd_max"]),
        Blokkade.RIJBEWIJS: Omstandigheid.RIJBEWIJS in present and jongere["rijbewijs"] is False,
        Blokkade.OMSTANDIGHEID: bool(
            present & (jongere["vermijdt"] or set()) - {Omstandigheid.RIJBEWIJS}
        ),
        Blokkade.ONDERSTEUNING: plek["begeleiding"] is not None
        and bool(support - plek["begeleiding"]),
        Blokkade.PERIODE: not plek["open"],
        Blokkade.VOL: plek["vrij"] is not None and plek["vrij"] + own <= 0,
        Blokkade.LEEFTIJD: _too_young(jongere, plek),
        Blokkade.HARDE_EIS: any(eis["hard"] and short(jongere, eis) for eis in plek["eisen"]),
    }
    return {rule for rule, blocked in blocks.items() if blocked}


def _more(left: float | None, right: float | None) -> bool:
    return left is not None and right is not None and left > right


def _not_recognised(jongere: Fact, plek: Fact) -> bool:
    counts = plek["soort"] in (SoortLeerwerkplek.STAGE, SoortLeerwerkplek.LEERBAAN)
    known = plek["erkenningen"] is not None and jongere["opleidingcode"] is not None
    return (
        bool(jongere["mbo"])
        and counts
        and known
        and jongere["opleidingcode"] not in plek["erkenningen"]
    )


def _too_young(jongere: Fact, plek: Fact) -> bool:
    if jongere["geboortedatum"] is None or plek["begindatum"] is None:
        return False
    born, start = jongere["geboortedatum"], max(plek["begindatum"], plek["peildatum"])
    months = (start.year - born.year) * 12 + start.month - born.month
    work = plek["soort"] in (
        SoortLeerwerkplek.LEERBAAN,
        SoortLeerwerkplek.ONTWIKKELBAAN,
        SoortLeerwerkplek.BESCHUT,
    )
    early = Omstandigheid.VROEGE_START in (plek["omstandigheden"] or set())
    return bool(months < 12 * (16 if work or early else 14))


def short(jongere: Fact, eis: Fact) -> int | None:
    """Return how many niveaus lack for a demand; None when never judged."""
    have = jongere["niveaus"].get(eis["competentie_id"])
    return None if have is None else max(eis["niveau"] - have, 0)


def features(jongere: Fact, plek: Fact, minutes: float | None) -> dict[str, float | None]:
    """Return the features that need both sides."""
    return {
        **_hours(jongere, plek),
        **_journey(jongere, minutes),
        **_conditions(jongere, plek),
        **_demands(jongere, plek),
        **_wish(jongere, plek),
    }


def _ratio(value: float | None, limit: float | None) -> float | None:
    if value is None or limit is None or (value == 0 and limit == 0):
        return None
    return 5.0 if limit == 0 else min(value / limit, 5.0)


def _minus(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right


def _hours(jongere: Fact, plek: Fact) -> dict[str, float | None]:
    least, most, can = plek["uren_min"], plek["uren_max"], jongere["uren_max"]
    overlap = None
    if None not in (least, most, can):
        low, high = max(least, jongere["uren_min"] or 0.0), min(most, can)
        overlap = max(high - low, 0) / (most - least) if most > least else float(high >= low)
    return {
        "uren_verhouding": _ratio(least, can),
        "uren_boven": _minus(least, can),
        "uren_overlap": overlap,
    }


def _journey(jongere: Fact, minutes: float | None) -> dict[str, float | None]:
    limit = jongere["reistijd_max"]
    return {
        "reistijd_verhouding": _ratio(minutes, limit),
        "reistijd_boven": _minus(minutes, jongere["reistijd_gewoon"] if limit is None else limit),
    }


def _conditions(jongere: Fact, plek: Fact) -> dict[str, float | None]:
    present, avoided, offered = plek["omstandigheden"], jongere["vermijdt"], plek["begeleiding"]
    licence: float | None = None
    if present is not None:
        needed = Omstandigheid.RIJBEWIJS in present
        has = jongere["rijbewijs"]
        licence = (None if has is None else float(not has)) if needed else 0.0
    both = None if present is None or avoided is None else present & avoided
    lacks = None if offered is None else (jongere["steun"] or set()) - offered
    return {
        "rijbewijs_ontbreekt": licence,
        "omstandigheden_vermeden": (
            None if both is None else len(both - {Omstandigheid.RIJBEWIJS})
        ),
        "begeleiding_ontbreekt": None if lacks is None else len(lacks),
    }


def _demands(jongere: Fact, plek: Fact) -> dict[str, float | None]:
    gaps = [(eis, short(jongere, eis)) for eis in plek["eisen"]]
    judged = [(eis, gap) for eis, gap in gaps if gap is not None]
    mean = jongere["gemiddeld"]
    unsure = [eis["niveau"] for eis, gap in gaps if gap is None]
    likely: float | None = sum(gap for _, gap in judged)
    if unsure:
        guessed = [max(asked - (mean or 0.0), 0.0) for asked in unsure]
        likely = None if mean is None else (likely or 0.0) + sum(guessed)
    return {
        "eisen_gehaald": sum(gap == 0 for _, gap in judged) / len(judged) if judged else None,
        "eisen_tekort": sum(gap for _, gap in judged) if judged else None,
        "harde_eisen_tekort": sum(gap for eis, gap in judged if eis["hard"]) if judged else None,
        "eisen_tekort_verwacht": likely if plek["capaciteit"] is not None else None,
        "eisen_onbekend": len(unsure) / len(gaps) if gaps else None,
    }


def _wish(jongere: Fact, plek: Fact) -> dict[str, float | None]:
    wished, sector = jongere["sectoren"], plek["sector"]
    wish = None
    if wished and sector is not None:
        wish = 1 / (wished.index(sector) + 1) if sector in wished else 0.0
    return {
        "sector_wens": wish,
        "opleiding_gelijk": _same(jongere["opleidingcode"], plek["opleidingcode"]),
        "opleiding_sector_gelijk": _same(jongere["opleiding_sector"], sector),
        "niveau_verschil": _minus(plek["opleiding_niveau"], jongere["opleiding_niveau"]),
    }


def _same(left: object, right: object) -> float | None:
    return None if left is None or right is None else float(left == right)
