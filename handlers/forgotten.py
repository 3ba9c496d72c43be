"""Redis was emptied or is away: SQL knows whether somebody was writing a letter."""

from bot.inbound.filters import Talk
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply
from handlers import details, question, suggestion
from handlers.context import Context


def perhaps(message: Inbound, talk: Talk) -> bool:
    """Words of a person whose dialog may be lost."""
    return talk.dialog.lost and bool(talk.text)


def go_on(message: Inbound, ctx: Context) -> Reply | None:
    """The letter goes on where SQL left it; without one it is a question like any other."""
    draft = suggestion.being_written(ctx)
    if draft is None:
        return question.answer(message, ctx)
    if details.is_meant(ctx.text) and draft.step != "text":
        return details.take(message, ctx)
    if draft.step in details.FIELDS.values():
        return details.fill(message, ctx)
    if draft.step == "text":
        return suggestion.write(message, ctx)
    return question.answer(message, ctx)
