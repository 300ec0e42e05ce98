"""Dutch sentences on routes towards a praktijkverklaring."""

from collections.abc import Mapping
from types import MappingProxyType

from features.traject import TrajectOordeel
from models.explanation import Reden
from models.praktijkverklaring_context import Basis
from models.praktijkverklaring_route import (
    Dekking,
    Leerdoel,
    PraktijkverklaringRoute,
    SoortStap,
    Stap,
    Vervolg,
)
from service.dutch import counted, datum, getal
from service.observations.werkproces import WERKPROCES
from service.wording import kans_tekst, niveau_tekst

GEEN_MODEL = (
    "Er zijn nog te weinig werkprocessen voor en na een stage beoordeeld. Daarom kunnen we nog "
    "geen routes voorstellen."
)
GEEN_ROUTE = "Er is nu geen passende plek waar werkprocessen van entree of niveau 2 te leren zijn."

BASIS: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.WERKNEMERSVAARDIGHEDEN: (
            "Werken met anderen, op tijd komen en zulke dingen lukken nog niet genoeg."
        ),
        Basis.BELASTBAARHEID: "De jongere kan nu minder dan 12 uur per week aan.",
        Basis.AFGEBROKEN: "In twee jaar zijn twee of meer stages misgegaan.",
        Basis.GEEN_PLEK: GEEN_ROUTE,
    }
)
VERVOLG: Mapping[Vervolg, str] = MappingProxyType(
    {
        Vervolg.ENTREE: "Daarna kan de jongere de entree-opleiding afmaken.",
        Vervolg.BBL: "Daarna kan de jongere verder met een BBL-opleiding: werken en leren.",
        Vervolg.WERK: "Daarna kan de jongere gaan werken, met de praktijkverklaring als bewijs.",
    }
)
ATTRIBUTEN: Mapping[str, str] = MappingProxyType(
    {
        "leeftijd": "de leeftijd",
        "startkwalificatie": "of er een startkwalificatie is",
        "ingeschreven": "of de jongere op een school staat",
        "onderwijssoort": "welk onderwijs de jongere volgt",
        "niveau": "welk mbo-niveau de jongere volgt",
        "gemeente": "de gemeente",
        "belastbaarheid": "hoeveel uren de jongere aankan",
    }
)

werkprocessen = counted("werkproces", "werkprocessen")
weken = counted("week", "weken")


def maanden(aantal_weken: int) -> str:
    """Say a number of weeks in months.

    Examples
    --------
    >>> maanden(26), maanden(3)
    ('ongeveer 6 maanden', 'ongeveer 1 maand')
    """
    return f"ongeveer {counted('maand', 'maanden')(max(1, round(aantal_weken * 12 / 52)))}"


def kans_zin(route: PraktijkverklaringRoute) -> str:
    """Say the chance of a route, with between which numbers it lies."""
    n = sum(len(stap.leerdoelen) for stap in route.stappen)
    what = "dit werkproces" if n == 1 else f"minstens {route.nodig} van de {n} werkprocessen"
    low, high = round(100 * route.laag), round(100 * route.hoog)
    return (
        f"De kans dat de jongere blijft en {what} zelfstandig leert doen, is "
        f"{kans_tekst(route.kans)} (tussen {low} en {high})."
    )


def verwacht_zin(route: PraktijkverklaringRoute) -> str:
    """Say how many werkprocessen are expected to be learned."""
    n = sum(len(stap.leerdoelen) for stap in route.stappen)
    return f"Naar verwachting leert de jongere {getal(route.verwacht)} van de {n} werkprocessen."


def stap_zin(stap: Stap) -> str:
    """Say a step of a timeline."""
    period = f"{datum(stap.begin)} tot {datum(stap.einde)} ({weken(stap.weken)})"
    if stap.soort == SoortStap.TRAJECT:
        return f"Traject {stap.titel}, van {period}."
    hours = f"{getal(stap.uren_per_week or 0)} uur per week"
    n = werkprocessen(len(stap.leerdoelen))
    also = ", ook op een andere plek van dit leerbedrijf" if stap.ook_bij else ""
    return f"{stap.titel}, van {period}, {hours}: {n} leren{also}."


def leerdoel_zin(doel: Leerdoel) -> str:
    """Say what is learned, from where, in how many hours, with what chance."""
    return (
        f"{doel.titel}: nu {niveau_tekst(doel.startniveau)}; {getal(doel.uren, 0)} uur, "
        f"kans {kans_tekst(doel.kans)} voor wie blijft."
    )


def dekking_zin(dekking: Dekking) -> str:
    """Say how far a qualification comes."""
    done = f" {dekking.behaald} kan de jongere al." if dekking.behaald else ""
    whole = (
        f" Lukt alles, dan is kerntaak {' en '.join(dekking.kerntaken)} compleet."
        if dekking.kerntaken
        else ""
    )
    whole += "".join(f" Lukt alles, dan is er recht op: {one}." for one in dekking.certificaten)
    return (
        f"{dekking.titel} (niveau {dekking.niveau}): {dekking.gepland} van de "
        f"{werkprocessen(dekking.totaal)} op deze route.{done}{whole}"
    )


def vervolg_zin(vervolg: Vervolg) -> str:
    """Say what comes after a route."""
    return VERVOLG[vervolg]


def vraag_zin(vraag: int) -> str:
    """Say how much the region asks what is learned."""
    return f"In de regio vragen of leren {counted('open plek', 'open plekken')(vraag)} dit werk."


def basis_zin(basis: Basis) -> str:
    """Say which hard basis is missing."""
    return BASIS[basis]


def traject_zin(oordeel: TrajectOordeel) -> str:
    """Say whether a traject admits the jongere, and if not, by which rules."""
    if oordeel.toegelaten:
        return f"{oordeel.titel}: dit kan."
    why = " ".join(oordeel.redenen)
    if oordeel.onbekend:
        asked = " en ".join(ATTRIBUTEN.get(one, one) for one in oordeel.onbekend)
        why = f"{why} We weten nog niet {asked}.".strip()
    return f"{oordeel.titel}: dit kan nu niet. {why}"


def leren_zin(reden: Reden) -> str:
    """Say what was observed behind a reason of a route."""
    return WERKPROCES[reden.feature].sentence(reden.waarde)
