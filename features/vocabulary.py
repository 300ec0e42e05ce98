"""Words of the field as closed lists: what a column of the data contract may hold.

The values are the words on screen, in the API and in the files. Sources: ROD/DUO
programme of requirements for the Registratieoverzicht (leerweg, reden uitschrijving);
Leerplichtwet 1969 (verzuimmelding); SBB (soort leerwerkplek).
"""

from enum import IntEnum, StrEnum


class Onderwijssoort(StrEnum):
    """Kind of education; ``mbo`` is mbo whose niveau the source does not tell."""

    PRO = "pro"
    VSO = "vso"
    VO = "vo"
    VAVO = "vavo"
    ENTREE = "entree"
    MBO = "mbo"
    MBO_2 = "mbo-2"
    MBO_3 = "mbo-3"
    MBO_4 = "mbo-4"


MBO_BY_NIVEAU = {
    1: Onderwijssoort.ENTREE,
    2: Onderwijssoort.MBO_2,
    3: Onderwijssoort.MBO_3,
    4: Onderwijssoort.MBO_4,
}
"""The onderwijssoort of an mbo qualification, by its niveau (Wet educatie en beroepsonderwijs)."""

NIVEAU_STARTKWALIFICATIE = 2
"""Lowest mbo niveau whose diploma is a startkwalificatie; havo and vwo count as well."""


class Leerweg(StrEnum):
    """Leerweg or leertraject of an mbo enrolment, as DUO names it."""

    BOL = "BOL"
    BOL_DT = "BOL_DT"
    BBL = "BBL"
    OVO = "OVO"
    EX = "EX"
    ODT = "ODT"


class RedenUitschrijving(StrEnum):
    """Why an enrolment ended: the two digits of DUO's code list."""

    DIPLOMA = "01"
    EIGEN_VERZOEK = "02"
    ANDERE_INSTELLING = "03"
    GESTOPT = "04"
    OVERLEDEN = "05"
    ANDERS = "06"
    VERWIJDERD = "07"
    ADMINISTRATIEF = "08"
    BEKOSTIGING_VERVALLEN = "09"
    ZONDER_DIPLOMA = "10"


class SoortDiploma(StrEnum):
    """Kind of proof that was obtained."""

    DIPLOMA = "diploma"
    MBO_CERTIFICAAT = "mbo-certificaat"
    PRAKTIJKVERKLARING = "praktijkverklaring"
    BRANCHECERTIFICAAT = "branchecertificaat"
    HAVO = "havo-diploma"
    VWO = "vwo-diploma"


VO_STARTKWALIFICATIE = (SoortDiploma.HAVO, SoortDiploma.VWO)
"""Diplomas without mbo niveau that are a startkwalificatie all the same."""


class SoortVerzuimmelding(StrEnum):
    """Legal absence reports of the Leerplichtwet and the Doorstroompunt law."""

    ZESTIEN_UUR = "16 uur in 4 weken"
    LANGDURIG = "4 weken achtereen"
    LUXEVERZUIM = "luxeverzuim"
    OVERIG = "overig verzuim"


class RedenEindeStage(StrEnum):
    """Why a stage ended."""

    AFGEROND = "afgerond"
    DIPLOMA = "diploma"
    JONGERE = "gestopt door jongere"
    LEERBEDRIJF = "gestopt door leerbedrijf"
    SCHOOL = "gestopt door school"
    NIET_GESTART = "niet gestart"
    ANDERS = "anders"


class Beoordelaar(StrEnum):
    """Who judged a competentie (column ``bron`` of competentiemeting)."""

    SCHOOL = "school"
    LEERBEDRIJF = "leerbedrijf"
    ZELF = "zelf"


class Niveau(IntEnum):
    """Judged niveau of a competentie."""

    NOG_NIET = 0
    MET_HULP = 1
    ONDER_TOEZICHT = 2
    ZELFSTANDIG = 3
    LEERT_ANDEREN = 4


class Vervoer(StrEnum):
    """How a jongere can travel."""

    LOPEN = "lopen"
    FIETS = "fiets"
    E_BIKE = "e-bike"
    SCOOTER = "scooter"
    OV = "ov"
    AUTO = "auto"


class Omstandigheid(StrEnum):
    """Condition of a leerwerkplek, and what a jongere may avoid."""

    HOOGTE = "hoogte"
    BUITEN = "buiten"
    LAWAAI = "lawaai"
    DRUKTE = "drukte"
    TILLEN = "tillen"
    VROEGE_START = "vroege start"
    AVOND_WEEKEND = "avond of weekend"
    KLANTCONTACT = "klantcontact"
    KOU = "kou"
    STOF = "stof"
    RIJBEWIJS = "rijbewijs"
    """Only of a leerwerkplek: a driving licence is needed."""


class Ondersteuning(StrEnum):
    """Support as a work condition that a jongere asks and a place offers; never a diagnosis."""

    VASTE_BEGELEIDER = "vaste begeleider"
    JOBCOACH = "jobcoach"
    RUSTIGE_WERKPLEK = "rustige werkplek"
    DUIDELIJKE_STRUCTUUR = "duidelijke structuur"
    STAP_VOOR_STAP = "uitleg stap voor stap"
    FLEXIBELE_UREN = "flexibele uren"
    TAALHULP = "hulp bij lezen en schrijven"
    AANGEPASTE_WERKPLEK = "aangepaste werkplek"


class Sector(StrEnum):
    """Sector of a leerbedrijf, and of a wish; after the sectorkamers of SBB."""

    BOUW = "bouw en infra"
    TECHNIEK = "techniek"
    MOBILITEIT = "mobiliteit en logistiek"
    VOEDSEL_GROEN = "voedsel en groen"
    HORECA = "horeca en bakkerij"
    ZORG_WELZIJN = "zorg en welzijn"
    HANDEL = "handel"
    ZAKELIJK = "zakelijke dienstverlening en ict"
    SCHOONMAAK = "schoonmaak en facilitair"
    CREATIEF = "creatief en ambacht"


class SoortLeerwerkplek(StrEnum):
    """Kind of leerwerkplek."""

    STAGE = "stage"
    LEERBAAN = "leerbaan"
    ONTWIKKELBAAN = "ontwikkelbaan"
    BESCHUT = "beschut werk"
    PRAKTIJKVERKLARING = "praktijkverklaring"


class SoortCompetentie(StrEnum):
    """Where a competentie comes from."""

    WERKPROCES = "werkproces"
    COMPETENTNL = "CompetentNL"
    ESCO = "ESCO"
    WERKNEMERSVAARDIGHEID = "werknemersvaardigheid"
    EIGEN_LIJST = "eigen lijst"


class Operator(StrEnum):
    """Comparison in a condition of a traject."""

    GELIJK = "="
    ONGELIJK = "!="
    MINSTENS = ">="
    HOOGSTENS = "<="
    IN = "in"


class Kanaal(StrEnum):
    """How contact was sought."""

    TELEFOON = "telefoon"
    BERICHT = "bericht"
    EMAIL = "e-mail"
    BRIEF = "brief"
    HUISBEZOEK = "huisbezoek"
    GESPREK = "gesprek"


class SoortVsvRegistratie(StrEnum):
    """What a DUO vsv file says of a jongere."""

    STARTPOPULATIE = "startpopulatie"
    VOORLOPIG = "vsv voorlopig"
    DEFINITIEF = "vsv definitief"
