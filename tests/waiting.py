"""Waits for something to become true, with a deadline instead of a guess."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T], within_s: float = 10.0, every_s: float = 0.02) -> T:
    """What `look` gives as soon as it is truthy. Fails with its last value after `within_s`."""
    deadline = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {within_s} s: {look!r} gave {found!r}"
        time.sleep(every_s)
    return found
