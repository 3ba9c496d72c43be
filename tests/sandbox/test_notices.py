"""Template messages and subscription notices: values, consents, idempotency, receipts."""

import json

import pytest

from sandbox.rules.values import allowed
from tests.sandbox.account import NOTICE, TEMPLATE, Account

CARD, LONG, ONCE = (
    "SANDBOX-TEMPLATE-DISCLOSURE",
    "SANDBOX-NOTICE-DISCLOSURE",
    "SANDBOX-NOTICE-TICKET",
)


def jobs(account: Account) -> list[dict[str, object]]:
    return [json.loads(row["body"]) for row in account.world.store.all("SELECT body FROM jobs")]


def consent(account: Account, template: str, *, long: int, times: int) -> None:
    account.world.store.run(
        "INSERT OR REPLACE INTO consents VALUES (?, ?, ?, ?)", account.anna, template, long, times
    )


def test_a_template_message_arrives_and_its_receipt_is_on_its_way(account: Account) -> None:
    sent = account.notice(TEMPLATE, CARD, url="http://127.0.0.1/d/1")
    assert sent["errcode"] == 0
    (shown,) = account.chat()
    assert shown["body"]["values"]["thing1"] == "市级预算公开"
    (receipt,) = jobs(account)
    assert receipt["event"] == "TEMPLATESENDJOBFINISH"
    assert receipt["fields"] == {"MsgID": sent["msgid"], "Status": "success"}


def test_the_same_client_msg_id_is_sent_once_in_ten_minutes(account: Account) -> None:
    first = account.notice(TEMPLATE, CARD, client_msg_id="push-1")  # template.dedupe_s
    account.later(599)
    again = account.notice(TEMPLATE, CARD, client_msg_id="push-1")
    assert (again["errcode"], again["msgid"]) == (0, first["msgid"])
    assert len(account.chat()) == len(jobs(account)) == 1
    account.later(2)
    account.notice(TEMPLATE, CARD, client_msg_id="push-1")
    assert len(account.chat()) == 2


def test_the_same_id_for_another_person_is_another_message(account: Account) -> None:
    for openid in account.openids[:2]:
        account.notice(TEMPLATE, CARD, client_msg_id="push-1", touser=openid)
    assert [len(account.chat(openid)) for openid in account.openids[:2]] == [1, 1]


@pytest.mark.parametrize(
    ("data", "field"),
    [({"thing1": "字" * 21}, "thing1"), ({"thing2": " "}, "thing2"), ({"time3": "明天"}, "time3")],
)
def test_a_value_out_of_shape_is_named(account: Account, data: dict[str, str], field: str) -> None:
    for path, template in ((TEMPLATE, CARD), (NOTICE, LONG)):  # template.value
        refused = account.notice(path, template, data=data)
        assert refused["errcode"] == 47003
        assert f"data.{field}.value" in refused["errmsg"]


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("thing1", "字" * 20, "字" * 21),
        ("number1", "12.5", "十二"),
        ("letter2", "ABC", "A1"),
        ("character_string3", "JY26-0007-K", "建议"),
        ("time4", "2026年3月2日 12:30", "下午"),
        ("date4", "2026-03-02", "12:30"),
        ("amount5", "120.00元", "约120"),
        ("phone_number6", "+86-0539-8888", "电话"),
        ("car_number7", "鲁Q12345", "鲁Q1234567890"),
        ("name8", "王小明", "王" * 11),
        ("phrase9", "已办结", "已经办结了啊"),
        ("symbol1", "★", "★★★★★★"),
    ],
)
def test_each_kind_of_field_has_its_shape(field: str, good: str, bad: str) -> None:
    assert allowed(field, good, 20)
    assert not allowed(field, bad, 20)


def test_unknown_templates_strangers_and_those_who_left(account: Account) -> None:
    assert account.notice(TEMPLATE, "no-such")["errcode"] == 40037  # template.id
    assert account.notice(TEMPLATE, LONG)["errcode"] == 40037
    assert account.notice(TEMPLATE, CARD, touser="oNobody")["errcode"] == 40003
    account.world.people.unfollow(account.anna)
    assert account.notice(TEMPLATE, CARD)["errcode"] == 43004  # person.following


def test_who_refuses_is_refused_and_who_blocks_is_reported(account: Account) -> None:
    account.world.store.run("UPDATE followers SET blocks = 1 WHERE openid = ?", account.anna)
    assert account.notice(TEMPLATE, CARD)["errcode"] == 43101  # template.refused
    account.world.store.run("UPDATE followers SET blocks = 2 WHERE openid = ?", account.anna)
    assert account.notice(TEMPLATE, CARD)["errcode"] == 0
    assert account.chat() == []
    assert jobs(account)[0]["fields"]["Status"] == "failed:user block"  # type: ignore[index]


def test_a_notice_needs_a_grant_and_uses_it_up(account: Account) -> None:
    assert account.notice(NOTICE, ONCE)["errcode"] == 43101  # notice.consent
    consent(account, ONCE, long=0, times=2)
    codes = [account.notice(NOTICE, ONCE)["errcode"] for _ in range(3)]
    assert codes == [0, 0, 43101]


def test_a_long_grant_lasts(account: Account) -> None:
    consent(account, LONG, long=1, times=0)
    codes = [account.notice(NOTICE, LONG, page="http://127.0.0.1/")["errcode"] for _ in range(4)]
    assert codes == [0] * 4
    sent = jobs(account)[0]
    assert sent["event"] == "subscribe_msg_sent_event"
    assert sent["fields"]["SubscribeMsgSentEvent"]["List"]["ErrorStatus"] == "success"  # type: ignore[index]


def test_a_bad_page_is_refused(account: Account) -> None:  # notice.page
    consent(account, LONG, long=1, times=0)
    assert account.notice(NOTICE, LONG, page=7)["errcode"] == 41030


def test_both_are_counted_by_day(account: Account) -> None:
    account.rules(template__daily=1, notice__daily=1)  # template.daily notice.daily
    consent(account, LONG, long=1, times=0)
    assert [account.notice(TEMPLATE, CARD)["errcode"] for _ in range(2)] == [0, 45009]
    assert [account.notice(NOTICE, LONG)["errcode"] for _ in range(2)] == [0, 45009]


def test_the_receipt_can_be_held_back_and_comes_after_its_delay(account: Account) -> None:
    account.notice(TEMPLATE, CARD)
    (row,) = account.world.store.all("SELECT due_at FROM jobs")
    assert row["due_at"] == account.world.clock.now() + 1  # receipt.delay_s
    account.setting("receipts", False)
    account.notice(TEMPLATE, CARD)
    assert len(jobs(account)) == 1


def test_templates_are_listed_by_type_and_go_when_deleted(account: Account) -> None:
    listed = account.get("/wxaapi/newtmpl/gettemplate")["data"]
    assert {each["priTmplId"]: each["type"] for each in listed} == {LONG: 3, ONCE: 2}
    assert account.code("/wxaapi/newtmpl/deltemplate", {"priTmplId": LONG}) == 0
    consent(account, LONG, long=1, times=0)
    assert account.notice(NOTICE, LONG)["errcode"] == 40037
    own = account.get("/cgi-bin/template/get_all_private_template")["template_list"]
    assert {each["template_id"] for each in own} == {CARD, "SANDBOX-TEMPLATE-TICKET"}
