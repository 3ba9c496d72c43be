"""What happens to a mass send after it was accepted."""

import json
from typing import Any

from sandbox.store import Row
from sandbox.world import World


def deliver(world: World, msg_id: int) -> None:
    """Put the message into every chat that may still get one this month, then report."""
    row = world.store.one("SELECT * FROM masses WHERE msg_id = ? AND status = 'SENDING'", msg_id)
    if row is None:
        return
    month = world.clock.day()[:7]
    asked, open_to = audience(world, json.loads(row["target"]))
    full = full_ones(world, month)
    lucky = [openid for openid in open_to if openid not in full]
    message = json.loads(row["body"])
    world.phones.show_many(lucky, "mass", message["kind"], message["content"])
    world.store.many(
        "INSERT INTO mass_months VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1",
        [(openid, month) for openid in lucky],
    )
    finish(world, row, "SEND_SUCCESS", "send success", (asked, len(open_to), len(lucky)))


def full_ones(world: World, month: str) -> set[str]:
    """Who may get no more this month. A 订阅号 is counted by the day and not by the person."""
    if world.setting("account_type") == "subscription":
        return set()
    rows = world.store.all(
        "SELECT openid FROM mass_months WHERE month = ? AND n >= ?",
        month,
        world.rules["mass.month"],
    )
    return {row["openid"] for row in rows}


def audience(world: World, target: dict[str, Any]) -> tuple[int, list[str]]:
    """How many were meant, and those of them who follow and are not blocked."""
    rule = "following = 1 AND blacklisted = 0"
    if "openids" in target:
        rows = [world.people.find(openid) for openid in target["openids"]]
        good = [
            row["openid"] for row in rows if row and row["following"] and not row["blacklisted"]
        ]
        return len(rows), good
    if "tag" in target:
        found = world.store.all(
            f"SELECT f.openid FROM followers f JOIN tagged t ON t.openid = f.openid "  # noqa: S608
            f"WHERE t.tag = ? AND {rule}",
            target["tag"],
        )
    else:
        found = world.store.all(f"SELECT openid FROM followers WHERE {rule}")  # noqa: S608
    return len(found), [row["openid"] for row in found]


def confirm(world: World, msg_id: int, *, agreed: bool) -> bool:
    """The administrator's tap: False when nothing waits for it."""
    row = world.store.one("SELECT * FROM masses WHERE msg_id = ? AND status = 'CONFIRMING'", msg_id)
    if row is None:
        return False
    if agreed:
        world.store.run("UPDATE masses SET status = 'SENDING' WHERE msg_id = ?", msg_id)
        world.later("mass", 0, {"msg_id": msg_id})
    else:
        finish(world, row, "SEND_FAIL", "err(40001)", (0, 0, 0))
    return True


def give_up(world: World, msg_id: int) -> None:
    """No administrator within the time: failed, err(40002)."""
    row = world.store.one("SELECT * FROM masses WHERE msg_id = ? AND status = 'CONFIRMING'", msg_id)
    if row is not None:
        finish(world, row, "SEND_FAIL", "err(40002)", (0, 0, 0))


def finish(world: World, row: Row, status: str, said: str, counts: tuple[int, int, int]) -> None:
    """Close the job and report it; counts: meant, allowed, sent."""
    total, allowed, sent = counts
    world.store.run(
        "UPDATE masses SET status = ?, total = ?, sent = ?, failed = ? WHERE msg_id = ?",
        status,
        total,
        sent,
        allowed - sent,
        row["msg_id"],
    )
    if not world.setting("receipts"):
        return
    fields = {
        "MsgID": row["msg_id"],
        "Status": said,
        "TotalCount": total,
        "FilterCount": allowed,
        "SentCount": sent,
        "ErrorCount": allowed - sent,
    }
    someone = world.store.one("SELECT openid FROM followers ORDER BY number LIMIT 1")
    body = {
        "event": "MASSSENDJOBFINISH",
        "openid": someone["openid"] if someone else "o",
        "fields": fields,
    }
    world.later("event", world.rules.seconds("receipt.delay_s"), body)
