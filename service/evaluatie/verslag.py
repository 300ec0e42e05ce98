"""The report of an evaluation as one page that stands alone: tables, charts, and what they say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.evaluate_contest import BOS, KAMPIOEN, UITDAGER
from models.evaluate_sanity import CHANCE
from service import dutch
from service.dutch import getal
from service.evaluatie import zinnen
from service.modelbeheer.na_besluit import NaBesluit
from service.web.grafiek import Grafiek, Interval, Reeks, intervallen, lijnen
from service.web.na_besluit import weergave

FOLDER = Path(__file__).parent / "templates"
WEB = Path(__file__).parents[1] / "web"

Found = Mapping[str, Any]


@dataclass(frozen=True)
class Tabel:
    """A table: what it is of, the heads, and rows of which the first cell names the row."""

    onderschrift: str
    koppen: Sequence[str]
    rijen: Sequence[Sequence[str]]


_pages = Environment(
    loader=FileSystemLoader([FOLDER, WEB / "templates", WEB / "static"]),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= {"datum": lambda day: dutch.datum(date.fromisoformat(day))}


def verslag(found: Found) -> str:
    """Return the report: no script, no font, no image and no style from elsewhere.

    Parameters
    ----------
    found : mapping
        What was found, as in `evaluatie.json`; the page tells nothing else.
    """
    found = _in_order(found)
    names = list(found["kandidaten"])
    told = {
        "over": found["over"],
        "toets": found["toets"],
        "proef": found["proef"],
        "toeval": CHANCE * found["proef"]["standaardfout"],
        "gemeten": found["proxies"]["gemeten"],
        "ruimte": None if found["ruimte"] is None else zinnen.ruimte(found["ruimte"]),
        "kop": [one for one in zinnen.conclusie(found) if one != zinnen.VERZONNEN],
        "verzonnen": zinnen.VERZONNEN if found["over"]["verzonnen"] else "",
        "reeksen": [zinnen.KANDIDATEN[name] for name in _two(names)],
        "cijfers": _cijfers(found),
        "verschillen": _verschillen(found),
        "onderscheid": _onderscheid(found),
        "kalibratie": _kalibratie(found),
        "capaciteit": _capaciteit(found),
        "gevonden": _gevonden(found),
        "lijsten": _lijsten(found),
        "groepen": _groepen(found),
        "groepverschillen": list(_groepverschillen(found)),
        "te_klein": found["groepen"]["te_klein"],
        "besloten": _besloten(found.get("na_besluit")),
        "proxies": _proxies(found),
        "ablatie": _ablatie(found),
        "ablatiegrafiek": _ablatiegrafiek(found),
        "bestanden": found.get("bestanden"),
        "met_marge": zinnen.met_marge,
        "getal": getal,
    }
    return _pages.get_template("evaluatie.html").render(told)


def _besloten(told: Found | None) -> dict[str, Any] | None:
    """Return the version in use beside what people decided; None where that was not counted."""
    return None if told is None else {**told, **weergave(NaBesluit.from_described(told))}


def _in_order(found: Found) -> dict[str, Any]:
    """Return the figures with the contenders in the order of the page, however they were kept."""
    return dict(found) | {
        key: {name: found[key][name] for name in zinnen.KANDIDATEN if name in found[key]}
        for key in ("kandidaten", "verschillen", "kalibratie", "lijsten")
    }


def _two(names: Sequence[str]) -> list[str]:
    """Return the two contenders that a chart shows: the version, and what stands beside it."""
    return [UITDAGER, KAMPIOEN if KAMPIOEN in names else BOS]


def _cijfers(found: Found) -> Tabel:
    names = list(found["kandidaten"])
    rows = [
        [words, *(zinnen.met_marge(found["kandidaten"][name][key]) for name in names)]
        for key, words in zinnen.MATEN.items()
    ]
    floor = [getal(found["kandidaten"][name]["ece_ruis"], 3) for name in names]
    rows.append(["Afwijking die ook een perfect model door toeval heeft", *floor])
    heads = ["Maat", *(zinnen.KANDIDATEN[name].capitalize() for name in names)]
    return Tabel("Cijfers op dezelfde latere periode, met marge van 95%", heads, rows)


def _verschillen(found: Found) -> Tabel:
    rows = [
        [
            f"{zinnen.KANDIDATEN[name].capitalize()}: {zinnen.KORT[key]}",
            zinnen.met_marge(one, 4),
            zinnen.oordeel(one),
        ]
        for name, differences in found["verschillen"].items()
        for key in ("auc", "average_precision", "brier", "log_loss")
        for one in [differences[key]]
    ]
    return Tabel(
        "Wat deze versie beter doet dan elk ander; boven 0 is beter",
        ["Naast", "Verschil", "Deze versie is"],
        rows,
    )


def _onderscheid(found: Found) -> Grafiek:
    return intervallen(
        "Hoe goed houdt elke kandidaat jongeren uit elkaar?",
        "Elke stip is de AUC met haar marge. Op de lijn bij 0,5 is het gokken.",
        [
            _interval(zinnen.KANDIDATEN[name].capitalize(), one["auc"])
            for name, one in found["kandidaten"].items()
        ],
        midden=0.5,
        kop="Kandidaat",
        schrijf=_in_twee,
    )


def _kalibratie(found: Found) -> Grafiek | None:
    names = [name for name in _two(list(found["kandidaten"])) if found["kalibratie"][name]]
    if not names:
        return None
    return lijnen(
        "Komen de kansen uit?",
        "Elke stip is een deel van de rijen in de toets. Op de stippellijn zegt het model precies "
        "wat er gebeurde. Onder de lijn zegt het te veel, erboven te weinig.",
        [
            Reeks(
                zinnen.KANDIDATEN[name],
                tuple((one["gezegd"], one["uitgekomen"]) for one in found["kalibratie"][name]),
            )
            for name in names
        ],
        assen=("gezegd", "uitgekomen"),
        diagonaal=True,
    )


def _capaciteit(found: Found) -> list[Tabel]:
    """Return the table of the invitation rule, of what is found and of what is right."""
    if not found["capaciteit"]:
        return []
    names = list(found["kandidaten"])
    rooms = list(dict.fromkeys(one["ruimte"] for one in found["capaciteit"]))
    cells = {(one["ruimte"], one["kandidaat"]): one for one in found["capaciteit"]}
    heads = ["Ruimte van de coaches", *(zinnen.KANDIDATEN[name].capitalize() for name in names)]
    seen = [
        [zinnen.ruimte(room), *(zinnen.in_procenten(cells[room, name]["recall"]) for name in names)]
        for room in rooms
    ]
    right = [[zinnen.ruimte(room), *(_raak(cells[room, name]) for name in names)] for room in rooms]
    return [
        Tabel("Welk deel van wie uitvalt, staat op de lijst", heads, seen),
        Tabel("Hoeveel op de lijst valt echt uit", heads, right),
    ]


def _raak(one: Found) -> str:
    if one["raak"] is None:
        return zinnen.TE_WEINIG
    return f"{one['raak']} van {one['uitgenodigd']}: {zinnen.in_procenten(one['precision'])}"


def _gevonden(found: Found) -> Grafiek | None:
    names = _two(list(found["kandidaten"]))
    if not found["capaciteit"]:
        return None
    series = []
    for name in names:
        points = {
            one["ruimte"]: one["recall"]["waarde"]
            for one in found["capaciteit"]
            if one["kandidaat"] == name and isinstance(one["ruimte"], float)
        }
        known = sorted((room, value) for room, value in points.items() if value is not None)
        series.append(Reeks(zinnen.KANDIDATEN[name], tuple(known)))
    return lijnen(
        "Hoeveel vindt een langere lijst?",
        "Naar rechts: welk deel van de jongeren de coaches zien. Omhoog: welk deel van wie uitvalt "
        "daarbij is.",
        series,
        assen=("deel op de lijst", "gevonden"),
    )


def _lijsten(found: Found) -> Tabel | None:
    if not found["lijsten"]:
        return None
    rows = []
    for name, one in found["lijsten"].items():
        lead, held = one["voorsprong"], one["lijst"]
        rows.append(
            [
                zinnen.KANDIDATEN[name].capitalize(),
                zinnen.TE_WEINIG if lead["vertrekkers"] is None else f"{lead['vertrekkers']}",
                zinnen.in_procenten(lead["genoemd"]),
                zinnen.in_procenten(lead["op_tijd"]),
                zinnen.met_marge(lead["maanden"], 1),
                f"{zinnen.in_procenten(held['blijft'])}, over {held['vergeleken']}",
            ]
        )
    heads = [
        *("Kandidaat", "Jongeren die uitvielen", "Vooraf genoemd"),
        *("Minstens 3 maanden vooraf genoemd", "Maanden vooraf (middelste)"),
        "Blijft op de volgende lijst",
    ]
    return Tabel("Hoe vroeg en hoe rustig de lijst is", heads, rows)


def _groepen(found: Found) -> Tabel | None:
    rows = [
        [
            f"{one['kenmerk']}: {one['waarde']}",
            str(one.get("n", "niet getoond")),
            *(
                zinnen.met_marge(_named(one, key))
                for key in ("recall", "calibration_in_the_large", "calibration_slope")
            ),
            *_verschil(one),
        ]
        for one in found["groepen"]["regels"]
    ]
    if not rows:
        return None
    heads = [
        *("Groep", "Rijen", "Gevonden (deel)", "Gemiddeld te hoog of te laag", "Helling"),
        *("Verschil in onderscheid", "Oordeel"),
    ]
    return Tabel("Cijfers van deze versie per groep, en het verschil met wat er nu is", heads, rows)


def _verschil(one: Found) -> list[str]:
    if "verschil" not in one:
        return ["geen versie in gebruik", "geen"]
    return [zinnen.met_marge(one["verschil"]["auc"]), zinnen.oordeel(one["verschil"]["auc"])]


def _groepverschillen(found: Found) -> Iterator[Grafiek]:
    """Yield a chart of each attribute: what the version is better for each group."""
    lines = [one for one in found["groepen"]["regels"] if "verschil" in one]
    for kenmerk in dict.fromkeys(one["kenmerk"] for one in lines):
        own = [one for one in lines if one["kenmerk"] == kenmerk]
        yield intervallen(
            f"Verschil per groep: {kenmerk}",
            "Rechts van de lijn bij 0 houdt deze versie jongeren van de groep beter uit elkaar dan "
            "de versie in gebruik (AUC).",
            [_interval(one["waarde"], one["verschil"]["auc"]) for one in own],
            schrijf=_in_drie,
        )


def _proxies(found: Found) -> Tabel | None:
    rows = [zinnen.proxy_rij(one) for one in found["proxies"]["regels"]]
    if not rows:
        return None
    heads = ["Groep", "Kenmerk", "AUC", "Grens", "In de groep", "Reden"]
    return Tabel("Kenmerken die een groep verraden", heads, rows)


def _ablatie(found: Found) -> Tabel | None:
    if found["ablatie"] is None:
        return None
    rows = [zinnen.ablatie_rij(one, found["grenzen"]["ablatie"]) for one in found["ablatie"]]
    heads = ["Groep kenmerken", "Aantal", "Winst in AUC", "Oordeel"]
    return Tabel("Wat elke groep kenmerken toevoegt", heads, rows)


def _ablatiegrafiek(found: Found) -> Grafiek | None:
    if not found["ablatie"]:
        return None
    return intervallen(
        "Wat voegt elke groep kenmerken toe?",
        f"De winst in AUC. De stippellijn staat bij {getal(found['grenzen']['ablatie'], 3)}: "
        "daaronder is een groep niet de moeite waard om te vragen.",
        [
            _interval(
                one["groep"], {"waarde": one["winst"], "laag": one["laag"], "hoog": one["hoog"]}
            )
            for one in found["ablatie"]
        ],
        grenzen=(found["grenzen"]["ablatie"],),
        kop="Groep kenmerken",
        schrijf=_in_drie,
    )


def _named(line: Found, key: str) -> dict[str, float | None]:
    return {"waarde": line[key], "laag": line[f"{key}_low"], "hoog": line[f"{key}_high"]}


def _interval(name: str, one: Mapping[str, float | None]) -> Interval:
    value, low, high = (
        float("nan") if one[key] is None else float(one[key] or 0.0)
        for key in ("waarde", "laag", "hoog")
    )
    return Interval(name, value, low, high)


def _in_twee(value: float) -> str:
    return getal(value, 2)


def _in_drie(value: float) -> str:
    return getal(value, 3)
