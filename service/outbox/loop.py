"""Sending by a running service: every worker looks now and then whether something is due."""

from datetime import UTC, datetime

from anyio import sleep
from anyio.to_thread import run_sync
from sqlalchemy import Engine

from service.errors import VangnetError
from service.logs import get_log
from service.outbox.sending import send_due
from service.outbox.smtp import MailServer
from service.settings import Settings

LOOK_SECONDS = 60.0


def mail_server(settings: Settings) -> MailServer | None:
    """Return the mail server of an installation; None when there is none."""
    if settings.smtp_host is None or settings.smtp_from is None or settings.smtp_to is None:
        return None
    secret = settings.smtp_password
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=None if secret is None else secret.get_secret_value(),
        sender=settings.smtp_from,
        team=settings.smtp_to,
        site=settings.site,
        timeout=settings.smtp_timeout_seconds,
    )


async def keep_sending(
    engine: Engine, settings: Settings, *, seconds: float = LOOK_SECONDS
) -> None:
    """Send what is due as long as the service runs, in a thread; nothing without mail server.

    What fails is logged and tried again later: nobody waits for it.
    """
    server = mail_server(settings)
    while server is not None:
        await run_sync(_try_send, engine, server, abandon_on_cancel=True)
        await sleep(seconds)


def _try_send(engine: Engine, server: MailServer) -> None:
    log = get_log(__name__)
    try:
        done = send_due(engine, server, clock=lambda: datetime.now(UTC))
    except VangnetError as error:
        log.warning("outbox_not_sent", problem=str(error))
    except Exception as error:  # the loop goes on; the log tells where it failed
        log.warning("outbox_not_sent", kind=type(error).__name__, exc_info=error)
    else:
        if done.verzonden or done.mislukt:
            log.info("outbox_sent", sent=done.verzonden, refused=done.mislukt, reason=done.reden)
