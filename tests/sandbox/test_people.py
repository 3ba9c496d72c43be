"""Followers in pages, tags within their limits, the blacklist."""

from typing import Any

from tests.sandbox.account import Account


def create(account: Account, name: str) -> dict[str, Any]:
    return account.post("/cgi-bin/tags/create", {"tag": {"name": name}})


def test_followers_come_in_pages_until_none_is_left(account: Account) -> None:
    account.rules(users__page=2)  # users.page
    seen: list[str] = []
    start = ""
    while True:
        page = account.get("/cgi-bin/user/get", next_openid=start)
        if not page["count"]:
            break
        seen += page["data"]["openid"]
        start = page["next_openid"]
    assert seen == account.openids
    assert "data" not in page
    assert page["total"] == 5


def test_who_left_is_not_listed_and_tells_nothing(account: Account) -> None:
    account.world.people.unfollow(account.anna)
    assert account.anna not in account.get("/cgi-bin/user/get")["data"]["openid"]
    assert account.get("/cgi-bin/user/info", openid=account.anna) == {
        "subscribe": 0,
        "openid": account.anna,
    }


def test_a_follower_has_no_name_but_tags_and_scene(account: Account) -> None:
    account.world.people.follow(account.anna, "12")
    info = account.get("/cgi-bin/user/info", openid=account.anna)
    assert (info["subscribe"], info["nickname"], info["qr_scene"]) == (1, "", 12)
    assert account.get("/cgi-bin/user/info", openid="oNobody")["errcode"] == 40003


def test_batchget_takes_a_hundred(account: Account) -> None:  # users.batch
    asked = [{"openid": account.anna}]
    found = account.post("/cgi-bin/user/info/batchget", {"user_list": asked})
    assert found["user_info_list"][0]["openid"] == account.anna
    assert account.code("/cgi-bin/user/info/batchget", {"user_list": asked * 101}) == 40035


def test_the_list_is_counted_by_day(account: Account) -> None:  # users.daily
    account.rules(users__daily=1)
    assert [account.get("/cgi-bin/user/get").get("errcode", 0) for _ in range(2)] == [0, 45009]


def test_tags_have_names_within_bytes_and_only_once(account: Account) -> None:
    assert create(account, "预决算")["tag"]["id"] == 100
    assert create(account, "预决算")["errcode"] == 45157  # tags.same_name
    assert create(account, "字" * 11)["errcode"] == 45158  # tags.name_bytes
    account.rules(tags__most=1)  # tags.most
    assert create(account, "惠企")["errcode"] == 45056


def test_tags_that_are_not_ours_cannot_be_touched(account: Account) -> None:
    path = "/cgi-bin/tags/delete"
    assert account.code(path, {"tag": {"id": 2}}) == 45058  # tags.system
    assert account.code(path, {"tag": {"id": 999}}) == 45159  # tags.id
    tag = create(account, "预决算")["tag"]["id"]
    account.post(
        "/cgi-bin/tags/members/batchtagging", {"openid_list": [account.anna], "tagid": tag}
    )
    account.rules(tags__fans=0)  # tags.fans
    assert account.code(path, {"tag": {"id": tag}}) == 45057


def test_tagging_is_for_fifty_and_twenty_each(account: Account) -> None:
    path = "/cgi-bin/tags/members/batchtagging"
    tag = create(account, "预决算")["tag"]["id"]
    body = {"openid_list": account.openids, "tagid": tag}
    assert account.code(path, body) == 0
    assert account.code(path, {**body, "openid_list": account.openids * 11}) == 40035  # tags.batch
    assert account.code(path, {**body, "openid_list": ["oNobody"]}) == 49003
    account.rules(tags__per_person=1)  # tags.per_person
    other = create(account, "惠企")["tag"]["id"]
    assert account.code(path, {"openid_list": [account.anna], "tagid": other}) == 45059
    members = account.post("/cgi-bin/user/tag/get", {"tagid": tag, "next_openid": ""})
    assert members["data"]["openid"] == account.openids
    assert account.code("/cgi-bin/tags/members/batchuntagging", body) == 0
    assert account.post("/cgi-bin/tags/getidlist", {"openid": account.anna}) == {"tagid_list": []}


def test_tags_can_be_renamed_counted_and_deleted(account: Account) -> None:
    tag = create(account, "预决算")["tag"]["id"]
    account.post(
        "/cgi-bin/tags/members/batchtagging", {"openid_list": [account.anna], "tagid": tag}
    )
    assert account.code("/cgi-bin/tags/update", {"tag": {"id": tag, "name": "预算"}}) == 0
    assert account.get("/cgi-bin/tags/get")["tags"] == [{"id": tag, "name": "预算", "count": 1}]
    assert account.code("/cgi-bin/tags/delete", {"tag": {"id": tag}}) == 0
    assert account.get("/cgi-bin/tags/get")["tags"] == []


def test_the_blacklist_is_kept(account: Account) -> None:
    body = {"openid_list": [account.anna]}
    account.post("/cgi-bin/tags/members/batchblacklist", body)
    assert account.post("/cgi-bin/tags/members/getblacklist", {})["data"]["openid"] == [
        account.anna
    ]
    account.post("/cgi-bin/tags/members/batchunblacklist", body)
    assert account.post("/cgi-bin/tags/members/getblacklist", {})["total"] == 0
