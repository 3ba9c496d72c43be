"""群发: who may get it, how often, what a repeated id answers, and the administrator."""

import json
from typing import Any

from sandbox.api import mass_run
from tests.sandbox.account import Account

SEND, ALL = "/cgi-bin/message/mass/send", "/cgi-bin/message/mass/sendall"
WORDS = {"msgtype": "text", "text": {"content": "本周公开"}}


def to_list(account: Account, **more: Any) -> dict[str, Any]:
    return account.post(SEND, {"touser": account.openids[:3], **WORDS, **more})


def to_all(account: Account, **more: Any) -> dict[str, Any]:
    return account.post(ALL, {"filter": {"is_to_all": True}, **WORDS, **more})


def report(account: Account) -> dict[str, Any]:
    rows = account.world.store.all("SELECT body FROM jobs WHERE kind = 'event' ORDER BY id DESC")
    return dict(json.loads(rows[0]["body"])["fields"])


def test_a_list_has_two_to_ten_thousand(account: Account) -> None:
    one = account.post(SEND, {"touser": account.openids[:1], **WORDS})
    assert one["errcode"] == 40130  # mass.least
    account.rules(mass__most=2)
    assert to_list(account)["errcode"] == 40032  # mass.most
    assert account.post(SEND, {"touser": [account.anna, "oNobody"], **WORDS})["errcode"] == 40003


def test_accepted_is_not_delivered_until_the_job_ran(account: Account) -> None:
    sent = to_list(account)
    assert (
        account.post("/cgi-bin/message/mass/get", {"msg_id": sent["msg_id"]})["msg_status"]
        == "SENDING"
    )
    assert account.chat() == []
    mass_run.deliver(account.world, sent["msg_id"])
    mass_run.deliver(account.world, sent["msg_id"])
    assert len(account.chat()) == 1
    said = report(account)
    assert (said["Status"], said["TotalCount"], said["SentCount"]) == ("send success", 3, 3)


def test_a_person_gets_four_a_month(account: Account) -> None:  # mass.month
    for _ in range(5):
        mass_run.deliver(account.world, to_list(account)["msg_id"])
    assert len(account.chat()) == 4
    assert report(account)["ErrorCount"] == 3
    account.much_later(31 * 86_400)
    mass_run.deliver(account.world, to_list(account)["msg_id"])
    assert len(account.chat()) == 5


def test_a_subscription_account_is_counted_by_the_day_and_not_by_the_person(
    account: Account,
) -> None:  # mass.subscription_daily
    account.setting("account_type", "subscription")
    for day in range(6):
        sent = to_all(account)
        assert sent["errcode"] == 0, day
        assert to_all(account)["errcode"] == 45028
        mass_run.deliver(account.world, sent["msg_id"])
        account.much_later(86_400)
    assert len(account.chat()) == 6


def test_all_get_one_a_day_and_four_a_month(account: Account) -> None:  # mass.all_daily
    for _ in range(4):
        assert to_all(account)["errcode"] == 0
        assert to_all(account)["errcode"] == 45028
        account.much_later(86_400)
    assert to_all(account)["errcode"] == 45028


def test_calls_are_counted_by_day_and_minute(account: Account) -> None:
    account.rules(mass__minute=2)  # mass.minute
    assert [to_list(account)["errcode"] for _ in range(3)] == [0, 0, 45011]
    account.later(60)
    account.rules(mass__daily=3)  # mass.daily
    assert [to_list(account)["errcode"] for _ in range(2)] == [0, 45009]


def test_a_repeated_clientmsgid_gives_the_first_msg_id(account: Account) -> None:
    first = to_list(account, clientmsgid="push-7")
    soon = to_list(account, clientmsgid="push-7")
    assert soon["errcode"] == 45066  # mass.id_gap_s
    account.later(61)
    again = to_list(account, clientmsgid="push-7")
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    account.much_later(86_400)  # mass.id_s
    assert to_list(account, clientmsgid="push-7")["errcode"] == 0
    assert to_list(account, clientmsgid="x" * 65)["errcode"] == 45067  # mass.id_bytes


def test_an_administrator_agrees_refuses_or_is_silent(account: Account) -> None:
    account.setting("confirm_mass", True)
    account.rules(mass__all_daily=9)
    agreed, refused, silent = (to_all(account)["msg_id"] for _ in range(3))
    (due,) = account.world.store.one("SELECT max(due_at) FROM jobs") or (0,)
    assert due == account.world.clock.now() + 1800  # mass.confirm_s
    assert mass_run.confirm(account.world, agreed, agreed=True)
    mass_run.deliver(account.world, agreed)
    assert len(account.chat()) == 1
    mass_run.confirm(account.world, refused, agreed=False)
    assert report(account)["Status"] == "err(40001)"
    mass_run.give_up(account.world, silent)
    assert report(account)["Status"] == "err(40002)"
    mass_run.give_up(account.world, agreed)
    assert len(account.chat()) == 1


def test_a_tag_that_is_not_there_answers_minus_one(account: Account) -> None:  # mass.tag
    assert (
        account.post(ALL, {"filter": {"is_to_all": False, "tag_id": 999}, **WORDS})["errcode"] == -1
    )


def test_a_tag_reaches_its_people(account: Account) -> None:
    tag = account.post("/cgi-bin/tags/create", {"tag": {"name": "预决算"}})["tag"]["id"]
    account.post(
        "/cgi-bin/tags/members/batchtagging", {"openid_list": [account.anna], "tagid": tag}
    )
    sent = account.post(ALL, {"filter": {"is_to_all": False, "tag_id": tag}, **WORDS})
    mass_run.deliver(account.world, sent["msg_id"])
    assert [len(account.chat(openid)) for openid in account.openids[:2]] == [1, 0]


def test_pictures_come_as_images_and_a_preview_costs_no_quota(account: Account) -> None:
    media_id = account.upload()["media_id"]
    good = {"touser": account.openids[:2], "msgtype": "image", "images": {"media_ids": [media_id]}}
    assert account.code(SEND, good) == 0
    assert account.code(SEND, {**good, "images": {"media_ids": ["x"]}}) == 40007
    account.rules(mass__preview_daily=1)  # mass.preview_daily
    codes = [
        account.code("/cgi-bin/message/mass/preview", {"touser": account.anna, **WORDS})
        for _ in range(2)
    ]
    assert codes == [0, 45009]
    assert account.chat()[0]["via"] == "preview"


def test_the_speed_has_five_steps(account: Account) -> None:  # mass.speed
    path = "/cgi-bin/message/mass/speed"
    assert account.post(f"{path}/get", {}) == {"speed": 0, "realspeed": 80}
    assert account.code(f"{path}/set", {"speed": 4}) == 0
    assert account.post(f"{path}/get", {}) == {"speed": 4, "realspeed": 10}
    assert [account.code(f"{path}/set", {"speed": bad}) for bad in (5, -1, "x")] == [45083] * 3
