"""Letters that took another road: pictures, a person who left, dissatisfaction, red cards."""

import base64
import json
import re
from collections.abc import Iterator

import pytest

from bureau.feedback import chain, handling, search
from bureau.feedback.models import Ticket
from bureau.staff import accounts, binding
from core.clock import SystemClock
from core.db import Database
from tests.house_at_work import House
from tests.journeys.test_five_minutes import NUMBER, newcomer, phone, said
from tests.waiting import until

pytestmark = pytest.mark.slow
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def records(house: House) -> Iterator[Database]:
    """The running house's own database."""
    database = Database(f"sqlite:///{house.env['DATA_DIR']}/yangguang.db", pool_size=2)
    yield database
    database.close()


@pytest.fixture(scope="module")
def clerk(house: House) -> str:
    house.flask("staff", "add", "letters", "--role", "general_office")
    return "letters"


def handed_in(house: House, openid: str, text: str) -> str:
    said(house, openid, f"建议 {text}")
    found = NUMBER.search(said(house, openid, "1"))
    assert found
    return found[0]


def answered(house: House, number: str, text: str, by: str) -> None:
    house.flask("feedback", "reply", number, text, "--by", by)


def arrived(house: House, openid: str, words: str) -> bool:
    return any(words in bubble for bubble in phone(house, openid))


def show(house: House, number: str) -> dict:  # type: ignore[type-arg]
    return dict(json.loads(house.flask("feedback", "show", number, "--json").stdout))


def test_a_picture_is_fetched_from_wechat_and_kept(house: House, records: Database) -> None:
    openid = newcomer(house)
    said(house, openid, "建议 路灯下的公告栏看不清")
    data = base64.b64encode(PNG).decode()
    shown = house.sandbox("image", openid=openid, data=data, content_type="image/png")
    assert "图片 1 张" in shown["reply"]["content"]
    assert "已收到" in said(house, openid, "1")

    def kept() -> bool:
        with records.read() as db:
            rows = db.connection().exec_driver_sql("select state from ticket_attachments").all()
        return [row[0] for row in rows] == ["kept"]

    until(kept, within_s=20)


def test_who_left_and_came_back_still_gets_the_reply(house: House, clerk: str) -> None:
    openid = newcomer(house)
    number = handed_in(house, openid, "希望增设自助终端")
    house.sandbox("unfollow", openid=openid)
    answered(house, number, "自助终端已列入计划。", clerk)
    house.sandbox("follow", openid=openid)
    assert "自助终端已列入计划。" in said(house, openid, f"进度 {number}")


def test_dissatisfied_by_a_tap_is_redone_and_told_again(house: House, clerk: str) -> None:
    openid = newcomer(house)
    number = handed_in(house, openid, "请公布窗口电话")
    answered(house, number, "请自行查询。", clerk)
    until(lambda: arrived(house, openid, "请自行查询。"), within_s=20)
    tapped = house.sandbox("choice", openid=openid, text=f"评价{number}不满意", menu_id="1")
    assert "重新办理" in tapped["reply"]["content"]
    assert "谢谢" in said(house, openid, "等于没说")
    assert show(house, number)["state"] == "redo"
    answered(house, number, "窗口电话已公布在大厅和网站。", clerk)
    until(lambda: arrived(house, openid, "窗口电话已公布在大厅和网站。"), within_s=20)
    again = house.sandbox("choice", openid=openid, text=f"评价{number}满意", menu_id="1")
    assert "谢谢" in again["reply"]["content"]


def test_two_who_wrote_the_same_are_both_answered(
    house: House, records: Database, clerk: str
) -> None:
    one, two = newcomer(house), newcomer(house)
    first = handed_in(house, one, "停车位不够")
    second = handed_in(house, two, "门口没有停车位")
    now = SystemClock().now()
    with records.write() as db:
        by = accounts.require(db, clerk)
        handling.merge(db, search.one(db, second), search.one(db, first), by, now)
    answered(house, first, "已新增停车位二十个。", clerk)
    for openid in (one, two):
        until(lambda who=openid: arrived(house, who, "已新增停车位二十个。"), within_s=20)


def test_a_clerk_answers_from_the_phone(house: House, records: Database, clerk: str) -> None:
    citizen, own_phone = newcomer(house), newcomer(house)
    number = handed_in(house, citizen, "会计报名何时开始")
    with records.write() as db:
        code = binding.offer(db, accounts.require(db, clerk), SystemClock().now())
    assert "已绑定" in said(house, own_phone, f"绑定 {code}")
    assert "1 发出" in said(house, own_phone, f"回复 {number} 报名时间见通知公告。")
    assert "已发出" in said(house, own_phone, "1")
    until(lambda: arrived(house, citizen, "报名时间见通知公告。"), within_s=20)


def test_a_letter_nobody_answers_gets_its_cards(house: House) -> None:
    number = handed_in(house, newcomer(house), "没有人答复的建议")
    house.sandbox("clock/advance", seconds=20 * 24 * 3600)
    until(lambda: any("red_card" in event for event in show(house, number)["events"]), within_s=60)


def test_every_chain_is_whole_and_no_number_is_missing(house: House, records: Database) -> None:
    with records.read() as db:
        tickets: list[Ticket] = search.everything(db)
        assert all(chain.broken_at(chain.events(db, ticket)) is None for ticket in tickets)
    assert all(re.fullmatch(NUMBER, ticket.number) for ticket in tickets)
    series = [ticket.serial for ticket in tickets if ticket.number.startswith("JY26")]
    assert sorted(series) == list(range(1, len(series) + 1))
