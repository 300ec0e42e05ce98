"""The processing log as OTLP JSON: one request object per line, for any OpenTelemetry collector.

References
----------
Logboek Dataverwerkingen, chapter 3: the interface of the logboek is that of OpenTelemetry, with
``dpl.core`` attributes. OTLP specification, section JSON Protobuf Encoding: ids in hex, times in
nanoseconds as text.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row

SUBJECT_TYPE = "urn:vangnet:auditpseudoniem"
"""Kind of the identifier that is encrypted in ``dpl.core.data_subject_id``."""
CALLER = "urn:vangnet:aanroeper"
"""Entity of a foreign operation: its traceparent does not say who the caller is."""
SERVER = 2
"""``SPAN_KIND_SERVER``."""


def otlp_lines(rows: Iterable[Row[Any]]) -> Iterator[str]:
    """Yield each record of the processing log as one line of OTLP JSON."""
    for row in rows:
        yield json.dumps(_request(row), separators=(",", ":"))


def _request(row: Row[Any]) -> dict[str, object]:
    resource = json.loads(row.resource)
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [_text(key, text) for key, text in resource.items()]},
                "scopeSpans": [{"scope": {"name": "vangnet.audit"}, "spans": [_span(row)]}],
            }
        ]
    }


def _span(row: Row[Any]) -> dict[str, object]:
    attributes = [_text("dpl.core.processing_activity_id", row.processing_activity_id)]
    if row.data_subject_id is not None:
        attributes += [
            _text("dpl.core.data_subject_id", row.data_subject_id),
            _text("dpl.core.data_subject_id_type", SUBJECT_TYPE),
        ]
    span: dict[str, object] = {
        "traceId": row.trace_id,
        "spanId": row.operation_id,
        "name": row.name,
        "kind": SERVER,
        "startTimeUnixNano": _nanoseconds(row.start_time),
        "endTimeUnixNano": _nanoseconds(row.end_time),
        "status": {"code": row.status_code},
        "attributes": attributes,
    }
    if row.parent_operation_id is not None:
        span["parentSpanId"] = row.parent_operation_id
    if row.foreign_operation_id is not None:
        span["links"] = [
            {
                "traceId": row.trace_id,
                "spanId": row.foreign_operation_id,
                "attributes": [_text("dpl.core.foreign_operation.entity", CALLER)],
            }
        ]
    return span


def _text(key: str, text: str) -> dict[str, object]:
    return {"key": key, "value": {"stringValue": text}}


def _nanoseconds(moment: datetime) -> str:
    seconds = int(moment.timestamp())
    return f"{seconds}{moment.microsecond:06d}000"
