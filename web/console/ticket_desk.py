"""The page of one ticket: what is known of it, and the forms by which it is moved on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.feedback import (
    arrival,
    attachments,
    canned,
    chain,
    closing,
    deadlines,
    escalation,
    handling,
    likeness,
    publication,
    ratings,
    replies,
    requests,
    routing,
    search,
    splitting,
    tickets,
)
from bureau.feedback.history import TicketReply
from bureau.feedback.identity import Identity
from bureau.feedback.kinds import ANSWER_TYPES, KINDS, OUTCOMES
from bureau.feedback.models import Ticket
from bureau.feedback.states import NEXT, OPEN, State
from bureau.staff import offices
from bureau.staff.models import Clerk
from bureau.staff.roles import may
from bureau.workdays import table
from knowledge.answered import Card, Kept
from web.access import the_clerk
from web.counter import db, library, now
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank
from web.htmx import go_to

pages = Blueprint("tickets", __name__, url_prefix="/tickets")
KIND_LABELS = {key: kind.label for key, kind in KINDS.items()}
SUGGESTIONS, LONGEST_QUESTION = 3, 200
Deed = Callable[[Session, Ticket, Clerk], Any]

FORMS: dict[str, tuple[Field, ...]] = {
    "reply": (
        Field("text", "答复", Shape.TEXT, longest=replies.LONGEST),
        Field("interim", "只是办理进展，不算正式答复", Shape.TICK, required=False),
        Field("public", "拟公开这份答复（须另一人审核）", Shape.TICK, required=False),
        Field("answer_type", "答复类型", Shape.CHOICE, required=False, choices=ANSWER_TYPES),
        Field("step", "", required=False, longest=10),
    ),
    "note": (Field("text", "备注", Shape.TEXT, longest=2000),),
    "return": (Field("reason", "退回理由", Shape.TEXT, longest=500),),
    "extend": (
        Field("days", "延长（工作日）", longest=3),
        Field("reason", "延期理由", Shape.TEXT, longest=500),
    ),
    "merge": (
        Field("into", "并入哪一件（编号）", longest=30),
        Field("reason", "说明", required=False, longest=300),
    ),
    "split": (
        Field("kind", "新来信的类型", Shape.CHOICE, choices=KIND_LABELS),
        Field("first", "另一件事", Shape.TEXT, longest=tickets.LONGEST, hint="照来信原话写。"),
        Field("second", "还有一件", Shape.TEXT, longest=tickets.LONGEST, required=False),
        Field("reason", "说明", required=False, longest=300),
    ),
    "escalate": (Field("reason", "报请局领导的理由", Shape.TEXT, longest=500),),
    "instruct": (Field("words", "批示", Shape.TEXT, longest=1000),),
    "close": (
        Field("outcome", "处理结果", Shape.CHOICE, choices=OUTCOMES),
        Field("reason", "理由", Shape.TEXT, required=False, longest=1000),
    ),
    "progress": (Field("text", "落实进展", Shape.TEXT, longest=1000),),
    "supplement": (
        Field("what", "需要补正的事项", Shape.TEXT, longest=1000),
        Field("days", "给申请人的期限（工作日）", longest=3),
    ),
    "third_party": (Field("whom", "征求谁的意见", longest=200),),
    "third_answer": (Field("answer", "第三方的意见", Shape.TEXT, longest=1000),),
    "publication": (
        Field("question", "来信（公开稿）", Shape.TEXT, longest=3000),
        Field("answer", "答复（公开稿）", Shape.TEXT, longest=replies.LONGEST),
    ),
}


@dataclass(slots=True)
class TicketView:
    """All that the page of a ticket shows."""

    ticket: Ticket
    card: str
    window_until: datetime | None
    forms: dict[str, Form] = field(default_factory=dict)


def assign_fields() -> tuple[Field, ...]:
    """The form to hand a ticket out: the offices are data."""
    rooms = {room.slug: room.name for room in offices.everyone(db())}
    return (
        Field("office", "主办科室", Shape.CHOICE, choices=rooms),
        Field("assist", "协办科室", Shape.CHOICE, required=False, choices=rooms),
        Field("assist_2", "协办科室之二", Shape.CHOICE, required=False, choices=rooms),
        Field("reason", "批注", required=False, longest=300),
    )


def carry_out(number: str, name: str, form: Form, deed: Deed, told: str) -> ResponseReturnValue:
    """Do `deed` in one transaction; refused, the page comes back with everything typed."""
    clerk = the_clerk()
    if not attempt(
        form, lambda session: deed(session, search.visible(session, clerk, number), clerk)
    ):
        return show(number, sent={name: form})
    flash(told, "success")
    return go_to("console.tickets.page", number=number)


def show(
    number: str, *, sent: dict[str, Form] | None = None, identity: Identity | None = None
) -> ResponseReturnValue:
    """The page, with the forms that came back and fresh ones for the rest."""
    session, clerk = db(), the_clerk()
    ticket = search.visible(session, clerk, number)
    forms = {name: blank(fields) for name, fields in FORMS.items()}
    assigns = may(clerk.role, "feedback.assign")
    proposals = routing.propose(session, ticket.text) if assigns and not ticket.office_id else []
    forms["assign"] = blank(assign_fields(), office=proposals[0].office.slug if proposals else "")
    forms["split"] = blank(FORMS["split"], kind=ticket.kind)
    forms["publication"] = blank(FORMS["publication"], **_public_text(session, ticket))
    forms |= sent or {}
    calendar = table.load(session, now().date())
    until = arrival.windows(session, [ticket]).get(ticket.id)
    written = replies.of(session, ticket)
    page = render_template(
        "console/tickets/page.html",
        view=TicketView(ticket, deadlines.card(calendar, ticket, now().date()), until, forms),
        moves={state.value for state in NEXT[State(ticket.state)]},
        is_open=State(ticket.state) in OPEN,
        kind=KINDS[ticket.kind],
        arithmetic=deadlines.explain(session, ticket),
        clock=deadlines.leading(session, ticket),
        events=chain.events(session, ticket),
        replies=written,
        arrivals=arrival.arrivals(session, written),
        proposals=proposals,
        alike=likeness.tickets_like(session, ticket) if assigns else [],
        reply_in_review=in_review(written),
        pictures=attachments.of_ticket(session, ticket.id),
        publications=publication.of(session, ticket),
        notes=handling.notes(session, ticket),
        extensions=handling.asks(session, ticket, "extension"),
        escalations=handling.asks(session, ticket, escalation.KIND),
        relatives=splitting.relatives(session, ticket),
        may_split=State(ticket.state) in splitting.UNANSWERED,
        assisting=handling.assisting(session, ticket),
        ratings=ratings.all_of(session, ticket),
        steps=closing.steps(session, ticket),
        identity=identity,
        third_party=requests.waiting_for_third_party(session, ticket),
        sentences=canned.everything(session),
        suggested=_suggested(ticket) if may(clerk.role, "feedback.reply") else [],
    )
    return page, max((form.status for form in (sent or {}).values()), default=200)


def _suggested(ticket: Ticket) -> list[Card]:
    """What the library would say to this letter, for the clerk to use or leave."""
    if State(ticket.state) not in OPEN or ticket.kind == "request":
        return []
    today = now().date()
    answered = library().ask(ticket.text[:LONGEST_QUESTION], today=today, keep=Kept())
    hits = answered.hits[:SUGGESTIONS] if answered.outcome != "unknown" else ()
    cards = [library().card(hit.id, today=today, slot=answered.slot) for hit in hits]
    return [card for card in cards if card is not None]


def _public_text(session: Session, ticket: Ticket) -> dict[str, str]:
    """Letter and answer as they might be published, masked; empty where that may not be."""
    if not ticket.may_publish or ticket.answered_at is None:
        return {}
    question, answer = publication.proposal(session, ticket)
    return {"question": question, "answer": answer}


def in_review(versions: list[TicketReply]) -> TicketReply | None:
    """The reply that waits to be released; None when there is none."""
    waiting = [reply for reply in versions if reply.state == "in_review"]
    return waiting[-1] if waiting else None
