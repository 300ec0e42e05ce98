"""Traces as an option: one span per request, written as JSON lines to a file.

A span tells method, route, status and times, with the ids of the W3C trace context, so that an
OpenTelemetry Collector (filelog receiver) can join it with what called us. No address, no person.

References
----------
OpenTelemetry semantic conventions for HTTP spans; W3C Trace Context.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import NoOpTracer, Tracer

NAME = "vangnet"
OWNER_ONLY = 0o600


class Tracing:
    """Traces of one process; without a file nothing is traced.

    Parameters
    ----------
    path : Path or None
        File to which every worker appends.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._provider: TracerProvider | None = None
        self.tracer: Tracer = NoOpTracer()

    @property
    def on(self) -> bool:
        """Whether requests are traced now."""
        return self._provider is not None

    def start(self) -> None:
        """Open the file; from now on requests are traced."""
        if self._path is None:
            return
        self._provider = TracerProvider(resource=Resource.create({"service.name": NAME}))
        self._provider.add_span_processor(BatchSpanProcessor(LineExporter(self._path)))
        self.tracer = self._provider.get_tracer(NAME)

    def stop(self) -> None:
        """Write what waits and close the file."""
        self.tracer = NoOpTracer()
        if self._provider is not None:
            self._provider.shutdown()
            self._provider = None


class LineExporter(SpanExporter):
    """Writes each span as one line, in one write, so that lines of workers do not mix."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write spans; a full disk loses them and nothing else."""
        try:
            for span in spans:
                os.write(self._descriptor, (span.to_json(indent=None) + "\n").encode())
        except OSError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Close the file."""
        os.close(self._descriptor)
