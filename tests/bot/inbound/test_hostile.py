"""Whatever is sent: one of five statuses, no exception, nothing of the inside, still at work."""

import pytest
import xmltodict
from hypothesis import HealthCheck, given, settings
from structlog.testing import capture_logs

from bot.inbound.edge import Edge
from bot.inbound.filters import Filter
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bot.inbound.router import Route
from tests.bot.inbound.conftest import House, Room
from tests.bot.inbound.hostile import ATTACKS, Attack
from tests.bot.inbound.wechat_side import WeChatSide, call, text_xml

FEW, MANY = 60, 2_200  # a quick look, and ten times 2 200 bodies a run
STATUSES = {200, 400, 403, 405, 413}


def echo(message: Inbound, room: Room) -> Reply:
    """Says back all it was given, so that hostile words go both ways; keeps and notes them too."""
    given = f"{message.text}{message.event_key}{message.label}{message.title}{message.data}"
    room.dialog.move("echo", given=given[:500])
    room.journal.note("echo", {"openid": message.openid, "data": dict(message.data)})
    return Text(given or "空")


everything: Filter = lambda _message, _talk: True  # noqa: E731


def attack(edge: Edge[Room], wechat: WeChatSide, name: str, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,  # the same bodies each run: a failure is everybody's, not one run's
        suppress_health_check=list(HealthCheck),
    )
    @given(ATTACKS[name])
    def check(made: Attack) -> None:
        request = made(wechat)
        with capture_logs() as logs:
            answer = call(edge, request.query, request.body, request.method, **(request.more or {}))
        assert answer.status in STATUSES
        assert not [line for line in logs if line["log_level"] in ("error", "critical")], logs
        assert b"Traceback" not in answer.body
        if answer.status != 200:
            assert answer.body.startswith(str(answer.status).encode())
        elif answer.body.startswith(b"<xml>"):
            reply = wechat.open(answer)
            assert set(reply) == {
                "ToUserName", "FromUserName", "CreateTime", "MsgType", "Content",
            }  # fmt: skip
            assert len(str(reply["Content"]).encode()) <= 2048

    check()
    assert "<Content>" in xmltodict.unparse(
        {"xml": wechat.open(call(edge, *wechat.safe(text_xml())))}
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_body_meets_a_calm_edge(house: House, wechat: WeChatSide, name: str) -> None:
    edge = house.edge(Route("echo", everything, echo, quick=True))
    attack(edge, wechat, name, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_twenty_thousand_hostile_bodies_meet_a_calm_edge(
    house: House, wechat: WeChatSide, name: str
) -> None:
    edge = house.edge(Route("echo", everything, echo, quick=True))
    attack(edge, wechat, name, MANY)
