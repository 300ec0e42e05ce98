"""What a failure of signing in becomes for a user: a status and one Dutch sentence."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from service.aanmelden.errors import AanmeldReden

R = AanmeldReden
PROVIDER_AWAY = (
    "Inloggen via uw organisatie lukt nu niet: de inlogdienst geeft geen antwoord. "
    "Probeer het over een paar minuten opnieuw. Met een naam en wachtwoord van Vangnet "
    "kunt u wel inloggen."
)

AANMELD_ZINNEN: Mapping[AanmeldReden, tuple[HTTPStatus, str]] = MappingProxyType(
    {
        R.LINK: (
            HTTPStatus.NOT_FOUND,
            "Deze link werkt niet meer: hij is al gebruikt of te oud. "
            "Vraag de beheerder om een nieuwe.",
        ),
        R.CODE: (
            HTTPStatus.BAD_REQUEST,
            "Deze code klopt niet. Wacht op de volgende code in uw app en vul die in.",
        ),
        R.WACHTWOORD: (
            HTTPStatus.BAD_REQUEST,
            "Dit is niet uw wachtwoord van nu. Controleer het en probeer het opnieuw.",
        ),
        R.STAP: (
            HTTPStatus.UNAUTHORIZED,
            "Het inloggen duurde te lang of was al klaar. Begin opnieuw met inloggen.",
        ),
        R.SCOPE: (
            HTTPStatus.BAD_REQUEST,
            "Kies voor dit token alleen wat u zelf mag, en hoogstens 90 dagen.",
        ),
        R.ONGEKOPPELD: (
            HTTPStatus.FORBIDDEN,
            "U bent bekend bij uw organisatie, maar heeft nog geen account in Vangnet. "
            "Vraag de beheerder van Vangnet om een link.",
        ),
        R.AANBIEDER_STIL: (HTTPStatus.SERVICE_UNAVAILABLE, PROVIDER_AWAY),
        R.AANBIEDER_FOUT: (
            HTTPStatus.BAD_REQUEST,
            "Het antwoord van de inlogdienst klopt niet en is niet gebruikt. "
            "Begin opnieuw met inloggen; gebeurt het weer, bel dan de beheerder.",
        ),
        R.AANBIEDER_WEIGERT: (
            HTTPStatus.FORBIDDEN,
            "De inlogdienst van uw organisatie liet u niet binnen. Vraag daar waarom.",
        ),
        R.AANBIEDER_ANDER: (
            HTTPStatus.CONFLICT,
            "Bij deze inlognaam van uw organisatie hoort al een ander account. "
            "Vraag de beheerder om dat na te kijken.",
        ),
    }
)
TOO_WEAK = (
    "Dit wachtwoord is te makkelijk te raden. Neem vier of meer losse woorden die niet bij "
    "elkaar horen, samen hoogstens {maximum} tekens."
)
TOO_MANY = "Dit is te vaak gevraagd. Probeer het over {minuten} minuten opnieuw."
