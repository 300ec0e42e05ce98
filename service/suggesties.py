"""What a person asks of the models: the risk of a jongere, places for one, candidates for one."""

from dataclasses import dataclass
from datetime import date

from features.blokkade import Blokkade
from models.change import Verandering
from models.explanation import Reden


@dataclass(frozen=True)
class JongereKort:
    """What a list shows of a jongere; `naam` is empty when no identity is stored."""

    jongere_id: str
    naam: str
    leeftijd: int | None
    woonplaats: str | None
    instelling: str | None
    onderwijssoort: str | None
    opleiding: str | None


@dataclass(frozen=True)
class LeerwerkplekKort:
    """What a list shows of a place."""

    leerwerkplek_id: str
    titel: str
    soort: str
    leerbedrijf: str
    plaats: str | None
    sector: str | None
    uren_min: float
    uren_max: float
    capaciteit: int
    vrij: int


@dataclass(frozen=True)
class VorigeMaand:
    """The same jongere and model one calendar month earlier, from what was known then.

    `veranderingen` hold every group that moved the chance, the weightiest first; their points sum
    to the difference of both chances.
    """

    peildatum: date
    kans: float
    veranderingen: tuple[Verandering, ...]


@dataclass(frozen=True)
class Uitvalrisico:
    """Calibrated probability of uitval within twelve months, and why.

    `laag` and `hoog` are the shares between which it lies for a hundred jongeren with this
    probability, nine times out of ten. `verhogend` and `verlagend` hold at most three reasons
    each, the weightiest first. `vorige_maand` is None for who was not in the list a month
    earlier. With `te_weinig_gegevens` a simple rule made the score, for lack of known outcomes.
    """

    jongere: JongereKort
    peildatum: date
    kans: float
    laag: float
    hoog: float
    verhogend: tuple[Reden, ...]
    verlagend: tuple[Reden, ...]
    vorige_maand: VorigeMaand | None
    te_weinig_gegevens: bool
    model_versie: str


@dataclass(frozen=True)
class OntbrekendeCompetentie:
    """A demand of a place that the jongere does not meet; `niveau` is None when never judged."""

    competentie_id: str
    titel: str
    gevraagd: int
    niveau: int | None
    hard: bool


@dataclass(frozen=True)
class Suggestie:
    """One ranked pair of jongere and leerwerkplek with its reasons, at most three either way."""

    rang: int
    jongere: JongereKort
    leerwerkplek: LeerwerkplekKort
    kans: float
    reistijd_minuten: float | None
    voor: tuple[Reden, ...]
    tegen: tuple[Reden, ...]
    ontbrekend: tuple[OntbrekendeCompetentie, ...]


@dataclass(frozen=True)
class Uitgesloten:
    """A pair that falls out before any score, and every rule that blocks it."""

    jongere: JongereKort
    leerwerkplek: LeerwerkplekKort
    blokkades: tuple[Blokkade, ...]


@dataclass(frozen=True)
class Suggesties:
    """A ranked list and what fell out of it: together every pair that was looked at (TRUST H3)."""

    peildatum: date
    model_versie: str
    suggesties: tuple[Suggestie, ...]
    passend: int
    """Pairs that no rule blocks, shown or not."""
    uitgesloten: tuple[Uitgesloten, ...]
    """Pairs that fall out; those nearest to fitting (fewest rules) first."""
