"""A whole house of its own, started the way a person starts it, for journeys and browser tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from core.settings import ROOT
from tests.ports import free_ports
from tests.waiting import until

START_S = 240.0  # patience with a busy machine; the promise is measured in benchmarks
STOP_S = 60.0


@dataclass(frozen=True, slots=True)
class House:
    """Where a running house answers, and how its commands are run."""

    port: int
    sandbox_port: int
    env: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def phone(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}/sandbox"

    def flask(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a `flask …` command beside the house."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or done.returncode == 0, f"flask {arguments}: {done.stderr}"
        return done

    def sandbox(self, path: str, **body: Any) -> Any:
        """POST to the sandbox's control API; its JSON."""
        answer = requests.post(f"{self.phone}/api/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def look(self, path: str, **query: str) -> Any:
        """GET from the sandbox's control API; its JSON."""
        answer = requests.get(f"{self.phone}/api/{path}", params=query, timeout=30)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def house_at_work(data_dir: Path, **settings: str) -> Iterator[House]:
    """Start the launcher on free ports, wait for /readyz, stop it at the end."""
    port, sandbox_port = free_ports(2)
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    given = {"DATA_DIR": str(data_dir), "PORT": str(port), "SANDBOX_PORT": str(sandbox_port)}
    env = {**kept, **given, "QUIET_HOURS": "", "WEB_WORKERS": "1", **settings}
    log = (data_dir / "launcher.out").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.embedded"], cwd=ROOT, env=env, stdout=log, stderr=log
    )
    house = House(port, sandbox_port, env, process)
    try:
        until(lambda: ready(house), within_s=START_S, every_s=0.1)
        yield house
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_S)
        log.close()


def ready(house: House) -> bool:
    """Whether web and sandbox answer. Fails at once when the launcher gave up."""
    assert house.process.poll() is None, f"the launcher ended, see {house.env['DATA_DIR']}"
    try:
        pages = requests.get(f"{house.url}/readyz", timeout=10)
        phone = requests.get(f"{house.phone}/api/health", timeout=10)
    except (requests.ConnectionError, requests.Timeout):
        return False
    return pages.ok and phone.ok
