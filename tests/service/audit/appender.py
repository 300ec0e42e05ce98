"""Append lines from a process of its own: python -m tests.service.audit.appender URL NUMBER."""

import sys

from service.storage.engine import open_engine
from tests.service.audit.lines import append


def main(url: str, number: str) -> None:
    """Append so many lines, each in a transaction of its own."""
    engine = open_engine(url, synchronous="NORMAL", lock_seconds=60)
    append(engine, int(number))
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
