"""Redis stopped, killed and emptied: every callback is answered in time and nothing is lost."""

import itertools
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from core.runfile import read_run
from tests.faults.audience import Audience, finished, publish
from tests.faults.census import find
from tests.faults.citizens import RECEIPT, Heard, Line
from tests.faults.crowd import require_kept
from tests.house_at_work import House, ready
from tests.waiting import stretched, until

pytestmark = pytest.mark.slow
SETTINGS = {"SEED": "0", "WEB_WORKERS": "2", "PUSH_RATE": "20"}
ANSWERED_WITHIN_S = 0.5
AWAY_S = 5.0  # longer than two turns of the breaker
AT_ONCE = 3
MOST = 400
FOLLOWERS = 60
PEOPLE = itertools.count(1)


def someone() -> str:
    """A person nobody has met."""
    return f"oAway{next(PEOPLE):06d}"


@contextmanager
def stopped(house: House, *parts: str) -> Iterator[None]:
    """These parts stand still: they hold their connections and say nothing."""
    processes = [find(house, part) for part in parts]
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


def talk(line: Line, seconds: float) -> list[Heard]:
    """What several people hear who ask and begin suggestions for so long."""
    until_s = time.monotonic() + seconds
    pause = threading.Event()

    def one(number: int) -> Heard | None:
        if time.monotonic() > until_s:
            return None
        pause.wait(0.02)
        words = f"建议 把公告栏修一修 {number}" if number % 3 == 0 else f"护照多少钱 {number}"
        return line.once(someone(), words)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [heard for heard in pool.map(one, range(MOST)) if heard is not None]


def require_prompt(heard: list[Heard]) -> None:
    """Each was answered with words in the time the contract gives while Redis is away."""
    assert len(heard) >= 20
    assert {one.status for one in heard} == {200}
    assert all(one.text for one in heard)
    slowest = max(one.took_s for one in heard)
    assert slowest <= stretched(ANSWERED_WITHIN_S), f"{slowest:.3f} s"


def inquiries(house: House, openid: str) -> int:
    """How many questions of a person the journal's reader has written down."""
    with sqlite3.connect(Path(house.env["DATA_DIR"]) / "yangguang.db") as database:
        asked = "select count(*) from inquiries where openid = ?"
        return int(database.execute(asked, (openid,)).fetchone()[0])


@pytest.fixture
def empty_redis(house: House) -> Iterator[Callable[[], None]]:
    """FLUSHALL, as somebody who is not the house."""
    running = read_run(Path(house.env["DATA_DIR"]))
    assert running is not None
    client = redis.Redis.from_url(running.redis_url)
    yield client.flushall
    client.close()


def test_with_redis_silent_every_callback_is_answered_within_half_a_second(house: House) -> None:
    line = Line(house)
    with stopped(house, "redis"):
        require_prompt(talk(line, AWAY_S))
    until(lambda: ready(house), within_s=5)


def test_with_redis_dead_every_callback_is_answered_within_half_a_second(house: House) -> None:
    line = Line(house)
    with stopped(house, "launcher"):  # it would bring Redis back at once
        find(house, "redis").kill()
        require_prompt(talk(line, AWAY_S))
    until(lambda: ready(house), within_s=5)


def test_a_suggestion_goes_its_whole_way_without_redis(house: House) -> None:
    line = Line(house)
    with stopped(house, "redis"):
        given = {openid: line.hand_in(openid) for openid in (someone(), someone())}
    assert all(given.values())
    require_kept(house, given)


def test_what_was_asked_without_redis_is_written_down_after_it(house: House) -> None:
    line, openid = Line(house), someone()
    with stopped(house, "redis"):
        for number in range(5):
            line.once(openid, f"护照多少钱 {number}")

    def written() -> bool:
        line.serves()  # what waited goes with the next messages
        return inquiries(house, openid) == 5

    until(written, within_s=10, every_s=0.3)


def test_what_was_asked_without_redis_outlives_a_restart_of_the_web(house: House) -> None:
    line, openid = Line(house), someone()
    web = find(house, "web")
    with stopped(house, "redis"):
        line.once(openid, "护照多少钱 现在")
    web.terminate()
    web.wait(20)
    until(line.serves, within_s=30)
    until(lambda: inquiries(house, openid) == 1, within_s=5, every_s=0.3)


def test_redis_emptied_in_mid_dialog_loses_no_suggestion(
    house: House, empty_redis: Callable[[], None]
) -> None:
    line, openid = Line(house), someone()
    assert "1 提交" in line.say(openid, "建议 缴费窗口请多开一个").text
    empty_redis()
    receipt = RECEIPT.search(line.say(openid, "1").text)
    assert receipt
    empty_redis()
    require_kept(house, {openid: receipt[1]})


def test_a_message_repeated_after_redis_was_emptied_makes_no_second_ticket(
    house: House, empty_redis: Callable[[], None]
) -> None:
    line, openid, number = Line(house), someone(), time.time_ns()
    line.say(openid, "建议 公交卡也能在大厅充值")
    first = RECEIPT.search(line.once(openid, "1", number).text)
    empty_redis()
    second = RECEIPT.search(line.once(openid, "1", number).text)
    assert first
    assert second
    assert first[1] == second[1]


def test_redis_emptied_in_mid_push_tells_everybody_once(
    house: House, empty_redis: Callable[[], None]
) -> None:
    audience = Audience.gather(house, FOLLOWERS)
    push = publish(house, "预算调整方案")
    until(lambda: len(audience.told(house)) >= 5, within_s=30)
    empty_redis()
    told = finished(house, push, within_s=90)
    assert (told["sent"], told["unknown"]) == (FOLLOWERS, 0), told
    assert set(audience.told(house).values()) == {1}
    assert len(audience.told(house)) == FOLLOWERS
