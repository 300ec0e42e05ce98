"""Four real worker processes on one address: `python -m ... DATA SOCKET_FD`, until killed."""

import multiprocessing
import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uvicorn

from service.app import create_app
from tests.service.conftest import make_settings
from tests.service.fakes import FakeRegio

WORKERS = 4


class QuietRegio(FakeRegio):
    """A region whose table is empty, since polars cannot be used in a process that was forked."""

    @property
    def tafel(self) -> Any:  # noqa: ANN401  # it names nothing and is seen by everybody
        """Return a table without jongeren."""
        empty = SimpleNamespace(naam=str, plek=str)
        empty.voor = lambda _: empty
        return empty


def serve(data: Path, listening: socket.socket) -> None:
    """Serve as one of the workers."""
    app = create_app(make_settings(data), load_regio=QuietRegio)
    config = uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False)
    uvicorn.Server(config).run(sockets=[listening])


def main() -> None:
    """Start the workers after all was imported once."""
    data, port = Path(sys.argv[1]), int(sys.argv[2])
    listening = socket.create_server(("127.0.0.1", port), backlog=128)
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=serve, args=(data, listening)) for _ in range(WORKERS)]
    for worker in workers:
        worker.daemon = True
        worker.start()
    print(*(worker.pid for worker in workers), flush=True)  # noqa: T201  # the test reads it
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
