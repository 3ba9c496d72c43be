"""Following topics by word: 订阅, 订阅 预决算, 退订 预决算, 退订."""

from bot.followers import own_page, topics
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bot.outbound import outbox
from handlers import phrases
from handlers.context import Context


def listing(message: Inbound, ctx: Context) -> Reply:
    """All topics, each with a tap to follow or to stop."""
    with ctx.office.database.read() as db:
        followed = {topic.slug for topic in topics.of(db, message.openid)}
        rows = [(topic.name, topic.slug in followed) for topic in topics.all(db)]
    settings = ctx.office.settings
    page = own_page.path_for(message.openid, settings.secret_key, ctx.now)
    return Text(phrases.topic_list(rows, settings.base_url + page))


def follow(message: Inbound, ctx: Context) -> Reply:
    words = ctx.text.removeprefix("订阅")
    topic = topics.find(ctx.db, words)
    if topic is None:
        return Text(phrases.topic_unknown(words))
    new = topics.follow(ctx.db, message.openid, topic.slug, ctx.now)
    say = phrases.topic_followed if new else phrases.topic_already_followed
    return Text(say(topic.name))


def follow_all(message: Inbound, ctx: Context) -> Reply:
    """Every topic that is open."""
    for topic in topics.all(ctx.db):
        topics.follow(ctx.db, message.openid, topic.slug, ctx.now)
    return Text(phrases.topic_followed_all(len(topics.all(ctx.db))))


def leave(message: Inbound, ctx: Context) -> Reply:
    words = ctx.text.removeprefix("取消订阅").removeprefix("退订")
    topic = topics.find(ctx.db, words)
    if topic is None:
        return Text(phrases.topic_unknown(words))
    ended = topics.unfollow(ctx.db, message.openid, topic.slug, ctx.now)
    outbox.drop_topics(ctx.db, message.openid, [topic.slug])
    say = phrases.topic_left if ended else phrases.topic_not_followed
    return Text(say(topic.name))


def leave_all(message: Inbound, ctx: Context) -> Reply:
    ended = topics.unfollow_all(ctx.db, message.openid, ctx.now)
    outbox.drop_topics(ctx.db, message.openid, ended)
    return Text(phrases.topic_left_all(len(ended)) if ended else phrases.topic_none_to_leave())
