"""One contract over both senders and the fake: same paths, same bodies, same errors."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.outbound import calls
from bot.outbound.bulk import BulkPost, OneByOne
from bot.outbound.calls import Request
from bot.outbound.errors import (
    AccountStopped,
    AlreadyAccepted,
    BadToken,
    MenuRefused,
    NotReached,
    OutcomeUnknown,
    QuotaSpent,
    RecipientGone,
    SignInAgain,
    SlowDown,
    TagGone,
    TagRefused,
    TagsFull,
    WechatError,
    WindowClosed,
)
from bot.outbound.fake import FakeWechat
from bot.outbound.sender import Post
from bot.outbound.wechat_api import WechatApi
from core.redis_store import RedisStore
from tests.bot.outbound.wechat_server import SECRET, WechatServer, wechat_at_work

pytestmark = pytest.mark.thorough

SEND = "/cgi-bin/message/custom/send"
HELLO = calls.text("o1", "您好：预决算已公开 ✓")


@pytest.fixture
def server() -> Iterator[WechatServer]:
    with wechat_at_work() as wechat:
        yield wechat


@pytest.fixture
def api(server: WechatServer, redis: RedisStore) -> WechatApi:
    return WechatApi("wx1", SECRET, server.url, redis)


@pytest.fixture(params=["wechatpy", "bulk"])
def post(request: pytest.FixtureRequest, api: WechatApi) -> Iterator[Post]:
    made: Post = (
        OneByOne(api) if request.param == "wechatpy" else BulkPost(api.base_url, api.tokens)
    )
    yield made
    made.close()


def one(post: Post, request: Request) -> Mapping[str, Any] | WechatError:
    return post.send([request])[0]


@pytest.mark.parametrize("call", calls.CALLS.values(), ids=lambda call: call.name)
def test_every_call_of_the_table_goes_out_the_same_way(
    post: Post, server: WechatServer, call: calls.Call
) -> None:
    body = {"touser": "o1", "words": "决算"} if call.method == "POST" else {}
    answer = one(post, Request(call, body, {"extra": "1"}))
    assert not isinstance(answer, WechatError)
    seen = server.calls(call.path)[0]
    assert (seen.method, seen.query["access_token"]) == (call.method, "token-1")
    assert seen.query["extra"] == "1"
    assert seen.body == body


def test_chinese_is_sent_as_it_is(post: Post, server: WechatServer) -> None:
    one(post, HELLO)
    assert "预决算已公开 ✓".encode() in server.calls(SEND)[0].raw


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-1, OutcomeUnknown),
        (43004, RecipientGone),
        (45015, WindowClosed),
        (45009, QuotaSpent),
        (45011, SlowDown),
        (48001, AccountStopped),
        (61004, AccountStopped),
        (42007, SignInAgain),
        (45064, MenuRefused),
        (45056, TagRefused),
        (45057, TagRefused),
        (45058, TagRefused),
        (45157, TagRefused),
        (45158, TagRefused),
        (45159, TagGone),
        (45059, TagsFull),
        (99999, WechatError),
    ],
)
def test_errors_come_as_types_and_keep_their_rid(
    post: Post, server: WechatServer, code: int, kind: type[WechatError]
) -> None:
    server.rule = lambda seen: (
        {"errcode": code, "errmsg": "no rid: 5f-12-ab"} if seen.path == SEND else None
    )
    answer = one(post, HELLO)
    assert type(answer) is kind
    assert isinstance(answer, WechatError)
    assert (answer.code, answer.rid, answer.call) == (code, "5f-12-ab", "custom")


def test_a_repeated_mass_call_brings_the_first_ones_id(post: Post, server: WechatServer) -> None:
    refusal = {"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": 4321}
    server.rule = lambda seen: refusal if "mass" in seen.path else None
    answer = one(post, calls.mass(["o1", "o2"], {"msgtype": "text"}, "k"))
    assert isinstance(answer, AlreadyAccepted)
    assert answer.msg_id == 4321


@pytest.mark.parametrize("failure", ["reset", 502, b"<html>"])
def test_a_broken_answer_is_an_unknown_outcome(
    post: Post, server: WechatServer, failure: object
) -> None:
    server.rule = lambda seen: failure if seen.path == SEND else None
    assert isinstance(one(post, HELLO), OutcomeUnknown)
    assert len(server.calls(SEND)) == 1


def test_nobody_listening_is_surely_not_sent(redis: RedisStore) -> None:
    api = WechatApi("wx1", SECRET, "http://127.0.0.1:9", redis)
    post = BulkPost(api.base_url, api.tokens)
    try:
        assert isinstance(one(post, HELLO), NotReached)
    finally:
        post.close()
    assert isinstance(one(OneByOne(api), HELLO), NotReached)


def test_a_revoked_token_is_renewed_once_and_the_call_repeated(
    post: Post, server: WechatServer
) -> None:
    one(post, HELLO)
    server.valid = {"somebody else's"}
    assert not isinstance(one(post, HELLO), WechatError)
    assert server.tokens == 2
    assert len(server.calls(SEND)) == 3


def test_a_token_refused_again_and_again_is_not_asked_for_without_end(
    post: Post, server: WechatServer
) -> None:
    refusal = {"errcode": 42001, "errmsg": "access_token expired"}
    server.rule = lambda seen: refusal if seen.path == SEND else None
    assert isinstance(one(post, HELLO), BadToken)
    assert len(server.calls(SEND)) == 2
    assert server.tokens == 2


def test_a_wrong_secret_stops_the_account(server: WechatServer, redis: RedisStore) -> None:
    api = WechatApi("wx1", "wrong", server.url, redis)
    with pytest.raises(AccountStopped) as stopped:
        api.check()
    assert (stopped.value.code, stopped.value.rid) == (40001, "6a-02-ff")


def test_many_processes_fetch_one_token(server: WechatServer, redis: RedisStore) -> None:
    server.token_delay_s = 0.1
    apis = [WechatApi("wx1", SECRET, server.url, RedisStore(redis.url)) for _ in range(8)]
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda api: api.check(), apis * 4))
    assert server.tokens == 1
    for api in apis:
        api.tokens._redis.close()


def test_without_redis_a_process_keeps_its_own_token(server: WechatServer) -> None:
    api = WechatApi("wx1", SECRET, server.url, RedisStore("redis://127.0.0.1:9/0"))
    for _ in range(3):
        api.check()
    assert server.tokens == 1


def test_the_groups_of_wechatpy_serve_over_our_address_and_token(
    api: WechatApi, server: WechatServer
) -> None:
    assert api.account.user.get("o1")["openid"] == "o1"
    server.rule = lambda seen: b"png" if "qrcode" in seen.path or "media" in seen.path else None
    assert api.account.qrcode.show("t").content == b"png"
    assert api.account.media.get_url("m").startswith(server.url)
    server.rule = lambda seen: {"kf_list": []} if "kfsession" in seen.path else None
    api.account.customservice.get_session("o1")
    assert server.calls("/customservice/kfsession/getsession")


def test_media_come_as_bytes_with_their_kind(api: WechatApi, server: WechatServer) -> None:
    server.rule = lambda seen: b"\xff\xd8\xff" if "media/get" in seen.path else None
    media = api.download("m1")
    assert (media.content, media.content_type) == (b"\xff\xd8\xff", "image/jpeg")


def test_media_that_are_gone_are_an_error(api: WechatApi, server: WechatServer) -> None:
    gone = {"errcode": 40007, "errmsg": "invalid media_id"}
    server.rule = lambda seen: gone if "media/get" in seen.path else None
    with pytest.raises(WechatError, match="40007"):
        api.download("m1")


@pytest.fixture(params=["real", "fake"])
def wechat(request: pytest.FixtureRequest, api: WechatApi) -> WechatApi | FakeWechat:
    return api if request.param == "real" else FakeWechat(people=["o1"])


def test_the_verbs_of_the_port_work_over_both(wechat: WechatApi | FakeWechat) -> None:
    wechat.send_text("o1", "您好")
    assert wechat.send_template("o1", "T", {"thing1": "x"}, "", "k1") > 0
    wechat.send_subscription("o1", "T", {"thing1": "x"}, "")
    assert wechat.send_mass(["o1", "o2"], {"msgtype": "text"}, "m1") > 0
    wechat.create_menu({"button": []})
    assert wechat.followers().openids == ("o1",)
    assert wechat.create_tag("x") > 0
    wechat.tag_followers(100, ["o1"])
    assert wechat.create_qr("scene").ticket
    assert wechat.openid_of("o1") == "o1"
    wechat.check()


def test_a_snapshot_pages_person_is_refused(api: WechatApi, server: WechatServer) -> None:
    snapshot = {"openid": "o1", "is_snapshotuser": 1}
    server.rule = lambda seen: snapshot if seen.path.startswith("/sns") else None
    with pytest.raises(WechatError):
        api.openid_of("code")


def test_a_thousand_calls_keep_their_order(api: WechatApi, server: WechatServer) -> None:
    post = BulkPost(api.base_url, api.tokens, connections=50)
    server.rule = lambda seen: (
        {"errcode": 43004, "errmsg": json.dumps(seen.body["touser"])}
        if seen.path == SEND and int(seen.body["touser"]) % 2
        else None
    )
    try:
        answers = post.send([calls.text(str(i), "x") for i in range(300)])
    finally:
        post.close()
    assert [isinstance(answer, WechatError) for answer in answers] == [
        bool(i % 2) for i in range(300)
    ]
