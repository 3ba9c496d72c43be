"""What the callback's address answers to whom."""

import io
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.inbound.filters import anything
from bot.inbound.replies import Text
from bot.inbound.router import Route
from core.settings import Settings
from tests.bot.inbound.conftest import House, says
from tests.bot.inbound.wechat_side import (
    ACCOUNT,
    OPENID,
    WeChatSide,
    call,
    event_xml,
    message_xml,
    text_xml,
)
from tests.clocks import FixedClock

ANSWER = Route("answer", anything, says(Text("收费标准：免费😀")), quick=True)


def test_the_address_is_verified_with_the_raw_echo(house: House, wechat: WeChatSide) -> None:
    answer = call(house.edge(), wechat.query(echostr="5837461726354"), method="GET")
    assert (answer.status, answer.body) == (200, b"5837461726354")
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("wrong", ["signature", "timestamp", "nonce"])
def test_an_unsigned_request_is_refused(
    house: House, wechat: WeChatSide, method: str, wrong: str
) -> None:
    query, body = wechat.safe(text_xml())
    for value in ("", "x", "é", "1"):
        query.update({"echostr": "1", wrong: value})
        assert call(house.edge(ANSWER), query, body, method).status == 403
    del query[wrong]
    assert call(house.edge(ANSWER), query, body, method).status == 403


def test_an_echo_is_never_a_page(house: House, wechat: WeChatSide) -> None:
    for strange in ("", "长", "a" * 300, "a\nb"):
        assert call(house.edge(), wechat.query(echostr=strange), method="GET").status == 400
    answer = call(house.edge(), wechat.query(echostr="<script>"), method="GET")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_every_mode_is_answered_in_its_own_way(house: House, wechat: WeChatSide, mode: str) -> None:
    answer = call(house.edge(ANSWER), *getattr(wechat, mode)(text_xml("收费")))
    assert answer.status == 200
    assert ("<Encrypt>" in answer.text) == (mode != "plain")
    reply = wechat.open(answer)
    assert (reply["ToUserName"], reply["FromUserName"]) == (OPENID, ACCOUNT)
    assert (reply["MsgType"], reply["Content"]) == ("text", "收费标准：免费😀")


def test_in_compatible_mode_only_the_encrypted_part_counts(
    house: House, wechat: WeChatSide
) -> None:
    echo = Route("echo", anything, lambda message, _room: Text(message.text), quick=True)
    forged = text_xml("伪造", FromUserName="oThief")
    answer = call(house.edge(echo), *wechat.compatible(text_xml("真的"), beside=forged))
    reply = wechat.open(answer)
    assert (reply["ToUserName"], reply["Content"]) == (OPENID, "真的")


@pytest.mark.parametrize("bad", ["", "0" * 40, "é"])
def test_the_message_signature_counts_beside_the_signature(
    house: House, wechat: WeChatSide, bad: str
) -> None:
    query, body = wechat.safe(text_xml())
    query["msg_signature"] = bad
    assert call(house.edge(ANSWER), query, body).status == 403


def test_an_encrypted_part_signed_for_another_request_is_refused(
    house: House, wechat: WeChatSide
) -> None:
    query, _ = wechat.safe(text_xml("一"))
    _, other_body = wechat.safe(text_xml("二"))
    assert call(house.edge(ANSWER), query, other_body).status == 403


def test_an_encrypted_body_cannot_pass_as_a_plain_one(house: House, wechat: WeChatSide) -> None:
    _, body = wechat.compatible(text_xml())
    assert call(house.edge(ANSWER), wechat.query(), body).status == 400
    _, body = wechat.safe(text_xml())
    assert call(house.edge(ANSWER), wechat.query(), body).status == 400


def test_a_previous_key_still_opens_and_answers(house: House, clock: FixedClock) -> None:
    old, new = "o" * 43, "n" * 42 + "A"
    old = old[:42] + "A"
    settings = Settings(wechat_aes_key=new, wechat_aes_key_previous=old)
    edge = house.edge(ANSWER, settings=settings)
    for key in (old, new):
        side = WeChatSide(settings, int(clock.now().timestamp()), aes_key=key)
        assert side.open(call(edge, *side.safe(text_xml())))["Content"] == "收费标准：免费😀"
    forgotten = house.edge(ANSWER, settings=Settings(wechat_aes_key=new))
    side = WeChatSide(settings, int(clock.now().timestamp()), aes_key=old)
    assert call(forgotten, *side.safe(text_xml())).status == 400


@pytest.mark.parametrize(("off_s", "status"), [(0, 200), (599, 200), (-599, 200), (601, 403)])
def test_old_and_future_timestamps_are_refused(
    house: House, wechat: WeChatSide, off_s: int, status: int
) -> None:
    wechat.now_s += off_s
    assert call(house.edge(ANSWER), *wechat.safe(text_xml())).status == status


@pytest.mark.parametrize(("off_s", "said"), [(1200, "1200 s behind"), (-1200, "1200 s ahead of")])
def test_the_log_says_which_clock_is_off(
    house: House, wechat: WeChatSide, off_s: int, said: str
) -> None:
    wechat.now_s += off_s
    with capture_logs() as logs:
        assert call(house.edge(ANSWER), *wechat.plain(text_xml())).status == 403
    assert f"our clock is {said} the callback's" in logs[0]["why"]


@pytest.mark.parametrize("timestamp", ["soon", "-1", "1e9", "９９", "9" * 13, " 1"])
def test_a_signed_timestamp_that_is_none_is_refused(
    house: House, wechat: WeChatSide, timestamp: str
) -> None:
    query, body = wechat.plain(text_xml())
    query.update(timestamp=timestamp, signature=wechat.sign(timestamp, query["nonce"]))
    assert call(house.edge(ANSWER), query, body).status == 403


class Flood(io.RawIOBase):
    """A body without an end; says how much of it was read."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        assert 0 < size <= 70_000, "the whole body was asked for"
        self.taken += size
        return b"x" * size


def test_a_huge_body_is_refused_before_it_is_parsed(house: House, wechat: WeChatSide) -> None:
    edge = house.edge(ANSWER)
    just = text_xml("长" * 21_700)
    assert 65_000 < len(just.encode()) <= 65_536
    assert call(edge, *wechat.plain(just)).status == 200
    assert call(edge, wechat.query(), b"x" * 65_537).status == 413
    for announced in ("99999999", "9" * 5_000):
        flood = Flood()
        more: dict[str, Any] = {"CONTENT_LENGTH": announced, "wsgi.input": flood}
        assert call(edge, wechat.query(), **more).status == 413
        assert flood.taken == 0
    flood = Flood()
    more = {"CONTENT_LENGTH": "", "wsgi.input": flood, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert call(edge, wechat.query(), **more).status == 413
    assert flood.taken <= 65_537


def test_a_body_in_chunks_is_read_whole(house: House, wechat: WeChatSide) -> None:
    query, body = wechat.safe(text_xml())

    class Drops(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 7))

    more: dict[str, Any] = {"wsgi.input": Drops(body)}
    assert call(house.edge(ANSWER), query, CONTENT_LENGTH="", **more).status == 200
    more = {"wsgi.input": Drops(body), "CONTENT_LENGTH": str(len(body))}
    assert call(house.edge(ANSWER), query, **more).text.startswith("<xml>")


def test_a_body_that_breaks_off_is_refused(house: House, wechat: WeChatSide) -> None:
    query, body = wechat.safe(text_xml())
    edge = house.edge(ANSWER)
    assert call(edge, query, body, CONTENT_LENGTH=str(len(body) + 5)).status == 400
    assert call(edge, query, body, CONTENT_LENGTH="many").status == 400

    class Gone(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    more: dict[str, Any] = {"wsgi.input": Gone()}
    assert call(edge, query, body, **more).status == 400


@pytest.mark.parametrize("body", [b"", b"<xml>", b"\xff\xfe", b"{}", b"<xml><a/></xml>", b"\x00"])
def test_what_is_no_message_is_turned_away_in_every_mode(
    house: House, wechat: WeChatSide, body: bytes
) -> None:
    edge = house.edge(ANSWER)
    assert call(edge, wechat.query(), body).status == 400
    sealed = {"encrypt_type": "aes", "msg_signature": "0" * 40}
    assert call(edge, wechat.query(**sealed), body).status == 400
    inside = body.decode("utf8", "replace")
    assert call(edge, *wechat.safe(inside)).status == 400


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", ""])
def test_other_methods_are_not_allowed(house: House, wechat: WeChatSide, method: str) -> None:
    answer = call(house.edge(), wechat.query(echostr="1"), method=method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    "xml",
    [
        message_xml(MsgType="hologram"),
        event_xml("something_new_of_2030"),
        event_xml("VIEW", EventKey="http://x"),
    ],
)
def test_what_we_do_not_know_is_acknowledged(house: House, wechat: WeChatSide, xml: str) -> None:
    assert call(house.edge(ANSWER), *wechat.safe(xml)).body == b"success"


def test_no_reply_is_said_as_success(house: House, wechat: WeChatSide) -> None:
    for nothing in (None, Text(""), Text("\x00")):
        edge = house.edge(Route("nothing", anything, says(nothing), quick=True))
        assert call(edge, *wechat.safe(text_xml())).body == b"success"


def test_everything_but_the_callback_goes_to_the_pages(house: House, wechat: WeChatSide) -> None:
    for path in ("/", "/wechat/", "/wechatx", "/console/", ""):
        assert call(house.edge(), {}, PATH_INFO=path).body == b"a page"


def test_a_plain_callback_is_pointed_out_once_when_a_key_is_set(
    house: House, wechat: WeChatSide
) -> None:
    edge = house.edge(ANSWER)
    with capture_logs() as logs:
        for _ in range(3):
            assert call(edge, *wechat.plain(text_xml())).status == 200
    assert [one["log_level"] for one in logs] == ["warning"]


def test_nothing_of_the_inside_is_told_to_the_outside(house: House, wechat: WeChatSide) -> None:
    query, body = wechat.safe(text_xml())
    query["signature"] = "0" * 40
    assert call(house.edge(ANSWER), query, body).body == b"403 Forbidden"
    assert call(house.edge(ANSWER), wechat.query(), b"<").body == b"400 Bad Request"
