"""From the records of a matchtafel to what the API returns."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from service.api.matchtafel_schemas import (
    AgendaOut,
    AgendapuntOut,
    BesluitOut,
    DeelnemerOut,
    MatchtafelOut,
    OpvolgingOut,
    PlekOut,
    WensOut,
)
from service.matchtafel.begrippen import Besluit, Matchtafel, Opvolging, TafelPlek, Wens
from service.matchtafel.zicht import TafelZicht
from service.storage.besluit import BesluitRepository
from service.storage.matchtafel import MatchtafelRepository
from service.storage.tafelstand import Tafelstand

SHOWN = ("peildatum", "modellen")
"""What is told of the record of a table; its seed would give away who was drawn by lot."""


def present_tafel(table: Matchtafel, stand: Tafelstand) -> MatchtafelOut:
    """Return a matchtafel with its people and how far it is."""
    return MatchtafelOut(
        matchtafel_id=table.id,
        regio=table.regio,
        datum=table.datum,
        status=table.status,
        versie=table.versie,
        momentopname={name: table.momentopname.get(name) for name in SHOWN},
        deelnemers=[
            DeelnemerOut(
                deelnemer_id=one.id, naam=one.naam, organisatie=one.organisatie, rol=one.rol
            )
            for one in stand.deelnemers
        ],
        agendapunten=stand.agendapunten,
        besproken=stand.besproken,
        plekken=stand.plekken,
    )


def present_agenda(session: Session, matchtafel_id: int, zicht: TafelZicht) -> AgendaOut:
    """Return the agenda with the besluit that stands; never whether chance put somebody there."""
    tables = MatchtafelRepository(session)
    tables.get(matchtafel_id)
    standing = BesluitRepository(session).standing(matchtafel_id)
    return AgendaOut(
        resultaten=[
            AgendapuntOut(
                agendapunt_id=line.id,
                jongere_id=line.jongere_id,
                naam=zicht.naam(line.jongere_id),
                urgentie=zicht.urgentie(line),
                versie=line.versie,
                besluit=present_besluit(standing[line.id]) if line.id in standing else None,
            )
            for line in tables.agendapunten(matchtafel_id)
        ]
    )


def present_besluit(besluit: Besluit) -> BesluitOut:
    """Return a besluit."""
    return BesluitOut(
        besluit_id=besluit.id,
        agendapunt_id=besluit.agendapunt_id,
        keuze=besluit.keuze,
        reden=besluit.reden,
        leerwerkplek_id=besluit.leerwerkplek_id,
        eigenaar_id=besluit.eigenaar_id,
        opvolgdatum=besluit.opvolgdatum,
        tijdstip=besluit.tijdstip,
        vervangt_id=besluit.vervangt_id,
    )


def present_plek(plek: TafelPlek, title: Callable[[str], str]) -> PlekOut:
    """Return a place that lies on the table."""
    return PlekOut(
        leerwerkplek_id=plek.leerwerkplek_id,
        leerwerkplek=title(plek.leerwerkplek_id),
        aantal=plek.vrij,
        alleen_voor=plek.alleen_voor,
        alleen_tot=plek.alleen_tot,
    )


def present_wens(wens: Wens) -> WensOut:
    """Return a wish that stands."""
    return WensOut(
        wens_id=wens.id,
        soort=wens.soort,
        jongere_id=wens.jongere_id,
        leerwerkplek_id=wens.leerwerkplek_id,
    )


def present_opvolging(opvolging: Opvolging) -> OpvolgingOut:
    """Return a follow-up."""
    return OpvolgingOut(
        opvolging_id=opvolging.id,
        besluit_id=opvolging.besluit_id,
        vraag=opvolging.vraag,
        datum=opvolging.datum,
        eigenaar_id=opvolging.eigenaar_id,
        uitkomst=opvolging.uitkomst,
        toelichting=opvolging.toelichting,
        stage_id=opvolging.stage_id,
        versie=opvolging.versie,
    )
