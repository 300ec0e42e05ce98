"""Mail as the mail server gets it: one connection, one plain text for one receiver."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal, Protocol

from service.outbox.berichten import TEKSTEN, Soort
from service.storage.bericht import Bericht

Security = Literal["starttls", "tls", "none"]


class NotTakenError(Exception):
    """The mail server did not take a notice; says in one word why, without addresses.

    `gone` tells that the connection is lost, so that the next notice needs another one.
    """

    def __init__(self, error: Exception) -> None:
        self.reason = _reason(error)
        self.gone = isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(
            error, smtplib.SMTPException
        )
        super().__init__(self.reason)


class Mailer(Protocol):
    """Hands notices over to a mail server."""

    def send(self, bericht: Bericht) -> None:
        """Return when the server has taken the notice; NotTakenError when it has not."""


@dataclass(frozen=True)
class MailServer:
    """Where mail goes, and as whom."""

    host: str
    port: int
    security: Security
    user: str | None
    password: str | None
    sender: str
    team: str
    site: str
    timeout: float

    def write(self, bericht: Bericht) -> EmailMessage:
        """Return a notice as a mail.

        The Message-ID is the same at every try, and ``Auto-Submitted`` keeps out-of-office
        answers away (RFC 3834, section 5).
        """
        tekst = TEKSTEN[Soort(bericht.soort)]
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = bericht.aan or self.team
        mail["Subject"] = tekst.onderwerp
        mail["Date"] = format_datetime(bericht.gemaakt_op)
        mail["Message-ID"] = f"<{bericht.message_id}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = "nl"
        mail.set_content(
            f"{tekst.zin}\n\n{self.site.rstrip('/')}{bericht.pad}\n\n"
            "Dit bericht is automatisch gemaakt. U ziet de inhoud na het inloggen.\n"
        )
        return mail

    @contextmanager
    def connect(self) -> Iterator[Mailer]:
        """Give a connection for some notices.

        Raises
        ------
        NotTakenError
            The server cannot be reached, or does not know us.
        """
        try:
            connection = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise NotTakenError(error) from error
        try:
            yield _Connection(self, connection)
        finally:
            connection.close()

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security == "starttls":
                connection.starttls(context=context)
            if self.user is not None:
                connection.login(self.user, self.password or "")
        except BaseException:
            connection.close()
            raise
        return connection


@dataclass(frozen=True)
class _Connection:
    server: MailServer
    smtp: smtplib.SMTP

    def send(self, bericht: Bericht) -> None:
        """Hand one notice over; see `Mailer`."""
        try:
            self.smtp.send_message(self.server.write(bericht))
        except (OSError, smtplib.SMTPException) as error:
            raise NotTakenError(error) from error


def _reason(error: Exception) -> str:
    """Return the kind of a failure and the code of the server; its text may quote an address."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
