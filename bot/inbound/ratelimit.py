"""How often one person may write in a minute before we only nod."""

from enum import StrEnum

from bot.inbound.messages import Inbound
from core.redis_wire import Command

MOST_A_MINUTE = 60  # nobody types that fast; a stuck or scripted phone does


class Pace(StrEnum):
    """go on · say once that it is too fast · keep silent (`success`)."""

    GO = "go"
    SAY = "say"
    HUSH = "hush"


def counted(message: Inbound) -> bool:
    """Messages and menu taps count; what WeChat tells by itself (receipts, follows) does not."""
    return message.kind != "event" or message.event == "click"


def count(openid: str, now_s: int) -> list[Command]:
    """Two commands: count this message in the person's minute."""
    key = f"yg:rate:{openid}:{now_s // 60}"
    return [("INCR", key), ("EXPIRE", key, 120)]


def pace(times: int, most: int = MOST_A_MINUTE) -> Pace:
    """What the count means."""
    if times <= most:
        return Pace.GO
    return Pace.SAY if times == most + 1 else Pace.HUSH
