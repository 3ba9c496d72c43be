"""Slow handlers work beside the callback's thread; one that overruns finishes and tells later."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

BUDGET_S = 4.5  # WeChat hangs up after 5 s
THREADS = 16
PLACES = 64  # at work or waiting for a thread

T = TypeVar("T")


class Busy(Exception):
    """All places are taken, or the house is closing."""


class Task(Generic[T]):
    """One job whose outcome goes to the waiting callback or, after it left, to `late`."""

    def __init__(self, job: Callable[[], T], late: Callable[[T], None]) -> None:
        self._job, self._late = job, late
        self._left = threading.Lock()
        self._finished = threading.Event()
        self._outcomes: list[T] = []
        self._abandoned = False

    def work(self) -> None:
        outcome = self._job()
        with self._left:
            self._outcomes.append(outcome)
            abandoned = self._abandoned
        self._finished.set()
        if abandoned:
            self._late(outcome)

    def wait(self, until: float) -> list[T]:
        """The outcome, in a list; empty when the moment `until` (monotonic) came first."""
        self._finished.wait(max(0.0, until - time.monotonic()))
        with self._left:
            self._abandoned = not self._outcomes
            return self._outcomes


class Bench:
    """A bounded number of threads and of places in front of them."""

    def __init__(self, threads: int = THREADS, places: int = PLACES) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="handler")
        self._places = threading.BoundedSemaphore(places)

    def run(self, job: Callable[[], T], until: float, late: Callable[[T], None]) -> list[T]:
        """The outcome of `job`, in a list; empty when it overran: then `late` gets it.

        `job` must not raise. Raises Busy when there is no place.
        """
        if not self._places.acquire(blocking=False):
            raise Busy
        task = Task(job, late)
        try:
            future = self._pool.submit(task.work)
        except RuntimeError as error:
            self._places.release()
            raise Busy from error
        future.add_done_callback(lambda _future: self._places.release())
        return task.wait(until)

    def close(self) -> None:
        """Returns when everything begun or waiting has finished."""
        self._pool.shutdown(wait=True)
