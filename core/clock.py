"""The one source of time: aware moments in Asia/Shanghai, movable outside production."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What the house asks of time."""

    def now(self) -> datetime:
        """This moment, aware, in Asia/Shanghai."""
        ...


class SystemClock:
    """The machine's clock, moved by the seconds that `offset_file` holds (None: never moved).

    The sandbox writes the file; a missing or unreadable one means 0.
    """

    def __init__(self, offset_file: Path | None = None) -> None:
        self._file = offset_file
        self._known: tuple[object, float] = (None, 0.0)  # which state of the file, what it held

    def now(self) -> datetime:
        moment = datetime.now(SHANGHAI)
        return moment + timedelta(seconds=self._offset_s()) if self._file else moment

    def _offset_s(self) -> float:
        if self._file is None:
            return 0.0
        try:
            state = os.stat(self._file)
            which = (state.st_ino, state.st_mtime_ns, state.st_size)
            if which != self._known[0]:
                self._known = (which, float(self._file.read_text("ascii")))
            return self._known[1]
        except (OSError, ValueError):
            return 0.0


def from_timestamp(seconds: int) -> datetime:
    """Unix seconds → aware moment in Asia/Shanghai. Raises ValueError outside years 1–9999."""
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI)
    except (OverflowError, OSError) as error:
        raise ValueError(f"not a moment: {seconds}") from error


def day_of(moment: datetime) -> date:
    """The calendar day in Shanghai of an aware moment."""
    return moment.astimezone(SHANGHAI).date()
