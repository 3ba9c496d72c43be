"""The processes of a house, found by the DATA_DIR in their environment, whoever their parent is."""

import contextlib
from collections import Counter
from pathlib import Path

import psutil

from tests.house_at_work import House
from tests.waiting import until

# How each part is known by its command line; granian's answering processes carry the same words.
WORDS = {
    "web": "granian",
    "worker": "flask worker",
    "redis": "redis-server",
    "sandbox": "-m sandbox",
    "launcher": "-m ops.embedded",
}


def everyone(house: House) -> list[psutil.Process]:
    """Every living process of the house, the launcher and orphans included."""
    folder = house.env["DATA_DIR"]
    return [process for process in psutil.process_iter() if belongs(process.pid, folder)]


def belongs(pid: int, folder: str) -> bool:
    """Whether a process was started for this DATA_DIR, or stands in it (Redis overwrites its
    environment with its title). False for one that is gone."""
    own = Path(f"/proc/{pid}")
    try:
        standing = str((own / "cwd").readlink()).startswith(folder)
        return standing or f"DATA_DIR={folder}\0".encode() in (own / "environ").read_bytes()
    except OSError:
        return False


def part_of(process: psutil.Process) -> str:
    """Which part of the house it is; '' for one that is none (a command, a fork before exec)."""
    try:
        command = " ".join(process.cmdline())
        parent = " ".join(process.parent().cmdline()) if process.parent() else ""
    except psutil.Error:
        return ""
    part = next((name for name, word in WORDS.items() if word in command), "")
    return "answering" if part == "web" and WORDS["web"] in parent else part


def find(house: House, part: str) -> psutil.Process:
    """The process of a part, once there is one: web is granian's main process."""
    return until(lambda: [p for p in everyone(house) if part_of(p) == part])[0]


def counted(house: House) -> Counter[str]:
    """How many processes each part has now."""
    return Counter(part for part in map(part_of, everyone(house)) if part)


def whole(house: House) -> bool:
    """Whether each part stands once, and web with all of its processes."""
    wanted = dict.fromkeys(WORDS, 1) | {"answering": int(house.env["WEB_WORKERS"])}
    return counted(house) == wanted


def queued(house: House) -> dict[int, float]:
    """Seconds the main thread of launcher, web and answering processes stood in the queue for a
    processor so far, by pid: time that passed and was not theirs."""
    waited = {}
    for one in everyone(house):
        if part_of(one) in ("launcher", "web", "answering"):
            with contextlib.suppress(OSError):
                _, waited_ns, _ = Path(f"/proc/{one.pid}/schedstat").read_text("ascii").split()
                waited[one.pid] = int(waited_ns) / 1e9
    return waited
