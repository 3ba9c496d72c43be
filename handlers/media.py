"""A picture: it joins the letter that is being written."""

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import drafts
from bureau.feedback.kinds import letter_words
from handlers import phrases_letters, suggestion
from handlers.context import Context


def take(message: Inbound, ctx: Context) -> Reply:
    """Note the picture in the open draft; a job fetches it before WeChat deletes it (3 days)."""
    draft = drafts.open_draft(ctx.db, message.openid)
    if draft is None:
        return Text(phrases_letters.picture_alone())
    count = drafts.add_picture(
        ctx.db, draft, message.media_id, ctx.now, message_key=ctx.message_key
    )
    added = phrases_letters.picture_added(count)
    if not draft.text:
        ctx.dialog.move(suggestion.WRITING)
        return Text(f"{added}\n{phrases_letters.letter_ask(letter_words(draft.kind))}")
    return Text(f"{added}\n{suggestion.shown(draft, ctx)}")
