"""Logs: JSON lines in production, readable on a terminal; pseudonyms only.

A log line is a snake_case event with keys. It never holds a name, a number of a person, free
text, a search term or a request body; so request lines carry the route, not the address, and a
failure tells its kind and its place but not its message, which may quote a value.
"""

import logging
import sys
import traceback
from typing import cast

import structlog
from structlog.typing import ExcInfo, Processor


def configure_logs(*, production: bool) -> None:
    """Send every log line of this process to standard error, in one form.

    Libraries log through the standard library; of them only warnings and worse are shown.

    Parameters
    ----------
    production : bool
        JSON lines when true; columns for a reader when false.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(describe_failure),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if production
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    _join_standard_library(shared, renderer)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def describe_failure(exc_info: ExcInfo) -> str:
    """Return where a failure and its causes happened and of what kind they are, no messages."""
    error: BaseException | None = exc_info[1]
    lines: list[str] = []
    while error is not None:
        lines += [type(error).__qualname__, *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return "\n".join(line.rstrip() for line in lines)


def _join_standard_library(shared: list[Processor], renderer: Processor) -> None:
    """Give log lines of libraries the same form; what is set up already is left alone."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def get_log(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of one module."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(module=name))
