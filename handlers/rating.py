"""评价: five grades by word or number, and the reason of who is not content."""

import re

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import ratings, tracking
from bureau.feedback.kinds import GRADES
from bureau.feedback.models import Ticket
from core.numbering import NUMBER
from core.wording import day_words
from handlers import phrases_letters
from handlers.context import Context

GRADING = "rating.grade"
REASON = "rating.reason"
GRADE_OF = {name: grade for grade, name in GRADES.items()} | {str(n): n for n in GRADES}
SAID = re.compile(rf"({NUMBER.pattern})?[:：]?({'|'.join(GRADE_OF)})?")


def take(message: Inbound, ctx: Context) -> Reply:
    """`评价`, `评价 NUMBER`, `评价 NUMBER 满意`; without a number the newest unrated answer."""
    said = SAID.fullmatch(tracking.tidy(ctx.text.removeprefix("评价")))
    if said is None:
        return Text(phrases_letters.rating_nothing())
    number, grade = said.groups()
    if number:
        ticket = tracking.own(ctx.db, ctx.openid, number)
    else:
        ticket = ratings.waiting(ctx.db, ctx.openid)
    if ticket is None:
        return Text(phrases_letters.rating_nothing())
    if not grade:
        ctx.dialog.move(GRADING, number=ticket.number)
        return Text(phrases_letters.rating_ask(ticket.number, list(GRADES.values())))
    return _rated(ticket, GRADE_OF[grade], ctx)


def choose(message: Inbound, ctx: Context) -> Reply:
    """A bare number, 1 to 5, after the grades were shown; another shows them again."""
    number = ctx.dialog.data.get("number", "")
    ticket = tracking.own(ctx.db, ctx.openid, number)
    if ticket is None:
        ctx.dialog.clear()
        return Text(phrases_letters.rating_nothing())
    grade = GRADE_OF.get(ctx.text)
    if grade is None:
        return Text(phrases_letters.rating_ask(number, list(GRADES.values())))
    return _rated(ticket, grade, ctx)


def reason(message: Inbound, ctx: Context) -> Reply:
    """Why the answer did not satisfy."""
    ticket = tracking.own(ctx.db, ctx.openid, ctx.dialog.data.get("number", ""))
    ctx.dialog.clear()
    if ticket is None or not message.text.strip():
        return Text(phrases_letters.rating_nothing())
    ratings.give_reason(ctx.db, ticket, ctx.openid, message.text, ctx.now)
    return Text(phrases_letters.rating_reason_kept())


def _rated(ticket: Ticket, grade: int, ctx: Context) -> Reply:
    rated = ratings.rate(ctx.db, ticket, ctx.openid, grade, ctx.now)
    ctx.dialog.clear()
    if not rated.ask_reason:
        return Text(phrases_letters.rating_thanks(GRADES[grade]))
    ctx.dialog.move(REASON, number=ticket.number)
    due = day_words(ticket.due_on, ticket.provisional) if rated.redo else ""
    return Text(phrases_letters.rating_ask_reason(GRADES[grade], due))
