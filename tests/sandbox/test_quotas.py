"""Calls are counted by path, day and minute; what an account may not do answers 48001."""

import json
from typing import Any

import pytest

from tests.sandbox.account import NOTICE, SEND, TEMPLATE, Account

CARD, ONCE = "SANDBOX-TEMPLATE-DISCLOSURE", "SANDBOX-NOTICE-TICKET"
MASS = "/cgi-bin/message/mass"
WORDS = {"msgtype": "text", "text": {"content": "本周公开"}}
TAGGING = "/cgi-bin/tags/members/batchtagging"


@pytest.mark.parametrize(
    ("rule", "method", "path", "limit"),
    [
        ("users.info_daily", "GET", "/cgi-bin/user/info", 5_000_000),
        ("users.info_daily", "POST", "/cgi-bin/user/info/batchget", 5_000_000),
        ("users.remark_daily", "POST", "/cgi-bin/user/info/updateremark", 10_000),
        ("tags.daily", "POST", "/cgi-bin/tags/create", 1000),
        ("tags.daily", "GET", "/cgi-bin/tags/get", 1000),
        ("tags.daily", "POST", "/cgi-bin/tags/update", 1000),
        ("tags.move_daily", "POST", TAGGING, 100_000),
        ("menu.delete_daily", "GET", "/cgi-bin/menu/delete", 1000),
        ("qr.daily", "POST", "/cgi-bin/qrcode/create", 100_000),
        ("media.upload_daily", "POST", "/cgi-bin/media/upload", 100_000),
        ("media.get_daily", "GET", "/cgi-bin/media/get", 200_000),
        ("mass.delete_daily", "POST", f"{MASS}/delete", 10),
    ],
)
def test_each_path_has_its_day_and_tells_it(
    account: Account, rule: str, method: str, path: str, limit: int
) -> None:
    asked = account.post("/cgi-bin/openapi/quota/get", {"cgi_path": path})["quota"]
    assert asked == {"daily_limit": limit, "used": 0, "remain": limit}
    account.rules(**{rule: 1})
    codes = [account.raw(path, method=method).get("errcode", 0) for _ in range(2)]
    assert codes[0] != 45009
    assert codes[1] == 45009
    account.later(86_400)
    account.token = account.stable()["access_token"]
    assert account.raw(path, method=method).get("errcode", 0) != 45009


def test_a_minutes_quota_is_each_paths_own_and_ends_with_the_minute(account: Account) -> None:
    account.rules(api__minute=2)
    codes = [account.get("/cgi-bin/user/get").get("errcode", 0) for _ in range(3)]
    assert codes == [0, 0, 45011]
    assert account.get("/cgi-bin/tags/get").get("errcode", 0) == 0
    account.later(60)
    assert account.get("/cgi-bin/user/get").get("errcode", 0) == 0


def test_codes_are_redeemed_so_many_a_minute(account: Account) -> None:
    account.rules(oauth__minute=1)
    query = {"appid": account.options.app_id, "secret": account.options.app_secret, "code": "x"}
    codes = [account.get("/sns/oauth2/access_token", **query)["errcode"] for _ in range(2)]
    assert codes == [40029, 45011]


def test_a_call_beyond_the_quota_costs_neither_window_nor_consent(account: Account) -> None:
    account.world.windows.open_many([account.anna])
    account.world.store.run("INSERT INTO consents VALUES (?, ?, 0, 1)", account.anna, ONCE)
    account.rules(custom__daily=0, notice__daily=0)
    assert [account.text() for _ in range(6)] == [45009] * 6
    assert account.notice(NOTICE, ONCE)["errcode"] == 45009
    account.rules(custom__daily=99, notice__daily=99)
    assert [account.text() for _ in range(6)] == [0] * 5 + [45047]
    assert account.notice(NOTICE, ONCE)["errcode"] == 0


def test_a_subscription_account_has_one_mass_message_a_day(account: Account) -> None:
    account.setting("account_type", "subscription")  # mass.subscription_daily
    tag = account.post("/cgi-bin/tags/create", {"tag": {"name": "预决算"}})["tag"]["id"]
    to_tag = {"filter": {"is_to_all": False, "tag_id": tag}, **WORDS}
    to_all = {"filter": {"is_to_all": True}, **WORDS}
    assert [account.code(f"{MASS}/sendall", each) for each in (to_tag, to_all)] == [0, 45028]
    account.much_later(86_400)
    assert account.code(f"{MASS}/sendall", to_all) == 0


@pytest.mark.parametrize(
    "path",
    [TEMPLATE, NOTICE, f"{MASS}/send", f"{MASS}/sendall", f"{MASS}/get", "/cgi-bin/qrcode/create"],
)
def test_without_certification_most_things_are_refused(account: Account, path: str) -> None:
    account.setting("certified", False)  # account.certified
    assert account.code(path, {"x": 1}) == 48001
    account.setting("certified", True)
    assert account.code(path, {"x": 1}) != 48001


def test_empty_words_and_blocked_words_are_refused(account: Account) -> None:
    account.world.windows.open_many([account.anna])
    assert account.text(content="") == 44004  # custom.empty
    account.setting("blocked_words", ["中奖"])  # template.blocked
    assert account.notice(TEMPLATE, CARD, data={"thing1": "您中奖了"})["errcode"] == 40249
    assert account.notice(TEMPLATE, CARD)["errcode"] == 0


def test_a_menu_message_is_for_certified_accounts(account: Account) -> None:  # custom.menu
    account.setting("certified", False)
    account.world.windows.open_many([account.anna])
    body = {"touser": account.anna, "msgtype": "msgmenu", "msgmenu": {"list": []}}
    assert account.code(SEND, body) == 40200


def popup(account: Account, choices: list[str], **more: Any) -> int:
    wish = {"openid": account.anna, "wait": False, **more}
    wish["choices"] = [{"template_id": each} for each in choices]
    body = json.dumps(wish).encode()
    head = {"Content-Type": "application/json"}
    return account.ask("POST", "/sandbox/api/consent", {}, body, head).status


def test_an_articles_popup_asks_for_few_and_of_one_kind(account: Account) -> None:
    long, once = "SANDBOX-NOTICE-DISCLOSURE", ONCE
    assert popup(account, [once] * 5, scene=2) == 200
    assert popup(account, [once] * 6, scene=2) == 409  # notice.popup
    assert popup(account, [once, long], scene=2) == 409  # notice.one_kind
    assert popup(account, [once, long], scene=1) == 200


def test_managing_notices_can_only_refuse(account: Account) -> None:
    assert popup(account, [ONCE], managed=True) == 409


def test_every_error_a_sender_must_know_has_its_text(account: Account) -> None:
    body = {"touser": account.anna, "msgtype": "text", "text": {"content": "x"}}
    for code in (40243, 42007, 43019, 48002, 48004, 48008, 50001, 50002, 50005, 89501, 89503):
        wish = json.dumps({"kind": "error", "code": code}).encode()
        head = {"Content-Type": "application/json"}
        assert account.ask("POST", "/sandbox/api/faults", {}, wish, head).status == 200
        told = account.post(SEND, body)
        assert told["errcode"] == code
        assert not told["errmsg"].startswith("error rid")
