"""Whom a subscription account's one message a day goes to: a topic's tag, or all followers.

A 订阅号 may not send to a list: only sendall, one successful a day, to a tag or to everybody
(developers.weixin.qq.com/doc/subscription, Batch_Sends). So a push goes by it whole or not at all:
whoever had been told by another route before would be told twice.
"""

from dataclasses import replace

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bot.followers import audience
from bot.followers.models import Follow, Follower, TagMark, TopicTag
from bot.outbound.models import MassBatch, Push
from bot.outbound.rules import Route, Rules

LIST, ALL = "list", "all"


def of_topic(db: Session, slug: str) -> str:
    """`tag:101`; `all` where all followers of the account follow the topic; empty: neither."""
    mirror = db.get(TopicTag, slug)
    if mirror is not None and mirror.tag_id is not None and not mirror.trouble:
        return f"tag:{mirror.tag_id}"
    everybody = db.scalar(select(func.count()).select_from(Follower).where(Follower.following))
    return ALL if everybody and everybody == audience.count(db, slug) else ""


def beyond_tag(db: Session, slug: str) -> int:
    """How many of the topic's audience its tag does not reach: WeChat refuses it to them."""
    if of_topic(db, slug) == ALL:
        return 0
    refused = exists().where(
        TagMark.topic == slug,
        TagMark.openid == Follow.openid,
        TagMark.refused > 0,
        ~TagMark.carried,
        TagMark.changes == 0,
    )
    people = audience.people(slug).order_by(None).where(refused)
    return db.scalar(people.with_only_columns(func.count())) or 0


def rules_for(db: Session, rules: Rules, topic: str | None, push: Push | None = None) -> Rules:
    """The rules as they hold for one push, or for a topic's next one.

    A service account's stay as they are. A subscription account's push that can go by sendall
    goes by nothing else; after that, or where it cannot, sendall is closed to it.
    """
    if not rules.subscription or Route.MASS not in rules.routes:
        return rules
    if topic is not None and _may_go_whole(db, push) and of_topic(db, topic):
        return replace(rules, routes=(Route.MASS, Route.WAIT))
    return replace(rules, routes=tuple(r for r in rules.routes if r is not Route.MASS))


def _may_go_whole(db: Session, push: Push | None) -> bool:
    """A correction goes to those who had the wrong version, who are no tag; the rest once."""
    if push is None:
        return True
    return push.corrects_id is None and latest(db, push.id) is None


def latest(db: Session, push_id: int) -> MassBatch | None:
    """The sendall of a push, other than one that WeChat did not take."""
    mine = (MassBatch.push_id == push_id, MassBatch.target != LIST, MassBatch.state != "refused")
    return db.scalar(select(MassBatch).where(*mine).order_by(MassBatch.id.desc()).limit(1))
