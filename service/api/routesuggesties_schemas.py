"""What the API returns of routes towards a praktijkverklaring."""

from datetime import date

from pydantic import Field

from service.api.schemas import ApiModel, Kans, KansTekst, RedenOut


class LeerdoelOut(ApiModel):
    """Een werkproces dat de jongere op de route leert."""

    werkproces_id: str = Field(examples=["25743-P1-K1-W1"])
    titel: str = Field(examples=["Ontvangt goederen"])
    opleidingcode: str = Field(examples=["25743"])
    leerwerkplek_id: str = Field(examples=["LWP-0042"])
    startniveau: int | None = Field(
        ge=0, le=4, description="Leeg als het nooit is beoordeeld.", examples=[1]
    )
    uren: float = Field(description="Uren om dit te leren.", examples=[120])
    kans: Kans = Field(description="Kans dat het lukt, voor wie op de plek blijft.")
    zin: str = Field(examples=["Ontvangt goederen: nu met hulp; 120 uur."])


class StapOut(ApiModel):
    """Een stap van een route."""

    soort: str = Field(description="traject of leerwerkplek.", examples=["leerwerkplek"])
    id: str = Field(examples=["LWP-0042"])
    titel: str = Field(examples=["Assistent magazijn"])
    leerbedrijf: str | None = Field(description="Leeg bij een traject.", examples=["Voorbeeld BV"])
    plaats: str | None = Field(examples=["Doetinchem"])
    begin: date = Field(examples=["2026-11-01"])
    einde: date = Field(examples=["2027-05-01"])
    weken: int = Field(examples=[26])
    uren_per_week: float | None = Field(description="Leeg bij een traject.", examples=[24])
    ook_bij: list[str] = Field(
        description="Andere plekken van hetzelfde leerbedrijf.", examples=[["LWP-0043"]]
    )
    leerdoelen: list[LeerdoelOut]
    zin: str = Field(examples=["Assistent magazijn, van 1 november 2026 tot 1 mei 2027."])


class DekkingOut(ApiModel):
    """Hoe ver een route met een opleiding komt, geteld in werkprocessen."""

    opleidingcode: str = Field(examples=["25743"])
    titel: str = Field(examples=["Assistent logistiek"])
    niveau: int = Field(examples=[1])
    behaald: int = Field(description="Wat de jongere al kan.", examples=[1])
    gepland: int = Field(description="Wat op de route geleerd wordt.", examples=[4])
    totaal: int = Field(examples=[8])
    verwacht: float = Field(description="Hoeveel daarvan naar verwachting lukt.", examples=[2.9])
    kerntaken: list[str] = Field(description="Compleet als alles lukt.", examples=[["B1-K1"]])
    certificaten: list[str] = Field(
        description="Mbo-certificaten waar recht op is als alles lukt.",
        examples=[["Certificaat voorraadbeheer"]],
    )
    zin: str = Field(examples=["Assistent logistiek (niveau 1): 4 van de 8 werkprocessen."])


class RouteOut(ApiModel):
    """Een route naar een praktijkverklaring; de kans telt vanaf de leerwerkplek."""

    rang: int = Field(ge=1, examples=[1])
    kans: Kans = Field(description="Kans op blijven en minstens de helft leren.")
    kans_tekst: KansTekst
    laag: Kans = Field(description="Kleinste kans die te verwachten is.", examples=[0.2])
    hoog: Kans = Field(description="Grootste kans die te verwachten is.", examples=[0.8])
    kans_zin: str = Field(examples=["De kans is ongeveer 74 van de 100 (tussen 66 en 81)."])
    nodig: int = Field(description="Zoveel werkprocessen is minstens de helft.", examples=[3])
    verwacht: float = Field(
        description="Werkprocessen die naar verwachting lukken.", examples=[3.2]
    )
    verwacht_zin: str = Field(examples=["Naar verwachting lukken er 3,2 van de 5."])
    stappen: list[StapOut]
    dekking: list[DekkingOut]
    voor: list[RedenOut] = Field(description="Wat het leren makkelijker maakt.")
    tegen: list[RedenOut] = Field(description="Wat het leren moeilijker maakt.")
    vraag: int = Field(description="Open plekken in de regio die dit vragen.", examples=[12])
    vraag_zin: str = Field(examples=["In de regio vragen of leren 12 open plekken dit werk."])
    vervolg: str = Field(description="entree, bbl of werk.", examples=["entree"])
    vervolg_zin: str = Field(examples=["Daarna kan de jongere de entree-opleiding afmaken."])


class TrajectOut(ApiModel):
    """Of een traject de jongere toelaat, en zo niet, waarom."""

    traject_id: str = Field(examples=["T01"])
    soort: str = Field(examples=["voorschakeltraject"])
    titel: str = Field(examples=["Op weg naar entree"])
    toegelaten: bool = Field(examples=[True])
    zin: str = Field(examples=["Op weg naar entree: dit kan."])


class RoutesuggestiesOut(ApiModel):
    """Routes voor een jongere die echt van elkaar verschillen."""

    peildatum: date = Field(description="De dag van waaruit gekeken is.", examples=["2026-11-01"])
    model_versie: str | None = Field(description="Leeg zolang er geen model is.", examples=["1"])
    verschil: float = Field(
        ge=0,
        le=1,
        description="Hoe verschillend de routes zijn: 0 gelijk, 1 heel anders.",
        examples=[0.8],
    )
    melding: str | None = Field(description="Waarom er geen routes zijn.", examples=[None])
    basis: list[str] = Field(
        description="Wat eerst nodig is, voor leren op een plek kan.",
        examples=[["De jongere kan nu minder dan 12 uur per week aan."]],
    )
    routes: list[RouteOut]
    trajecten: list[TrajectOut]
