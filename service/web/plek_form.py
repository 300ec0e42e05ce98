"""The form of a leerwerkplek: what was typed, as the facts of a place or as what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from features.vocabulary import Niveau, Omstandigheid, Ondersteuning, SoortLeerwerkplek
from service.dutch import getal
from service.errors import InvoerError
from service.importing.cells import parse_number
from service.registratie.leerwerkplekken import Eis, Plek, PlekGegevens

MOST_EISEN = 40
"""Demands that one form holds."""
MOST = 1_000_000
"""What is larger is no number of a place, and the store cannot hold it; the contract asks less."""
MOET, WENS, NIET = "moet", "wens", "niet"
HOE = ((NIET, "vraag ik niet"), (WENS, "is een wens"), (MOET, "moet"))
SOORTEN = {
    SoortLeerwerkplek.STAGE: "stage (bol)",
    SoortLeerwerkplek.LEERBAAN: "leerbaan (bbl)",
    SoortLeerwerkplek.ONTWIKKELBAAN: "ontwikkelbaan",
    SoortLeerwerkplek.BESCHUT: "beschut werk",
    SoortLeerwerkplek.PRAKTIJKVERKLARING: "plek voor een praktijkverklaring",
}
"""Each soort as an employer knows it."""
OMSTANDIGHEDEN = {Omstandigheid.RIJBEWIJS: "rijbewijs en eigen vervoer nodig"}
"""Conditions that need other words than their name."""
BEDRAGEN = "Vul een getal in, zoals 24 of 7,5."
DAG = "Vul een dag in."
LEEG = "Vul dit in."
Sent = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class EisRegel:
    """A competentie that may be asked: on which niveau (0 to 4), and whether it must."""

    code: str
    titel: str
    niveau: str = str(Niveau.ONDER_TOEZICHT.value)
    hoe: str = NIET


@dataclass(frozen=True)
class PlekForm:
    """The form as it stands: texts of the fields, what is ticked, what is asked."""

    velden: Mapping[str, str] = field(default_factory=dict)
    omstandigheden: tuple[str, ...] = ()
    begeleiding: tuple[str, ...] = ()
    werkprocessen: tuple[str, ...] = ()
    eisen: tuple[EisRegel, ...] = ()

    def veld(self, naam: str) -> str:
        """Return the text of a field, empty when nothing was typed."""
        return self.velden.get(naam, "")

    @property
    def gevraagd(self) -> tuple[EisRegel, ...]:
        """The competenties that are asked, as a must or a wish."""
        return tuple(one for one in self.eisen if one.hoe in (MOET, WENS))

    def pairs(self, versie: str) -> list[tuple[str, str]]:
        """Return names and values that send the same form again, for another version."""
        found = [(naam, text) for naam, text in self.velden.items() if naam != "versie"]
        found += [("omstandigheid", one) for one in self.omstandigheden]
        found += [("begeleiding", one) for one in self.begeleiding]
        found += [("werkproces", one) for one in self.werkprocessen]
        for at, eis in enumerate(self.eisen):
            found += [(f"eis_{at}", eis.code), (f"niveau_{at}", eis.niveau), (f"hoe_{at}", eis.hoe)]
        return [*found, ("versie", versie)]


VELDEN = (
    *("titel", "soort", "opleidingcode", "begindatum", "sluit_op"),
    *("capaciteit", "uren_min", "uren_max", "taken", "vragen"),
)


def read_form(sent: Sent, titels: Mapping[str, str]) -> PlekForm:
    """Return what was sent; `titels` names the competenties by their id."""
    eisen = [
        EisRegel(
            code, titels[code], _first(sent, f"niveau_{at}"), _first(sent, f"hoe_{at}") or NIET
        )
        for at, code in sent_eisen(sent)
        if code in titels
    ]
    return PlekForm(
        {naam: _first(sent, naam).strip() for naam in VELDEN},
        tuple(sent.get("omstandigheid", ())),
        tuple(sent.get("begeleiding", ())),
        tuple(dict.fromkeys(sent.get("werkproces", ()))),
        tuple({one.code: one for one in eisen}.values()),
    )


def sent_eisen(sent: Sent) -> list[tuple[int, str]]:
    """Return the place and the competentie_id of every demand that was sent."""
    found = [(at, _first(sent, f"eis_{at}")) for at in range(MOST_EISEN)]
    return [(at, code) for at, code in found if code]


def form_of(plek: Plek, titels: Mapping[str, str]) -> PlekForm:
    """Return the form of a place as it is stored."""
    row = plek.plek
    texts = {
        "titel": row["titel"],
        "soort": row["soort"],
        "opleidingcode": row["opleidingcode"] or "",
        "begindatum": row["begindatum"].isoformat(),
        "sluit_op": row["sluit_op"].isoformat() if row["sluit_op"] else "",
        "capaciteit": str(row["capaciteit"]),
        "uren_min": getal(row["uren_min"]),
        "uren_max": getal(row["uren_max"]),
    }
    eisen = [
        EisRegel(code, titels.get(code, code), str(one["niveau"]), MOET if one["hard"] else WENS)
        for one in plek.eisen
        for code in [one["competentie_id"]]
    ]
    return PlekForm(
        texts,
        tuple(row["omstandigheden"] or ()),
        tuple(row["begeleiding"] or ()),
        tuple(one["werkproces_id"] for one in plek.werkprocessen),
        tuple(eisen),
    )


def gegevens_of(form: PlekForm, leerbedrijf_id: str) -> tuple[PlekGegevens | None, dict[str, str]]:
    """Return the facts of a place, or None and per field what is wrong with it."""
    fouten: dict[str, str] = {}
    for naam in ("titel", "soort"):
        if not form.veld(naam):
            fouten[naam] = LEEG
    getallen = {
        naam: _number(form, naam, fouten) for naam in ("capaciteit", "uren_min", "uren_max")
    }
    begin, sluit = _day(form, "begindatum", fouten), None
    if form.veld("sluit_op"):
        sluit = _day(form, "sluit_op", fouten)
    if fouten or begin is None:
        return None, fouten
    gegevens = PlekGegevens(
        leerbedrijf_id=leerbedrijf_id,
        soort=form.veld("soort"),
        titel=form.veld("titel"),
        begindatum=begin,
        capaciteit=round(getallen["capaciteit"]),
        uren_min=getallen["uren_min"],
        uren_max=getallen["uren_max"],
        opleidingcode=form.veld("opleidingcode") or None,
        omstandigheden=list(form.omstandigheden),
        begeleiding=list(form.begeleiding),
        sluit_op=sluit,
        eisen=[Eis(one.code, _niveau(one), one.hoe == MOET) for one in form.gevraagd],
        werkprocessen=form.werkprocessen,
    )
    return gegevens, {}


def fouten_of(error: InvoerError) -> dict[str, str]:
    """Return what the contract refuses, by the field of the form that it is about."""
    found: dict[str, str] = {}
    for one in error.fouten:
        naam = one.naam if one.naam in VELDEN else ""
        found[naam] = one.zin if naam else f"{one.naam}: {one.zin}"
    return found


def keuzes() -> dict[str, object]:
    """Return what may be chosen in the form, as pairs of value and words."""
    return {
        "soorten": [(one.value, SOORTEN[one]) for one in SoortLeerwerkplek],
        "omstandigheden": [
            (one.value, OMSTANDIGHEDEN.get(one, one.value)) for one in Omstandigheid
        ],
        "ondersteuning": [(one.value, one.value) for one in Ondersteuning],
        "hoe": HOE,
    }


def _niveau(eis: EisRegel) -> int:
    """Return the niveau that was chosen; what is no niveau is left to the contract to refuse."""
    return int(eis.niveau) if eis.niveau.isdecimal() and len(eis.niveau) == 1 else -1


def _number(form: PlekForm, naam: str, fouten: dict[str, str]) -> float:
    found = parse_number(form.veld(naam))
    if found is None or not 0 <= found <= MOST:
        fouten[naam] = BEDRAGEN
        return 0.0
    return float(found)


def _day(form: PlekForm, naam: str, fouten: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(form.veld(naam))
    except ValueError:
        fouten[naam] = DAG
        return None


def _first(sent: Sent, naam: str) -> str:
    return next(iter(sent.get(naam, ())), "")
