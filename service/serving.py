"""Running the pages and the API on one machine."""

import socket

from service.app import create_app
from service.errors import PortError
from service.jobs import open_regio
from service.settings import Settings


def check_port(settings: Settings, port: int | None = None) -> int:
    """Return the port to serve on; raise `PortError` when another program listens there."""
    wanted = settings.port if port is None else port
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, wanted))
        except OSError as error:
            raise PortError(wanted) from error
    return wanted


def run_server(settings: Settings, *, port: int | None = None) -> None:
    """Serve until stopped."""
    import uvicorn

    wanted = check_port(settings, port)
    app = create_app(settings, load_regio=lambda: open_regio(settings))
    uvicorn.run(
        app,
        host=settings.host,
        port=wanted,
        log_config=None,
        # addresses hold search terms, and so names; `service.protection` logs without them
        access_log=False,
        server_header=False,
    )
