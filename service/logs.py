"""Logs: JSON lines in production, readable on a terminal; pseudonyms only.

A log line is a snake_case event with keys. It never holds a name, a number of a person, free
text, a search term or a request body; so request lines carry the route, not the address.
"""

import logging
import sys
from typing import cast

import structlog
from structlog.typing import Processor


def configure_logs(*, production: bool) -> None:
    """Send every log line of this process to standard error, in one form.

    Parameters
    ----------
    production : bool
        JSON lines when true; columns for a reader when false.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if production:
        shared += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        shared += [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get_log(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of one module."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(module=name))
