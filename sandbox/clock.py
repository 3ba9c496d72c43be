"""The sandbox's time, moved for both sides through a file of seconds."""

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # WeChat's days begin at 00:00 CST


class Clock:
    """Unix seconds, moved forward by what the file holds; `machine` is the clock underneath."""

    def __init__(self, file: Path | None, machine: Callable[[], float] = time.time) -> None:
        self._file = file
        self._machine = machine
        self._offset = self._read()
        self._read_at = machine()

    def now(self) -> float:
        """Seconds since 1970. The file is looked at again after a second."""
        moment = self._machine()
        if moment - self._read_at > 1:
            self._offset, self._read_at = self._read(), moment
        return moment + self._offset

    @property
    def offset(self) -> float:
        """Seconds the clock is moved by."""
        return self._offset

    def advance(self, seconds: float) -> float:
        """Move the clock and write the file whole or not at all; gives the new offset."""
        self._offset = self._read() + seconds if self._file else self._offset + seconds
        self._write()
        return self._offset

    def reset(self) -> None:
        """Back to the machine's time."""
        self._offset = 0.0
        self._write()

    def day(self) -> str:
        """Today in China, 2026-11-23."""
        return self.moment().strftime("%Y-%m-%d")

    def moment(self) -> datetime:
        """Now as an aware moment in China."""
        return datetime.fromtimestamp(self.now(), CHINA)

    def _read(self) -> float:
        if self._file is None:
            return getattr(self, "_offset", 0.0)
        try:
            return float(self._file.read_text("ascii"))
        except (OSError, ValueError):
            return 0.0

    def _write(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        fresh.write_text(f"{self._offset:.3f}\n", "ascii")
        fresh.replace(self._file)
