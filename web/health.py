"""Is the house alive, is it ready, and what do its meters show."""

import hmac
from collections.abc import Callable
from ipaddress import ip_address

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from bot.inbound.journal import STREAM
from core.schema import is_absent
from web.counter import library, office

UNTAKEN_S = 30.0  # a worker takes a note within two seconds; so old, none is at work
pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Alive: this process answers."""
    return jsonify({"alive": True})


@pages.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Ready: database, Redis, index and queue; 503 names the parts that are not."""
    parts = {name: _works(check) for name, check in CHECKS.items()}
    missing = [name for name, works in parts.items() if not works]
    answer = jsonify({"ready": not missing, "parts": parts, "missing": missing})
    answer.status_code = 503 if missing else 200
    return answer


@pages.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Prometheus; from elsewhere than this machine only with METRICS_TOKEN as bearer."""
    if not _may_read_meters():
        abort(403)
    return Response(generate_latest(_meters()), content_type=CONTENT_TYPE_LATEST)


def _meters() -> CollectorRegistry:
    """Those of every process of the house, summed, where they share a folder; else our own."""
    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:  # no folder is named in the environment
        return REGISTRY
    return registry


def _may_read_meters() -> bool:
    token = office().settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token:
        return hmac.compare_digest(token.encode(), given.encode())
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever is wrong with the part, it is not ready
        return False


def _database() -> bool:
    return not is_absent(office().database)  # asks it which version it stands at


def _redis() -> bool:
    return office().redis.alive()


def _index() -> bool:
    return library().version >= 0


def _queue() -> bool:
    """Redis takes jobs and a worker takes what callbacks noted: nothing waits for long."""
    pipe = office().redis.client.pipeline(transaction=False)
    pipe.info("memory")
    pipe.time()
    pipe.xrange(STREAM, count=1)
    memory, (now_s, _), oldest = pipe.execute()
    limit = int(memory.get("maxmemory", 0))
    room = limit == 0 or int(memory["used_memory"]) < limit
    return room and all(now_s - _noted_at(entry) < UNTAKEN_S for entry, _ in oldest)


def _noted_at(entry: bytes) -> float:
    """Redis's own second at which a stream entry was added."""
    return int(entry.split(b"-")[0]) / 1000


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "redis": _redis,
    "index": _index,
    "queue": _queue,
}
