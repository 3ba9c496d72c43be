"""The children's log files: short enough for a disk, the last lines for a person."""

import contextlib
import shutil
from pathlib import Path

KEPT_BYTES = 20 * 1024 * 1024


def keep_logs_short(logs: Path) -> None:
    """Put a log above KEPT_BYTES aside as `.1` and go on with an empty one.

    Children write in append mode, so emptying the file under them is safe. On a full disk the
    old lines are not kept: room for new ones matters more.
    """
    for log in logs.glob("*.log"):
        if log.stat().st_size > KEPT_BYTES:
            with contextlib.suppress(OSError):
                shutil.copyfile(log, log.with_suffix(".log.1"))
            with log.open("r+b") as file:
                file.truncate(0)


def last_lines(log: Path, count: int = 20) -> str:
    """The end of a log, for a person to read; empty when there is none."""
    try:
        return "\n".join(log.read_text("utf8", "replace").splitlines()[-count:])
    except OSError:
        return ""
