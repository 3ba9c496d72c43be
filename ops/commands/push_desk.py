"""`flask push test|confirm|routes|speed`: trying a push on staff, and how it may go."""

from datetime import datetime

import click

from core.settings import Settings
from ops.commands.opening import opened_database, opened_office, read_settings
from ops.commands.push_number import PushNumber


@click.command("confirm")
@click.argument("route", type=click.Choice(["kefu"]), metavar="ROUTE")
@click.option("--by", "by", required=True, help="确认人 · who answers for it")
@click.option("--withdraw", is_flag=True, help="收回确认 · close it again")
def confirm(route: str, by: str, withdraw: bool) -> None:
    """确认某个渠道可用于公开信息（生产环境） · let disclosures take a route (kefu)."""
    from bot.outbound import confirmations
    from bot.outbound.rules import Route
    from bureau.staff import audit

    settings = read_settings()
    now, chosen = now_of(settings), Route(route)
    with opened_database(settings) as database, database.write() as db:
        if withdraw:
            confirmations.withdraw(db, chosen)
        else:
            confirmations.confirm(db, chosen, by, now)
        action = "push.withdraw_route" if withdraw else "push.confirm_route"
        audit.note(db, None, action, f"route:{route}", now, who=by)
    _print_routes(settings)


@click.command("routes")
def routes() -> None:
    """公开信息可用的渠道 · the routes of disclosures in order, and why one is closed."""
    _print_routes(read_settings())


@click.command("test")
@click.argument("push_id", type=PushNumber(), metavar="ID")
@click.option("--to", "names", multiple=True, required=True, metavar="NAME", help="账号，可多次")
def test(push_id: int, names: tuple[str, ...]) -> None:
    """先发给绑定了微信的工作人员核对 · send it to named staff first, marked as a test."""
    from bureau.disclosures import trial

    settings = read_settings()
    with opened_database(settings) as database, database.write() as db:
        made = [push.id for push in trial.send(db, push_id, names, now_of(settings))]
    click.echo(f"已发出 {len(made)} 条测试，推送编号 {'、'.join(map(str, made))}")


@click.command("speed")
@click.option("--set", "wanted", type=click.IntRange(0, 4), help="0 最快，4 最慢 · 4 the slowest")
def speed(wanted: int | None) -> None:
    """微信的群发速度 · how fast WeChat hands out a mass message: it decides how many citizens
    open our pages in one minute."""
    from bot.outbound import calls
    from bot.outbound.calls import Request
    from bot.outbound.errors import WechatError

    with opened_office() as office:
        try:
            if wanted is not None:
                office.wechat.perform(Request(calls.MASS_SPEED_SET, {"speed": wanted}))
            answer = office.wechat.perform(Request(calls.MASS_SPEED))
        except WechatError as error:
            raise click.ClickException(f"微信没有接受（{error}）") from error
    click.echo(f"第 {answer.get('speed')} 档，每分钟约 {answer.get('realspeed')} 万条")


def _print_routes(settings: Settings) -> None:
    from bot.outbound import confirmations
    from bot.outbound.rules import ROUTE_LABELS, Rules

    rules = Rules.of(settings)
    with opened_database(settings) as database, database.read() as db:
        shut, known = confirmations.closed(db, rules), confirmations.confirmed(db)
    for route in rules.routes:
        row = known.get(route)
        by = f"（{row.confirmed_by} {row.confirmed_at:%Y-%m-%d} 确认）" if row else ""
        click.echo(f"{ROUTE_LABELS[route]} ({route})　{shut.get(route, '可用' + by)}")


def now_of(settings: Settings) -> datetime:
    """The office's moment, as the running house counts it."""
    from core.clock import SystemClock

    return SystemClock(None if settings.production else settings.clock_file).now()
