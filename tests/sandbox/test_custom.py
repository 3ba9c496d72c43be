"""客服消息: windows and counts after each trigger, kinds, sizes."""

import pytest

from sandbox.callbacks.letters import event, message
from tests.sandbox.account import SEND, Account

TYPING = "/cgi-bin/message/custom/typing"


def codes(account: Account, times: int) -> list[int]:
    return [account.text() for _ in range(times)]


def test_nobody_is_reached_out_of_the_blue(account: Account) -> None:
    assert account.text() == 45015
    assert account.chat() == []


def test_a_message_opens_five_for_forty_eight_hours(account: Account) -> None:
    message(account.world, account.anna, "text", {"Content": "您好"})
    assert codes(account, 6) == [0, 0, 0, 0, 0, 45047]  # custom.message_count
    message(account.world, account.anna, "text", {"Content": "您好"})
    account.much_later(172_799)
    assert account.text() == 0
    account.later(1)
    assert account.text() == 45015  # custom.message_s


@pytest.mark.parametrize(
    "trigger", ["subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg"]
)
def test_follow_scan_and_menu_open_three_for_a_minute(account: Account, trigger: str) -> None:
    event(account.world, account.anna, trigger, {"EventKey": "x"})
    assert codes(account, 4) == [0, 0, 0, 45047]  # custom.short_count
    account.later(61)
    assert account.text() == 45015  # custom.short_s


def test_a_tap_on_a_menu_message_is_a_menu_tap_and_no_message(account: Account) -> None:
    message(account.world, account.anna, "text", {"Content": "满意", "bizmsgmenuid": "101"})
    assert codes(account, 4) == [0, 0, 0, 45047]
    account.later(61)
    assert account.text() == 45015


@pytest.mark.parametrize("trigger", ["VIEW", "LOCATION", "view_miniprogram", "unsubscribe"])
def test_other_events_open_nothing(account: Account, trigger: str) -> None:
    event(account.world, account.anna, trigger, {})
    assert account.text() == 45015


def test_counts_do_not_add_up(account: Account) -> None:
    message(account.world, account.anna, "text", {"Content": "您好"})
    event(account.world, account.anna, "CLICK", {"EventKey": "x"})
    assert codes(account, 6) == [0] * 5 + [45047]


def test_text_over_2048_bytes_is_refused_and_costs_nothing(account: Account) -> None:
    account.world.windows.open_many([account.anna])
    assert account.text(content="好" * 682) == 0
    assert account.text(content="好" * 683) == 45002  # custom.text_bytes
    assert codes(account, 4) == [0] * 4


def test_who_left_or_never_was_is_refused(account: Account) -> None:
    account.world.windows.open_many(account.openids)
    assert account.text("oNobody") == 40003  # person.openid
    account.world.people.unfollow(account.openids[1])
    assert account.text(account.openids[1]) == 45015
    account.post("/cgi-bin/tags/members/batchblacklist", {"openid_list": [account.openids[2]]})
    assert account.text(account.openids[2]) == 43019  # person.blacklist


def test_news_is_one_article(account: Account) -> None:  # custom.articles
    account.world.windows.open_many([account.anna])
    one = {"title": "公开", "description": "", "url": "http://a", "picurl": ""}
    body = {"touser": account.anna, "msgtype": "news", "news": {"articles": [one]}}
    assert account.code(SEND, body) == 0
    assert account.code(SEND, {**body, "news": {"articles": [one, one]}}) == 45008


def test_a_picture_lives_three_days(account: Account) -> None:  # custom.media media.keep_s
    media_id = account.upload()["media_id"]
    account.world.windows.open_many([account.anna])
    body = {"touser": account.anna, "msgtype": "image", "image": {"media_id": media_id}}
    assert account.code(SEND, body) == 0
    account.much_later(259_201)
    account.world.windows.open_many([account.anna])
    assert account.code(SEND, body) == 40007


def test_a_menu_message_needs_choices_and_a_certified_account(account: Account) -> None:
    account.world.windows.open_many([account.anna])
    menu = {
        "head_content": "满意吗？",
        "list": [{"id": "1", "content": "满意"}],
        "tail_content": "",
    }
    body = {"touser": account.anna, "msgtype": "msgmenu", "msgmenu": menu}
    assert account.code(SEND, body) == 0
    assert account.code(SEND, {**body, "msgmenu": {**menu, "list": []}}) == 40035
    account.setting("certified", False)
    assert account.code(SEND, body) == 40200


def test_unknown_kinds_and_the_days_quota(account: Account) -> None:
    account.world.windows.open_many([account.anna])
    assert (
        account.code(SEND, {"touser": account.anna, "msgtype": "poem"}) == 40008
    )  # custom.msgtype
    account.rules(custom__daily=2)
    assert codes(account, 2) == [0, 45009]


def test_typing_shows_inside_a_window_only(account: Account) -> None:
    body = {"touser": account.anna, "command": "Typing"}
    assert account.code(TYPING, body) == 45015
    account.world.windows.open_many([account.anna])
    assert account.code(TYPING, body) == 0
    assert account.code(TYPING, {**body, "command": "Sing"}) == 45072  # typing.command


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 44002),  # body.empty
        (b"{", 47001),  # body.json
        (b"[1]", 47001),
        (b"\xff{}", 47001),
        (b'{"touser": "\\u4f60"}', 40033),  # body.escaped
        (b'{"touser": "\\\\u4f60"}', 40003),
    ],
)
def test_a_body_that_is_no_clean_json_is_refused(account: Account, body: bytes, code: int) -> None:
    assert account.raw(SEND, body)["errcode"] == code
