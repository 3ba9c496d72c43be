"""Every fsync takes half a second: questions do not notice, suggestions wait and none is lost."""

import itertools

import pytest

from tests.faults.audience import Audience, finished, publish
from tests.faults.census import whole
from tests.faults.citizens import Line
from tests.faults.crowd import Crowd, require_kept
from tests.faults.slow_disk import slow_disk
from tests.house_at_work import House
from tests.waiting import stretched, until

pytestmark = [pytest.mark.slow, pytest.mark.strace]
SETTINGS = {"SEED": "0", "WEB_WORKERS": "2", "PUSH_RATE": "20"}
EACH_FSYNC_S = 0.5
ANSWER_WITHIN_S = 4.9  # WeChat hangs up at 5
FOLLOWERS = 20
QUESTIONS = 30
PEOPLE = itertools.count(1)


def test_a_slow_disk_holds_up_letters_and_loses_none(house: House) -> None:
    line, audience = Line(house), Audience.gather(house, FOLLOWERS)
    with slow_disk(house, EACH_FSYNC_S) as slowness:
        push = publish(house, "决算公开说明")
        with Crowd(line, "oSlow") as crowd:
            asked = [
                line.say(f"oAsks{next(PEOPLE):06d}", f"护照多少钱 {n}") for n in range(QUESTIONS)
            ]
            until(lambda: len(crowd.receipts) >= 2, within_s=30, every_s=0.2)
        assert slowness.times >= 2, "the disk was not slow"
    until(line.serves, within_s=5)
    assert all(one.text for one in asked)
    assert max(one.took_s for one in asked) < stretched(ANSWER_WITHIN_S)
    told = finished(house, push, within_s=60)
    assert told["sent"] + told["unknown"] == told["total"] == FOLLOWERS, told
    assert max(audience.told(house).values()) == 1, "told twice"
    require_kept(house, crowd.receipts)
    until(lambda: whole(house), within_s=10, every_s=0.3)
