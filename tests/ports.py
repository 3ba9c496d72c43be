"""Ports for servers of tests, from the numbers that outgoing connections are never given.

A port that was free a moment ago may otherwise become somebody's own end of a connection, before
its server listens or while the server is being started anew.
"""

import random
import socket
from pathlib import Path

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 10_000
DRAW = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """So many ports on which nobody listens, each another."""
    below = int(RANGE.read_text("ascii").split()[0])
    found: list[int] = []
    while len(found) < count:
        port = DRAW.randrange(min(LOWEST, below // 2), below)
        if port not in found and is_free(port):
            found.append(port)
    return found


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
