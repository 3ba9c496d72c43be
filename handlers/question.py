"""Everything that is no fixed word is a question: memory only, no SQL on the way."""

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from core.privacy import mask
from handlers.answers import reply_of
from handlers.context import Context
from knowledge.answered import Answered, Kept

STATE = "question"
LONGEST_ASKED = 600


def answer(message: Inbound, ctx: Context) -> Reply:
    """Answer, ask back or say honestly that it is not known; the matter is kept for 30 minutes."""
    answered = ctx.library.ask(message.text, today=ctx.now.date(), keep=kept(ctx))
    remember(ctx, answered.keep, "" if answered.small_talk else message.text)
    note(ctx, message.text, answered)
    return Text(reply_of(answered, ctx.office.settings))


def kept(ctx: Context) -> Kept:
    """What this dialog keeps of the last question."""
    return Kept.from_dict(ctx.dialog.data) if ctx.dialog.state == STATE else Kept()


def remember(ctx: Context, keep: Kept, asked: str = "") -> None:
    """Keep the matter, and the person's own last words, known or not: 人工 hands these over."""
    asked = asked[:LONGEST_ASKED] or last_asked(ctx)
    ctx.dialog.move(STATE, **keep.as_dict(), asked=asked)


def last_asked(ctx: Context) -> str:
    """What the person asked last in this dialog; empty when that was no question."""
    return str(ctx.dialog.data.get("asked", "")) if ctx.dialog.state == STATE else ""


def note(ctx: Context, text: str, answered: Answered, picked: str = "") -> None:
    """Tell the journal what was asked and what was found; SQL takes it within two seconds.

    你好 and 谢谢 ask nothing: they would stand among the questions nobody could answer.
    """
    if answered.small_talk:
        return
    ctx.journal.note(
        "inquiry",
        {
            "openid": ctx.openid,
            "text": mask(text)[:600],
            "outcome": answered.outcome,
            "hits": [{"id": hit.id, "score": hit.score} for hit in answered.hits[:3]],
            "slot": answered.slot,
            "at": int(ctx.now.timestamp()),
            **({"picked": picked} if picked else {}),
        },
    )
