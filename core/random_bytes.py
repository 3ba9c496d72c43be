"""Random bytes, drawn from the machine many at a time.

A draw is a system call that lets go of the interpreter; a callback, which needs two, then stands
in line for it twice more behind the other threads.
"""

import secrets
from collections import deque

DRAWN_AT_ONCE = 64


class RandomBytes:
    """So many bytes that nobody can guess, given out once each; shared by threads.

    Make it after a process was forked: two that share what was drawn would give the same.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._drawn: deque[bytes] = deque()

    def take(self) -> bytes:
        """`size` bytes."""
        try:
            return self._drawn.popleft()
        except IndexError:
            fresh = secrets.token_bytes(self._size * DRAWN_AT_ONCE)
            first, *rest = [fresh[i : i + self._size] for i in range(0, len(fresh), self._size)]
            self._drawn.extend(rest)
            return first
