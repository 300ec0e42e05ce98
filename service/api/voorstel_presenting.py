"""From a joint proposal and the answers about it to what the API returns."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from models.allocation import Allocation, Waarde
from models.allocation_answers import (
    Verschil,
    Waarom,
    kosten_pin,
    prijs_van_bescherming,
    reserves,
    schaarse_plekken,
)
from models.allocation_objectives import Doel
from service.api.presenting import present_redenen
from service.api.voorstel_schemas import (
    DoelOut,
    ReserveOut,
    SchaarsePlekOut,
    ToelichtingOut,
    VastOut,
    VerklaringOut,
    VerschilOut,
    VerschuivingOut,
    VoorstelOut,
    VoorstelregelOut,
)
from service.matchtafel.begrippen import Voorstel, Voorstelregel
from service.matchtafel.voorstel import redenen_of
from service.matchtafel.woorden import gevolg
from service.matchtafel.zicht import TafelZicht
from service.storage.matchtafel import MatchtafelRepository
from service.wording import kans_tekst, plaatsing_zin

SCARCE = 5
"""Scarce places that are told; each is solved again."""


def present_voorstel(session: Session, zicht: TafelZicht, voorstel: Voorstel) -> VoorstelOut:
    """Return a proposal with its lines, as it was made."""
    tables = MatchtafelRepository(session)
    jongeren = {one.id: one.jongere_id for one in tables.agendapunten(voorstel.matchtafel_id)}
    reached = voorstel.uitkomst
    return VoorstelOut(
        voorstel_id=voorstel.id,
        nummer=voorstel.nummer,
        tijdstip=voorstel.tijdstip,
        doelen=[
            DoelOut(doel=one, waarde=reached["doelen"][one]) for one in voorstel.opties["doelen"]
        ],
        geplaatst=reached["geplaatst"],
        jongeren=reached["jongeren"],
        verwacht=reached["verwacht"],
        gat=reached["gat"],
        regels=[
            _regel(zicht, regel, jongeren[regel.agendapunt_id])
            for regel in tables.regels(voorstel.id)
        ],
    )


def _regel(zicht: TafelZicht, regel: Voorstelregel, jongere_id: str) -> VoorstelregelOut:
    plek = regel.leerwerkplek_id
    return VoorstelregelOut(
        voorstelregel_id=regel.id,
        agendapunt_id=regel.agendapunt_id,
        jongere_id=jongere_id,
        naam=zicht.naam(jongere_id),
        leerwerkplek_id=plek,
        leerwerkplek=None if plek is None else zicht.plek(plek),
        kans=regel.kans,
        kans_tekst=None if regel.kans is None else kans_tekst(regel.kans),
        vast=bool(regel.uitleg.get("vast", False)),
        voor=present_redenen(redenen_of(regel.uitleg, "voor"), plaatsing_zin),
        tegen=present_redenen(redenen_of(regel.uitleg, "tegen"), plaatsing_zin),
    )


def present_verklaring(zicht: TafelZicht, found: Waarom) -> VerklaringOut:
    """Return why somebody did not get a place."""
    return VerklaringOut(
        bezet_door=[zicht.naam(one) for one in found.bezet_door],
        zin=f"Krijgt deze jongere de plek, dan {gevolg(found.verschil)}.",
        verschil=_verschil(zicht, found.verschil),
    )


def toelichting_changes(allocation: Allocation) -> list[Verschil]:
    """Return every difference that `present_toelichting` tells."""
    pinned = allocation.proposal.filter("vast")["jongere_id"]
    return [
        *(one.verschil for one in schaarse_plekken(allocation, SCARCE)),
        *(kosten_pin(allocation, one) for one in pinned),
        prijs_van_bescherming(allocation),
    ]


def present_toelichting(zicht: TafelZicht, allocation: Allocation) -> ToelichtingOut:
    """Return what lies behind a proposal."""
    protection = prijs_van_bescherming(allocation)
    pinned = allocation.proposal.filter("vast")["jongere_id"]
    pins = [(one, kosten_pin(allocation, one)) for one in pinned]
    return ToelichtingOut(
        reserves=[
            ReserveOut(
                leerwerkplek=zicht.plek(row["leerwerkplek_id"]),
                naam=zicht.naam(row["jongere_id"]),
                **row,
            )
            for row in reserves(allocation).iter_rows(named=True)
        ],
        schaarse_plekken=[
            SchaarsePlekOut(
                leerwerkplek_id=one.leerwerkplek_id,
                leerwerkplek=zicht.plek(one.leerwerkplek_id),
                zin=f"Is hier een plaats meer, dan {gevolg(one.verschil)}.",
                verschil=_verschil(zicht, one.verschil),
            )
            for one in schaarse_plekken(allocation, SCARCE)
        ],
        vastgezet=[
            VastOut(
                jongere_id=one,
                naam=zicht.naam(one),
                zin=f"Wordt dit losgelaten, dan {gevolg(change)}.",
                verschil=_verschil(zicht, change),
            )
            for one, change in pins
        ],
        bescherming=_verschil(zicht, protection),
        bescherming_zin=(
            f"Zonder voorrang voor wie het moeilijkst te plaatsen is, {gevolg(protection)}."
        ),
    )


def _totaal(reached: Mapping[Doel, Waarde]) -> float | None:
    total = reached.get(Doel.TOTAAL)
    return total if isinstance(total, float) else None


def _verschil(zicht: TafelZicht, change: Verschil) -> VerschilOut:
    return VerschilOut(
        winst=change.winst,
        totaal_nu=_totaal(change.nu),
        totaal_dan=_totaal(change.dan),
        verschuivingen=[
            VerschuivingOut(
                jongere_id=one.jongere_id,
                naam=zicht.naam(one.jongere_id),
                van=one.van,
                naar=one.naar,
                kans_van=one.kans_van,
                kans_naar=one.kans_naar,
            )
            for one in change.verschuivingen
        ],
    )
