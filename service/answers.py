"""What a failure becomes for a user: a status, a title, and one Dutch sentence on what to do.

One table for the API (problem details), the pages and the commands. A failure that is not in
the table is a programming error: the user reads `UNEXPECTED`, the log gets the rest.
"""

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from features.errors import TableError
from models.errors import (
    AlteredModelError,
    LeakError,
    ModelNotFoundError,
    NoClusterError,
    NotPromotedError,
    OtherStudyError,
    TooLittleDataError,
)
from service.aanmelden.errors import SignInError, TooManyError, WeakPasswordError
from service.aanmelden.zinnen import AANMELD_ZINNEN, TOO_MANY, TOO_WEAK
from service.errors import (
    BackupError,
    BackupProblem,
    ConflictError,
    FileError,
    HerhaalError,
    ImportRefusedError,
    InstructieError,
    InvoerError,
    NoDataError,
    NoModelError,
    NotAllowedError,
    NotDemoError,
    NotFoundError,
    NotLoggedInError,
    NotRecordedError,
    OutputError,
    PasswordError,
    PortError,
    RefusedError,
    SamePersonError,
    SettingsError,
    StoreError,
    StoreProblem,
    Weigering,
)


@dataclass(frozen=True)
class Answer:
    """HTTP status, and a sentence that may name the data of the failure between braces."""

    status: HTTPStatus
    detail: str

    @property
    def title(self) -> str:
        """Short Dutch title of the status."""
        return TITLES[self.status]


TITLES: Mapping[HTTPStatus, str] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: "De vraag klopt niet",
        HTTPStatus.UNAUTHORIZED: "U bent niet ingelogd",
        HTTPStatus.FORBIDDEN: "Dit mag niet",
        HTTPStatus.NOT_FOUND: "Niet gevonden",
        HTTPStatus.METHOD_NOT_ALLOWED: "Deze handeling kan hier niet",
        HTTPStatus.CONFLICT: "Dit kan nu niet",
        HTTPStatus.NOT_ACCEPTABLE: "Deze vorm is er niet",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "De invoer is te groot",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Dit soort inhoud kan hier niet",
        HTTPStatus.UNPROCESSABLE_ENTITY: "Dit kenmerk is al gebruikt",
        HTTPStatus.PRECONDITION_REQUIRED: "Noem de versie die u wijzigt",
        HTTPStatus.TOO_MANY_REQUESTS: "Even wachten",
        HTTPStatus.INTERNAL_SERVER_ERROR: "Er ging iets mis",
        HTTPStatus.SERVICE_UNAVAILABLE: "Nog niet beschikbaar",
        HTTPStatus.INSUFFICIENT_STORAGE: "De schijf is vol",
    }
)

STATUS_SENTENCES: Mapping[HTTPStatus, str] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: "Iets in de vraag klopt niet. Controleer de invoer.",
        HTTPStatus.UNAUTHORIZED: "U bent niet (meer) ingelogd. Log in en probeer het opnieuw.",
        HTTPStatus.FORBIDDEN: (
            "Dit verzoek kwam van een andere site en is niet uitgevoerd. "
            "Open Vangnet opnieuw en probeer het nog eens."
        ),
        HTTPStatus.NOT_FOUND: "Dit adres bestaat niet. Controleer het of begin bij de lijst.",
        HTTPStatus.METHOD_NOT_ALLOWED: (
            "Dit adres doet dat niet. Begin op de eerste pagina, "
            "of kijk in de beschrijving van de API wat wel kan."
        ),
        HTTPStatus.NOT_ACCEPTABLE: "Het antwoord is er alleen als JSON: vraag application/json.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Stuur minder gegevens tegelijk.",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
            "Stuur de gegevens als application/json; een bestand als multipart/form-data."
        ),
        HTTPStatus.PRECONDITION_REQUIRED: (
            "Vraag eerst op wat er nu staat en stuur de ETag daarvan mee in If-Match."
        ),
    }
)

UNEXPECTED = Answer(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Er is niets veranderd. Probeer het over een minuut opnieuw; "
    "gebeurt het weer, bel dan de beheerder.",
)

ANSWERS: Mapping[type[Exception], Answer] = MappingProxyType(
    {
        NotFoundError: Answer(
            HTTPStatus.NOT_FOUND,
            "Geen {what} gevonden met nummer {key}. Controleer het nummer of begin bij de lijst.",
        ),
        ConflictError: Answer(
            HTTPStatus.CONFLICT,
            "Iemand anders was u voor. Er is niets veranderd: bekijk wat er nu staat "
            "en probeer het opnieuw.",
        ),
        InstructieError: Answer(
            HTTPStatus.FORBIDDEN,
            "Lees eerst wat de scores wel en niet zeggen (versie {versie}). Log in op de pagina's "
            "en bevestig dat op /instructie.",
        ),
        InvoerError: Answer(HTTPStatus.BAD_REQUEST, STATUS_SENTENCES[HTTPStatus.BAD_REQUEST]),
        HerhaalError: Answer(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "Dit kenmerk hoort bij een ander verzoek. Stuur een nieuw kenmerk mee.",
        ),
        NotLoggedInError: Answer(
            HTTPStatus.UNAUTHORIZED, STATUS_SENTENCES[HTTPStatus.UNAUTHORIZED]
        ),
        NotAllowedError: Answer(
            HTTPStatus.FORBIDDEN,
            "U hebt hier geen recht voor. Kies een ander doel, of vraag de beheerder om een rol.",
        ),
        NotRecordedError: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Wat u vroeg kan nu niet in het logboek worden geschreven. Daarom laten we niets zien. "
            "Probeer het over een minuut opnieuw.",
        ),
        NoModelError: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Er is nog geen model {model} in gebruik. Laat een analist 'vangnet train' uitvoeren, "
            "en een andere analist 'vangnet promote'.",
        ),
        SamePersonError: Answer(
            HTTPStatus.FORBIDDEN,
            "U trainde versie {versie} van model {model} zelf. Een andere analist moet die "
            "goedkeuren.",
        ),
        NoDataError: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Er zijn nog geen gegevens om mee te rekenen. "
            "Laat de beheerder 'vangnet import' uitvoeren.",
        ),
        TableError: Answer(
            HTTPStatus.BAD_REQUEST,
            "Kolom {column} van tabel {table} klopt niet. "
            "Verbeter de gegevens en probeer het opnieuw.",
        ),
        FileError: Answer(
            HTTPStatus.BAD_REQUEST,
            "Het bestand {path} kan niet worden gelezen. "
            "Kijk of het bestaat, heel is en het goede soort bestand is.",
        ),
        SettingsError: Answer(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "De instelling {setting} ontbreekt of klopt niet. Verbeter die en start opnieuw.",
        ),
        PasswordError: Answer(
            HTTPStatus.BAD_REQUEST,
            "Het wachtwoord is te kort. Kies er een van minstens {minimum} tekens.",
        ),
        WeakPasswordError: Answer(HTTPStatus.BAD_REQUEST, TOO_WEAK),
        TooManyError: Answer(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY),
        PortError: Answer(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "Poort {port} is al in gebruik. Stop het andere programma of kies een andere poort "
            "met --poort.",
        ),
        OutputError: Answer(
            HTTPStatus.BAD_REQUEST,
            "De uitvoer {path} eindigt niet op .parquet of .csv. Kies zo'n naam.",
        ),
        NotDemoError: Answer(
            HTTPStatus.BAD_REQUEST,
            "In de map {folder} staat iets anders dan deze demo. Kies een andere map met --data.",
        ),
        ImportRefusedError: Answer(
            HTTPStatus.BAD_REQUEST,
            "Er is niets ingelezen: {rows} regels kloppen niet. Verbeter ze en probeer opnieuw.",
        ),
        TooLittleDataError: Answer(
            HTTPStatus.BAD_REQUEST,
            "Er zijn te weinig voorbeelden om model {model} te maken: {n}, nodig zijn er {needed}. "
            "Lees meer schooljaren in.",
        ),
        NoClusterError: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Er is geen Dask om op te trainen. Installeer het (pip install 'dask[distributed]'), "
            "kijk of de scheduler draait (VANGNET_DASK_SCHEDULER), of train zonder --distributed.",
        ),
        OtherStudyError: Answer(
            HTTPStatus.CONFLICT,
            "De studie {studie} gaat over andere gegevens, een ander model of andere vaste "
            "instellingen. Noem een andere naam met --studie, of geen.",
        ),
        LeakError: Answer(
            HTTPStatus.BAD_REQUEST,
            "Kenmerk {column} verraadt hoe het afliep, dus model {model} is niet gemaakt. "
            "Kijk in de bron wanneer deze gegevens bekend waren en lees ze opnieuw in.",
        ),
        NotPromotedError: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Geen enkele versie van model {model} is goedgekeurd. "
            "Laat een analist 'vangnet promote' uitvoeren.",
        ),
        ModelNotFoundError: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Er is nog geen model {model}. Laat de beheerder 'vangnet train' uitvoeren.",
        ),
        AlteredModelError: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "De bestanden van model {model} zijn veranderd na het bewaren en worden niet gebruikt. "
            "Train het model opnieuw, of ga met 'vangnet rollback' terug naar de vorige versie.",
        ),
    }
)

_DISK_FULL = Answer(
    HTTPStatus.INSUFFICIENT_STORAGE,
    "De schijf is vol. Maak ruimte vrij en probeer het opnieuw; er is niets half bewaard.",
)
STORE_ANSWERS: Mapping[StoreProblem, Answer] = MappingProxyType(
    {
        StoreProblem.LOCKED: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "De gegevens worden net bijgewerkt. Probeer het over een minuut opnieuw.",
        ),
        StoreProblem.UNREACHABLE: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "De database is niet bereikbaar. Kijk of die aanstaat en of het adres klopt.",
        ),
        StoreProblem.DISK_FULL: _DISK_FULL,
        StoreProblem.READ_ONLY: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Vangnet mag niet in de database schrijven. Geef het recht daarvoor.",
        ),
        StoreProblem.DAMAGED: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "De database is beschadigd. Zet de laatste reservekopie terug.",
        ),
        StoreProblem.NOT_MIGRATED: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "De database is van een oudere versie. Laat de beheerder 'vangnet migrate' uitvoeren.",
        ),
        StoreProblem.NEWER: Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "De database is van een nieuwere versie van Vangnet. Installeer die versie.",
        ),
    }
)

BACKUP_ANSWERS: Mapping[BackupProblem, Answer] = MappingProxyType(
    {
        problem: Answer(HTTPStatus.BAD_REQUEST, sentence)
        for problem, sentence in {
            BackupProblem.DAMAGED: (
                "De reservekopie {path} is niet heel of is geen reservekopie. "
                "Er is niets teruggezet: neem een andere kopie."
            ),
            BackupProblem.SEALED: (
                "De reservekopie {path} is versleuteld. Stel VANGNET_BACKUP_KEY in."
            ),
            BackupProblem.UNREADABLE: (
                "De reservekopie {path} gaat niet open met deze VANGNET_BACKUP_KEY, of is niet "
                "heel. Er is niets teruggezet: kijk de sleutel na of neem een andere kopie."
            ),
            BackupProblem.OTHER_KEY: (
                "De reservekopie {path} hoort bij een andere sleutel voor pseudoniemen. "
                "Zet eerst de instellingen.toml van die installatie in de map."
            ),
            BackupProblem.OTHER_DATABASE: (
                "De reservekopie {path} is van een ander soort database dan hier is ingesteld. "
                "Kijk de instelling VANGNET_DATABASE_URL na."
            ),
            BackupProblem.NEWER: (
                "De reservekopie {path} is van een nieuwere versie van Vangnet. "
                "Installeer die versie."
            ),
            BackupProblem.NOT_EMPTY: (
                "In {path} staat al iets. Er is niets teruggezet: kies een lege map en database."
            ),
            BackupProblem.DIFFERENT: (
                "Wat uit {path} terugkwam, is niet wat erin hoorde te staan. "
                "Er is niets teruggezet: neem een andere kopie."
            ),
            BackupProblem.NO_ROOM: (
                "Voor de oefening met {path} kan geen lege database worden gemaakt. "
                "Geef de gebruiker van de database dat recht (CREATEDB)."
            ),
        }.items()
    }
)

WEIGERINGEN: Mapping[Weigering, Answer] = MappingProxyType(
    {
        Weigering.TAFEL_NIET_OPEN: Answer(
            HTTPStatus.CONFLICT, "Deze matchtafel is niet open. Open de tafel en besluit dan."
        ),
        Weigering.TAFEL_GESLOTEN: Answer(
            HTTPStatus.CONFLICT,
            "Deze matchtafel is gesloten. Wat nog open is, komt op de agenda van de volgende.",
        ),
        Weigering.VOLGENDE_STAP: Answer(
            HTTPStatus.CONFLICT,
            "Een matchtafel gaat van gepland naar open naar gesloten. Bekijk hoe die nu staat.",
        ),
        Weigering.REDEN_TE_KORT: Answer(
            HTTPStatus.BAD_REQUEST, "Schrijf een reden van minstens 10 tekens bij het besluit."
        ),
        Weigering.PLEK_ONTBREEKT: Answer(
            HTTPStatus.BAD_REQUEST, "Kies de leerwerkplek waarvoor u de jongere voorstelt."
        ),
        Weigering.PLEK_NIET_AAN_TAFEL: Answer(
            HTTPStatus.BAD_REQUEST, "Deze leerwerkplek ligt niet op deze tafel. Kies een andere."
        ),
        Weigering.JONGERE_NIET_OP_AGENDA: Answer(
            HTTPStatus.BAD_REQUEST, "Deze jongere staat niet op de agenda. Zet de jongere erop."
        ),
        Weigering.OPVOLGDATUM_TE_VROEG: Answer(
            HTTPStatus.BAD_REQUEST, "Kies een dag om op terug te komen, op of na de matchtafel."
        ),
        Weigering.ANTWOORD_PAST_NIET: Answer(
            HTTPStatus.BAD_REQUEST, "Dit antwoord past niet bij deze vraag. Kies een ander."
        ),
        Weigering.AFSPRAAK_ONTBREEKT: Answer(
            HTTPStatus.BAD_REQUEST, "Vul de eerste dag, de laatste dag en de uren per week in."
        ),
        Weigering.BEGIN_IN_DE_TOEKOMST: Answer(
            HTTPStatus.BAD_REQUEST,
            "De eerste dag ligt in de toekomst. Leg de start vast als die er is geweest.",
        ),
        Weigering.VOORSTEL_VEROUDERD: Answer(
            HTTPStatus.CONFLICT,
            "Sinds dit voorstel is er iets veranderd. Maak een nieuw voorstel en vraag het daar.",
        ),
        Weigering.VASTGEZET_ONMOGELIJK: Answer(
            HTTPStatus.CONFLICT,
            "Wat is vastgezet, kan niet samen: {paren}. Maak er een los en probeer het opnieuw.",
        ),
        Weigering.MODEL_GESTOPT: Answer(
            HTTPStatus.CONFLICT,
            "Dit model is niet in gebruik: het is stopgezet, of nog niet goedgekeurd. Er is nu "
            "geen voorstel en geen kans. Kies zelf een plek: "
            "zoeken, reistijden en besluiten werken gewoon.",
        ),
        Weigering.AL_GESTOPT: Answer(
            HTTPStatus.CONFLICT, "Dit model staat hier al stil. Er is niets veranderd."
        ),
        Weigering.NIET_GESTOPT: Answer(
            HTTPStatus.CONFLICT, "Dit model staat hier niet stil. Er is niets veranderd."
        ),
        Weigering.GEEN_ANALIST: Answer(
            HTTPStatus.FORBIDDEN,
            "{naam} is geen account met de rol analist. Alleen een analist mag modellen trainen "
            "voor gebruik, goedkeuren en terugzetten.",
        ),
        Weigering.NIET_AANGEBODEN: Answer(
            HTTPStatus.CONFLICT, "Deze versie is nooit aangeboden. Train het model opnieuw."
        ),
        Weigering.MODEL_AFGEWEZEN: Answer(
            HTTPStatus.CONFLICT, "Deze versie is afgewezen. Train een nieuwe versie."
        ),
        Weigering.AL_IN_GEBRUIK: Answer(
            HTTPStatus.CONFLICT, "Deze versie is al in gebruik. Er is niets veranderd."
        ),
        Weigering.TRAINER_ONBEKEND: Answer(
            HTTPStatus.CONFLICT,
            "Niemand weet wie deze versie trainde. Train opnieuw met "
            "'vangnet train --door NAAM'; daarna kan een andere analist goedkeuren.",
        ),
        Weigering.MODEL_ROOD: Answer(
            HTTPStatus.CONFLICT,
            "Het oordeel over deze versie is rood. Niemand kan haar in gebruik nemen. "
            "Kijk op de kaart bij welke groep het misgaat.",
        ),
        Weigering.EVALUATIE_ROOD: Answer(
            HTTPStatus.CONFLICT,
            "Het verslag van de evaluatie is rood: het model vindt iets in toeval. Niemand kan "
            "deze versie in gebruik nemen.",
        ),
        Weigering.REDEN_NODIG: Answer(
            HTTPStatus.BAD_REQUEST,
            "Het oordeel is: {oordeel}. Schrijf in minstens 10 tekens waarom deze versie toch in "
            "gebruik mag.",
        ),
        Weigering.NIET_IN_GEBRUIK: Answer(
            HTTPStatus.CONFLICT, "Deze versie is niet in gebruik. Er is niets veranderd."
        ),
        Weigering.GEEN_VORIGE: Answer(
            HTTPStatus.CONFLICT,
            "Er is geen eerdere versie om naar terug te gaan. "
            "Met 'vangnet stop' zet u het model stil.",
        ),
        Weigering.GEEN_KENMERKEN: Answer(
            HTTPStatus.CONFLICT,
            "Er zijn hier geen beschermde kenmerken. Neem ze eerst in met "
            "'vangnet audit kenmerken', met een rol in de database die dat mag.",
        ),
    }
)

_NO_FOLDER = Answer(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "{filename} is een bestand en geen map. Kies een andere map met --data.",
)
_NO_RIGHT = Answer(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Vangnet mag hier niet lezen of schrijven: {filename}. "
    "Geef het recht daarvoor of kies een andere map.",
)
OS_ANSWERS: Mapping[int, Answer] = MappingProxyType(
    {
        errno.ENOSPC: _DISK_FULL,
        errno.EDQUOT: _DISK_FULL,
        errno.EFBIG: _DISK_FULL,
        errno.EACCES: _NO_RIGHT,
        errno.EPERM: _NO_RIGHT,
        errno.EROFS: _NO_RIGHT,
        errno.EEXIST: _NO_FOLDER,
        errno.ENOTDIR: _NO_FOLDER,
        errno.ENOENT: Answer(
            HTTPStatus.NOT_FOUND,
            "{filename} bestaat niet. Controleer de naam en de map.",
        ),
        errno.EADDRINUSE: Answer(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "De poort is al in gebruik. Stop het andere programma of kies een andere poort.",
        ),
    }
)


def answer_for(error: Exception) -> Answer | None:
    """Return the answer to a failure with its data filled in; None when it was not expected.

    Examples
    --------
    >>> answer_for(ModelNotFoundError("uitvalrisico")).detail
    "Er is nog geen model uitvalrisico. Laat de beheerder 'vangnet train' uitvoeren."
    """
    if isinstance(error, OSError):
        answer = OS_ANSWERS.get(error.errno or 0)
        data = {"filename": error.filename or "de map"}
    elif isinstance(error, StoreError):
        answer, data = STORE_ANSWERS[error.problem], {}
    elif isinstance(error, BackupError):
        answer, data = BACKUP_ANSWERS[error.problem], {"path": error.path}
    elif isinstance(error, RefusedError):
        answer, data = WEIGERINGEN[error.weigering], dict(error.data)
    elif isinstance(error, SignInError):
        answer, data = Answer(*AANMELD_ZINNEN[error.reden]), {}
    else:
        answer = next((ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS), None)
        data = vars(error)
    if answer is None:
        return None
    return Answer(answer.status, answer.detail.format_map(data))


def wait_headers(error: Exception | None) -> dict[str, str]:
    """Return the header that says when to come back, for what was asked too often.

    Examples
    --------
    >>> wait_headers(TooManyError(90)), wait_headers(NoModelError("uitvalrisico"))
    ({'Retry-After': '90'}, {})
    """
    return {"Retry-After": str(error.seconds)} if isinstance(error, TooManyError) else {}


def status_answer(status: int) -> Answer:
    """Return the answer of a bare HTTP status, such as that of an address without a route."""
    known = HTTPStatus(status)
    if known in STATUS_SENTENCES:
        return Answer(known, STATUS_SENTENCES[known])
    return (
        UNEXPECTED
        if known >= HTTPStatus.INTERNAL_SERVER_ERROR
        else Answer(HTTPStatus.BAD_REQUEST, STATUS_SENTENCES[HTTPStatus.BAD_REQUEST])
    )
