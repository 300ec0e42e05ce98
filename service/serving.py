"""Running the pages and the API on one machine."""

import errno
import socket
from threading import Thread

from service.app import create_app
from service.errors import PortError, SettingsError
from service.jobs import check_store, open_regio, regio_stamp
from service.settings import Settings

PORT_PROBLEMS = frozenset({errno.EADDRINUSE, errno.EACCES})
"""Another program listens there, or this user may not."""


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


def run_server(settings: Settings, *, port: int | None = None) -> None:
    """Serve until stopped.

    Raises
    ------
    PortError, SettingsError
        As `check_port`.
    StoreError
        The database cannot be used, or has the schema of another version.
    """
    import uvicorn

    from models.allocation import warm_up

    wanted = check_port(settings, port)
    check_store(settings)
    # the first proposal at a table should not wait for what is compiled once on a machine
    Thread(target=warm_up, daemon=True).start()
    app = create_app(
        settings,
        load_regio=lambda: open_regio(settings),
        regio_stamp=regio_stamp(settings),
    )
    uvicorn.run(
        app,
        host=settings.host,
        port=wanted,
        log_config=None,
        # addresses hold search terms, and so names; `service.protection` logs without them
        access_log=False,
        server_header=False,
    )
