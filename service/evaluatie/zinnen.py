"""What the report of an evaluation says in words."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from models.evaluate_contest import BOS, KAMPIOEN, LOGISTISCH, REGEL, UITDAGER
from models.evaluate_sanity import Proef
from models.gate import Kleur
from models.proxies import TOGETHER
from service.dutch import getal, percent
from service.privacy.kleine_aantallen import KLEINSTE

KANDIDATEN: Mapping[str, str] = MappingProxyType(
    {
        UITDAGER: "deze versie",
        KAMPIOEN: "versie in gebruik",
        REGEL: "eenvoudige regel",
        LOGISTISCH: "logistische regressie",
        BOS: "bos van de uitnodigingsregel",
    }
)
MATEN: Mapping[str, str] = MappingProxyType(
    {
        "auc": "Onderscheid (AUC; 0,5 is gokken, 1 is foutloos)",
        "average_precision": "Raak over alle lengtes van de lijst (AP; hoger is beter)",
        "brier": "Fout van de kansen (Brier; lager is beter)",
        "log_loss": "Verrassing (log loss; lager is beter)",
        "calibration_slope": "Helling van de kansen (1 is goed; lager is te stellig)",
        "calibration_intercept": "Kansen te laag (boven 0) of te hoog (onder 0)",
        "ece": "Afwijking van de kansen (ECE; lager is beter)",
    }
)
KORT: Mapping[str, str] = MappingProxyType(
    {
        "auc": "onderscheid",
        "average_precision": "raak over alle lengtes van de lijst",
        "log_loss": "verrassing",
        "brier": "fout van de kansen",
        "recall": "gevonden met de ruimte van de coaches",
    }
)
NIET_BEKEND: Final = "niet bekend"
TE_WEINIG: Final = "te weinig om te tellen"
VERZONNEN: Final = "Deze cijfers gaan over verzonnen gegevens. Ze zeggen niets over echte jongeren."

Cijfer = Mapping[str, float | None]


def met_marge(one: Cijfer, decimals: int = 3) -> str:
    """Write a figure with its interval.

    Examples
    --------
    >>> met_marge({"waarde": 0.7123, "laag": 0.69, "hoog": 0.73})
    '0,712 (0,69 tot 0,73)'
    """
    value, low, high = (one.get(key) for key in ("waarde", "laag", "hoog"))
    if value is None:
        return NIET_BEKEND
    told = getal(value, decimals)
    if low is None or high is None:
        return told
    return f"{told} ({getal(low, decimals)} tot {getal(high, decimals)})"


def in_procenten(one: Cijfer) -> str:
    """Write a share with its interval.

    Examples
    --------
    >>> in_procenten({"waarde": 0.4, "laag": 0.35, "hoog": 0.45})
    '40% (35% tot 45%)'
    """
    value, low, high = (one.get(key) for key in ("waarde", "laag", "hoog"))
    if value is None:
        return NIET_BEKEND
    if low is None or high is None:
        return percent(value)
    return f"{percent(value)} ({percent(low)} tot {percent(high)})"


def oordeel(one: Cijfer) -> str:
    """Say of a difference (above 0 is better) whether it is sure.

    Examples
    --------
    >>> oordeel({"waarde": 0.01, "laag": -0.01, "hoog": 0.03})
    'geen zeker verschil'
    """
    low, high = one.get("laag"), one.get("hoog")
    if low is None or high is None:
        return NIET_BEKEND
    if low > 0:
        return "beter"
    return "slechter" if high < 0 else "geen zeker verschil"


def ruimte(room: float) -> str:
    """Write how many jongeren coaches can see of each list.

    Examples
    --------
    >>> ruimte(0.1), ruimte(25)
    ('10% van de lijst', '25 jongeren per lijst')
    """
    if isinstance(room, float):
        return f"{percent(room)} van de lijst"
    return f"{room} jongeren per lijst"


def conclusie(found: Mapping[str, Any]) -> list[str]:
    """Say whether the version is better for everyone, and where it is not.

    Parameters
    ----------
    found : mapping
        What `models.evaluate.evaluate` returned, and ``over``.

    Returns
    -------
    list of str
        Sentences of the first paragraph.
    """
    told = [VERZONNEN] if found["over"]["verzonnen"] else []
    told += [*_versus(found), *_voor_wie(found), *_grenzen(found)]
    return told


def _versus(found: Mapping[str, Any]) -> Iterator[str]:
    """Say how the version does as a whole."""
    other = KAMPIOEN if KAMPIOEN in found["verschillen"] else REGEL
    differences = found["verschillen"][other]
    itself = other == KAMPIOEN and found["over"]["in_gebruik"] == found["over"]["versie"]
    if other == REGEL:
        yield "Er is geen versie in gebruik om mee te vergelijken."
    elif itself:
        yield "Deze versie is zelf in gebruik. Er is dus geen verschil."
    name = "de versie in gebruik" if other == KAMPIOEN else "de eenvoudige regel"
    for key in () if itself else ("auc", "brier"):
        yield (
            f"Deze versie naast {name}, {KORT[key]}: {oordeel(differences[key])}, verschil "
            f"{met_marge(differences[key], 4)}; boven 0 is beter."
        )
    for rival in (REGEL, LOGISTISCH, BOS):
        if oordeel(found["verschillen"][rival]["auc"]) == "slechter":
            yield f"Let op: {KANDIDATEN[rival]} houdt jongeren zeker beter uit elkaar."


def _voor_wie(found: Mapping[str, Any]) -> Iterator[str]:
    """Say for which groups it is better and for which worse."""
    lines, small = found["groepen"]["regels"], found["groepen"]["te_klein"]
    same = found["over"]["in_gebruik"] == found["over"]["versie"]
    told = [line for line in lines if "verschil" in line]
    if told and not same:
        yield _slechter(told)
    if not lines:
        yield "Over groepen is niets te zeggen: er zijn te weinig gegevens."
    if small:
        yield (
            f"Over {small} {'groep' if small == 1 else 'groepen'} zeggen we niets: te klein. Beter "
            "voor iedereen is daarom niet bewezen."
        )


def _slechter(lines: list[Mapping[str, Any]]) -> str:
    """Return where it is worse; better for everyone asks that it is better for each group."""
    worse = [
        f"{line['kenmerk']} {line['waarde']} ({KORT[key]} {met_marge(one, 3)})"
        for line in lines
        for key, one in line["verschil"].items()
        if oordeel(one) == "slechter"
    ]
    if worse:
        return f"Niet beter voor iedereen. Slechter voor: {'; '.join(worse)}."
    if all(any(oordeel(one) == "beter" for one in line["verschil"].values()) for line in lines):
        return f"Voor elk van de {len(lines)} gemeten groepen is deze versie beter."
    return (
        "Voor geen enkele gemeten groep is deze versie zeker slechter. Voor iedereen beter is ook "
        "niet bewezen."
    )


def samenvatting(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an evaluation means for approving the version: a colour, and why in words.

    Red, so that nobody may, where the model finds something in chance (TRUST F8). Orange, so that
    somebody must sign with a reason, where features tell a group and no reason is written (F2).
    """
    kleur = Kleur.ORANJE if found["proxies"]["rood"] else Kleur.GROEN
    if found["proef"]["oordeel"] == Proef.FOUT:
        kleur = Kleur.ROOD
    return {"kleur": kleur.value, "zinnen": list(_stops(found))}


def _grenzen(found: Mapping[str, Any]) -> Iterator[str]:
    """Say what stops or warns besides the figures."""
    yield from _stops(found)
    useless = [one["groep"] for one in found["ablatie"] or () if not one["nodig"]]
    if useless:
        yield f"Deze groepen kenmerken zijn niet nodig gebleken: {', '.join(useless)}."


def _stops(found: Mapping[str, Any]) -> Iterator[str]:
    """Say what stands in the way of approving."""
    if found["proxies"]["rood"]:
        yield (
            "Schrijf een reden: kenmerken verraden een groep, en niemand schreef op waarom dat mag."
        )
    if found["proef"]["oordeel"] == Proef.FOUT:
        yield "Rood: het model vindt iets in toeval. Vertrouw deze cijfers niet."
    if found["proef"]["oordeel"] == Proef.TE_WEINIG:
        yield "Te weinig rijen om te zien of het model iets in toeval vindt."


def proxy_rij(one: Mapping[str, Any]) -> list[str]:
    """Return the row of a feature that tells a group.

    How large the group is, is told so roughly that no small group follows from the others.
    """
    what = "alle kenmerken samen" if one["kolom"] == TOGETHER else one["kolom"]
    verdict = "geen reden opgeschreven" if one["rood"] else (one["reden"] if one["telt"] else "mag")
    return [
        f"{one['kenmerk']}: {one['waarde']}",
        what,
        getal(one["auc"], 2),
        getal(one["grens"], 2),
        f"{percent(one['binnen'] / one['n'])} van minstens {one['n'] // KLEINSTE * KLEINSTE}",
        verdict,
    ]


def ablatie_rij(one: Mapping[str, Any], grens: float) -> list[str]:
    """Return the row of a group of features: what it adds, and whether it may stay."""
    gained = {"waarde": one["winst"], "laag": one["laag"], "hoog": one["hoog"]}
    verdict = (
        "nodig: blijft"
        if one["nodig"]
        else f"niet nodig gebleken (winst niet zeker boven 0, of niet boven {getal(grens, 3)}): "
        "haal weg of leg uit waarom hij blijft"
    )
    return [one["groep"], str(len(one["kolommen"])), met_marge(gained, 4), verdict]
