"""Decides, before anything starts, where the house will stand; refuses what cannot work."""

import hashlib
import os
import socket
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path

from core.defaults import with_defaults
from core.errors import Unready
from core.runfile import write_private
from core.settings import ROOT, Settings
from ops.embedded_children import Plan, child_env, local_host, local_url
from ops.embedded_redis import redis_url, socket_path
from ops.redis_binary import redis_binary
from ops.reservation import lock_data_dir, reserve_next_port, reserve_port

OPEN_SANDBOX = (
    "BIND={bind} 可从外部访问，而沙盒让任何人都能以关注者的身份说话。"
    "请设置 SANDBOX=0；确实要开放时设置 SANDBOX_OPEN=1 (the sandbox refuses a public address)。"
)
WATCHED_FOLDERS = ("seeds", "ops/seeding", "migrations/versions")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What this launcher keeps while it lives, so that a second house is refused."""

    lock: int
    ports: tuple[socket.socket, ...]


def make_plan(settings: Settings) -> tuple[Plan, Holdings]:
    """Lock DATA_DIR and the ports, choose addresses. Raises Unready with a sentence."""
    if settings.sandbox and not settings.sandbox_open and not is_loopback(settings.bind):
        raise Unready(OPEN_SANDBOX.format(bind=settings.bind))
    lock = lock_data_dir(settings.data_dir)
    (settings.data_dir / "run.json").unlink(missing_ok=True)  # of a house that was killed
    ports = [reserve_port(settings.bind, settings.port, "PORT")]
    if settings.sandbox:
        settings, kept = with_sandbox_port(settings)
        ports.append(kept)
    server = listens = None
    if not settings.redis_url:
        server, listens = redis_binary(), socket_path(settings.data_dir)
        settings = replace(settings, redis_url=redis_url(listens))
    settings = with_defaults(settings)
    return Plan(settings, listens, server, child_env(settings)), Holdings(lock, tuple(ports))


def with_sandbox_port(settings: Settings) -> tuple[Settings, socket.socket]:
    """Settings with the sandbox's port and address, and the socket that keeps the port."""
    if settings.sandbox_port:
        port, kept = (
            settings.sandbox_port,
            reserve_port(settings.bind, settings.sandbox_port, "SANDBOX_PORT"),
        )
    else:
        port, kept = reserve_next_port(settings.bind, settings.port, "SANDBOX_PORT")
    api = settings.wechat_api_url or local_url(settings.bind, port)
    return replace(settings, sandbox_port=port, wechat_api_url=api), kept


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return local_host(host) == "localhost"


def is_prepared(settings: Settings) -> bool:
    """True when nothing has changed since this DATA_DIR was prepared last (embedded SQLite only:
    a database elsewhere may have been exchanged behind our back)."""
    stamp = settings.data_dir / "prepared"
    if not settings.database_url.startswith("sqlite") or not stamp.exists():
        return False
    return stamp.read_text("ascii") == _fingerprint(settings)


def note_prepared(settings: Settings) -> None:
    """Remember that tables, reference data and samples are there."""
    write_private(settings.data_dir / "prepared", _fingerprint(settings))


def _fingerprint(settings: Settings) -> str:
    digest = hashlib.sha256(f"{settings.database_url} {settings.seed}".encode())
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    digest.update(str(database.stat().st_ino if database.exists() else 0).encode())
    for folder in WATCHED_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                found = path.stat()
                digest.update(os.fsencode(path) + f"{found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()
