"""A clerk answers from his own WeChat: 回复 NUMBER …, shown once more before it goes."""

import re

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import replies, search
from bureau.staff import binding, roles
from core.errors import NotFound
from core.numbering import NUMBER
from core.privacy import mask
from handlers import phrases_letters
from handlers.context import Context

CONFIRMING = "staff.reply"
SAID = re.compile(rf"\s*回\s*[复復]\s*({NUMBER.pattern})[\s：:，,]*(.+)", re.DOTALL | re.IGNORECASE)


def bind(message: Inbound, ctx: Context) -> Reply:
    """`绑定 CODE`: this WeChat becomes the clerk's own."""
    clerk = binding.accept(ctx.db, ctx.text.removeprefix("绑定"), message.openid, ctx.now)
    return Text(phrases_letters.staff_bound(clerk.display_name))


def take(message: Inbound, ctx: Context) -> Reply:
    """`回复 NUMBER …`: what would be sent is shown and asked about."""
    said = SAID.fullmatch(message.text)
    clerk = binding.clerk_of(ctx.db, message.openid)
    if said is None or clerk is None:
        return Text(phrases_letters.staff_unknown())
    try:
        ticket = search.visible(ctx.db, clerk, said[1])
    except NotFound:
        return Text(phrases_letters.staff_unknown())
    ctx.dialog.move(CONFIRMING, number=ticket.number, text=said[2].strip())
    title = mask(ticket.title)  # as the console shows it
    return Text(phrases_letters.staff_reply_confirm(ticket.number, title, said[2].strip()))


def confirm(message: Inbound, ctx: Context) -> Reply:
    """1 sends it (or lays it before who may release it), anything else drops it."""
    kept, clerk = ctx.dialog.data, binding.clerk_of(ctx.db, message.openid)
    ctx.dialog.clear()
    if ctx.text not in ("1", "发出") or clerk is None:
        return Text(phrases_letters.staff_reply_dropped())
    ticket = search.visible(ctx.db, clerk, kept["number"])
    if roles.may(clerk.role, "feedback.release"):
        replies.answer(ctx.db, ticket, kept["text"], clerk, ctx.now)
        return Text(phrases_letters.staff_reply_sent(ticket.number))
    replies.draft(ctx.db, ticket, kept["text"], clerk, ctx.now)
    return Text(phrases_letters.staff_reply_for_review(ticket.number))
