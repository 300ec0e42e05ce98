"""Running the pages and the API on one machine, in one process or in several."""

import errno
import os
import signal
import socket
import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from service.app import create_app
from service.bewaking.metrics import share_between_workers
from service.errors import PortError, SettingsError
from service.jobs import align_models, check_store
from service.settings import Settings, open_settings
from service.snapshot.settling import Settling
from service.snapshot.source import RegioSource
from service.storage.engine import open_engine

if TYPE_CHECKING:
    from uvicorn import Config

PORT_PROBLEMS = frozenset({errno.EADDRINUSE, errno.EACCES})
"""Another program listens there, or this user may not."""
STOP_SECONDS = 20
"""Requests that run when the server is told to stop may take so long to finish."""
COUNTS = "metingen"
"""Folder in the data folder where workers put what they counted together; emptied at a start."""
SILENT_SECONDS = 60
"""A worker that gives no sign of life for so long is replaced."""


def check_port(settings: Settings, port: int | None = None) -> int:
    """Return the port to serve on.

    Raises
    ------
    PortError
        Another program listens there, or this user may not.
    SettingsError
        The host is no address of this machine.
    """
    wanted = settings.port if port is None else port
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, wanted))
        except OSError as error:
            if error.errno in PORT_PROBLEMS:
                raise PortError(wanted) from error
            raise SettingsError("host", "is no address of this machine") from error
    return wanted


def run_server(settings: Settings, *, port: int | None = None, workers: int = 1) -> bool:
    """Serve until stopped; requests that run then are finished first, within `STOP_SECONDS`.

    Parameters
    ----------
    settings : Settings
        Of the data folder.
    port : int, optional
        Another one than that of the settings.
    workers : int
        Processes that serve beside each other, each with the region in its own memory. One that
        dies is replaced.

    Returns
    -------
    bool
        Whether SIGTERM ended it, as whoever runs services does, and not Ctrl-C. A single process
        does not return after SIGTERM: it ends by that signal.

    Raises
    ------
    PortError, SettingsError
        As `check_port`.
    StoreError
        The database cannot be used, or has the schema of another version.
    SystemExit
        A worker could not start.
    """
    import uvicorn

    wanted = check_port(settings, port)
    check_store(settings)
    # what a promotion that was cut off left behind; and of two workers that make the registry of
    # models at once, one would fail
    align_models(settings)
    options: dict[str, Any] = {
        "host": settings.host,
        "port": wanted,
        "log_config": None,
        # addresses hold search terms, and so names; `service.protection` logs without them
        "access_log": False,
        "server_header": False,
        # the app itself knows which proxies may say who asks
        "proxy_headers": False,
        "timeout_graceful_shutdown": STOP_SECONDS,
    }
    if workers == 1:
        uvicorn.run(app_of(settings), **options)
        return False
    share_between_workers(settings.data / COUNTS)
    # a worker starts from nothing, and finds its settings where a command does
    os.environ["VANGNET_DATA"] = str(settings.data)
    config = uvicorn.Config(
        "service.serving:open_app",
        factory=True,
        workers=workers,
        timeout_worker_healthcheck=SILENT_SECONDS,
        **options,
    )
    return _run_workers(config)


def open_socket(config: "Config") -> socket.socket:
    """Return the socket on which all workers answer, each answer at once.

    Without that the body of an answer waits until its reader, who waits for more himself, has
    confirmed the head: forty milliseconds. A connection inherits it from this socket.
    """
    opened = config.bind_socket()
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _run_workers(config: "Config") -> bool:
    """Run workers until stopped; return whether SIGTERM did that."""
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    class Workers(Multiprocess):
        told: signal.Signals | None = None

        def handle_term(self) -> None:
            self.told = signal.SIGTERM
            super().handle_term()

        def handle_int(self) -> None:
            self.told = signal.SIGINT
            super().handle_int()

    workers = Workers(config, sockets=[open_socket(config)])
    workers.run()
    if workers.told is None:
        sys.exit(STARTUP_FAILURE)
    return workers.told is signal.SIGTERM


def open_app() -> FastAPI:
    """Return the service of the data folder that the environment names."""
    return app_of(open_settings())


def app_of(settings: Settings) -> FastAPI:
    """Return the service of a data folder, which follows its store and its models."""
    from models.allocation import warm_up

    # the first proposal at a table should not wait for what is compiled once on a machine
    Thread(target=warm_up, daemon=True).start()
    source = RegioSource(settings, open_engine(settings.database))
    return create_app(settings, load_regio=Settling(source.load_ready), regio_stamp=source.stamp)
