"""Every kind of reply is well-formed, from the account to the person, and never too long."""

import pytest
import xmltodict

from bot.inbound.messages import Inbound
from bot.inbound.replies import (
    Article,
    Image,
    Music,
    News,
    Reply,
    Text,
    Transfer,
    Video,
    Voice,
    render,
)

LONGER = "……（内容较长，请点链接查看）"
ASKED = Inbound("text", "oA", "gh_b", 1, "k")
TAPPED = Inbound("event", "oA", "gh_b", 1, "k", event="click")


def fields(reply: Reply, message: Inbound = ASKED) -> dict[str, object]:
    return dict(xmltodict.parse(render(reply, message, 7, LONGER))["xml"])


def test_a_reply_goes_from_the_account_to_the_person() -> None:
    sent = fields(Text("好"))
    assert (sent["ToUserName"], sent["FromUserName"]) == ("oA", "gh_b")
    assert (sent["CreateTime"], sent["MsgType"], sent["Content"]) == ("7", "text", "好")


KINDS: list[tuple[Reply, str, dict[str, object]]] = [
    (Image("m"), "image", {"Image": {"MediaId": "m"}}),
    (Voice("m"), "voice", {"Voice": {"MediaId": "m"}}),
    (Video("m"), "video", {"Video": {"MediaId": "m"}}),
    (
        Video("m", "题", "说"),
        "video",
        {"Video": {"MediaId": "m", "Title": "题", "Description": "说"}},
    ),
    (
        Music("t", "题", "", "u", "h"),
        "music",
        {"Music": {"Title": "题", "MusicUrl": "u", "HQMusicUrl": "h", "ThumbMediaId": "t"}},
    ),
    (Transfer(), "transfer_customer_service", {"TransInfo": None}),
    (Transfer("a@gh_b"), "transfer_customer_service", {"TransInfo": {"KfAccount": "a@gh_b"}}),
    (
        News((Article("题", "说", "p", "u"),)),
        "news",
        {
            "ArticleCount": "1",
            "Articles": {"item": {"Title": "题", "Description": "说", "PicUrl": "p", "Url": "u"}},
        },
    ),
]


@pytest.mark.parametrize(("reply", "kind", "body"), KINDS)
def test_every_kind_of_reply_is_rendered(reply: Reply, kind: str, body: dict[str, object]) -> None:
    sent = fields(reply)
    assert sent["MsgType"] == kind
    assert {name: sent[name] for name in body} == body


def test_a_message_gets_one_article_and_an_event_up_to_eight() -> None:
    many = News(tuple(Article(f"第{n}") for n in range(12)))
    assert fields(many)["ArticleCount"] == "1"
    assert fields(many, TAPPED)["ArticleCount"] == "8"


def test_the_closing_mark_of_cdata_in_a_citizens_words_stays_words() -> None:
    hostile = "a]]><MsgType>b</MsgType><![CDATA[c]]]]>>"
    sent = fields(Text(hostile))
    assert (sent["MsgType"], sent["Content"]) == ("text", hostile)


def test_characters_that_xml_cannot_carry_are_left_out() -> None:
    assert fields(Text("a\x00b\x0bc\ud800d\uffffe\nf\tg😀"))["Content"] == "abcde\nf\tg😀"


@pytest.mark.parametrize("nothing", [Text(""), Text(" \n"), Text("\x00"), News(())])
def test_nothing_to_say_is_not_sent_as_an_empty_text(nothing: Reply) -> None:
    assert render(nothing, ASKED, 7, LONGER) == ""


@pytest.mark.parametrize("character", ["a", "费", "😀", "é"])
def test_a_long_text_is_cut_between_characters_and_says_so(character: str) -> None:
    content = str(fields(Text(character * 3000))["Content"])
    assert len(content.encode()) <= 2048
    assert content.endswith(LONGER)
    assert set(content.removesuffix(LONGER)) == {character}


def test_a_text_that_just_fits_is_left_alone() -> None:
    fits = "费" * 682 + "ab"
    assert fields(Text(fits))["Content"] == fits


def test_a_long_text_is_never_cut_inside_a_link() -> None:
    for before in range(620, 660):
        links = '<a href="http://x.example/y">请点这里</a>' * 9
        said = str(fields(Text("费" * before + links))["Content"])
        assert said.count("<a ") == said.count("</a>")
        assert len(said.encode()) <= 2048
