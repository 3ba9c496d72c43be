"""进度: a person's own tickets, one of them, or another's by number and secret code."""

import re

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import ratings, replies, splitting, tracking
from bureau.feedback.kinds import GRADES
from bureau.feedback.models import Ticket
from bureau.feedback.states import NEXT, State
from core.clock import day_of
from core.numbering import NUMBER
from core.wording import day_words
from handlers import phrases_letters
from handlers.context import Context

LISTED = 8
LISTING = "progress.list"
GRADING = "rating.grade"
PAGE_BYTES = 1_300  # of a long reply, beside the lines about the ticket
ASKED = re.compile(rf"({NUMBER.pattern})(?:续(\d{{1,2}})|([0-9A-Z]{{10}}))?")


def tell(message: Inbound, ctx: Context) -> Reply:
    """`进度`, `进度 NUMBER`, `进度 NUMBER CODE`."""
    words = tracking.tidy(ctx.text.removeprefix("进度"))
    if not words:
        return _mine(ctx)
    asked = ASKED.fullmatch(words)
    if asked is None:
        return Text(phrases_letters.progress_not_found())
    number, part, code = asked.groups()
    ticket = tracking.own(ctx.db, ctx.openid, number)
    if ticket is None and code:
        ticket = tracking.by_code(ctx.db, number, code, f"wx:{ctx.openid}", ctx.now)
    if ticket is None:
        return Text(phrases_letters.progress_not_found())
    return _one(ticket, ctx, int(part or 1))


def choose(message: Inbound, ctx: Context) -> Reply:
    """A bare number after the list."""
    numbers = ctx.dialog.data.get("numbers", [])
    place = int(ctx.text)
    if not 1 <= place <= len(numbers):
        return Text(phrases_letters.which_of(listing(ctx)))
    ticket = tracking.own(ctx.db, ctx.openid, numbers[place - 1])
    return _one(ticket, ctx, 1) if ticket else Text(phrases_letters.progress_not_found())


def listing(ctx: Context) -> str:
    """The list of the person's own tickets; a bare number now belongs to it."""
    mine = tracking.for_person(ctx.db, ctx.openid, LISTED)
    if not mine:
        return phrases_letters.progress_none()
    ctx.dialog.move(LISTING, numbers=[ticket.number for ticket in mine])
    rows = [(ticket.number, ticket.kind_label, ticket.state_label) for ticket in mine]
    return phrases_letters.progress_list(rows)


def _mine(ctx: Context) -> Reply:
    mine = tracking.for_person(ctx.db, ctx.openid, 2)
    return _one(mine[0], ctx, 1) if len(mine) == 1 else Text(listing(ctx))


def _one(ticket: Ticket, ctx: Context, part: int) -> Reply:
    """One ticket as its sender sees it; an unrated answer may be rated at once."""
    lines = [_head(ticket)]
    apart = [one.number for one in splitting.relatives(ctx.db, ticket)]
    if apart:
        lines.append(phrases_letters.progress_apart(apart))
    reply = replies.latest_sent(ctx.db, ticket)
    if reply is not None:
        parts = pages(reply.text)
        shown = min(max(part, 1), len(parts))
        text = parts[shown - 1]
        lines.append(phrases_letters.progress_reply(text, shown, len(parts), ticket.number))
    if State.WITHDRAWN in NEXT[State(ticket.state)] and ticket.openid == ctx.openid:
        lines.append(phrases_letters.progress_withdraw(ticket.number))
    ctx.dialog.clear()
    waiting = ratings.waiting(ctx.db, ctx.openid, ticket.number)
    if waiting is not None:
        ctx.dialog.move(GRADING, number=ticket.number)
        lines.append(phrases_letters.rating_ask(ticket.number, list(GRADES.values())))
    return Text("\n\n".join(lines))


def _head(ticket: Ticket) -> str:
    return phrases_letters.progress_head(
        ticket.number,
        ticket.kind_label,
        ticket.state_label,
        day_of(ticket.received_at),
        day_words(ticket.due_on, ticket.provisional),
        ticket.office.name if ticket.office else "",
        ticket.title,
    )


def pages(text: str, limit_bytes: int = PAGE_BYTES) -> list[str]:
    """The text cut between characters into parts of at most `limit_bytes`."""
    parts, raw = [], text.encode()
    while raw:
        head = raw[:limit_bytes].decode(errors="ignore")
        parts.append(head)
        raw = raw[len(head.encode()) :]
    return parts or [""]
