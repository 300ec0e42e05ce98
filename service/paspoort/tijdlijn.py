"""What a jongere did until now, as one line: school, stages, diplomas, the newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from features.vocabulary import Leerweg, RedenEindeStage, RedenUitschrijving
from service.dutch import getal
from service.paspoort.feiten import Feiten
from service.storage.feiten import Row
from service.wording import onderwijssoort_tekst

LEERWEG: Mapping[str, str] = MappingProxyType(
    {Leerweg.BBL: "werken en leren (BBL)", Leerweg.BOL: "naar school, met stage (BOL)"}
)
SCHOOL_EINDE: Mapping[str, str] = MappingProxyType(
    {
        RedenUitschrijving.DIPLOMA: "met diploma",
        RedenUitschrijving.EIGEN_VERZOEK: "zelf gestopt",
        RedenUitschrijving.ANDERE_INSTELLING: "naar een andere school",
        RedenUitschrijving.GESTOPT: "niet meer gekomen",
        RedenUitschrijving.VERWIJDERD: "door de school uitgeschreven",
        RedenUitschrijving.ZONDER_DIPLOMA: "klaar zonder diploma",
    }
)
"""Why an enrolment ended; the other reasons say nothing to a reader."""
STAGE_EINDE: Mapping[str, str] = MappingProxyType(
    {
        RedenEindeStage.AFGEROND: "afgerond",
        RedenEindeStage.DIPLOMA: "klaar, met diploma",
        RedenEindeStage.JONGERE: "eerder gestopt door de jongere",
        RedenEindeStage.LEERBEDRIJF: "eerder gestopt door het leerbedrijf",
        RedenEindeStage.SCHOOL: "eerder gestopt door de school",
        RedenEindeStage.NIET_GESTART: "niet begonnen",
        RedenEindeStage.ANDERS: "eerder gestopt",
    }
)


class Soort(StrEnum):
    """What kind of thing stands on the line."""

    SCHOOL = "school"
    STAGE = "stage"
    DIPLOMA = "diploma"


@dataclass(frozen=True)
class Gebeurtenis:
    """One thing on the line; `einde` is None while it lasts or when it is of one day.

    `gepland` says that the end is the planned one.
    """

    soort: Soort
    titel: str
    uitleg: str
    begin: date
    einde: date | None = None
    gepland: bool = False
    loopt: bool = False


def tijdlijn(feiten: Feiten, dag: date) -> tuple[Gebeurtenis, ...]:
    """Return everything on the line, the newest first.

    Parameters
    ----------
    feiten : Feiten
        Of one jongere.
    dag : date
        Today: what ended before it no longer lasts; an end that is still to come is planned.
    """
    found = [
        *(_school(row, feiten, dag) for row in feiten.inschrijvingen),
        *(_stage(row, feiten, dag) for row in feiten.stages),
        *(_diploma(row, feiten) for row in feiten.diplomas),
    ]
    return tuple(sorted(found, key=lambda one: (one.begin, one.soort, one.titel), reverse=True))


def _school(row: Row, feiten: Feiten, dag: date) -> Gebeurtenis:
    soort = onderwijssoort_tekst(row["onderwijssoort"])
    titel = feiten.opleidingen.get(row["opleidingcode"] or "", "")
    told = [soort] if titel else []
    told.append(f"school {row['instelling']}")
    told += _some(LEERWEG.get(row["leerweg"] or ""))
    told += _some(SCHOOL_EINDE.get(row["reden_uitschrijving"] or ""))
    einde, gepland, loopt = _end(row, dag)
    return Gebeurtenis(
        Soort.SCHOOL,
        titel or soort.capitalize(),
        ", ".join(told),
        row["begindatum"],
        einde,
        gepland,
        loopt,
    )


def _stage(row: Row, feiten: Feiten, dag: date) -> Gebeurtenis:
    bedrijf = feiten.leerbedrijven.get(row["leerbedrijf_id"], "leerbedrijf niet bekend")
    plek = feiten.plekken.get(row["leerwerkplek_id"] or "")
    hours = row["uren_per_week"]
    told = [*([f"bij {bedrijf}"] if plek else [])]
    told += [] if hours is None else [f"{getal(hours)} uur per week"]
    told += _some(STAGE_EINDE.get(row["reden_einde"] or ""))
    einde, gepland, loopt = _end(row, dag)
    return Gebeurtenis(
        Soort.STAGE,
        f"Stage: {plek}" if plek else f"Stage bij {bedrijf}",
        ", ".join(told),
        row["begindatum"],
        einde,
        gepland,
        loopt,
    )


def _diploma(row: Row, feiten: Feiten) -> Gebeurtenis:
    titel = feiten.opleidingen.get(row["opleidingcode"] or "", "")
    niveau = f"niveau {row['niveau']}" if row["niveau"] is not None else ""
    soort = str(row["soort"]).capitalize()
    return Gebeurtenis(Soort.DIPLOMA, f"{soort} {titel}".strip(), niveau, row["datum"])


def _end(row: Row, dag: date) -> tuple[date | None, bool, bool]:
    """Return the last day of a period, whether that is only planned, and whether it lasts."""
    einde = row["einddatum"]
    if einde is not None and einde < dag:
        return einde, False, False
    return einde or row["geplande_einddatum"], True, row["begindatum"] <= dag


def _some(text: str | None) -> Iterable[str]:
    return () if not text else (text,)
