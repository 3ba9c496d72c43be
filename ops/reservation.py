"""One house per DATA_DIR and per port: the second is told who holds it."""

import fcntl
import os
import socket
import struct
from pathlib import Path

from core.errors import Unready
from ops.listeners import describe_process, listener_of

DATA_DIR_HELD = "数据目录 {path} 正在被另一个进程使用：{holder}。请先停止它，或换一个 DATA_DIR。"
PORT_HELD = "端口 {address} 已被占用：{holder}。请先停止它，或换一个 {setting}。"
PORTS_TRIED = 200


def lock_data_dir(data_dir: Path) -> int:
    """Lock DATA_DIR while we live; the descriptor to keep. Raises Unready with the pid."""
    data_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data_dir / "house.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(descriptor, 20).decode("ascii", "replace").strip()
        os.close(descriptor)
        holder = describe_process(int(pid)) if pid.isdigit() else "?"
        raise Unready(DATA_DIR_HELD.format(path=data_dir, holder=holder)) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
    return descriptor


def reserve_port(host: str, port: int, setting: str) -> socket.socket:
    """Keep a port for this house; close the socket given back to let go. Raises Unready.

    Two tests: a plain bind (SO_REUSEPORT would let two servers share the port in turn), and a name
    in the network's own space of abstract sockets, so that two starting houses cannot both pass.
    """
    name = f"\0yangguang-{host}-{port}"
    marker = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        marker.bind(name)
        marker.listen(1)
        bind_once(host, port)
    except OSError:
        marker.close()
        holder = _holder(name, port)
        said = PORT_HELD.format(address=f"{host}:{port}", holder=holder, setting=setting)
        raise Unready(said) from None
    return marker


def reserve_next_port(host: str, after: int, setting: str) -> tuple[int, socket.socket]:
    """The next free port above `after`, kept. Raises Unready when a long row is taken."""
    for port in range(after + 1, min(after + PORTS_TRIED, 65536)):
        try:
            return port, reserve_port(host, port, setting)
        except Unready:
            continue
    raise Unready(f"{after} 以上没有空闲端口，请设置 {setting} (no free port)")


def bind_once(host: str, port: int) -> None:
    """Bind and let go. Raises OSError when anyone listens there (old connections do not count)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)


def _holder(name: str, port: int) -> str:
    """Who holds a port: the house behind the name, else the process that listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        try:
            caller.connect(name)
        except OSError:
            return listener_of(port)
        peer = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return describe_process(struct.unpack("3i", peer)[0])
