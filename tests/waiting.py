"""Waits for something to become true, with a deadline instead of a guess."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def stretched(seconds: float) -> float:
    """How long a test waits for a promise of seconds before it calls it broken.

    Three times as long, since the machine is shared and the load is ours too, and longer still
    when its processes queue. What it really takes is in docs/benchmarks.md.
    """
    return seconds * max(3.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def until(look: Callable[[], T], within_s: float = 10.0, every_s: float = 0.02) -> T:
    """What `look` gives as soon as it is truthy. Fails with its last value after `within_s`,
    stretched and counted anew from the load at that moment."""
    began = time.monotonic()
    while not (found := look()):
        waited_s = time.monotonic() - began
        assert waited_s < stretched(within_s), f"not in {waited_s:.1f} s: {look!r} gave {found!r}"
        time.sleep(every_s)
    return found


def quickest(work: Callable[[], object], tries: int = 5) -> float:
    """Seconds of the quickest of several tries: what is always slow is slow in each, while a
    machine that is busy at one moment is not busy in all."""
    took = []
    for _ in range(tries):
        began = time.monotonic()
        work()
        took.append(time.monotonic() - began)
    return min(took)
