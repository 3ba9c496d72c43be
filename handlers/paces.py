"""How often a person hears of what they follow: 每天一次, 每周一次, 立即."""

from bot.followers import topics
from bot.followers.models import Pace
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from handlers import phrases, phrases_paces, question
from handlers.context import Context

PACES = {"每天一次": Pace.DAILY, "每周一次": Pace.WEEKLY, "立即": Pace.NOW}


def change(message: Inbound, ctx: Context) -> Reply | None:
    """For one topic or, without one, for all that are followed."""
    words = next(word for word in PACES if ctx.text.startswith(word))
    rest = ctx.text.removeprefix(words)
    topic = topics.find(ctx.db, rest)
    if rest and topic is None:
        return question.answer(message, ctx)  # 立即退税要多久 is a question
    slug = topic.slug if topic else None
    names = topics.set_pace(ctx.db, message.openid, PACES[words], ctx.now, slug)
    if names:
        return Text(phrases_paces.pace_set(words, names))
    return Text(phrases.topic_not_followed(topic.name) if topic else phrases.topic_none_to_leave())
