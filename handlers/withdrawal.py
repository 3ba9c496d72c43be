"""撤回 NUMBER: the sender takes a letter back before it is answered; asked once more first."""

import re

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import rights, tracking
from core.numbering import NUMBER
from handlers import phrases_letters
from handlers.context import Context

ASKING = "letter.withdraw"
SAID = re.compile(rf"\s*撤\s*回\s*({NUMBER.pattern})", re.IGNORECASE)


def take(message: Inbound, ctx: Context) -> Reply:
    """Only the person's own letter, and only one that may still be taken back."""
    said = SAID.fullmatch(ctx.text)
    ticket = tracking.own(ctx.db, ctx.openid, said[1]) if said else None
    if ticket is None:
        return Text(phrases_letters.progress_not_found())
    rights.check_withdrawal(ticket)
    ctx.dialog.move(ASKING, number=ticket.number)
    return Text(phrases_letters.withdraw_confirm(ticket.number, ticket.title))


def confirm(message: Inbound, ctx: Context) -> Reply:
    """1 takes it back, any other number leaves it as it is."""
    ticket = tracking.own(ctx.db, ctx.openid, ctx.dialog.data.get("number", ""))
    ctx.dialog.clear()
    if ticket is None:
        return Text(phrases_letters.progress_not_found())
    if ctx.text != "1":
        return Text(phrases_letters.withdraw_left(ticket.number))
    rights.withdraw(ctx.db, ticket, ctx.openid, ctx.now)
    return Text(phrases_letters.withdrawn(ticket.number))
