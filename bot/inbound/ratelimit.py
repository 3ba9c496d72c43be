"""How often one person may write in a minute before we only nod."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from redis.client import Pipeline

from bot.inbound.messages import Inbound

MOST_A_MINUTE = 60  # nobody types that fast; a stuck or scripted phone does


class Pace(StrEnum):
    """go on · say once that it is too fast · keep silent (`success`)."""

    GO = "go"
    SAY = "say"
    HUSH = "hush"


def counted(message: Inbound) -> bool:
    """Messages and menu taps count; what WeChat tells by itself (receipts, follows) does not."""
    return message.kind != "event" or message.event == "click"


def put_count(pipe: Pipeline, openid: str, now_s: int) -> None:
    """Two commands: count this message in the person's minute."""
    key = f"yg:rate:{openid}:{now_s // 60}"
    pipe.incr(key)
    pipe.expire(key, 120)


def read_count(answers: Iterator[Any], most: int = MOST_A_MINUTE) -> Pace:
    """What the count means."""
    count = int(next(answers))
    next(answers)
    if count <= most:
        return Pace.GO
    return Pace.SAY if count == most + 1 else Pace.HUSH
