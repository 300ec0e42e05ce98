"""The form of a verkenning: what it shows at first, and what was filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from features.travel import DEFAULT_VERVOER
from features.vocabulary import Omstandigheid, Ondersteuning, Sector, Vervoer
from service.dutch import getal
from service.observations.sentence import NIVEAUS
from service.verkenning import Wijziging

WENSEN = 3
"""How many sectoren can be chosen."""
BOUNDS: Mapping[str, tuple[float, float]] = {
    "uren_min": (0, 60),
    "uren_max": (1, 60),
    "reistijd_max": (1, 240),
}
VERMIJDBAAR = tuple(one for one in Omstandigheid if one is not Omstandigheid.RIJBEWIJS)
SETS: Mapping[str, Sequence[StrEnum]] = {
    "vervoer": tuple(Vervoer),
    "vermijdt": VERMIJDBAAR,
    "ondersteuning": tuple(Ondersteuning),
}
SECTOREN = tuple(Sector)
JA_NEE: Mapping[str, bool] = {"ja": True, "nee": False}

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class VerkenningForm:
    """A filled-in form: text by field, ticked words by field, and what is wrong by field."""

    text: Mapping[str, str]
    ticked: Mapping[str, frozenset[str]]
    fouten: Mapping[str, str] = field(default_factory=dict)


def form_of(nu: Wijziging) -> VerkenningForm:
    """Return the form as it stands for a jongere now; the usual vervoer where it is not known."""
    wensen = [str(sector) for sector in nu.sectoren or ()][:WENSEN]
    text = {name: _shown(getattr(nu, name)) for name in BOUNDS}
    text |= {f"wens_{place}": word for place, word in enumerate(wensen, start=1)}
    text["rijbewijs"] = {True: "ja", False: "nee", None: ""}[nu.rijbewijs]
    ticked = {name: frozenset(map(str, getattr(nu, name) or ())) for name in SETS}
    ticked["vervoer"] = ticked["vervoer"] or frozenset(map(str, DEFAULT_VERVOER))
    return VerkenningForm(_whole(text), ticked)


def read_form(sent: Mapping[str, Sequence[str]], competenties: Mapping[str, str]) -> VerkenningForm:
    """Return a form as it was sent, with what is wrong with it.

    Parameters
    ----------
    sent : mapping of str to sequence of str
        Every value of every field; unknown fields are not looked at.
    competenties : mapping of str to str
        The competenties that can be chosen, by id.
    """
    text = _whole({name: (values or [""])[0].strip() for name, values in sent.items()})
    ticked = {
        name: frozenset(str(word) for word in words if str(word) in sent.get(name, ()))
        for name, words in SETS.items()
    }
    fouten = {name: fout for name in BOUNDS if (fout := _number_fout(name, text[name]))}
    least, most = (_number(text[name]) for name in ("uren_min", "uren_max"))
    if not fouten and least is not None and most is not None and most < least:
        fouten["uren_max"] = "De meeste uren zijn minder dan de minste. Verbeter een van beide."
    if bool(text["competentie"]) != bool(text["niveau"]):
        fouten["competentie"] = "Kies een vaardigheid en een niveau, of geen van beide."
    elif text["competentie"] and text["competentie"] not in competenties:
        fouten["competentie"] = "Deze vaardigheid is er niet. Kies er een uit de lijst."
    return VerkenningForm(text, ticked, fouten)


def wijziging_of(form: VerkenningForm, nu: Wijziging) -> Wijziging:
    """Return what a form without fouten changes; what is left as it was, changes nothing."""
    wensen = tuple(
        Sector(form.text[f"wens_{place}"])
        for place in range(1, WENSEN + 1)
        if form.text[f"wens_{place}"] in SECTOREN
    )
    asked = Wijziging(
        uren_min=_number(form.text["uren_min"]),
        uren_max=_number(form.text["uren_max"]),
        reistijd_max=_number(form.text["reistijd_max"]),
        rijbewijs=JA_NEE.get(form.text["rijbewijs"]),
        vervoer=_words(form, "vervoer", Vervoer),
        vermijdt=_words(form, "vermijdt", Omstandigheid),
        ondersteuning=_words(form, "ondersteuning", Ondersteuning),
        sectoren=wensen,
        competentie=_competentie(form),
    )
    before = form_of(nu)
    same = {
        name: None
        for name in (*BOUNDS, "rijbewijs", *SETS)
        if form.text.get(name, "") == before.text.get(name, "")
        and form.ticked.get(name) == before.ticked.get(name)
    }
    if wensen == (nu.sectoren or ())[:WENSEN]:
        same["sectoren"] = None
    if not asked.vervoer:
        same["vervoer"] = None
    return replace(asked, **same)


def _whole(text: Mapping[str, str]) -> dict[str, str]:
    """Return text for every field of the form, empty where there is none."""
    names = [*BOUNDS, "rijbewijs", "competentie", "niveau"]
    names += [f"wens_{place}" for place in range(1, WENSEN + 1)]
    return {name: text.get(name, "") for name in names}


def _shown(value: float | None) -> str:
    return "" if value is None else getal(value)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None


def _number_fout(name: str, text: str) -> str:
    low, high = BOUNDS[name]
    value = _number(text)
    if not text or (value is not None and low <= value <= high):
        return ""
    return f"Vul een getal in van {getal(low)} tot {getal(high)}."


def _words(form: VerkenningForm, name: str, words: type[Word]) -> tuple[Word, ...]:
    return tuple(word for word in words if str(word) in form.ticked[name])


def _competentie(form: VerkenningForm) -> tuple[str, int] | None:
    niveau = form.text["niveau"]
    if not form.text["competentie"] or niveau not in set(map(str, range(len(NIVEAUS)))):
        return None
    return form.text["competentie"], int(niveau)
