"""What a matchtafel shows, as the lists that are kept of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from models.allocation import Allocation
from models.allocation_answers import Verschil, reserves
from models.leerwerkplek import PlaatsingModel
from models.uitvalrisico import UitvalrisicoModel
from service.matchtafel.begrippen import Agendapunt, Matchtafel, Voorstel, Voorstelregel
from service.matchtafel.zicht import TafelZicht
from service.suggestielog.herkomst import Herkomst, canonical_json, schema
from service.suggestielog.lijst import Lijst, Regel, Soort
from service.suggestielog.maken import regel_of_paar

Score = tuple[str, str, float]
"""A jongere_id, a leerwerkplek_id and the kans of the pair."""
UNKNOWN = "onbekend"
ROUNDED = 1e-6
"""By how much the kans of an allocation may differ from that of the model."""


def of_agenda(table: Matchtafel, lines: Sequence[Agendapunt]) -> Lijst | None:
    """Return an agenda: chance, and urgency of which the risk is a part, made its order.

    None when it is empty, or when no model had a part in it.
    """
    made = _from_momentopname(table.momentopname, UitvalrisicoModel.name)
    if not lines or made is None:
        return None
    return Lijst(
        Soort.AGENDA,
        _peildatum(table.momentopname, table.datum),
        made,
        tuple(
            Regel(
                one.jongere_id,
                None,
                rang,
                None,
                canonical_json(
                    {
                        "jongere": one.jongere_id,
                        "agendapunt": one.id,
                        "aselect": one.aselect,
                        "trekkans": one.trekkans,
                    }
                ),
                canonical_json({"jongere": one.jongere_id, "urgentie": list(one.urgentie)}),
            )
            for rang, one in enumerate(lines, start=1)
        ),
        volgorde="urgentie",
        onderwerp=f"matchtafel:{table.id}",
    )


def of_voorstel(
    voorstel: Voorstel, regels: Iterable[Voorstelregel], jongeren: Mapping[int, str], day: date
) -> Lijst | None:
    """Return the lines of a kept proposal that have a place, as it was made.

    Parameters
    ----------
    voorstel, regels
        The proposal.
    jongeren : mapping of int to str
        The jongere_id of each agendapunt.
    day : date
        Of the table; for a proposal that does not say from which day it looked.
    """
    found = [
        (rang, one, jongeren[one.agendapunt_id])
        for rang, one in enumerate(regels, start=1)
        if one.agendapunt_id in jongeren
    ]
    lines = tuple(
        regel_of_paar(
            who, one.leerwerkplek_id, rang, one.kans, one.uitleg.get("invoer", ()), _told(one)
        )
        for rang, one, who in found
        if one.leerwerkplek_id is not None and one.kans is not None
    )
    made = _from_momentopname(voorstel.uitkomst, PlaatsingModel.name)
    if not lines or made is None:
        return None
    return Lijst(
        Soort.VOORSTEL,
        _peildatum(voorstel.uitkomst, day),
        made,
        lines,
        volgorde="agenda",
        onderwerp=f"matchtafel:{voorstel.matchtafel_id}:voorstel:{voorstel.nummer}",
        ordening=canonical_json({"opties": voorstel.opties, "doelen": voorstel.uitkomst["doelen"]}),
    )


def of_paren(
    zicht: TafelZicht, soort: Soort, pairs: Iterable[Score], *, onderwerp: str
) -> Lijst | None:
    """Return pairs with the kans that a matchtafel shows now, ranked per jongere as given."""
    found = list(dict.fromkeys(pairs))
    if not found or zicht.herkomst is None:
        return None
    given = zicht.invoer([(jongere, plek) for jongere, plek, _ in found])
    exact = _exact(zicht, found)
    ranks: dict[str, int] = {}
    lines = []
    for (jongere, plek, kans), invoer in zip(found, given, strict=True):
        ranks[jongere] = ranks.get(jongere, 0) + 1
        told = {"getoond": kans}
        score = exact.get((jongere, plek), kans)
        score = score if abs(score - kans) <= ROUNDED else kans
        lines.append(regel_of_paar(jongere, plek, ranks[jongere], score, invoer, told))
    return Lijst(
        soort,
        zicht.peildatum,
        zicht.herkomst,
        tuple(lines),
        volgorde="kans",
        onderwerp=onderwerp,
    )


def _exact(zicht: TafelZicht, pairs: Sequence[Score]) -> dict[tuple[str, str], float]:
    """Return the kans of pairs as the model gave it; an allocation counts in millionths."""
    known = zicht.paren(
        sorted({jongere for jongere, _, _ in pairs}), sorted({plek for _, plek, _ in pairs})
    )
    rows = known.select("jongere_id", "leerwerkplek_id", "kans").iter_rows()
    return {(jongere, plek): kans for jongere, plek, kans in rows}


def reserve_scores(allocation: Allocation) -> list[Score]:
    """Return the spare candidates of a proposal."""
    rows = reserves(allocation).select("jongere_id", "leerwerkplek_id", "kans")
    return list(rows.iter_rows())


def moved_scores(changes: Iterable[Verschil]) -> list[Score]:
    """Return the pairs that differ between proposals, before and after."""
    found = []
    for change in changes:
        for one in change.verschuivingen:
            pairs = ((one.van, one.kans_van), (one.naar, one.kans_naar))
            found += [
                (one.jongere_id, plek, kans)
                for plek, kans in pairs
                if plek is not None and kans is not None
            ]
    return found


def _told(regel: Voorstelregel) -> dict[str, Any]:
    return {name: value for name, value in regel.uitleg.items() if name != "invoer"}


def _peildatum(momentopname: Mapping[str, Any], otherwise: date) -> date:
    seen = momentopname.get("peildatum")
    return date.fromisoformat(seen) if seen else otherwise


def _from_momentopname(momentopname: Mapping[str, Any], model: str) -> Herkomst | None:
    """Return where scores came from as a table or a proposal remembers it, if it does."""
    kept = momentopname.get("herkomst", {}).get(model)
    if kept is not None:
        return Herkomst(**kept)
    known = momentopname.get("modellen", {}).get(model)
    if known is None:
        return None
    return Herkomst(model, known["versie"], known["sha256"], UNKNOWN, schema(model), UNKNOWN)
