"""The five-minute story over real HTTP: a fee, a topic, a disclosure, a suggestion, its reply."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.house_at_work import House
from tests.waiting import until

pytestmark = pytest.mark.slow
NUMBER = re.compile(r"[A-Z]{2}\d{2}-\d{4,}-[0-9A-Z]")
DISCLOSURE = {
    "title": "2026年市级部门预算公开",
    "kind": "notice",
    "topic": "budget",
    "summary": "市级各部门2026年预算已经公开，可在市财政局网站查看。",
    "produced_on": "2026-11-02",
    "review": {"drafted_by": "张三", "reviewed_by": "李四", "approved_by": "王五"},
}


def newcomer(house: House) -> str:
    """A new follower of the account; the openid."""
    made = house.sandbox("followers", count=1)
    openid = made["openids"][0] if "openids" in made else made["openid"]
    house.sandbox("follow", openid=openid)
    return str(openid)


def said(house: House, openid: str, text: str) -> str:
    """Say something; the words of the answer on the phone."""
    answer = house.sandbox("say", openid=openid, text=text)
    assert answer["reply"] is not None, answer
    return str(answer["reply"]["content"])


def phone(house: House, openid: str) -> list[str]:
    """Everything on a person's phone that came from the account, as text."""
    bubbles = house.look("messages", openid=openid)["messages"]
    return [json.dumps(each, ensure_ascii=False) for each in bubbles if each["way"] == "out"]


def push_status(house: House, push: int) -> dict[str, Any]:
    done = house.flask("push", "status", str(push), "--json")
    return dict(json.loads(done.stdout))


def test_a_fee_is_answered_with_amount_basis_and_source(house: House) -> None:
    answer = said(house, newcomer(house), "护照多少钱")
    assert "120元" in answer
    assert "发改价格〔2019〕914号" in answer
    assert "来源" in answer


def test_a_disclosure_reaches_its_follower_once_and_nobody_else(
    house: House, tmp_path: Path
) -> None:
    follower, other = newcomer(house), newcomer(house)
    assert "已为您订阅" in said(house, follower, "订阅 预决算")
    file = tmp_path / "budget.json"
    file.write_text(json.dumps(DISCLOSURE, ensure_ascii=False), "utf8")
    published = json.loads(house.flask("publish", str(file)).stdout)
    assert published["audience"] == 1

    push = published["push"]
    until(lambda: push_status(house, push)["sent"] == 1, within_s=30)
    until(lambda: push_status(house, push)["state"] == "done", within_s=30)
    told = push_status(house, push)
    assert (told["total"], told["sent"], told["failed"], told["unknown"]) == (1, 1, 0, 0)
    assert sum(DISCLOSURE["title"] in bubble for bubble in phone(house, follower)) == 1
    assert not any(DISCLOSURE["title"] in bubble for bubble in phone(house, other))


def test_a_suggestion_is_received_answered_and_told(house: House) -> None:
    openid = newcomer(house)
    shown = said(house, openid, "建议 把收费目录做成一张表")
    assert all(choice in shown for choice in ("1 提交", "2 补充", "3 取消"))
    receipt = said(house, openid, "1")
    number = NUMBER.search(receipt)
    assert number
    assert "已收到" in receipt
    listed = json.loads(house.flask("feedback", "list", "--json").stdout)
    assert [t["state"] for t in listed if t["number"] == number[0]]
    house.flask("staff", "add", "reviewer", "--role", "general_office")
    reply = "感谢您的建议，收费目录已汇成一张表，见门户网站。"
    house.flask("feedback", "reply", number[0], reply, "--by", "reviewer")
    until(lambda: any(reply in bubble for bubble in phone(house, openid)), within_s=20)
    assert sum(reply in bubble for bubble in phone(house, openid)) == 1


def test_a_reply_after_two_days_is_handed_over_when_the_person_writes(house: House) -> None:
    openid = newcomer(house)
    said(house, openid, "建议 周末也开放办事大厅")
    number = NUMBER.search(said(house, openid, "1"))
    assert number
    house.sandbox("clock/advance", seconds=49 * 3600)
    house.flask("staff", "add", "reviewer2", "--role", "general_office")
    reply = "周六上午已安排值班。"
    answered = house.flask("feedback", "reply", number[0], reply, "--by", "reviewer2")
    push = json.loads(answered.stdout)["push"]
    until(lambda: push_status(house, push)["waiting"] == 1, within_s=20)
    assert not any(reply in bubble for bubble in phone(house, openid))
    said(house, openid, "护照多少钱")
    until(lambda: any(reply in bubble for bubble in phone(house, openid)), within_s=20)
    until(lambda: push_status(house, push)["sent"] == 1, within_s=20)
