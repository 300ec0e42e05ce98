"""Who a person of an identity provider is here, and logins that were sent there."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.aanmelden_tables import OIDC_AANVRAAG, OIDC_IDENTITEIT


@dataclass(frozen=True)
class OidcAanvraag:
    """A login at the provider; with `gebruiker_id` it links that account instead."""

    state_hmac: str
    browser_hmac: str
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    volgende: str
    gebruiker_id: int | None
    aangemaakt_op: datetime


class OidcRepository:
    """Every query on persons of an identity provider; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, aanvraag: OidcAanvraag) -> None:
        """Store a login that is sent to the provider."""
        self._session.execute(sa.insert(OIDC_AANVRAAG).values(vars(aanvraag)))

    def take(self, state_hmac: str, *, after: datetime) -> OidcAanvraag | None:
        """Use a state up and return its login, if that began after a moment."""
        row = self._session.execute(
            sa.delete(OIDC_AANVRAAG)
            .where(OIDC_AANVRAAG.c.state_hmac == state_hmac)
            .returning(*OIDC_AANVRAAG.c)
        ).first()
        found = None if row is None else OidcAanvraag(*row)
        return found if found and found.aangemaakt_op > after else None

    def remove_older(self, before: datetime) -> None:
        """Forget logins that began before a moment."""
        self._session.execute(
            sa.delete(OIDC_AANVRAAG).where(OIDC_AANVRAAG.c.aangemaakt_op < before)
        )

    def find(self, iss: str, sub: str) -> int | None:
        """Return the account of a person at a provider."""
        return self._session.execute(
            sa.select(OIDC_IDENTITEIT.c.gebruiker_id).where(
                OIDC_IDENTITEIT.c.iss == iss, OIDC_IDENTITEIT.c.sub == sub
            )
        ).scalar()

    def link(self, iss: str, sub: str, gebruiker_id: int, tijdstip: datetime) -> None:
        """Give a person at a provider an account, in place of who had it.

        Raises
        ------
        ValueError
            This person has another account.
        """
        known = self.find(iss, sub)
        if known not in {None, gebruiker_id}:
            raise ValueError("this person has another account")
        self._session.execute(
            sa.delete(OIDC_IDENTITEIT).where(
                OIDC_IDENTITEIT.c.iss == iss, OIDC_IDENTITEIT.c.gebruiker_id == gebruiker_id
            )
        )
        self._session.execute(
            sa.insert(OIDC_IDENTITEIT).values(
                iss=iss, sub=sub, gebruiker_id=gebruiker_id, gekoppeld_op=tijdstip
            )
        )
