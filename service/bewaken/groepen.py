"""What the watch tells of groups: after what people decided, by protected attributes (F3, F7)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from models.gate import SELECTION, Kleur
from service.bewaken.kampioen import Kampioen
from service.bewaken.maten import Maat
from service.dutch import datum, getal
from service.modelbeheer.na_besluit import NaBesluit
from service.privacy.beschermd import is_held
from service.storage.bewaking import ALARM, LET_OP, RUSTIG, TE_WEINIG, Bevinding
from service.storage.groepstoets import GroepstoetsRepository, Toetssoort

IEDEREEN = "iedereen"
KENMERKEN = "beschermde kenmerken"
NIVEAUS: Mapping[Kleur, str] = MappingProxyType(
    {
        Kleur.ROOD: ALARM,
        Kleur.ORANJE: LET_OP,
        Kleur.GROEN: RUSTIG,
        Kleur.TE_WEINIG: TE_WEINIG,
    }
)
"""What a colour of the gate is to the watch."""
WAT: Mapping[str, str] = MappingProxyType(
    {
        "voorgesteld": "kregen een plek",
        "betaald": "kregen een betaalde plek",
        "bbl": "kregen een plek voor BBL",
        "niveau": "kregen een plek op het eigen niveau",
        "op de lijst": "kregen hulp",
        "gevonden": "kregen hulp, van wie uitviel,",
    }
)
"""What is counted after the besluit, as the middle of a sentence."""


def beslist(een: Kampioen, found: NaBesluit) -> Iterator[Bevinding]:
    """Yield what people decided unevenly, or one calm line.

    An alarm is what the model had even and people made uneven: that is what the human step adds
    (TRUST F7). Where the model was uneven too the gate has its say; then it is only noted.

    Parameters
    ----------
    een : Kampioen
        The model that people decided beside.
    found : NaBesluit
        Of it.
    """
    key = (een.naam, een.versie, Maat.NA_BESLUIT.value)
    if not found.regels:
        yield Bevinding(*key, IEDEREEN, TE_WEINIG, "Nog te weinig besluiten om te vergelijken.")
        return
    door_mensen = [dict(one) for one in found.door_mensen]
    for one in found.scheef:
        yield Bevinding(
            *key,
            f"{one['kenmerk']} {one['waarde']}: {one['maat']}",
            ALARM if dict(one) in door_mensen else LET_OP,
            besluit_zin(one),
            waarde=one["verhouding_besluit"],
            laag=one["verhouding_besluit_low"],
            hoog=one["verhouding_besluit_high"],
            grens=SELECTION[0] if one["verhouding_besluit"] < 1 else SELECTION[1],
        )
    if not found.scheef:
        zin = "Na het besluit is er geen verschil tussen groepen dat te groot is."
        yield Bevinding(*key, IEDEREEN, RUSTIG, zin)


def besluit_zin(one: Mapping[str, Any]) -> str:
    """Return in words what people decided of a group, beside what the model said."""
    wie = f"{one['kenmerk'].capitalize()} {one['waarde']}"
    keer, van, tot = (getal(one[f"verhouding_besluit{end}"], 2) for end in ("", "_low", "_high"))
    zin = f"{wie}: {WAT[one['maat']]} {keer} keer zo vaak als de rest (tussen {van} en {tot})."
    eerst = one["verhouding_model"]
    return zin if eerst is None else f"{zin} Bij het model was dat {getal(eerst, 2)} keer."


def getoetst(session: Session, een: Kampioen) -> Iterator[Bevinding]:
    """Yield what the last audit by protected attributes said, where such attributes are held."""
    key = (een.naam, een.versie, Maat.EERLIJK.value, KENMERKEN)
    newest = GroepstoetsRepository(session).newest(
        Toetssoort.BESCHERMD, een.naam, een.versie, een.sha256
    )
    if newest is not None:
        zin = f"Het oordeel van {datum(newest.tijdstip.date())} is {newest.oordeel}."
        yield Bevinding(*key, NIVEAUS[Kleur(newest.oordeel)], zin)
    elif is_held(session):
        yield Bevinding(*key, LET_OP, "Er zijn kenmerken, maar deze versie is nog niet getoetst.")


def keep_besluiten(
    session: Session, een: Kampioen, found: NaBesluit, *, bekend_tot: date, op: datetime
) -> None:
    """Keep what people decided beside a model, unless it is what was kept already."""
    repository = GroepstoetsRepository(session)
    before = repository.newest(Toetssoort.NA_BESLUIT, een.naam, een.versie, een.sha256)
    told = found.described()
    if not found.regels or (before is not None and before.uitkomst == told):
        return
    repository.add(
        soort=Toetssoort.NA_BESLUIT.value,
        model=een.naam,
        versie=een.versie,
        sha256=een.sha256,
        bekend_tot=bekend_tot,
        oordeel=(Kleur.ORANJE if found.scheef else Kleur.GROEN).value,
        uitkomst=told,
        tijdstip=op,
    )
