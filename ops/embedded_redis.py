"""The embedded Redis: our own child, appending every write, on a socket only we can open."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

from core.errors import Unready

SOCKET_BYTES = 100  # the kernel takes 107, Redis adds a suffix while it starts


def socket_path(data_dir: Path) -> Path:
    """Where Redis listens: in DATA_DIR, or in a short private directory when that is too long."""
    path = data_dir / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= SOCKET_BYTES:
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return (
        private_directory(Path(tempfile.gettempdir()) / f"yg-{os.getuid()}-{digest}") / "redis.sock"
    )


def private_directory(path: Path) -> Path:
    """Make a directory only we can enter. Raises Unready when it is there and somebody else's."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Unready(f"{path} 不是本用户的私有目录，请删除它 (not a private directory of ours)")
    return path


def redis_url(socket: Path) -> str:
    return f"unix://{quote(str(socket))}"


def redis_command(binary: Path, socket: Path) -> tuple[str, ...]:
    """Started in its own directory; at most a second of writes is lost when the power goes."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": ".",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "loglevel": "notice",
        "auto-aof-rewrite-min-size": "16mb",
    }
    return (str(binary), *(word for key, value in options.items() for word in (f"--{key}", value)))
