"""`flask followers`: pull the list from WeChat, mirror topics as tags; give followers a topic."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from core.clock import SystemClock
from ops.commands.opening import opened_database, opened_office, read_settings

if TYPE_CHECKING:
    from bureau.office import Office


@click.group("followers")
def command() -> None:
    """公众号的关注者 · followers of the account."""


@command.command("sync")
@click.option("--no-tags", is_flag=True, help="不同步标签 · leave WeChat's tags alone")
def sync(no_tags: bool) -> None:
    """从微信拉取关注者名单，并把主题同步为微信标签 · stop it and run it again at will.

    名单每页 10 000 人；每个订阅主题对应一个标签“订阅·主题名”。
    """
    from bot.outbound.errors import WechatError

    with opened_office() as office:
        try:
            result: dict[str, Any] = _pull(office)
        except WechatError as error:
            raise click.ClickException(f"微信没有给出名单（{error}），稍后可再次运行") from error
        if not no_tags:
            result["tags"] = _mirror(office)
    click.echo(json.dumps(result))


def _pull(office: "Office") -> dict[str, int]:
    """The follower list, page by page; an unfinished pull goes on. Raises errors.WechatError."""
    from bot.followers import sync as syncing

    with office.database.write() as db:
        pull = syncing.resume_or_begin(db, office.clock.now())
        sync_id, after, pulled = pull.id, pull.after, pull.pulled
    new = 0
    while True:
        page = office.wechat.followers(after)
        with office.database.write() as db:
            new += syncing.keep_page(db, sync_id, page.openids, page.after, office.clock.now())
        pulled += len(page.openids)
        click.echo(f"已拉取 {pulled}/{page.total}", err=True)
        after = page.after
        if not after:
            return {"pulled": pulled, "new": new}


@dataclass
class Mirrored:
    """What the tags of all topics came to."""

    topics: int = 0
    tagged: int = 0
    untagged: int = 0
    left: int = 0  # still to be told: run again, or leave it to the worker


def _mirror(office: "Office") -> dict[str, int]:
    """Bring every topic's tag up to date; what WeChat refuses is said and left."""
    from bot.followers import topics
    from bot.outbound.errors import WechatError

    done = Mirrored()
    with office.database.read() as db:
        open_topics = [(topic.slug, topic.name) for topic in topics.all(db)]
    for slug, name in open_topics:
        try:
            _mirror_one(office, slug, name, done)
        except WechatError as error:
            click.echo(f"标签没有同步完（{error}），稍后可再次运行", err=True)
            break
    return vars(done)


def _mirror_one(office: "Office", slug: str, name: str, done: Mirrored) -> None:
    from bot.followers import tags
    from bot.outbound import tagging
    from ops.jobs import make_tagger

    tagger = make_tagger(office)
    tag_id = tagging.ensure(tagger, slug, name)
    if tag_id is None:
        with office.database.read() as db:
            known = tags.mirror(db, slug)
        click.echo(f"主题“{name}”没有标签：{tagging.say(known)}", err=True)
        return
    tagging.compare(tagger, slug, tag_id)
    while True:
        told = tagging.work(tagger, slug)
        done.tagged += told.tagged
        done.untagged += told.untagged
        if told.stopped is not None:
            raise told.stopped
        if not told.calls:
            break
        click.echo(f"标签“{name}”：加 {done.tagged} 人，去 {done.untagged} 人", err=True)
    with office.database.read() as db:
        left = tags.mirror(db, slug)
    done.topics += 1
    done.left += left.due if left else 0


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
