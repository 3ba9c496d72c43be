"""Who listens on a port, as far as /proc lets us see."""

from pathlib import Path

LISTEN = "0A"  # state column of /proc/net/tcp


def describe_process(pid: int) -> str:
    """`pid 12 (granian …)`; only the number when the process cannot be looked at."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return f"pid {pid}"
    words = command.decode("utf8", "replace").split("\0")
    return f"pid {pid} ({' '.join(words).strip()[:120]})"


def listener_of(port: int) -> str:
    """The process that listens on a TCP port; "?" when it is another user's or none."""
    wanted = {f"socket:[{inode}]" for inode in _inodes(port)}
    for link in Path("/proc").glob("[0-9]*/fd/*") if wanted else ():
        try:
            if str(link.readlink()) in wanted:
                return describe_process(int(link.parts[2]))
        except OSError:  # the process ended meanwhile, or is not ours to look at
            continue
    return "?"


def _inodes(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if columns[3] == LISTEN and int(columns[1].rpartition(":")[2], 16) == port:
                found.add(columns[9])
    return found
