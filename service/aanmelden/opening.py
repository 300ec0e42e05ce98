"""What signing in needs, from the settings of an installation."""

from datetime import timedelta

from service.aanmelden.provider import TERUG, Provider
from service.aanmelden.rules import SessieRules
from service.settings import Settings


def sessie_rules(settings: Settings) -> SessieRules:
    """Return how sessions are kept in this installation."""
    return SessieRules(
        key=settings.session_key.get_secret_value().encode(),
        idle=timedelta(minutes=settings.session_idle_minutes),
        longest=timedelta(hours=settings.session_max_hours),
        secure=settings.secure_cookies,
        tweede_factor=settings.tweede_factor,
    )


def open_provider(settings: Settings) -> Provider | None:
    """Return the identity provider of this installation; nothing is asked of it yet."""
    if settings.oidc_issuer is None or settings.oidc_client_secret is None:
        return None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id or "",
        settings.oidc_client_secret.get_secret_value(),
        f"{(settings.public_url or '').rstrip('/')}{TERUG}",
    )
