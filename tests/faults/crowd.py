"""A bounded, light load that goes on while things break, and what it was promised meanwhile."""

import contextlib
import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from tests.faults.citizens import Line
from tests.house_at_work import House

WRITERS, ASKERS = 2, 1
PAUSE_S = 0.15
MOST = 600  # suggestions of one crowd


@dataclass
class Crowd:
    """People who hand in and ask, a few a second, until told to stop."""

    line: Line
    name: str = "o"
    receipts: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._people = itertools.count(1)
        works = [self._write] * WRITERS + [self._ask] * ASKERS
        self._threads = [threading.Thread(target=self._go, args=(work,)) for work in works]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _go(self, work: Callable[[str], None]) -> None:
        for person in self._people:
            if self._stop.wait(PAUSE_S) or person > MOST:
                return
            with contextlib.suppress(requests.RequestException):  # nobody answered: not promised
                work(f"{self.name}{person:06d}")

    def _write(self, openid: str) -> None:
        number = self.line.hand_in(openid)
        if number:
            self.receipts[openid] = number

    def _ask(self, openid: str) -> None:
        self.statuses[self.line.say(openid, f"代理记账要什么材料 {openid}").status] += 1


def tickets(house: House) -> list[str]:
    """The number of every ticket, as `flask feedback list` tells."""
    listed = json.loads(house.flask("feedback", "list", "--json").stdout)
    return [ticket["number"] for ticket in listed]


def require_kept(house: House, receipts: dict[str, str]) -> None:
    """Every receipt shown has its ticket, and no number was given twice."""
    kept = tickets(house)
    assert len(set(kept)) == len(kept), "a number twice"
    assert len(set(receipts.values())) == len(receipts), "two people, one number"
    missing = set(receipts.values()) - set(kept)
    assert not missing, f"acknowledged and missing: {missing}"
