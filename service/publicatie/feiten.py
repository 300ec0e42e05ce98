"""What the system knows of itself, in words: models, features, rights, terms and figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from models.gate import (
    BEHIND,
    CALIBRATION,
    FEWEST_POSITIVES,
    NEEDS,
    RECALL_GAP,
    SELECTION,
    Kleur,
)
from models.measures import LIST_SHARE
from models.small_numbers import SMALLEST_GROUP, shown_groups
from models.store import KINDS, Champion, StoredCard
from service.audit.verwerkingsregister import REGISTER, Verwerkingsactiviteit
from service.dutch import datum, getal
from service.matchtafel.agenda import ASELECT_DEEL
from service.privacy.bewaartermijnen import termijnen
from service.privacy.register import PERSOONSTABELLEN
from service.rechten.begrippen import Doel, Rol
from service.rechten.matrix import MATRIX
from service.suggestielog.herkomst import code_version
from service.suggestielog.volggedrag import FROM_BESLUITEN, LEAST_SECONDS, MOST_FOLLOWED

CIJFERS: Mapping[str, str] = {
    "auc": "onderscheid (AUC; 0,5 is gokken en 1 is foutloos)",
    "brier": "gemiddelde fout in het kwadraat (Brier; 0 is foutloos)",
    "calibration_slope": "helling van de kalibratie (1 is goed)",
    "calibration_in_the_large": "gemiddeld te hoog of te laag (0 is goed)",
    "ece": "gemiddelde afwijking van de kansen (ECE; 0 is goed)",
    "interval_coverage": "deel van de uitkomsten binnen de marges",
    "precision_at_10": "deel dat klopt bij de hoogste tien procent",
    "recall_at_10": "deel dat gevonden is bij de hoogste tien procent",
    "baseline_auc": "onderscheid van een eenvoudige regel (AUC)",
    "baseline_brier": "fout van een eenvoudige regel (Brier)",
}
"""The figures that are told in words, in this order."""
KLEUREN: Mapping[Kleur, str] = {
    Kleur.ROOD: "rood (dit model mag niet in gebruik)",
    Kleur.ORANJE: "oranje (een mens moet met een reden tekenen)",
    Kleur.TE_WEINIG: "te weinig gegevens over een of meer groepen",
    Kleur.GROEN: "groen (geen verschil gevonden dat te groot is)",
}
BRONNEN: Mapping[str, str] = {
    "competentiemeting": "Oordelen over vaardigheden",
    "contact": "Contact met de jongere",
    "inschrijving": "Inschrijvingen op school",
    "kwalificatie": "Landelijke kwalificaties",
    "leerwerkplek": "Aanbod van leerwerkplekken",
    "leerwerkplek_eis": "Eisen van leerwerkplekken",
    "ondersteuningsbehoefte": "Behoefte aan steun",
    "voorkeur": "Wensen en grenzen van de jongere",
}
"""Tables that go by another name than their own, said to somebody else than the jongere."""
FIGURES = ("recall", "precision", "calibration_in_the_large", "calibration_slope")
"""Figures of a group that the page of a card tells."""


@dataclass(frozen=True)
class ModelFeiten:
    """One stored model, told in words; `kaart` is its card and stands for figures as they are."""

    stored: StoredCard

    @property
    def naam(self) -> str:
        """Name of the model."""
        return self.stored.name

    @property
    def versie(self) -> str:
        """Its version."""
        return self.stored.version

    @property
    def kaart(self) -> Mapping[str, Any]:
        """The card as it was stored."""
        return self.stored.card

    @cached_property
    def bronnen(self) -> Mapping[str, tuple[str, ...]]:
        """Groups of features by the heading of the table that they come from."""
        found: dict[str, dict[str, None]] = {}
        for one in self.kaart["kenmerken"]:
            source = str(one["source"])
            head = BRONNEN.get(source, _words(source).capitalize())
            found.setdefault(head, {})[one["group"] or one["label"]] = None
        return {head: tuple(groups) for head, groups in found.items()}

    @cached_property
    def cijfers(self) -> tuple[str, ...]:
        """The main figures of the test in words, with their intervals."""
        found = self.kaart["toets"]
        return tuple(
            f"{words}: {met_marge(found, name)}"
            for name, words in CIJFERS.items()
            if found.get(name) is not None
        )

    @property
    def oordeel(self) -> str:
        """What the gate says of the differences between groups."""
        told = self.kaart.get("oordeel")
        if told is None:
            return "te weinig gegevens om groepen te vergelijken"
        return KLEUREN[Kleur(told["kleur"])]

    @cached_property
    def groepen(self) -> tuple[Mapping[str, Any], ...]:
        """Figures of each group, safe to publish; see `publishable`."""
        return publishable(self.kaart.get("groepen", ()), self.kaart.get("groepen_te_klein", 0))

    @property
    def goede_plekken(self) -> tuple[Mapping[str, Any], ...]:
        """How high each group sees the good places, counted in what was open to it (TRUST F6).

        A card holds no counts of them, so that nothing needs to be hidden.
        """
        return tuple(self.kaart.get("goede_plekken", ()))

    @property
    def gemaakt_op(self) -> str:
        """Day on which it was stored."""
        return datum(self.stored.saved_at.date())

    @property
    def methode(self) -> str:
        """What it is made of, as a sentence without its full stop."""
        return str(self.kaart["methode"]["soort"]).rstrip(".")

    @property
    def toetsperiode(self) -> str:
        """How it was tested, as the end of a sentence."""
        if self.kaart["gegevens"]["toets_vanaf"] is None:
            return "niet getoetst, want er zijn te weinig gegevens"
        return f"getoetst op een latere periode, vanaf {self.dag('toets_vanaf')}"

    def dag(self, name: str) -> str:
        """Return a day on the card in full."""
        return datum(date.fromisoformat(self.kaart["gegevens"][name]))


@dataclass(frozen=True)
class Feiten:
    """All that the texts may name; `modellen` are those told of, by name."""

    op: date
    modellen: Mapping[str, ModelFeiten]

    versie = version("vangnet")
    code = code_version()
    recall_gap, kalibratie, achteruit = (round(100 * x) for x in (RECALL_GAP, CALIBRATION, BEHIND))
    minste_positief = FEWEST_POSITIVES
    lijstdeel, loting = round(100 * LIST_SHARE), round(100 * ASELECT_DEEL)
    volg_deel, volg_vanaf = round(100 * MOST_FOLLOWED), FROM_BESLUITEN
    volg_seconden = round(LEAST_SECONDS)
    kleinste = SMALLEST_GROUP
    selectie_laag, selectie_hoog = (getal(one, 2) for one in SELECTION)
    behoeften = tuple(sorted(NEEDS))

    @property
    def vandaag(self) -> str:
        """The day of making, in full."""
        return datum(self.op)

    @property
    def verwerkingen(self) -> tuple[Verwerkingsactiviteit, ...]:
        """The register of processing activities."""
        return tuple(one for doel, one in REGISTER.items() if doel is not Doel.GEEN)

    @property
    def rechten(self) -> tuple[str, ...]:
        """The matrix of rights: one line per role and purpose."""
        return tuple(
            f"{_words(rol)}, voor {_words(doel)}: {', '.join(sorted(map(_words, does)))}"
            for (rol, doel), does in MATRIX.items()
        )

    @property
    def rollen(self) -> tuple[str, ...]:
        """The roles."""
        return tuple(_words(rol) for rol in Rol)

    @property
    def persoonsgegevens(self) -> tuple[str, ...]:
        """Headings of every table about a jongere."""
        return tuple(one.kop for one in PERSOONSTABELLEN.values() if not one.intern)

    @property
    def termijnen(self) -> tuple[str, ...]:
        """How long rows about a jongere are kept, table by table."""
        kept = termijnen()
        return tuple(
            f"{one.kop}: {kept[name].in_woorden}"
            for name, one in PERSOONSTABELLEN.items()
            if not one.intern
        )


def feiten_of(
    cards: Sequence[StoredCard], champions: Mapping[str, Champion], *, op: date
) -> Feiten:
    """Return what is known on a day of the version of each model that is in use."""
    used = {
        one.name: ModelFeiten(one)
        for one in cards
        if not one.altered and champions.get(one.name) == Champion(one.version, one.sha256)
    }
    return Feiten(op, {name: used[name] for name in KINDS if name in used})


def met_marge(found: Mapping[str, Any], name: str) -> str:
    """Return a figure with its 95% interval, where that is known.

    Examples
    --------
    >>> met_marge({"auc": 0.791, "auc_low": 0.77, "auc_high": 0.81}, "auc")
    '0,791 (0,77 tot 0,81)'
    """
    low, high = found.get(f"{name}_low"), found.get(f"{name}_high")
    if found.get(name) is None:
        return "niet bekend"
    told = getal(found[name], 3)
    return told if low is None or high is None else f"{told} ({getal(low, 3)} tot {getal(high, 3)})"


def publishable(rows: Iterable[Mapping[str, Any]], te_klein: int) -> tuple[Mapping[str, Any], ...]:
    """Return figures of groups from which nobody can be told (TRUST P8).

    Parameters
    ----------
    rows : iterable of mapping
        ``groepen`` of a card.
    te_klein : int
        Groups that the card has left out already, of whatever attribute: then no group keeps a
        figure from which their size could be subtracted.
    """
    told = list(rows)
    return shown_groups(told, {one["kenmerk"] for one in told} if te_klein else ())


def _words(value: str) -> str:
    return str(value).replace("_", " ")


def git_commit(folder: Path = Path(__file__).parents[2]) -> str | None:
    """Return the commit of the code that runs; None when it was installed without its history."""
    import shutil
    import subprocess

    git = shutil.which("git")
    if git is None or not (folder / ".git").exists():
        return None
    found = subprocess.run(  # noqa: S603  # a fixed command, nothing of it from outside
        [git, "-C", str(folder), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None
