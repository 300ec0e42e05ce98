"""What goes out of the API about models, imports and the state of the installation."""

from datetime import datetime

from pydantic import Field

from models.gate import Kleur
from service.api.schemas import ApiModel, OnderdeelOut, PaginaOut
from service.modelbeheer.overzicht import ModelStatus


class ModelKortOut(ApiModel):
    """Een bewaard model in een lijst."""

    model_id: str = Field(description="Naam en versie.", examples=["uitvalrisico-3"])
    naam: str = Field(examples=["uitvalrisico"])
    versie: str = Field(examples=["3"])
    sha256: str = Field(description="Kenmerk van de bestanden.", examples=["9f86d081884c7d65"])
    bewaard_op: datetime = Field(examples=["2026-11-01T10:15:00Z"])
    in_gebruik: bool = Field(description="Waar: met dit model wordt nu gerekend.")
    status: ModelStatus = Field(
        description="Waar deze versie staat: alleen wat een tweede analist goedkeurde, rekent."
    )
    oordeel: Kleur = Field(
        description="Wat de toets op groepen zegt. Rood mag niet in gebruik; oranje en te weinig "
        "gegevens alleen met een reden."
    )
    ongewijzigd: bool = Field(
        description="Onwaar: de bestanden zijn weg of veranderd; het model wordt geweigerd."
    )


class ModelbesluitIn(ApiModel):
    """Wat iemand over een versie besluit."""

    reden: str = Field(
        "",
        max_length=2000,
        description="Waarom. Verplicht bij een afwijzing en als het oordeel niet groen is.",
        examples=["Samen met de functionaris gelezen; het verschil is te verklaren."],
    )


class ModelbesluitOut(ApiModel):
    """Een besluit over een versie van een model."""

    model_id: str = Field(description="Versie waarover het besluit gaat.", examples=["plaatsing-2"])
    besluit: str = Field(examples=["goedgekeurd"])
    oordeel: Kleur = Field(description="Oordeel over de groepen op dat moment.")
    trainer: str = Field(
        description="Account dat trainde; leeg als dat niet bekend is.", examples=["noor"]
    )
    door: str = Field(description="Account dat besloot.", examples=["sam"])
    reden: str = Field(
        examples=["Samen met de functionaris gelezen; het verschil is te verklaren."]
    )
    tijdstip: datetime = Field(examples=["2026-11-01T10:15:00Z"])


class ModelOut(ModelKortOut):
    """Een bewaard model met zijn maten en zijn kaart."""

    besluiten: list[ModelbesluitOut] = Field(
        description="Wat mensen over deze versie besloten, het oudste eerst."
    )
    maten: dict[str, float] = Field(description="Maten van de laatste toets.")
    kaart: dict[str, object] = Field(
        description="Modelkaart: waarvan geleerd, hoe goed, waarvoor niet te gebruiken."
    )


class ModellenOut(PaginaOut):
    """Eén pagina modellen, per naam de nieuwste eerst."""

    resultaten: list[ModelKortOut]


class TellingOut(ApiModel):
    """Wat een import met één tabel deed."""

    tabel: str = Field(examples=["inschrijving"])
    nieuw: int = Field(examples=[120])
    gewijzigd: int = Field(examples=[4])
    gelijk: int = Field(examples=[2310])


class ImportOut(ApiModel):
    """Een ingelezen bestand."""

    import_id: int = Field(examples=[12])
    tijdstip: datetime = Field(examples=["2026-11-01T10:15:00Z"])
    bestand: str = Field(examples=["RO_24ZZ_20250801_20260731.CSV"])
    sha256: str = Field(description="Kenmerk van het bestand.", examples=["9f86d081884c7d65"])
    soort: str = Field(examples=["registratieoverzicht"])
    door: str = Field(description="Wie het inlas.", examples=["anna"])
    tellingen: list[TellingOut]


class ImportenOut(PaginaOut):
    """Eén pagina importen, de nieuwste eerst."""

    resultaten: list[ImportOut]


class ImportverslagOut(ApiModel):
    """Wat een bestand deed, of bij een proef zou doen."""

    proef: bool = Field(description="Waar: er is niets bewaard.")
    import_id: int | None = Field(
        description="Nummer van de import; leeg bij een proef of een bestand dat er al was.",
        examples=[12],
    )
    overgeslagen: bool = Field(description="Waar: dit bestand was al ingelezen.")
    conclusie: str = Field(examples=["Ingelezen: 124 rijen nieuw of gewijzigd."])
    tellingen: list[TellingOut]
    waarschuwingen: list[str] = Field(examples=[["Tabel verzuim: 3 rijen staan er dubbel in."]])


class GezondheidOut(ApiModel):
    """Of Vangnet leeft."""

    status: str = Field(examples=["in orde"])
    versie: str = Field(description="Versie van Vangnet.", examples=["0.1.0"])


class GereedheidOut(ApiModel):
    """Of Vangnet kan werken, per onderdeel."""

    gereed: bool
    onderdelen: list[OnderdeelOut]
