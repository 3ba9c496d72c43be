"""A 订阅号 over real HTTP: topics become tags, and one message a day reaches whom it is for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house_at_work import House, house_at_work
from tests.journeys.test_five_minutes import DISCLOSURE, newcomer, phone, push_status, said
from tests.waiting import until

pytestmark = pytest.mark.slow
DAY_S = 86_400


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with house_at_work(folder, WECHAT_ACCOUNT_TYPE="subscription", SEED="0") as house:
        yield house


def publish(house: House, folder: Path, title: str) -> int:
    file = folder / "one.json"
    file.write_text(json.dumps({**DISCLOSURE, "title": title}, ensure_ascii=False), "utf8")
    return int(json.loads(house.flask("publish", str(file)).stdout)["push"])


def told(house: House, openid: str, title: str) -> int:
    return sum(title in bubble for bubble in phone(house, openid))


def carriers(house: House) -> list[str]:
    tags = house.look("tags")["tags"]
    return next((tag["openids"] for tag in tags if tag["name"] == "订阅·预决算"), [])


def ends(house: House, push: int, **counts: int) -> None:
    until(lambda: push_status(house, push)["state"] == "done", within_s=40, every_s=0.3)
    found: dict[str, Any] = push_status(house, push)
    assert {name: found[name] for name in counts} == counts, found


def test_the_speed_of_mass_messages_is_read_and_set(house: House) -> None:
    assert house.flask("push", "speed").stdout == "第 0 档，每分钟约 80 万条\n"
    assert house.flask("push", "speed", "--set", "4").stdout == "第 4 档，每分钟约 10 万条\n"
    assert house.flask("push", "speed", "--set", "5", check=False).returncode == 2


def test_one_message_a_day_to_all_then_by_tag(house: House, tmp_path: Path) -> None:
    people = [newcomer(house) for _ in range(3)]
    for openid in people:
        assert "已为您订阅" in said(house, openid, "订阅 预决算")

    house.sandbox("settings", confirm_mass=True)
    first = publish(house, tmp_path, "第一条：决算")
    waiting = until(lambda: house.look("state")["confirming"], within_s=40)
    assert push_status(house, first)["pending"] == 3
    house.sandbox("mass/confirm", msg_id=waiting[0], accept=True)
    ends(house, first, sent=3, delivered=0, waiting=0)
    assert [told(house, openid, "第一条") for openid in people] == [1, 1, 1]

    outsider = newcomer(house)
    synced = json.loads(house.flask("followers", "sync").stdout)
    assert synced["tags"]["tagged"] == 3
    assert carriers(house) == sorted(people)
    again = json.loads(house.flask("followers", "sync").stdout)
    assert (again["tags"]["tagged"], again["tags"]["untagged"]) == (0, 0)

    second = publish(house, tmp_path, "第二条：预算")
    ends(house, second, waiting=3, sent=0)
    assert push_status(house, second)["reasons"] == {"limited": 3}
    said(house, people[0], "退订 预决算")
    said(house, outsider, "订阅 预决算")
    until(lambda: carriers(house) == sorted([*people[1:], outsider]), within_s=40, every_s=0.3)

    house.sandbox("clock/advance", seconds=DAY_S)
    until(lambda: push_status(house, second)["sent"], within_s=60, every_s=0.3)
    ends(house, second, sent=2, waiting=0, suppressed=1)  # who unsubscribed is told no more
    until(lambda: told(house, people[1], "第二条"), within_s=20)
    assert [told(house, openid, "第二条") for openid in (*people, outsider)] == [0, 1, 1, 1]
