"""A number that belongs to no open list: it is obeyed only when SQL knows what it answers."""

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import tracking
from bureau.feedback.kinds import GRADES
from handlers import phrases, phrases_letters, progress, suggestion
from handlers.context import Context


def take(message: Inbound, ctx: Context) -> Reply | None:
    """A draft in SQL answers first (Redis may have forgotten the dialog); a list older than
    30 minutes is shown again; anything else belongs to nothing."""
    recovered = suggestion.recover(message, ctx)
    if recovered is not None:
        return recovered
    former = ctx.dialog.former
    if former is not None and former.state == progress.LISTING:
        return Text(phrases_letters.which_of(progress.listing(ctx)))
    if former is not None and former.state == progress.GRADING:
        return _grades(former.data.get("number", ""), message, ctx)
    return Text(phrases.no_list())


def _grades(number: str, message: Inbound, ctx: Context) -> Reply:
    if tracking.own(ctx.db, ctx.openid, number) is None:
        return Text(phrases.no_list())
    ctx.dialog.move(progress.GRADING, number=number)
    return Text(phrases_letters.which_of(phrases_letters.rating_ask(number, list(GRADES.values()))))
