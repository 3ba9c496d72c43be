"""Pushes: three modes, three tries, one verdict; what the phone shows when the reply is not fit."""

import asyncio
from typing import Any

import pytest

from sandbox.callbacks.crypto import sign
from sandbox.callbacks.judge import FAULT_TEXT
from sandbox.control import follow, switches, taps
from sandbox.house import House
from tests.sandbox.account import Account
from tests.sandbox.project import Project, play, polite, reply, settled

ARTICLE = "<item><Title>公开</Title><Description/><PicUrl/><Url>http://a</Url></item>"


def say(account: Account, project: Project, text: str = "您好", **more: Any) -> dict[str, Any]:
    body = {"openid": account.anna, "text": text, **more}
    return dict(play(account.world, project, lambda house: taps.say(house, body)))


@pytest.mark.parametrize("mode", ["safe", "compatible", "plain"])
def test_each_mode_is_signed_and_its_reply_is_shown(account: Account, mode: str) -> None:
    account.setting("mode", mode)
    project = polite(account.world)
    if mode == "plain":
        project.answer = lambda push: (200, reply(account.anna, push["ToUserName"]).encode())
    outcome = say(account, project, "不动产 ]]> 登记\x07")
    assert outcome["reply"] == {"kind": "text", "content": "您好"}
    assert project.pushes[0]["Content"] == "不动产 ]]> 登记"
    query, body = project.queries[0], project.bodies[0]
    assert query["signature"] == sign("AAAAA", query["timestamp"], query["nonce"])
    assert ("msg_signature" in query) == ("<Encrypt>" in body) == (mode != "plain")
    assert ("<Content>" in body) == (mode != "safe")


def test_a_compatible_push_may_be_answered_in_the_open(account: Account) -> None:
    account.setting("mode", "compatible")
    project = Project(account.world, lambda push: (200, b""))
    project.answer = lambda push: (200, reply(account.anna, push["ToUserName"]).encode())
    assert say(account, project)["callback"]["outcome"] == "reply"


def test_after_a_change_of_the_key_only_the_new_one_counts(account: Account) -> None:
    former, fresh = account.options.aes_key, "Z" * 42 + "k"
    account.setting("aes_key", fresh)
    project = polite(account.world)
    project.opens_with = project.seals_with = fresh
    assert say(account, project)["callback"]["outcome"] == "reply"
    project.seals_with = former
    assert say(account, project)["callback"]["outcome"] == "fault"


@pytest.mark.parametrize("body", [b"success", b"", b" success\n"])
def test_success_and_nothing_are_silence(account: Account, body: bytes) -> None:
    outcome = say(account, Project(account.world, lambda push: (200, body)))
    assert outcome["callback"]["outcome"] == "silent"
    assert [item["way"] for item in account.chat()] == ["in"]


def test_a_silent_project_is_asked_three_times_with_one_msgid(account: Account) -> None:
    project = polite(account.world)  # callback.wait_s callback.tries
    project.delays = [9, 9, 9]
    outcome = say(account, project)
    assert outcome["reply"]["content"] == FAULT_TEXT
    assert len({push["MsgId"] for push in project.pushes}) == 1
    assert [each["problem"] for each in outcome["callback"]["tries"]] == ["超过时限没有回答"] * 3
    assert account.chat()[-1]["kind"] == "fault"


@pytest.mark.parametrize("delay", [9, -1])
def test_a_repeat_may_still_be_answered(account: Account, delay: float) -> None:
    project = polite(account.world)
    project.delays = [delay]
    outcome = say(account, project)
    assert outcome["callback"]["outcome"] == "reply"
    assert len(project.pushes) == 2
    assert len([item for item in account.chat() if item["way"] == "out"]) == 1


UNFIT = {
    "reply.text_bytes": reply("{me}", "{gh}", "好" * 683),
    "reply.articles": reply(
        "{me}",
        "{gh}",
        "",
        "news",
        f"<ArticleCount>2</ArticleCount><Articles>{ARTICLE * 2}</Articles>",
    ),
    "reply.swapped": reply("{gh}", "{me}"),
    "empty content": reply("{me}", "{gh}", " ", "text", "<Content></Content>"),
    "unknown kind": reply("{me}", "{gh}", "x", "poem"),
    "a kind twice": reply("{me}", "{gh}", "x", "text", "<MsgType>text</MsgType>"),
    "no media": reply("{me}", "{gh}", "x", "image", "<Image></Image>"),
    "json": '{"a": 1}',
    "an entity": '<!DOCTYPE a [<!ENTITY b "c">]><xml><Content>&b;</Content></xml>',
}


@pytest.mark.parametrize("case", UNFIT)
def test_an_unfit_reply_shows_the_fault_text(account: Account, case: str) -> None:
    project = polite(account.world)
    plain = UNFIT[case].replace("{me}", account.anna).replace("{gh}", account.options.account)
    project.answer = lambda push: project.sealed(plain)
    outcome = say(account, project)
    assert outcome["callback"]["outcome"] == "fault"
    assert outcome["callback"]["fault"]
    assert len(project.pushes) == 1
    assert account.chat()[-1]["body"]["content"] == FAULT_TEXT


def test_replies_in_the_wrong_cover_show_the_fault_text(account: Account) -> None:
    project = polite(account.world)
    plain = reply(account.anna, account.options.account)
    sealed = project.sealed(plain)[1]
    for status, body in (
        (200, plain.encode()),  # reply.encrypted
        (200, sealed.replace(b"<TimeStamp>1", b"<TimeStamp>2")),
        (200, sealed.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[AAAA")),
        (200, b"\xff\xfe"),
        (500, b"success"),
    ):
        project.answer = lambda push, given=(status, body): given
        assert say(account, project)["callback"]["outcome"] == "fault"


def test_an_event_may_be_answered_with_eight_articles(account: Account) -> None:
    project = polite(account.world)
    for count, outcome in ((8, "reply"), (9, "fault")):  # reply.event_articles
        more = f"<ArticleCount>{count}</ArticleCount><Articles>{ARTICLE * count}</Articles>"
        plain = reply(account.anna, account.options.account, "", "news", more)
        project.answer = lambda push, given=plain: project.sealed(given)
        body = {"openid": account.anna, "event": "CLICK", "fields": {"EventKey": "help"}}
        done = play(account.world, project, lambda house, b=body: taps.any_event(house, b))
        assert done["callback"]["outcome"] == outcome


def test_receipts_are_pushed_and_their_replies_are_not_shown(account: Account) -> None:
    project = polite(account.world)

    account.notice("/cgi-bin/message/template/send", "SANDBOX-TEMPLATE-DISCLOSURE")
    account.later(1)

    async def story(house: House) -> None:
        await settled(house)

    play(account.world, project, story)
    assert project.pushes[0]["Event"] == "TEMPLATESENDJOBFINISH"
    assert "MsgId" not in project.pushes[0]
    assert [item["via"] for item in account.chat()] == ["template"]


def test_faults_of_the_post_repeat_reorder_and_forge(account: Account) -> None:
    project = polite(account.world)

    async def story(house: House) -> None:
        house.faults.add({"kind": "duplicate"})
        await taps.say(house, {"openid": account.anna, "text": "一"})
        house.faults.add({"kind": "disorder"})
        held = asyncio.create_task(taps.say(house, {"openid": account.anna, "text": "二"}))
        while house.faults.listed():  # until the post holds the second one back
            await asyncio.sleep(0)
        await taps.say(house, {"openid": account.anna, "text": "三"})
        await held
        house.faults.add({"kind": "bad_signature"})
        await taps.say(house, {"openid": account.anna, "text": "四"})
        assert house.faults.listed() == []

    play(account.world, project, story)
    assert [push["Content"] for push in project.pushes] == ["一", "一", "三", "二", "四"]
    assert project.pushes[0]["MsgId"] == project.pushes[1]["MsgId"]
    assert project.queries[-1]["signature"] == "0" * 40


def test_what_was_not_brought_is_brought_after_a_restart(account: Account) -> None:
    project = polite(account.world)
    account.world.store.run(
        "INSERT INTO callbacks (at, openid, kind, plain) VALUES (1, ?, 'text', ?)",
        account.anna,
        f"<xml><FromUserName>{account.anna}</FromUserName><ToUserName>gh_sandbox00001</ToUserName></xml>",
    )

    async def story(house: House) -> None:
        await settled(house)

    play(account.world, project, story)
    assert len(project.pushes) == 1
    assert account.chat()[-1]["via"] == "passive"


def test_following_scanning_and_leaving_are_told(account: Account) -> None:
    project = polite(account.world)
    new = account.world.people.add("新人")["openid"]

    async def story(house: House) -> None:
        await follow.follow(house, {"openid": new, "scene": "hall"})
        await follow.follow(house, {"openid": new, "scene": "desk"})
        await follow.consent(house, {"openid": new, "template_id": "SANDBOX-NOTICE-DISCLOSURE"})
        await follow.consent(
            house,
            {
                "openid": new,
                "template_id": "SANDBOX-NOTICE-DISCLOSURE",
                "accept": False,
                "managed": True,
            },
        )
        await follow.unfollow(house, {"openid": new})

    play(account.world, project, story)
    told = [(push["Event"], push.get("EventKey")) for push in project.pushes]
    assert told[:2] == [("subscribe", "qrscene_hall"), ("SCAN", "desk")]
    popup = project.pushes[2]["SubscribeMsgPopupEvent"]["List"]
    assert (popup["SubscribeStatusString"], popup["PopupScene"]) == ("accept", "1")
    assert project.pushes[3]["SubscribeMsgChangeEvent"]["List"]["SubscribeStatusString"] == "reject"
    assert told[4][0] == "unsubscribe"


def test_several_consents_travel_in_one_event(account: Account) -> None:
    project = polite(account.world)
    ids = ["SANDBOX-NOTICE-DISCLOSURE", "SANDBOX-NOTICE-TICKET"]
    choices = [{"template_id": ids[0]}, {"template_id": ids[1], "accept": False}]
    wish = {"openid": account.anna, "choices": choices}
    play(account.world, project, lambda house: follow.consent(house, wish))
    listed = project.pushes[0]["SubscribeMsgPopupEvent"]["List"]
    assert [(one["TemplateId"], one["SubscribeStatusString"]) for one in listed] == [
        (ids[0], "accept"),
        (ids[1], "reject"),
    ]


def test_the_menu_is_tapped_by_key_name_or_place(account: Account) -> None:
    project = polite(account.world)
    help_, page = (
        {"type": "click", "name": "帮助", "key": "help"},
        {"type": "view", "name": "网页", "url": "http://a/"},
    )
    menu = {"button": [{"name": "更多", "sub_button": [help_, page]}, help_ | {"key": "two"}]}
    account.post("/cgi-bin/menu/create", menu)

    async def story(house: House) -> None:
        for how in ({"key": "help"}, {"path": [1]}, {"name": "网页"}):
            opened = await follow.menu_tap(house, {"openid": account.anna, **how})
        assert opened["open"] == "http://a/"

    play(account.world, project, story)
    told = [(push["Event"], push["EventKey"]) for push in project.pushes]
    assert told == [("CLICK", "help"), ("CLICK", "two"), ("VIEW", "http://a/")]


def test_voice_picture_and_place_carry_what_wechat_sends(account: Account) -> None:
    project = polite(account.world)

    async def story(house: House) -> None:
        await taps.voice(house, {"openid": account.anna, "recognition": "订阅预决算"})
        await taps.image(house, {"openid": account.anna, "data": "iVBORw=="})
        await taps.location(house, {"openid": account.anna, "latitude": 35.1, "longitude": 118.3})
        await switches.verify(house, {})

    play(account.world, project, story)
    voice, image, place = project.pushes
    assert (voice["Recognition"], voice["Format"]) == ("订阅预决算", "amr")
    assert image["PicUrl"].endswith(image["MediaId"])
    assert (place["Location_X"], place["Location_Y"]) == ("35.1", "118.3")
