"""人工, 有用 and 答得不对: from what the bot cannot do to people who can."""

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import drafts
from handlers import phrases, question, suggestion
from handlers.context import Context


def hand_over(message: Inbound, ctx: Context) -> Reply:
    """The last question becomes the draft of a letter to the office; nothing is sent unasked."""
    settings = ctx.office.settings
    asked = question.last_asked(ctx)
    kept = drafts.open_draft(ctx.db, message.openid)
    if kept is not None and kept.text:
        return Text(suggestion.shown(kept, ctx))
    draft = drafts.begin(
        ctx.db, message.openid, "question", asked, ctx.now, message_key=ctx.message_key
    )
    if not asked:
        ctx.dialog.move(suggestion.WRITING)
        return Text(phrases.staff_ask(settings.office_hours))
    return Text(phrases.staff_offer(settings.office_hours, suggestion.shown(draft, ctx)))


def complaint(_message: Inbound, _ctx: Context) -> Reply:
    """A complaint of which nothing is said yet: where each kind is taken."""
    return Text(phrases.complaint_ways())


def wrong_answer(message: Inbound, ctx: Context) -> Reply:
    """The last answer was wrong: told to the journal, seen in the console."""
    _judge(message, ctx, useful=False)
    return Text(phrases.wrong_noted())


def right_answer(message: Inbound, ctx: Context) -> Reply:
    """The last answer helped: staff may put such a question into the bank."""
    _judge(message, ctx, useful=True)
    return Text(phrases.right_noted())


def _judge(message: Inbound, ctx: Context, *, useful: bool) -> None:
    at_s = int(ctx.now.timestamp())
    ctx.journal.note("useful", {"openid": message.openid, "useful": useful, "at": at_s})
