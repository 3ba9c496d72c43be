"""Is the house alive, is it ready, and what do its meters show."""

import hmac
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from core.schema import is_absent
from web.counter import library, office

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
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


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
    """Redis takes jobs: it answers and is not out of memory for writes."""
    memory: dict[str, Any] = office().redis.client.info("memory")
    limit = int(memory.get("maxmemory", 0))
    return limit == 0 or int(memory["used_memory"]) < limit


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "redis": _redis,
    "index": _index,
    "queue": _queue,
}
