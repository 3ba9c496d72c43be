"""A locked database, a slow WeChat, a clock that is off: all on one house."""

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
import requests

from core.runfile import read_run
from tests.faults.audience import Audience, finished, publish
from tests.faults.census import find
from tests.faults.citizens import RECEIPT, Line
from tests.faults.crowd import require_kept
from tests.house_at_work import House
from tests.waiting import stretched, until

pytestmark = pytest.mark.slow
SETTINGS = {"SEED": "0", "WEB_WORKERS": "1", "PUSH_RATE": "20"}
ANSWER_WITHIN_S = 4.9  # WeChat hangs up at 5; the budget of a handler is 4.5
TWENTY_MINUTES_S = 20 * 60
LONGER_S = 3.0
FOLLOWERS = 20
SEND = "/cgi-bin/message/custom/send"
SLOWNESS: tuple[dict[str, Any], ...] = (
    {"kind": "slow", "path": SEND, "seconds": 2, "times": FOLLOWERS // 2},
    {"kind": "timeout", "path": SEND, "seconds": 9, "times": 2},  # accepted, never answered
    {"kind": "reset", "path": SEND, "times": 2},  # accepted, then cut off
)
PEOPLE = itertools.count(1)


def someone() -> str:
    """A person nobody has met."""
    return f"oOutage{next(PEOPLE):06d}"


class Campaign:
    """Pushes to one audience, begun whenever something is about to break."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.audience = Audience.gather(house, FOLLOWERS)
        self.titles: dict[str, int] = {}

    def begin(self, title: str) -> None:
        """Publish, and wait until the first follower was told."""
        before = sum(self.audience.told(self._house).values())
        self.titles[title] = publish(self._house, title)
        until(lambda: sum(self.audience.told(self._house).values()) > before, within_s=30)

    def heard(self, openid: str, title: str) -> int:
        """How many messages with this title are on a follower's phone."""
        bubbles = self._house.look("messages", openid=openid)["messages"]
        return sum(b["way"] == "out" and title in str(b) for b in bubbles)


@pytest.fixture(scope="module")
def campaign(house: House) -> Campaign:
    return Campaign(house)


@contextmanager
def locked(house: House) -> Iterator[None]:
    """A foreign program holds SQLite's one write lock."""
    path = Path(house.env["DATA_DIR"]) / "yangguang.db"
    database = sqlite3.connect(path, timeout=60, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        database.execute("ROLLBACK")
        database.close()


def trouble(house: House, **wish: Any) -> None:
    """Order trouble of the sandbox, or clear it away."""
    requests.post(f"{house.phone}/api/faults", json=wish, timeout=10).raise_for_status()


def at_work(house: House, openid: str) -> bool:
    """Whether a message of this person has been taken in hand."""
    running = read_run(Path(house.env["DATA_DIR"]))
    assert running is not None
    with redis.Redis.from_url(running.redis_url) as client:
        return any(client.scan_iter(f"yg:*{openid}*"))


def log(house: House, name: str) -> str:
    return (Path(house.env["DATA_DIR"]) / "logs" / f"{name}.log").read_text("utf8", "replace")


def test_while_the_database_is_locked_questions_are_answered_and_a_suggestion_waits(
    house: House,
) -> None:
    line, openid = Line(house), someone()
    with ThreadPoolExecutor(1) as pool:
        with locked(house):
            asked = [line.say(someone(), f"护照多少钱 {n}") for n in range(20)]
            waiting = pool.submit(line.say, openid, "建议 多设一个窗口")
            until(lambda: at_work(house, openid))
            assert not waiting.done()
        shown = waiting.result()
    assert all(one.text for one in asked)
    assert "1 提交" in shown.text
    receipt = RECEIPT.search(line.say(openid, "1").text)
    assert receipt
    require_kept(house, {openid: receipt[1]})


def test_a_lock_longer_than_patience_is_answered_in_time_and_loses_nothing(
    house: House, campaign: Campaign
) -> None:
    line, openid = Line(house), someone()
    line.say(openid, "建议 请公布停车费去向")
    campaign.begin("决算公开说明")
    worker = find(house, "worker").pid
    with locked(house):
        first = line.say(openid, "1")
        threading.Event().wait(LONGER_S)  # SQLite's patience in the worker ends too
    assert first.status == 200
    assert first.took_s < stretched(ANSWER_WITHIN_S)
    receipt = RECEIPT.search(line.say(openid, "1").text)
    assert receipt
    require_kept(house, {openid: receipt[1]})
    assert find(house, "worker").pid == worker, "it did not wait the outage out"


def test_slow_wechat_keeps_no_citizen_waiting(house: House, campaign: Campaign) -> None:
    for wish in SLOWNESS:
        trouble(house, **wish)
    campaign.begin("财政收支月报")
    line = Line(house)
    asked = [line.say(someone(), f"会计报名何时开始 {n}") for n in range(20)]
    assert all(one.text for one in asked)
    assert max(one.took_s for one in asked) < stretched(1)


@pytest.mark.parametrize("skew_s", [TWENTY_MINUTES_S, -TWENTY_MINUTES_S])
def test_a_clock_twenty_minutes_off_is_turned_away_and_the_log_says_which(
    house: House, skew_s: int
) -> None:
    heard = Line(house, skew_s).once(someone(), "护照多少钱")
    assert heard.status == 403
    side = "ahead of" if skew_s < 0 else "behind"
    said = f"s {side} the callback's"
    until(lambda: said in log(house, "web"), within_s=5)
    until(Line(house).serves)


def test_nobody_was_told_twice_through_any_of_it(house: House, campaign: Campaign) -> None:
    campaign.begin("预算编制通知")
    for title, push in campaign.titles.items():
        told = finished(house, push, within_s=90)
        assert told["sent"] + told["unknown"] == told["total"] == FOLLOWERS, told
        heard = [campaign.heard(openid, title) for openid in campaign.audience.openids]
        assert max(heard) == 1, "told twice"
        assert sum(heard) >= told["sent"], told
