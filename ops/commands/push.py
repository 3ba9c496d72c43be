"""`flask push status|pause|resume|cancel|test ID`: how a push stands, and holding it."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import click

from core.errors import NotFound
from ops.commands.light_sql import select
from ops.commands.opening import opened_database, read_settings
from ops.commands.progress import tracked
from ops.commands.push_desk import confirm, routes, speed, test
from ops.commands.push_number import PushNumber

MOVING = ("planned", "sending")
WATCH_EVERY_S = 0.5
LINES = ("total", "pending", "waiting", "sent", "delivered", "failed", "unknown", "suppressed")


@click.group("push")
def command() -> None:
    """推送进度与控制 · how a push stands; pause, resume and cancel it."""


for one in (confirm, routes, speed, test):
    command.add_command(one)


@command.command("status")
@click.argument("push_id", type=PushNumber(), metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@click.option("--watch", is_flag=True, help="看到结束 · follow it until it stands still")
def status(push_id: int, as_json: bool, watch: bool) -> None:
    """推送的状态和各种结果的人数 · state and counts; every person is in exactly one count."""
    shown, why = read_status(push_id)
    if watch and shown["state"] in MOVING:
        for _ in tracked(_settled(push_id, shown), shown["total"], f"推送 {push_id}"):
            pass
        shown, why = read_status(push_id)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    from bot.outbound.states import DELIVERY_LABELS, PUSH_LABELS, REASONS

    click.echo(f"推送 {shown['id']}　{PUSH_LABELS[shown['state']]} ({shown['state']})")
    if why:
        click.echo(f"  {why}")
    for name in LINES:
        click.echo(f"  {DELIVERY_LABELS[name]:\u3000<8}{shown[name]:>10}  {name}")
    for reason, count in shown["reasons"].items():
        click.echo(f"    {count:>8}  {REASONS.get(reason, reason)} ({reason})")


def _settled(push_id: int, shown: Mapping[str, Any]) -> Iterator[int]:
    """One item for each person who has an outcome by now, until the push stands still."""
    given = 0
    while True:
        done = shown["total"] - shown["pending"]
        yield from range(given, done)
        given = max(given, done)
        if shown["state"] not in MOVING:
            return
        time.sleep(WATCH_EVERY_S)
        shown, _ = read_status(push_id)


def read_status(push_id: int) -> tuple[Mapping[str, Any], str]:
    """The status without SQLAlchemy: its import alone would cost half the time allowed.

    With it why the push stands where it stands, such as quiet hours and their end. Raises NotFound.
    """
    from bot.outbound import status as sql

    url, values = read_settings().database_url, {"push_id": push_id}
    push = select(url, sql.PUSH_SQL, values)
    if not push:
        raise NotFound(f"没有编号为 {push_id} 的推送 (no such push)")
    counts = select(url, sql.COUNT_SQL, values)
    reasons = select(url, sql.REASON_SQL, values)
    delivered = select(url, sql.DELIVERED_SQL, values)[0][0]
    return sql.compose(push[0], counts, reasons, delivered), push[0][-1]


@command.command("pause")
@click.argument("push_id", type=PushNumber(), metavar="ID")
def pause(push_id: int) -> None:
    """暂停 · nothing new goes out; what is on the line is recorded."""
    _hold("pause", push_id)


@command.command("resume")
@click.argument("push_id", type=PushNumber(), metavar="ID")
def resume(push_id: int) -> None:
    """继续 · go on where it stopped."""
    _hold("resume", push_id)


@command.command("cancel")
@click.argument("push_id", type=PushNumber(), metavar="ID")
def cancel(push_id: int) -> None:
    """取消 · whoever has not had it will not get it."""
    _hold("cancel", push_id)


def _hold(verb: str, push_id: int) -> None:
    from bot.outbound import pushes
    from core.clock import SystemClock

    settings = read_settings()
    now = SystemClock(None if settings.production else settings.clock_file).now()
    act = {"pause": pushes.pause, "resume": pushes.resume, "cancel": pushes.cancel}[verb]
    with opened_database(settings) as database, database.write() as db:
        act(db, push_id, now)
    click.echo(json.dumps(read_status(push_id)[0], ensure_ascii=False))
