"""Clock, faults, settings, reset."""

from sandbox.api.mass_run import confirm
from sandbox.control.wish import BadWish, Body, number
from sandbox.house import House
from sandbox.options import MODES
from sandbox.world import SETTINGS

FARTHEST_S = 400 * 86_400
CHOICES = {"mode": MODES, "account_type": ("service", "subscription")}


async def advance(house: House, body: Body) -> Body:
    """Move the clock forward for both sides; what is due then happens now."""
    seconds = number(body, "seconds")
    if not 0 <= seconds <= FARTHEST_S:
        raise BadWish("seconds：0 到 400 天")
    offset = house.world.clock.advance(seconds)
    house.world.store.keep("clock", offset)
    house.world.wake()
    return {"offset": offset, "now": house.world.clock.now()}


async def clock_reset(house: House, body: Body) -> Body:
    """Back to the machine's time."""
    house.world.clock.reset()
    house.world.store.keep("clock", 0)
    return {"offset": 0, "now": house.world.clock.now()}


async def faults(house: House, body: Body) -> Body:
    """One more fault, or {"clear": true}, or {"remove": id}."""
    if body.get("clear"):
        house.faults.remove(None)
    elif body.get("remove") is not None:
        house.faults.remove(int(number(body, "remove")))
    else:
        try:
            house.faults.add(body)
        except (ValueError, TypeError) as wrong:
            raise BadWish(str(wrong)) from None
    return {"faults": house.faults.listed()}


async def settings(house: House, body: Body) -> Body:
    """Change switches of the account, and numbers under `rules`."""
    world = house.world
    changed = {name: value for name, value in body.items() if name != "rules"}
    for name, value in changed.items():
        check_setting(name, value)
    numbers = body.get("rules") or {}
    try:
        world.rules.change({str(name): float(value) for name, value in dict(numbers).items()})
    except (KeyError, ValueError, TypeError) as wrong:
        raise BadWish(f"rules：{wrong}") from None
    for name, value in changed.items():
        world.store.keep(f"setting.{name}", value)
    return {name: world.setting(name) for name in SETTINGS}


def check_setting(name: str, value: object) -> None:
    """Raises BadWish for an unknown switch or a value of another kind."""
    if name not in SETTINGS:
        raise BadWish(f"没有这个设置：{name}（有 {'、'.join(SETTINGS)}、rules）")
    if name in CHOICES and value not in CHOICES[name]:
        raise BadWish(f"{name}：{'、'.join(CHOICES[name])}")
    if not isinstance(value, type(SETTINGS[name])):
        raise BadWish(f"{name}：类型不对")
    if name == "aes_key" and value and len(str(value)) != 43:
        raise BadWish("aes_key：43 个字符")


async def mass_confirm(house: House, body: Body) -> Body:
    """The administrator's tap on a mass send that waits: {"msg_id", "accept"}."""
    msg_id = str(body.get("msg_id", ""))
    agreed = body.get("accept", True) is not False
    if not msg_id.isdigit() or not confirm(house.world, int(msg_id), agreed=agreed):
        raise BadWish("没有等待确认的群发", 404)
    return {"msg_id": msg_id, "accept": agreed}


async def verify(house: House, body: Body) -> Body:
    """The GET verification of the callback address."""
    return await house.postman.verify()


async def reset(house: House, body: Body) -> Body:
    """Forget everything; the clock stays unless {"clock": true}."""
    house.world.reset()
    house.faults.remove(None)
    if body.get("clock"):
        house.world.clock.reset()
    return {"ok": True}
