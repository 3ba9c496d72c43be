"""The launcher with a whole house: one at a time, alive through deaths, gone without a trace."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

from core.settings import ROOT
from tests.house_at_work import House, house_at_work
from tests.waiting import stretched, until

pytestmark = pytest.mark.slow


def family(house: House) -> list[psutil.Process]:
    """Every process below the launcher."""
    return psutil.Process(house.process.pid).children(recursive=True)


def child(house: House, word: str) -> psutil.Process:
    """The launcher's own child whose command line holds the word, once there is one."""

    def look() -> list[psutil.Process]:
        own = psutil.Process(house.process.pid).children()
        return [process for process in own if word in command_of(process)]

    return until(look)[0]


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join([*process.cmdline(), ""])
    except psutil.Error:
        return ""


def serving(house: House) -> bool:
    try:
        return requests.get(f"{house.url}/readyz", timeout=10).ok
    except (requests.ConnectionError, requests.Timeout):
        return False


def second_house(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ops.embedded"],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_second_house_is_told_who_holds_data_dir_and_port(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as house:
        same_data = second_house(DATA_DIR=str(tmp_path), PORT="1")
        same_port = second_house(DATA_DIR=str(tmp_path / "other"), PORT=str(house.port))
    assert same_data.returncode == same_port.returncode == 1
    assert f"pid {house.process.pid} " in same_data.stderr
    assert f"pid {house.process.pid} " in same_port.stderr


def test_ps_shows_the_parts_by_name_in_the_launchers_group(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as house:
        for name in ("granian --interface", "flask worker", "redis-server ", "-m sandbox"):
            assert os.getpgid(child(house, name).pid) == os.getpgid(house.process.pid)


@pytest.mark.parametrize(
    "name", ["granian --interface", "flask worker", "redis-server ", "-m sandbox"]
)
def test_a_killed_child_is_back_within_two_seconds(tmp_path: Path, name: str) -> None:
    with house_at_work(tmp_path) as house:
        first = child(house, name)
        started = time.monotonic()
        first.kill()
        until(lambda: child(house, name).pid != first.pid, within_s=5)
        assert time.monotonic() - started < stretched(2)
        until(lambda: serving(house), within_s=15)


def test_killing_granian_leaves_none_of_its_processes(tmp_path: Path) -> None:
    with house_at_work(tmp_path, WEB_WORKERS="2") as house:
        web = child(house, "granian --interface")
        answering = web.children()
        assert len(answering) == 2
        web.kill()
        _, alive = psutil.wait_procs(answering, timeout=stretched(3))
        assert alive == []


def test_sigterm_ends_everything(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as house:
        everyone = family(house)
        house.process.send_signal(signal.SIGTERM)
        assert house.process.wait(60) == 0
        assert [p for p in everyone if p.is_running() and p.status() != "zombie"] == []
        assert not (tmp_path / "run.json").exists()


def test_a_killed_launcher_leaves_nothing_behind(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as house:
        everyone = family(house)
        house.process.kill()
        _, alive = psutil.wait_procs(everyone, timeout=stretched(15))
        assert alive == []
    with house_at_work(tmp_path):
        pass  # and the next one starts on the same DATA_DIR


def test_run_json_is_private_and_tells_commands_where_redis_is(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as house:
        path = tmp_path / "run.json"
        assert path.stat().st_mode & 0o777 == 0o600
        told = json.loads(path.read_text("utf8"))
        assert told["pid"] == house.process.pid
        assert told["redis_url"].startswith("unix://")
        assert (told["port"], told["sandbox_port"]) == (house.port, house.sandbox_port)


def test_the_meters_of_all_processes_are_added_up(tmp_path: Path) -> None:
    """Whichever web process is asked; a clumsy callback is counted like any other."""
    with house_at_work(tmp_path, WEB_WORKERS="2", SEED="0") as house:
        for _ in range(20):  # each on its own connection, so that both processes get some
            assert requests.post(f"{house.url}/wechat", data=b"x", timeout=10).status_code == 403
        told = [requests.get(f"{house.url}/metrics", timeout=10).text for _ in range(8)]
    counted = 'yg_callbacks_total{outcome="403"} 20.0'
    assert [counted in text for text in told] == [True] * 8, told[0]


def test_a_long_chinese_data_dir_works(tmp_path: Path) -> None:
    folder = tmp_path / "数据 目录" / ("很长的名字" * 8)
    folder.mkdir(parents=True)
    with house_at_work(folder) as house:
        assert serving(house)
        socket = json.loads((folder / "run.json").read_text("utf8"))["redis_url"]
        assert len(socket.encode()) < 107


def test_an_idle_worker_is_small_and_a_web_process_within_its_bounds(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as house:
        worker = child(house, "flask worker")
        until(lambda: "worker: ready" in (tmp_path / "logs/worker.log").read_text("utf8"))
        assert worker.memory_info().rss < 120 * 2**20
        [web] = child(house, "granian --interface").children()
        assert web.memory_info().rss < 250 * 2**20
