"""Every kind of message and event of WeChat's is understood; what is none is turned away."""

from typing import Any

import pytest

from bot.inbound.messages import rows
from bot.inbound.reading import read
from bot.inbound.turned_away import TurnedAway
from tests.bot.inbound.wechat_side import ACCOUNT, OPENID, event_xml, message_xml, text_xml


def test_a_text_is_read_with_who_when_and_what() -> None:
    message = read(text_xml("代理记账要什么材料？😀", MsgId="77"))
    assert (message.kind, message.openid, message.account) == ("text", OPENID, ACCOUNT)
    assert (message.created_at, message.text) == (1772416800, "代理记账要什么材料？😀")
    assert message.trigger == "message"


def test_a_tapped_menu_message_is_known_by_its_number() -> None:
    message = read(text_xml("2", bizmsgmenuid="1002"))
    assert (message.menu_id, message.trigger) == ("1002", "menu_message")


MEDIA: list[tuple[dict[str, str], dict[str, Any]]] = [
    ({"MsgType": "image", "PicUrl": "http://p/1", "MediaId": "m1"}, {"media_id": "m1"}),
    (
        {"MsgType": "voice", "MediaId": "m2", "Format": "amr", "Recognition": "怎么收费"},
        {"media_id": "m2", "format": "amr", "text": "怎么收费"},
    ),
    ({"MsgType": "video", "MediaId": "m", "ThumbMediaId": "t"}, {"thumb_media_id": "t"}),
    ({"MsgType": "shortvideo", "MediaId": "m", "ThumbMediaId": "t"}, {"media_id": "m"}),
    (
        {"MsgType": "location", "Location_X": "35.1", "Location_Y": "118.3", "Label": "沂蒙路"},
        {"latitude": 35.1, "longitude": 118.3, "label": "沂蒙路"},
    ),
    ({"MsgType": "link", "Title": "通知", "Url": "http://u"}, {"title": "通知", "url": "http://u"}),
    ({"MsgType": "miniprogrampage", "Title": "页", "AppId": "wx"}, {"title": "页"}),
]


@pytest.mark.parametrize(("fields", "expected"), MEDIA)
@pytest.mark.parametrize("number", ["MsgId", "MsgID"])
def test_every_kind_of_message_is_understood(
    fields: dict[str, str], expected: dict[str, Any], number: str
) -> None:
    message = read(message_xml(**fields, **{number: "5"}))
    assert message.kind == fields["MsgType"]
    assert {name: getattr(message, name) for name in expected} == expected


EVENTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("subscribe", {}, {"event_key": "", "trigger": "subscribe"}),
    (
        "subscribe",
        {"EventKey": "qrscene_hall", "Ticket": "t"},
        {"event": "subscribe", "event_key": "hall", "ticket": "t", "trigger": "subscribe"},
    ),
    ("unsubscribe", {}, {"event": "unsubscribe", "trigger": ""}),
    ("SCAN", {"EventKey": "hall"}, {"event": "scan", "event_key": "hall", "trigger": "scan"}),
    ("LOCATION", {"Latitude": "35.5", "Longitude": "118"}, {"latitude": 35.5, "trigger": ""}),
    ("CLICK", {"EventKey": "HELP"}, {"event_key": "HELP", "trigger": "menu"}),
    ("VIEW", {"EventKey": "http://x", "MenuId": "1"}, {"event_key": "http://x", "trigger": ""}),
    ("view_miniprogram", {"EventKey": "p"}, {"event": "view_miniprogram", "trigger": ""}),
    (
        "scancode_push",
        {"EventKey": "k", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}},
        {"trigger": "menu"},
    ),
    ("scancode_waitmsg", {"EventKey": "k"}, {"trigger": "menu"}),
    ("pic_sysphoto", {"SendPicsInfo": {"Count": "1"}}, {"event": "pic_sysphoto"}),
    ("pic_photo_or_album", {}, {"event": "pic_photo_or_album"}),
    ("pic_weixin", {}, {"event": "pic_weixin"}),
    (
        "location_select",
        {"SendLocationInfo": {"Location_X": "1", "Location_Y": "2", "Label": "局"}},
        {"latitude": 1.0, "longitude": 2.0, "label": "局"},
    ),
    (
        "TEMPLATESENDJOBFINISH",
        {"MsgID": "200", "Status": "failed:user block"},
        {"event": "templatesendjobfinish", "job_id": "200", "status": "failed:user block"},
    ),
    (
        "MASSSENDJOBFINISH",
        {"MsgID": "300", "Status": "send success", "SentCount": "9"},
        {"job_id": "300", "status": "send success", "trigger": ""},
    ),
    (
        "PUBLISHJOBFINISH",
        {"PublishEventInfo": {"publish_id": "400", "publish_status": "0"}},
        {"job_id": "400", "status": "0"},
    ),
    ("subscribe_msg_popup_event", {}, {"event": "subscribe_msg_popup_event", "trigger": ""}),
    ("subscribe_msg_change_event", {}, {"event": "subscribe_msg_change_event"}),
    ("subscribe_msg_sent_event", {}, {"event": "subscribe_msg_sent_event"}),
    ("kf_create_session", {"KfAccount": "a@b"}, {"event": "kf_create_session"}),
    ("kf_close_session", {}, {"event": "kf_close_session"}),
    ("kf_switch_session", {}, {"event": "kf_switch_session"}),
    ("user_info_modified", {"OpenID": "o"}, {"event": "user_info_modified"}),
    ("user_authorization_revoke", {"RevokeInfo": "1"}, {"event": "user_authorization_revoke"}),
    ("qualification_verify_success", {"ExpiredTime": "1"}, {}),
    ("qualification_verify_fail", {}, {}),
    ("naming_verify_success", {}, {}),
    ("naming_verify_fail", {}, {}),
    ("annual_renew", {}, {}),
    ("verify_expired", {"ExpiredTime": "1442401061"}, {"event": "verify_expired"}),
    ("something_new_of_2030", {"Whatever": {"a": "b"}}, {"event": "something_new_of_2030"}),
]


@pytest.mark.parametrize(("name", "fields", "expected"), EVENTS)
def test_every_event_is_understood(
    name: str, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    message = read(event_xml(name, **fields))
    assert (message.kind, message.event) == ("event", name.lower())
    assert {key: getattr(message, key) for key in expected} == expected


def test_what_wechatpy_rewrites_is_told_as_wechat_sent_it() -> None:
    message = read(event_xml("subscribe", EventKey="qrscene_hall"))
    assert message.data["Event"] == "subscribe"
    assert message.key == read(event_xml("subscribe", EventKey="hall")).key


@pytest.mark.parametrize("time", ["1_772_416_800", "１７７２４１６８００", "-1", "1e9", "0x10"])
def test_a_time_that_python_would_take_and_wechat_never_sends_is_refused(time: str) -> None:
    with pytest.raises(TurnedAway, match="CreateTime"):
        read(text_xml(CreateTime=time))


@pytest.mark.parametrize("times", [0, 1, 2])
def test_one_row_and_several_are_both_a_list(times: int) -> None:
    found = {"TemplateId": "T", "SubscribeStatusString": "accept", "PopupScene": "1"}
    xml = event_xml("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [found] * times})
    assert rows(read(xml), "SubscribeMsgPopupEvent", "List") == [found] * times
    assert rows(read(xml), "Nowhere", "List") == []


def test_what_is_repeated_has_one_key_and_what_differs_another() -> None:
    assert read(text_xml(MsgId="5")).key == read(text_xml("anders", MsgId="5")).key
    different = {
        read(xml).key
        for xml in (
            text_xml(MsgId="5"),
            text_xml(MsgId="6"),
            text_xml(MsgId="5", FromUserName="oOther"),
            event_xml("CLICK", EventKey="A"),
            event_xml("CLICK", EventKey="B"),
            event_xml("VIEW", EventKey="A"),
            event_xml("CLICK", EventKey="A", CreateTime="1772416801"),
            event_xml("TEMPLATESENDJOBFINISH", MsgID="1"),
            event_xml("TEMPLATESENDJOBFINISH", MsgID="2"),
        )
    }
    assert len(different) == 9


def test_an_unknown_kind_is_no_error() -> None:
    message = read(message_xml(MsgType="hologram", MsgId=None))
    assert (message.kind, message.trigger) == ("unknown", "message")


def test_control_characters_that_a_phone_lets_through_do_not_break_the_message() -> None:
    plain = text_xml("收@费")
    assert read(plain.replace("@", "\x08\x0b\ufffe")).text == "收费"


TURNED_AWAY = [
    *[text_xml(**{name: None}) for name in
      ("ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId")],
    *[text_xml(**{name: ["1", "2"]}) for name in
      ("ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId")],
    *[text_xml(**{name: {"a": "1"}}) for name in ("FromUserName", "MsgType", "Content")],
    *[text_xml(**{name: {"@a": "1", "#text": "x"}}) for name in ("FromUserName", "Content")],
    text_xml(CreateTime="soon"), text_xml(CreateTime="-1"), text_xml(CreateTime="9" * 13),
    text_xml(MsgId="x"), text_xml(MsgId="9" * 21), text_xml(MsgId="１２"),
    text_xml(FromUserName="o" * 65), text_xml(FromUserName="市民"), text_xml(FromUserName="a b"),
    event_xml("CLICK", Event=None), event_xml("CLICK", Event=["a", "b"]),
    event_xml("CLICK", EventKey={"a": "b"}), event_xml("subscribe", EventKey=["a", "b"]),
    event_xml("LOCATION", Latitude="north"), event_xml("LOCATION", Latitude="nan"),
    event_xml("LOCATION", Latitude="inf"), event_xml("LOCATION", Latitude="9e9"),
    "", "<xml>", "<xml/>", "<xml></xml>", "<xml>text</xml>", "<html/>", "{}", "success", "\x00",
    "<xml><a></xml>", "<a>" * 9000, text_xml(X={"a": {"b": {"c": {"d": {"e": {"f": {"g": {
        "h": {"i": "deep"}}}}}}}}}),
    "<!DOCTYPE x [<!ENTITY a 'b'>]>" + text_xml("&a;"),
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><xml>&a;</xml>",
    text_xml("a").replace("<Content>a", "<Content>&#0;"),
]  # fmt: skip


@pytest.mark.parametrize("xml", TURNED_AWAY)
def test_what_is_no_message_is_turned_away(xml: str) -> None:
    with pytest.raises(TurnedAway) as away:
        read(xml)
    assert away.value.status == 400
