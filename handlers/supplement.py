"""补正 NUMBER …: an applicant completes a request for information in the chat."""

import re

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import requests, tracking
from core.numbering import NUMBER
from core.wording import day_words
from handlers import phrases_letters
from handlers.context import Context

SAID = re.compile(rf"\s*[补補]\s*正\s*({NUMBER.pattern})[\s：:，,]*(.+)", re.DOTALL | re.IGNORECASE)


def take(message: Inbound, ctx: Context) -> Reply:
    """Only the applicant's own request; the clock of the answer starts again today."""
    said = SAID.fullmatch(message.text)
    ticket = tracking.own(ctx.db, ctx.openid, said[1]) if said else None
    if said is None or ticket is None:
        return Text(phrases_letters.progress_not_found())
    requests.supplement(ctx.db, ticket, said[2], ctx.now)
    due = day_words(ticket.due_on, ticket.provisional)
    return Text(phrases_letters.supplement_received(ticket.number, due))
