"""What a house on one machine runs: Redis, the sandbox, web and workers, each with its command."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.settings import ROOT, Settings
from ops.embedded_redis import redis_command
from ops.supervisor import ChildSpec

KILL_AFTER_S = 15  # granian's own patience with a web process that does not stop
FIRST, NEXT, LAST = 0, 1, 2  # the order of stopping: answers finish while Redis still stands


@dataclass(frozen=True, slots=True)
class Plan:
    """What the launcher decided before anything starts."""

    settings: Settings  # completed: redis_url, sandbox_port, wechat_api_url, keys
    redis_socket: Path | None  # None: REDIS_URL was given, we start none
    redis_server: Path | None
    env: Mapping[str, str] = field(repr=False)

    @property
    def logs(self) -> Path:
        return self.settings.data_dir / "logs"


def child_env(settings: Settings) -> dict[str, str]:
    """The environment of every child: what was given, and what the launcher decided."""
    decided = {
        "DATA_DIR": str(settings.data_dir),
        "REDIS_URL": settings.redis_url,
        "DATABASE_URL": settings.database_url,
        "SANDBOX_PORT": str(settings.sandbox_port),
        "WECHAT_API_URL": settings.wechat_api_url,
        "SECRET_KEY": settings.secret_key,
        "DATA_KEY": settings.data_key,
        "PYTHONUNBUFFERED": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(meters_folder(settings)),
    }
    given = {key: value for key, value in os.environ.items() if key != "FLASK_RUN_FROM_CLI"}
    return {**given, **decided}


def meters_folder(settings: Settings) -> Path:
    """Where the processes of one house put what /metrics adds up; empty at each start."""
    return settings.data_dir / "meters"


def local_host(bind: str) -> str:
    """The address by which this machine reaches a server bound to `bind`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(bind, bind)  # noqa: S104


def local_url(bind: str, port: int) -> str:
    host = local_host(bind)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def redis_child(plan: Plan) -> list[ChildSpec]:
    if plan.redis_socket is None or plan.redis_server is None:
        return []
    folder = plan.settings.data_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    command = redis_command(plan.redis_server, plan.redis_socket)
    log = plan.logs / "redis.log"
    return [ChildSpec("redis", command, dict(os.environ), folder, log, LAST)]


def sandbox_child(plan: Plan) -> list[ChildSpec]:
    """The little WeChat; its secrets travel in the environment, where `ps` does not show them."""
    s = plan.settings
    if not s.sandbox:
        return []
    options = {
        "port": s.sandbox_port,
        "bind": s.bind,
        "callback": f"{local_url(s.bind, s.port)}/wechat",
        "home": f"{s.base_url}/console/",
        "name": s.bureau_name,
        "app-id": s.wechat_app_id,
        "clock-file": s.clock_file or s.data_dir / "clock",
        "data": s.data_dir / "sandbox",
        "account-type": s.wechat_account_type,
    }
    secrets = {
        "SANDBOX_APP_SECRET": s.wechat_app_secret,
        "SANDBOX_TOKEN": s.wechat_token,
        "SANDBOX_AES_KEY": s.wechat_aes_key,
    }
    words = [word for key, value in options.items() for word in (f"--{key}", str(value))]
    words += [word for template in _templates(s) for word in ("--template", template)]
    command = (sys.executable, "-m", "sandbox", *words, *(["--open"] if s.sandbox_open else []))
    env = {**plan.env, **secrets}
    return [ChildSpec("sandbox", command, env, ROOT, plan.logs / "sandbox.log", NEXT)]


def web_child(plan: Plan) -> list[ChildSpec]:
    s = plan.settings
    command = (
        *(sys.executable, "-m", "wsgi", "granian", "--interface", "wsgi"),
        *("--host", s.bind, "--port", str(s.port), "--workers", str(s.web_workers), "--no-ws"),
        *("--respawn-failed-workers", "--respawn-interval", "0.1"),
        *("--workers-kill-timeout", str(KILL_AFTER_S), "wsgi:app"),
    )
    return [ChildSpec("web", command, plan.env, ROOT, plan.logs / "web.log", FIRST)]


def worker_children(plan: Plan) -> list[ChildSpec]:
    command = (_program("flask"), "worker")
    names = ["worker", *(f"worker-{number}" for number in range(2, plan.settings.workers + 1))]
    return [
        ChildSpec(name, command, plan.env, ROOT, plan.logs / f"{name}.log", FIRST)
        for name in names[: plan.settings.workers]
    ]


def prepare_once(plan: Plan) -> ChildSpec:
    """The step before web: tables, reference data, samples; it speaks to the person itself."""
    return ChildSpec("prepare", (_program("flask"), "seed", "--prepare"), plan.env, ROOT)


def menu_once(plan: Plan) -> ChildSpec:
    """The account's menu, sent to the sandbox when it is new; its phone keeps it."""
    log = plan.logs / "menu.log"
    return ChildSpec("menu", (_program("flask"), "menu", "push"), plan.env, ROOT, log)


def _templates(s: Settings) -> tuple[str, ...]:
    """The ids the house uses, and what each is in the sandbox."""
    return (
        f"{s.wechat_template_disclosure}=template",
        f"{s.wechat_notice_disclosure}=long",
        f"{s.wechat_template_ticket}=template",
        f"{s.wechat_notice_ticket}=once",
    )


def _program(name: str) -> str:
    """A script of our own environment; `ps` shows it by its name."""
    return str(Path(sys.executable).with_name(name))
