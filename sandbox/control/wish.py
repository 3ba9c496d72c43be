"""What a request to the control API asks for, checked."""

from typing import Any

from sandbox.house import House
from sandbox.store import Row

Body = dict[str, Any]


class BadWish(Exception):
    """Answered with `status` and the sentence."""

    def __init__(self, say: str, status: int = 400) -> None:
        super().__init__(say)
        self.say = say
        self.status = status


def person_of(house: House, body: Body, *, following: bool = False) -> Row:
    """The person meant by `openid` or `follower` (a name). Raises BadWish 404, 409."""
    key = body.get("openid") or body.get("follower")
    row = house.world.people.find(str(key)) if key else None
    if row is None:
        raise BadWish("没有这个人：用 openid 或 follower（名字）", 404)
    if following and not row["following"]:
        raise BadWish(f"{row['name']}还没有关注公众号", 409)
    return row


def text(body: Body, name: str, default: str | None = None) -> str:
    """A field that is text. Raises BadWish."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise BadWish(f"{name}：要文字")
    return value


def number(body: Body, name: str, default: float | None = None) -> float:
    """A field that is a number. Raises BadWish."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadWish(f"{name}：要数字")
    return float(value)


def waits(body: Body) -> bool:
    """False when the caller does not want the outcome."""
    return body.get("wait", True) is not False
