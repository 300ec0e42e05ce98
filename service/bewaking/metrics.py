"""Numbers for Prometheus: how many requests, how they ended, how long they took.

Labels hold the method, the route and the status; never an address, which may name somebody.

References
----------
prometheus_client, multiprocess mode: https://prometheus.github.io/client_python/multiprocess/
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from service.audit.alarm import last_good
from service.dependencies import get_installation, require
from service.errors import StoreError
from service.rechten.begrippen import Handeling
from service.storage.engine import unit_of_work

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Where workers put their numbers together; must be set before this module is imported."""
PATH = "/metrics"
CHECKED = "vangnet_audit_checked_timestamp_seconds"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "anders"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter(
    "vangnet_requests", "Answered requests.", ("method", "route", "status"), registry=REGISTRY
)
DURATION = Histogram(
    "vangnet_request_seconds",
    "Time to the begin of the answer.",
    ("method", "route"),
    buckets=SECONDS,
    registry=REGISTRY,
)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; `route` is the template of its route, empty without one."""
    known = method if method in METHODS else OTHER
    counter, histogram = _counts_of(known, route or OTHER, status)
    counter.inc()
    histogram.observe(seconds)


@cache
def _counts_of(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Return the counts of a kind of request: of as many kinds as there are routes and answers."""
    return REQUESTS.labels(method, route, str(status)), DURATION.labels(method, route)


def share_between_workers(folder: Path) -> None:
    """Let the workers of one service, started after this, count together in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[SHARED] = str(folder)


class AuditChecked(Collector):
    """Tells when the audit log was last found whole; nothing when it never was.

    Parameters
    ----------
    moment : datetime or None
        From the store: all workers tell the same.
    """

    def __init__(self, moment: datetime | None) -> None:
        self._moment = moment

    def collect(self) -> Iterator[Metric]:
        """Yield the moment in seconds since 1970."""
        if self._moment is not None:
            what = "When the audit log was last found whole."
            yield GaugeMetricFamily(CHECKED, what, value=self._moment.timestamp())


def exposition(checked: datetime | None = None) -> bytes:
    """Return the numbers of all workers, and of the store, in the text format of Prometheus."""
    stored = CollectorRegistry()
    stored.register(AuditChecked(checked))
    counted = REGISTRY
    if SHARED in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # the library has no types here
    return generate_latest(counted) + generate_latest(stored)


def _audit_checked(engine: Engine) -> datetime | None:
    """Return when the audit log was last found whole; None also when the store does not answer."""
    try:
        with unit_of_work(engine, read_only=True) as session:
            return last_good(session)
    except StoreError:
        return None


def add_metrics(app: FastAPI, token: str | None) -> None:
    """Serve the numbers at ``/metrics`` to who has the token; without one they are not there."""

    @app.get(PATH, include_in_schema=False, dependencies=[require(Handeling.OPENBAAR)])
    def read_metrics(request: Request) -> Response:
        if token is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secrets.compare_digest(given.encode(), token.encode()):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        checked = _audit_checked(get_installation(request).engine)
        return Response(exposition(checked), media_type=CONTENT_TYPE_LATEST)
