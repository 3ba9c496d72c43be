"""Letters of people who have left the account: whom they came from is kept while they are open."""

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from bot.followers.leaving import PREFIX
from bureau.feedback.models import Ticket
from bureau.feedback.states import State

ENDED = (State.CLOSED.value, State.WITHDRAWN.value)


def forget_names(db: Session) -> int:
    """Name and phone go from the ended letters of people who left; gives how many letters."""
    left = Ticket.openid.startswith(PREFIX, autoescape=True) & Ticket.state.in_(ENDED)
    named = or_(Ticket.name_sealed != "", Ticket.phone_sealed != "")
    emptied = db.scalars(
        update(Ticket)
        .where(left, named)
        .values(name_sealed="", phone_sealed="")
        .returning(Ticket.id)
    )
    return len(emptied.all())
