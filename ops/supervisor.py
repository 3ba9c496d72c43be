"""Starts children, starts a dead one again, and stops each with one SIGTERM."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ops.following import die_with_parent
from ops.listeners import describe_process

WATCHED = frozenset({signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
STOPPING = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
RESTART_AFTER_S = 0.2
BACK_OFF_S = (2.0, 5.0, 10.0, 30.0, 60.0)
DEATHS_A_MINUTE = 5
STOP_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """One process to keep running.

    log: the file its output is added to (None: the launcher's own). rank: lower ones stop first.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    cwd: Path
    log: Path | None = None
    rank: int = 0


@dataclass(slots=True)
class Child:
    """A spec at work."""

    spec: ChildSpec
    process: subprocess.Popen[bytes] | None = None
    due: float | None = None  # monotonic seconds of its next start; None while it runs
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=50))

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Watches its children from one thread, by signals alone: an idle house costs nothing.

    Use it in the main thread. Children are told to go by the kernel when this thread ends.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._children: list[Child] = []
        self._launcher = os.getpid()
        self.stopping = False
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)

    def start(self, specs: Iterable[ChildSpec]) -> None:
        for spec in specs:
            child = Child(spec)
            self._children.append(child)
            self._spawn(child)

    def run(self, tick: Callable[[], float | None] = lambda: None) -> None:
        """Until told to stop. `tick` is called between events; it may ask to be called again
        after so many seconds."""
        while not self.stopping:
            wished = tick()
            self.wait(self._until_due(wished))

    def wait(self, timeout_s: float | None) -> None:
        """Wait for a signal or so long, then bring dead children back. Notes a wish to stop."""
        if timeout_s is None:
            got = signal.sigwaitinfo(WATCHED)
        else:
            got = signal.sigtimedwait(WATCHED, max(timeout_s, 0.0))  # type: ignore[assignment]
        if got is not None and got.si_signo in STOPPING:
            self.stopping = True
            asked = describe_process(got.si_pid) if got.si_pid else "terminal"
            self._say(f"收到 {signal.Signals(got.si_signo).name} (from {asked})")
        elif not self.stopping:
            self._tend()

    def run_once(self, spec: ChildSpec) -> int:
        """Run a process to its end, tending the others meanwhile; its exit code.

        Told to stop meanwhile, it is stopped too.
        """
        process = self._open(spec)
        while process.poll() is None:
            self.wait(0.5)
            if self.stopping:
                process.terminate()
                process.wait()
        return process.returncode

    def stop(self) -> None:
        """One SIGTERM to each child, rank by rank; returns after all have ended."""
        self.stopping = True
        for rank in sorted({child.spec.rank for child in self._children}):
            going = [c for c in self._children if c.spec.rank == rank and c.alive]
            for child in going:
                if child.process is not None:
                    child.process.terminate()
            self._await(going)

    def _await(self, going: list[Child]) -> None:
        deadline = time.monotonic() + STOP_WITHIN_S
        while any(child.alive for child in going):
            signal.sigtimedwait(WATCHED, 0.2)
            if time.monotonic() < deadline:
                continue
            for child in going:
                if child.process is not None and child.alive:
                    self._say(
                        f"{child.spec.name} 没有在 {STOP_WITHIN_S:.0f} 秒内结束，强行终止 (killed)"
                    )
                    child.process.kill()
                    child.process.wait()

    def _tend(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and not child.alive:
                self._bury(child, now)
            if child.due is not None and now >= child.due:
                self._spawn(child)

    def _bury(self, child: Child, now: float) -> None:
        code = child.process.returncode if child.process else 0
        child.process = None
        child.deaths.append(now)
        lately = sum(1 for death in child.deaths if now - death <= 60)
        delay = RESTART_AFTER_S
        if lately > DEATHS_A_MINUTE:
            delay = BACK_OFF_S[min(lately - DEATHS_A_MINUTE, len(BACK_OFF_S)) - 1]
        child.due = now + delay
        self._say(
            f"{child.spec.name} 意外结束 ({exit_words(code)})，{delay:g} 秒后重新启动；"
            f"日志 {child.spec.log} (died, restarting in {delay:g} s)"
        )

    def _spawn(self, child: Child) -> None:
        child.due = None
        child.process = self._open(child.spec)

    def _open(self, spec: ChildSpec) -> subprocess.Popen[bytes]:
        with open_log(spec.log) as log:
            return subprocess.Popen(
                spec.command,
                env=dict(spec.env),
                cwd=spec.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=self._in_child,
            )

    def _in_child(self) -> None:
        """Between fork and exec: Ctrl-C in a terminal reaches the whole process group, so children
        do not hear it; the launcher tells each of them once."""
        signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGINT})
        die_with_parent(self._launcher)

    def _until_due(self, wished: float | None) -> float | None:
        now = time.monotonic()
        waits = [child.due - now for child in self._children if child.due is not None]
        return min([*waits, *([] if wished is None else [wished])], default=None)

    @property
    def children(self) -> tuple[Child, ...]:
        return tuple(self._children)


@contextmanager
def open_log(path: Path | None) -> Iterator[BinaryIO | None]:
    """The end of a log file; None for no file."""
    if path is None:
        yield None
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as log:
        yield log


def exit_words(code: int) -> str:
    """`exit 1`, or the name of the signal that ended it."""
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
