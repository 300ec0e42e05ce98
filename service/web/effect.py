"""The analyst's screen on help: what it seems to bring, on average, or why nobody can tell."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from features.risicoprofiel import FEATURES
from models.effect_checks import UNKNOWN
from models.effect_vraag import Uitkomst
from service.dependencies import ActorDep, InstallationDep, require, require_own_site
from service.dutch import datum, getal
from service.effecten import Antwoord, read_kept
from service.rechten.begrippen import Handeling
from service.web.grafiek import Grafiek, Interval, intervallen
from service.web.rendering import page

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)

TITELS = {
    Uitkomst.UITVAL: "Uitval met hulp, vergeleken met zonder",
    Uitkomst.PLAATSING: "Plaatsing die standhoudt, met hulp vergeleken met zonder",
}
UITLEG = {
    Uitkomst.UITVAL: (
        "Verschil per 100 jongeren die de hulp kregen. Links van de streep: minder uitval. De lijn "
        "laat zien waar het verschil waarschijnlijk ligt. Raakt de lijn de streep, dan kan het "
        "toeval zijn."
    ),
    Uitkomst.PLAATSING: (
        "Verschil per 100 jongeren die de hulp kregen. Rechts van de streep: meer plaatsingen die "
        "standhouden. De lijn laat zien waar het verschil waarschijnlijk ligt. Raakt de lijn de "
        "streep, dan kan het toeval zijn."
    ),
}
LABELS = {feature.name: feature.label for feature in FEATURES}
ENDS = ("value", "low", "high")
BALANS = (
    "Hoeveel de groepen verschilden (in standaardafwijkingen), en wat daarvan over is nadat we ze "
    "gelijk maakten. Dicht bij nul is goed."
)


@router.get("/effect", dependencies=[require(Handeling.EFFECTEN_LEZEN)])
def show_effect(actor: ActorDep, installation: InstallationDep) -> HTMLResponse:
    """Show every answer that was kept, the ones with a figure first."""
    found = read_kept(installation.modellen.folder)
    told: dict[str, Any] = {
        "grafieken": _charts(found),
        "antwoorden": [_shown(one) for one in sorted(found, key=_refused)],
        "uitleg_balans": BALANS,
    }
    return page("effect.html", told, actor=actor.naam)


def _refused(answer: Antwoord) -> bool:
    return answer["weigering"] is not None


def _charts(found: tuple[Antwoord, ...]) -> list[Grafiek]:
    """Return one chart per outcome of which something could be told."""
    charts = []
    for uitkomst in Uitkomst:
        rows = [
            Interval(one["kop"], *(100 * one["effect"]["groep_met_hulp"][at] for at in ENDS))
            for one in found
            if one["uitkomst"] == uitkomst and not _refused(one)
        ]
        if rows:
            charts.append(intervallen(TITELS[uitkomst], UITLEG[uitkomst], rows, kop="Hulp"))
    return charts


def _shown(answer: Antwoord) -> dict[str, Any]:
    """Return what the template writes about one answer."""
    overlap = answer["overlap"]
    rows = [
        (_label(one["naam"]), getal(one["voor"], 2), getal(one["na"], 2))
        for one in (overlap["balans"] if overlap else ())
    ]
    return answer | {
        "tot": datum(date.fromisoformat(answer["peildatum"])),
        "balans": rows,
        "feiten": _facts(answer),
    }


def _label(naam: str) -> str:
    """Return the readable name of a feature, or of not knowing it; that of a school stays.

    Examples
    --------
    >>> _label("inschrijving_niveau (niet bekend)")
    'niveau van de mbo-opleiding (niet bekend)'
    """
    bare = naam.removesuffix(UNKNOWN)
    return LABELS.get(bare, bare) + naam[len(bare) :]


def _facts(answer: Antwoord) -> list[tuple[str, str]]:
    facts = [
        ("Jongeren met de hulp", answer["jongeren"]["wel"]),
        ("Jongeren om mee te vergelijken", answer["jongeren"]["niet"]),
    ]
    if answer["overlap"]:
        facts.append(("Telt als zoveel vergelijkingen", getal(answer["overlap"]["ess"], 0)))
    if answer["effect"] and answer["effect"]["iedereen"]:
        every = [getal(100 * answer["effect"]["iedereen"][at], 0) for at in ENDS]
        facts.append(
            ("Verschil per 100 als iedereen hulp krijgt", f"{every[0]} ({every[1]} tot {every[2]})")
        )
    return facts
