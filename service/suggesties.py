"""What a person asks of the models: the risk of a jongere, places for one, candidates for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from features.blokkade import Blokkade
from models.change import Verandering
from models.explanation import Reden
from models.verbetering import Verbetering
from service.suggestielog.herkomst import Herkomst
from service.suggestielog.ordening import Ordening


@dataclass(frozen=True)
class JongereKort:
    """What a list shows of a jongere; `naam` is empty when no identity is stored.

    `instelling` is the code of the school (BRIN), `school` its name where that is known.
    """

    jongere_id: str
    naam: str
    leeftijd: int | None
    woonplaats: str | None
    instelling: str | None
    onderwijssoort: str | None
    opleiding: str | None
    school: str | None = None


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
    `invoer` holds what went into the model, as doubles in the order of its registered features.
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
    herkomst: Herkomst | None = None
    invoer: bytes = b""


@dataclass(frozen=True)
class OntbrekendeCompetentie:
    """A demand of a place that the jongere does not meet; `niveau` is None when never judged."""

    competentie_id: str
    titel: str
    gevraagd: int
    niveau: int | None
    hard: bool


@dataclass(frozen=True)
class Paar:
    """One ranked pair of jongere and leerwerkplek with its reasons, at most three either way.

    `laag` and `hoog` say how sure `kans` is: of a hundred such pairs between so many hold (90%).
    `invoer` holds what went into the model, as doubles in the order of `PAIR_FEATURES`.
    """

    rang: int
    jongere: JongereKort
    leerwerkplek: LeerwerkplekKort
    kans: float
    laag: float
    hoog: float
    reistijd_minuten: float | None
    voor: tuple[Reden, ...]
    tegen: tuple[Reden, ...]
    ontbrekend: tuple[OntbrekendeCompetentie, ...]
    invoer: bytes = field(default=b"", kw_only=True)


@dataclass(frozen=True)
class OngescoordPaar:
    """A pair that no rule blocks and that no model may score.

    The model is stopped (TRUST H7), or the jongere objects to it. The place stays open to the
    jongere all the same.
    """

    jongere: JongereKort
    leerwerkplek: LeerwerkplekKort
    reistijd_minuten: float | None
    ontbrekend: tuple[OntbrekendeCompetentie, ...]


@dataclass(frozen=True)
class Suggestie(Paar):
    """A place for a jongere.

    `anderen` is how many other jongeren who look for a place have this one among their best five;
    `verbetering` is the smallest change that would make it clearly better, if there is one.
    """

    anderen: int
    verbetering: Verbetering | None


@dataclass(frozen=True)
class NieuweKans:
    """A small change that brings a clearly better place than the best of now.

    `invoer` is what the model saw of the pair after the change, as `Paar.invoer`.
    """

    leerwerkplek: LeerwerkplekKort
    verbetering: Verbetering
    invoer: bytes = b""


@dataclass(frozen=True)
class Ernaast:
    """A chance that is told beside a list, of a place that does not stand in it."""

    leerwerkplek_id: str
    kans: float
    invoer: bytes


@dataclass(frozen=True)
class Kandidaat(Paar):
    """A jongere for a place, beside what that jongere can get elsewhere.

    `elders` is the mean of the best five chances on other places, where a place that is not there
    counts as 0; `andere_plekken` is how many other places no rule blocks.
    """

    elders: float
    andere_plekken: int


@dataclass(frozen=True)
class Uitgesloten:
    """A pair that falls out before any score, and every rule that blocks it."""

    jongere: JongereKort
    leerwerkplek: LeerwerkplekKort
    blokkades: tuple[Blokkade, ...]


Volgorde = Literal["passendheid", "reistijd", "naam"]
"""Orders that a reader may choose (TRUST U6)."""


@dataclass(frozen=True)
class Suggesties:
    """A ranked list and what fell out of it: together every pair that was looked at (TRUST H3)."""

    peildatum: date
    model_versie: str
    volgorde: Volgorde
    suggesties: tuple[Suggestie, ...]
    passend: int
    """Pairs that no rule blocks, shown or not."""
    uitgesloten: Sequence[Uitgesloten]
    """Pairs that fall out; those nearest to fitting (fewest rules) first."""
    nieuwe_kansen: tuple[NieuweKans, ...]
    titels: Mapping[str, str]
    """Titles of the competenties that a verbetering names, by id."""
    zonder_score: tuple[OngescoordPaar, ...] = ()
    """Pairs that fit and that no model may score, by travel time or by name."""
    herkomst: Herkomst | None = None
    """Of the scores; None when the model is stopped, and then `model_versie` is empty."""
    ordening: Ordening | None = None


@dataclass(frozen=True)
class Kandidaten:
    """The jongeren for one place, and who falls out, as `Suggesties`."""

    peildatum: date
    model_versie: str
    volgorde: Volgorde
    leerwerkplek: LeerwerkplekKort
    kandidaten: tuple[Kandidaat, ...]
    passend: int
    uitgesloten: Sequence[Uitgesloten]
    zonder_score: tuple[OngescoordPaar, ...] = ()
    herkomst: Herkomst | None = None
    ordening: Ordening | None = None
