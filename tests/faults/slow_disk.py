"""A disk that takes its time: the fsync of a house's writers, held up on its way to the kernel."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.census import everyone, part_of
from tests.house_at_work import House
from tests.waiting import until

WRITERS = ("answering", "worker", "redis")
SYNCS = "fsync,fdatasync,msync,sync_file_range"


@dataclass(frozen=True, slots=True)
class Slowness:
    """What is being held up; `log` is what strace wrote down."""

    log: Path

    @property
    def times(self) -> int:
        """How many writes to the disk were held up so far."""
        return len(re.findall(r"DELAYED", self.log.read_text("utf8", "replace")))


@contextmanager
def slow_disk(house: House, seconds: float) -> Iterator[Slowness]:
    """Each fsync of web, worker and Redis takes so much longer while the block runs.

    strace stops the process at the real system call, so all it holds (SQLite's write lock among
    it) is held as long as a slow disk would have it held.
    """
    log = Path(house.env["DATA_DIR"]) / "strace.log"
    pids = [str(one.pid) for one in everyone(house) if part_of(one) in WRITERS]
    delay = f"inject={SYNCS}:delay_enter={int(seconds * 1_000_000)}"
    command = ["strace", "-f", "-o", str(log), "-e", f"trace={SYNCS}", "-e", delay]
    words = [word for pid in pids for word in ("-p", pid)]
    with subprocess.Popen([*command, *words], stderr=subprocess.PIPE, text=True) as tracer:
        try:
            until(lambda: all(traced(pid) for pid in pids))
            yield Slowness(log)
        finally:
            tracer.terminate()


def traced(pid: str) -> bool:
    """Whether every thread of a process is being watched."""
    threads = (Path("/proc") / pid / "task").glob("*/status")
    return all("TracerPid:\t0\n" not in status.read_text("ascii") for status in threads)
