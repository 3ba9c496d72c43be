"""Menu, QR, media, web login, and the account's own matters."""

from typing import Any

import pytest

from tests.sandbox.account import SEND, Account, Heard

MENU = "/cgi-bin/menu/create"
BACK = "http://127.0.0.1:8000/login?next=/me"


def click(name: str = "帮助", **more: Any) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": "help", **more}


def fetch(account: Account, path: str, **query: str) -> Heard:
    return account.ask("GET", path, query)


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([click()] * 3, 0),
        ([click()] * 4, 40016),  # menu.buttons
        ([], 40016),
        ([{"name": "更多", "sub_button": [click()] * 6}], 40023),  # menu.sub_buttons
        ([click("五个汉字多一点")], 40018),  # menu.name_bytes
        ([{"name": "更多", "sub_button": [click("字" * 21)]}], 40025),  # menu.sub_name_bytes
        ([click(key="k" * 129)], 40019),  # menu.key_bytes
        (
            [{"type": "view", "name": "网页", "url": "http://a/" + "x" * 1024}],
            40020,
        ),  # menu.url_bytes
        ([click(type="sing")], 40017),  # menu.type
        (["x"], 47001),
    ],
)
def test_a_menu_keeps_its_sizes(account: Account, buttons: list[Any], code: int) -> None:
    assert account.code(MENU, {"button": buttons}) == code


def test_a_menu_is_read_back_and_deleted(account: Account) -> None:
    assert account.get("/cgi-bin/menu/get")["errcode"] == 46003  # menu.none
    assert account.code("/cgi-bin/menu/addconditional", {"button": [click()]}) == 65303
    account.post(MENU, {"button": [click()]})
    assert account.get("/cgi-bin/menu/get")["menu"]["button"] == [click()]
    account.get("/cgi-bin/menu/delete")
    assert account.get("/cgi-bin/menu/get")["errcode"] == 46003


def test_menu_calls_are_counted(account: Account) -> None:
    account.rules(menu__create_daily=1, menu__get_daily=1)  # menu.create_daily menu.get_daily
    assert [account.code(MENU, {"button": [click()]}) for _ in range(2)] == [0, 45009]
    assert [account.get("/cgi-bin/menu/get").get("errcode", 0) for _ in range(2)] == [0, 45009]


@pytest.mark.parametrize(
    ("action", "scene", "life", "code"),
    [
        ("QR_SCENE", {"scene_id": 7}, 60, 0),
        ("QR_STR_SCENE", {"scene_str": "大厅"}, 2_592_000, 0),
        ("QR_STR_SCENE", {"scene_str": "大厅"}, 2_592_001, 40035),  # qr.expire_s
        ("QR_STR_SCENE", {"scene_str": "x" * 65}, 60, 40053),  # qr.scene
        ("QR_LIMIT_SCENE", {"scene_id": 100_001}, 60, 40053),
        ("QR_SCENE", {"scene_id": 0}, 60, 40053),
        ("QR_SING", {"scene_id": 1}, 60, 40053),
    ],
)
def test_a_qr_code_has_a_scene(
    account: Account, action: str, scene: dict[str, Any], life: int, code: int
) -> None:
    body = {"expire_seconds": life, "action_name": action, "action_info": {"scene": scene}}
    made = account.post("/cgi-bin/qrcode/create", body)
    assert made.get("errcode", 0) == code
    if not code:
        assert fetch(account, "/cgi-bin/showqrcode", ticket=made["ticket"]).data.startswith(
            b"\x89PNG"
        )


def test_media_comes_back_and_has_a_size(account: Account) -> None:
    media_id = account.upload()["media_id"]
    blob = fetch(account, "/cgi-bin/media/get", access_token=account.token, media_id=media_id)
    assert blob.data == b"\x89PNG"
    account.rules(
        media__image_bytes=3, media__voice_bytes=3, media__video_bytes=3, media__thumb_bytes=3
    )
    for kind in ("image", "voice", "video", "thumb"):
        # media.image_bytes media.voice_bytes media.video_bytes media.thumb_bytes
        assert account.upload(kind)["errcode"] == 40009
    assert account.upload("poem")["errcode"] == 40004  # media.type
    assert account.get("/cgi-bin/media/get", media_id="x")["errcode"] == 40007


def login(account: Account, **more: str) -> Heard:
    query = {"appid": account.options.app_id, "redirect_uri": BACK, "response_type": "code"}
    query |= {"scope": "snsapi_base", "state": "s", "openid": account.anna, **more}
    return fetch(account, "/connect/oauth2/authorize", **query)


def code_of(blob: Heard) -> str:
    assert blob.headers["Location"].startswith(BACK + "&code=")
    return blob.headers["Location"].split("code=")[1].split("&")[0]


def redeem(account: Account, code: str) -> dict[str, Any]:
    identity = {"appid": account.options.app_id, "secret": account.options.app_secret}
    return account.get("/sns/oauth2/access_token", code=code, **identity)


def test_a_code_tells_who_it_is_once(account: Account) -> None:
    code = code_of(login(account))
    granted = redeem(account, code)
    assert granted["openid"] == account.anna
    assert redeem(account, code)["errcode"] == 40163  # oauth.code_used
    assert redeem(account, "made-up")["errcode"] == 40029  # oauth.code
    query = {"access_token": granted["access_token"], "openid": account.anna}
    assert account.raw("/sns/auth", method="GET", query=query)["errcode"] == 0


def test_a_code_ends_after_five_minutes(account: Account) -> None:  # oauth.code_s
    code = code_of(login(account))
    account.later(301)
    assert redeem(account, code)["errcode"] == 40029


def test_a_snapshot_visitor_is_marked(account: Account) -> None:
    assert redeem(account, code_of(login(account, snapshot="1")))["is_snapshotuser"] == 1


def test_login_asks_who_when_nobody_is_chosen_and_escapes_names(account: Account) -> None:
    account.world.store.run("UPDATE followers SET name = '<b>x' WHERE number = 1")
    asked = login(account, openid="").data.decode()
    assert "&lt;b&gt;x" in asked
    assert "<b>x" not in asked


@pytest.mark.parametrize(
    "more", [{"appid": "wx1"}, {"scope": "x"}, {"redirect_uri": "javascript:alert(1)"}]
)
def test_a_wrong_login_goes_nowhere(account: Account, more: dict[str, str]) -> None:
    assert login(account, **more).status == 400


def test_login_goes_only_to_the_domain_of_the_account(account: Account) -> None:
    account.setting("oauth_domain", "sun.example")
    assert login(account).status == 400
    assert login(account, redirect_uri="http://sun.example/x").status == 302


def test_quota_is_counted_and_cleared_ten_times_a_month(account: Account) -> None:
    account.world.windows.open_many([account.anna])
    account.text()
    asked = account.post("/cgi-bin/openapi/quota/get", {"cgi_path": SEND})
    assert asked["quota"] == {"daily_limit": 500_000, "used": 1, "remain": 499_999}
    assert account.code("/cgi-bin/openapi/quota/get", {"cgi_path": "/x"}) == 76003  # quota.path
    body = {"appid": account.options.app_id}
    codes = [account.code("/cgi-bin/clear_quota", body) for _ in range(11)]
    assert codes == [0] * 10 + [48006]  # quota.clears
    assert account.post("/cgi-bin/openapi/quota/get", {"cgi_path": SEND})["quota"]["used"] == 0


def test_a_rid_tells_the_call_it_belongs_to_without_the_secret(account: Account) -> None:
    account.stable(secret="wrong")
    refused = account.classic(appid="wx1")
    rid = refused["errmsg"].rsplit("rid: ")[1]
    found = account.post("/cgi-bin/openapi/rid/get", {"rid": rid})["request"]
    assert found["request_url"].startswith("/cgi-bin/token?")
    assert account.options.app_secret not in found["request_url"]
    path = "/cgi-bin/openapi/rid/get"
    assert account.code(path, {"rid": "00000000-00000000-00000000"}) == 76001  # rid.unknown
    assert account.code(path, {"rid": "x"}) == 76002  # rid.shape


def test_a_subscription_account_has_fewer_rights(account: Account) -> None:  # account.type
    account.setting("account_type", "subscription")
    assert account.code("/cgi-bin/message/template/send", {}) == 48001
    assert account.code("/cgi-bin/message/mass/send", {}) == 48001
    assert login(account).status == 400


def test_an_unknown_address_and_a_wrong_method_are_named(account: Account) -> None:
    assert account.get("/cgi-bin/nothing")["errcode"] == 40066  # account.path
    assert account.get(SEND)["errcode"] == 43002
    assert account.raw("/cgi-bin/menu/get")["errcode"] == 43001


def test_the_js_ticket_stays_for_two_hours(account: Account) -> None:
    first = account.get("/cgi-bin/ticket/getticket", type="jsapi")
    account.later(3600)
    again = account.get("/cgi-bin/ticket/getticket", type="jsapi")
    assert first["ticket"] == again["ticket"]
    assert again["expires_in"] == 3600


def test_the_log_forgets_the_oldest_calls_and_every_secret(account: Account) -> None:
    for _ in range(3):
        account.stable()
    rows = account.world.store.all("SELECT * FROM calls")
    assert len(rows) == 4
    assert all(account.options.app_secret not in row["body"] + row["query"] for row in rows)
    assert all(account.token not in row["query"] for row in rows)
