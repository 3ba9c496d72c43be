"""`flask followers`: pull the list from WeChat; give moved-in followers a topic."""

import json

import click

from core.clock import SystemClock
from ops.commands.opening import opened_database, opened_office, read_settings


@click.group("followers")
def command() -> None:
    """公众号的关注者 · followers of the account."""


@command.command("sync")
def sync() -> None:
    """从微信拉取关注者名单 · pull the list, 10 000 a page; stop it and run it again at will."""
    from bot.followers import sync as syncing
    from bot.outbound.errors import WechatError

    with opened_office() as office:
        with office.database.write() as db:
            pull = syncing.resume_or_begin(db, office.clock.now())
            sync_id, after, pulled = pull.id, pull.after, pull.pulled
        new = 0
        while True:
            try:
                page = office.wechat.followers(after)
            except WechatError as error:
                raise click.ClickException(
                    f"微信没有给出名单（{error}），稍后可再次运行"
                ) from error
            with office.database.write() as db:
                new += syncing.keep_page(db, sync_id, page.openids, page.after, office.clock.now())
            pulled += len(page.openids)
            click.echo(f"已拉取 {pulled}/{page.total}", err=True)
            after = page.after
            if not after:
                break
    click.echo(json.dumps({"pulled": pulled, "new": new}))


@command.command("topics")
@click.option("--all-to", "slug", required=True, metavar="SLUG", help="主题 · the topic to give")
def topics(slug: str) -> None:
    """给全部关注者订阅一个主题 · give every follower a topic (accounts that moved in)."""
    from bot.followers import sync as syncing

    settings = read_settings()
    clock = SystemClock(None if settings.production else settings.clock_file)
    after, given = "", 0
    with opened_database(settings) as database:
        while True:
            with database.write() as db:
                after, new = syncing.all_follow(db, slug, after, clock.now())
            given += new
            click.echo(f"已处理到 {after or '末尾'}，新增 {given}", err=True)
            if not after:
                break
    click.echo(json.dumps({"topic": slug, "new": given}))
