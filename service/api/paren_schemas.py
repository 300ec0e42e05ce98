"""What the API returns of pairs: places for a jongere, jongeren for a place, what would help.

A kandidaat has no field for uitvalrisico, so a list of kandidaten cannot carry one (TRUST S7).
"""

from datetime import date

from pydantic import Field

from service.api.schemas import ApiModel, JongereOut, Kans, KansTekst, RedenOut
from service.suggesties import Volgorde


class LeerwerkplekOut(ApiModel):
    """Een plek om te leren en te werken."""

    leerwerkplek_id: str = Field(examples=["LWP-0042"])
    titel: str = Field(examples=["Assistent magazijn"])
    soort: str = Field(description="Soort leerwerkplek.", examples=["stage"])
    leerbedrijf: str = Field(examples=["Voorbeeld Logistiek"])
    plaats: str | None = Field(examples=["Doetinchem"])
    sector: str | None = Field(examples=["mobiliteit en logistiek"])
    uren_min: float = Field(description="Minste uren per week.", examples=[16])
    uren_max: float = Field(description="Meeste uren per week.", examples=[32])
    capaciteit: int = Field(description="Plaatsen in totaal.", examples=[2])
    vrij: int = Field(description="Plaatsen die vrij zijn op de peildatum.", examples=[1])


class OntbrekendOut(ApiModel):
    """Een eis van de plek waaraan de jongere nog niet voldoet."""

    competentie_id: str = Field(examples=["WV-03"])
    titel: str = Field(examples=["Op tijd komen"])
    gevraagd: int = Field(ge=0, le=4, description="Gevraagd niveau, 0 tot 4.", examples=[3])
    gevraagd_tekst: str = Field(examples=["zelfstandig"])
    niveau: int | None = Field(description="Leeg als het nooit is beoordeeld.", examples=[1])
    niveau_tekst: str = Field(examples=["met hulp"])
    hard: bool = Field(description="Een eis (true) of een wens (false).")


class SuggestieBase(ApiModel):
    """Wat een voorstel zegt, los van wie of wat er voorgesteld wordt."""

    rang: int = Field(ge=1, examples=[1])
    kans: Kans = Field(description="Kans dat de plaatsing slaagt.")
    kans_tekst: KansTekst
    laag: Kans = Field(description="Laagste deel van 100 zulke paren, in 9 van de 10 keer.")
    hoog: Kans = Field(description="Hoogste deel van 100 zulke paren, in 9 van de 10 keer.")
    tussen_tekst: str = Field(examples=["tussen 52 en 70 van de 100"])
    reistijd_minuten: float | None = Field(
        description="Leeg als de reistijd niet bekend is.", examples=[18.0]
    )
    voor: list[RedenOut] = Field(description="Wat ervoor pleit.")
    tegen: list[RedenOut] = Field(description="Wat ertegen pleit; leeg als er niets is gevonden.")
    ontbrekend: list[OntbrekendOut]


class AanpassingOut(ApiModel):
    """Iets kleins dat kan veranderen."""

    wat: str = Field(
        description="uren, reistijd, vervoer, begeleiding of competentie.", examples=["vervoer"]
    )
    van: float | str | None = Field(description="Leeg als het niet bekend is.", examples=[None])
    naar: float | str = Field(examples=["e-bike"])
    competentie_id: str | None = Field(examples=[None])


class VerbeteringOut(ApiModel):
    """Wat zou helpen op een plek; nagerekend met het model zelf."""

    stappen: list[AanpassingOut]
    kans_nu: float | None = Field(description="Leeg als de plek nu buiten valt.", examples=[0.61])
    kans_dan: Kans
    opgeheven: list[str] = Field(description="Regels die dan niet meer gelden.")
    zin: str = Field(
        examples=["Met een e-bike gaat de kans van slagen van ongeveer 61 naar 74 van de 100."]
    )


class NieuweKansOut(ApiModel):
    """Een kleine verandering die een duidelijk betere plek geeft dan de beste van nu."""

    leerwerkplek: LeerwerkplekOut
    verbetering: VerbeteringOut


class SuggestieOut(SuggestieBase):
    """Een leerwerkplek voor een jongere."""

    leerwerkplek: LeerwerkplekOut
    anderen: int = Field(
        description="Andere zoekende jongeren met deze plek bij hun beste vijf.", examples=[12]
    )
    drukte_tekst: str = Field(examples=["12 anderen, 2 plekken"])
    verbetering: VerbeteringOut | None = Field(
        description="Leeg als niets kleins duidelijk helpt, en in een verkenning."
    )


class KandidaatOut(SuggestieBase):
    """Een jongere voor een leerwerkplek; zonder uitvalrisico."""

    jongere: JongereOut
    elders: Kans = Field(
        description="Gemiddelde van de beste vijf kansen op andere plekken; wat er niet is, telt "
        "als 0. De volgorde is die van kans min elders."
    )
    andere_plekken: int = Field(description="Andere plekken die passen.", examples=[8])
    winst_zin: str = Field(
        examples=["Op de beste 5 andere plekken gemiddeld ongeveer 44 van de 100: hier 17 meer."]
    )


class BlokkadeOut(ApiModel):
    """Een regel waardoor een combinatie buiten valt, en wat dat zou opheffen."""

    regel: str = Field(examples=["reistijd"])
    zin: str = Field(examples=["Valt buiten, want de reis duurt langer dan de jongere wil reizen."])
    opheffing: str = Field(
        examples=["Bespreek met de jongere een langere reistijd of ander vervoer."]
    )


class UitgeslotenLeerwerkplekOut(ApiModel):
    """Een leerwerkplek die buiten valt."""

    leerwerkplek: LeerwerkplekOut
    blokkades: list[BlokkadeOut]


class UitgeslotenJongereOut(ApiModel):
    """Een jongere voor wie de plek buiten valt."""

    jongere: JongereOut
    blokkades: list[BlokkadeOut]


class ZonderScoreOut(ApiModel):
    """Een paar dat past en waarvan geen kans is berekend."""

    jongere_id: str = Field(examples=["3f9c0a51"])
    leerwerkplek: LeerwerkplekOut
    reistijd_minuten: float | None = Field(description="Leeg als niet bekend.", examples=[18.0])
    ontbrekend: list[OntbrekendOut]


ZONDER_SCORE = Field(
    description="Wat past en waarvan geen kans is berekend: het model staat stil, of de jongere "
    "maakte bezwaar. Op reistijd, of op naam."
)


class SuggestiesOut(ApiModel):
    """Leerwerkplekken voor een jongere, op volgorde van kans, en wat buiten valt."""

    peildatum: date = Field(description="De dag van waaruit gekeken is.", examples=["2026-11-01"])
    model_versie: str = Field(description="Leeg als het model stilstaat.", examples=["1"])
    passend: int = Field(description="Plekken die door geen regel buiten vallen.", examples=[37])
    volgorde: Volgorde = Field(examples=["passendheid"])
    suggesties: list[SuggestieOut]
    nieuwe_kansen: list[NieuweKansOut]
    uitgesloten_totaal: int = Field(
        description="Hoeveel er buiten vallen; vraag er meer met topUitgesloten.", examples=[214]
    )
    uitgesloten: list[UitgeslotenLeerwerkplekOut] = Field(
        description="Die met de minste regels eerst."
    )
    zonder_score: list[ZonderScoreOut] = ZONDER_SCORE


class KandidatenOut(ApiModel):
    """Jongeren voor een leerwerkplek, op volgorde van kans, en wie buiten valt."""

    peildatum: date = Field(description="De dag van waaruit gekeken is.", examples=["2026-11-01"])
    model_versie: str = Field(description="Leeg als het model stilstaat.", examples=["1"])
    passend: int = Field(description="Jongeren die door geen regel buiten vallen.", examples=[12])
    volgorde: Volgorde = Field(examples=["passendheid"])
    leerwerkplek: LeerwerkplekOut
    kandidaten: list[KandidaatOut]
    uitgesloten_totaal: int = Field(
        description="Hoeveel er buiten vallen; vraag er meer met topUitgesloten.", examples=[214]
    )
    uitgesloten: list[UitgeslotenJongereOut] = Field(description="Die met de minste regels eerst.")
    zonder_score: list[ZonderScoreOut] = ZONDER_SCORE
