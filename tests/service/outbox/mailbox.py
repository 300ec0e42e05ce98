"""A real mail server in this process: it keeps what it takes, and can be slow or unwilling."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from service.outbox.smtp import MailServer

TEAM = "team@regio.example"
SENDER = "vangnet@regio.example"
END = b".\r\n"


@dataclass
class Mailbox:
    """What arrived, and how the server answers (RFC 5321, only what smtplib says)."""

    port: int = 0
    slow: float = 0.0
    """Seconds between taking a mail and saying so."""
    refused: frozenset[str] = frozenset()
    """Receivers that the server does not want."""
    full: bool = False
    mails: list[Message] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def message_ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]

    def server(self, *, timeout: float = 5.0) -> MailServer:
        """Return the settings with which a sender reaches this mailbox."""
        return MailServer(
            host="127.0.0.1",
            port=self.port,
            security="none",
            user=None,
            password=None,
            sender=SENDER,
            team=TEAM,
            site="https://vangnet.example/",
            timeout=timeout,
        )

    def environment(self, *, timeout: float = 5.0) -> dict[str, str]:
        """Return the same as settings of a process."""
        return {
            "VANGNET_SMTP_HOST": "127.0.0.1",
            "VANGNET_SMTP_PORT": str(self.port),
            "VANGNET_SMTP_SECURITY": "none",
            "VANGNET_SMTP_FROM": SENDER,
            "VANGNET_SMTP_TO": TEAM,
            "VANGNET_SMTP_TIMEOUT_SECONDS": str(timeout),
        }


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:  # the sender was killed
            return

    def _talk(self) -> None:
        self._say("220 mailbox")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"QUIT":
                self._say("221 bye")
                return
            if word == b"DATA":
                self._take()
            elif word == b"RCPT" and self._unwanted(line.decode()):
                self._say("550 no such mailbox")
            elif word == b"MAIL" and self.server.mailbox.full:
                self._say("452 full")
            else:
                self._say("250 ok")

    def _unwanted(self, line: str) -> bool:
        return any(f"<{one}>" in line for one in self.server.mailbox.refused)

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (END, b""):
            lines.append(line)
        if line != END:
            return
        box = self.server.mailbox
        with box.lock:
            box.mails.append(message_from_bytes(b"".join(lines)))
        time.sleep(box.slow)
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def run_mailbox() -> Iterator[Mailbox]:
    """Run a mail server on a free port of this machine."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.mailbox = Mailbox(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.mailbox
        finally:
            server.shutdown()
            thread.join()
