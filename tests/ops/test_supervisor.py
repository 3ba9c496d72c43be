"""Children are kept running, told once to stop, and never outlive the launcher."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from core.settings import ROOT
from tests.waiting import stretched, until

pytestmark = pytest.mark.slow

SCRIBE = (
    "import signal, sys, time\n"
    "def note(number, frame):\n"
    "    print(signal.Signals(number).name, flush=True)\n"
    "    sys.exit(0) if number == signal.SIGTERM else None\n"
    "for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(one, note)\n"
    "print('up', flush=True)\n"
    "while True: time.sleep(60)\n"
)


class Family:
    """A launcher of ours with shell children, in a process group of its own."""

    def __init__(self, folder: Path, *children: str) -> None:
        self.folder = folder
        with (folder / "said.txt").open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.ops.family", *children],
                cwd=ROOT,
                env={**os.environ, "FAMILY_DIR": str(folder)},
                stdout=output,
                start_new_session=True,
            )
        self.launcher = psutil.Process(self.process.pid)

    def children(self, count: int) -> list[psutil.Process]:
        """The children, once there are `count` of them past their exec."""
        return until(lambda: self._settled(count))

    def _settled(self, count: int) -> list[psutil.Process]:
        found = self.launcher.children(recursive=True)
        mine = self.launcher.cmdline()
        return found if len(found) == count and all(c.cmdline() != mine for c in found) else []

    def said(self) -> str:
        return (self.folder / "said.txt").read_text("utf8")


Start = Callable[..., Family]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts families; those still there at the end are ended."""
    families: list[Family] = []

    def begin(*children: str) -> Family:
        families.append(Family(tmp_path, *children))
        return families[-1]

    yield begin
    for family in families:
        family.process.kill()
        family.process.wait(60)


def scribe(folder: Path) -> str:
    """A child that writes down the signals it gets."""
    (folder / "scribe.py").write_text(SCRIBE, "utf8")
    return f"scribe={sys.executable} {folder / 'scribe.py'}"


def test_a_dead_child_is_started_again_within_two_seconds(start: Start) -> None:
    family = start("a=sleep 1000")
    first = family.children(1)[0]
    first.kill()
    killed = time.monotonic()
    second = until(lambda: [c for c in family.launcher.children() if c.pid != first.pid])
    assert time.monotonic() - killed < stretched(2)
    assert second[0].is_running()
    assert "SIGKILL" in family.said()


def test_after_five_deaths_in_a_minute_it_waits_longer_and_says_so(start: Start) -> None:
    family = start("a=false")
    until(lambda: "，2 秒后重新启动" in family.said())
    assert family.said().count("0.2 秒后重新启动") == 5


def test_ctrl_c_in_a_terminal_reaches_a_child_as_one_sigterm(start: Start, tmp_path: Path) -> None:
    family = start(scribe(tmp_path))
    log = tmp_path / "scribe.log"
    until(lambda: log.exists() and "up" in log.read_text("utf8"))
    os.killpg(family.process.pid, signal.SIGINT)
    assert family.process.wait(60) == 0
    assert log.read_text("utf8").split() == ["up", "SIGTERM"]


def test_it_returns_only_after_all_have_ended(start: Start) -> None:
    slow = "b=sh -c \"trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done\""
    family = start("a=sleep 1000", slow)
    family.children(3)
    children = family.launcher.children()
    started = time.monotonic()
    family.process.terminate()
    assert family.process.wait(60) == 0
    assert time.monotonic() - started >= 1
    assert not any(child.is_running() for child in children)


def test_children_end_when_the_launcher_is_killed(start: Start) -> None:
    family = start("a=sleep 1000", "b=sleep 1000")
    children = family.children(2)
    family.process.kill()
    family.process.wait(60)
    _, alive = psutil.wait_procs(children, timeout=stretched(5))
    assert alive == []


def test_children_stay_in_the_group_of_the_launcher(start: Start) -> None:
    family = start("a=sleep 1000")
    child = family.children(1)[0]
    assert os.getpgid(child.pid) == os.getpgid(family.process.pid)
