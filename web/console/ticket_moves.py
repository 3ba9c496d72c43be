"""What a clerk says on a ticket: the reply, its release, notes, the outcome, progress."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.feedback import closing, handling, replies
from bureau.feedback.history import TicketReply
from bureau.feedback.models import Ticket
from bureau.staff.models import Clerk
from core.errors import NotFound, Refusal
from web.access import allow
from web.console.ticket_desk import FORMS, carry_out, pages
from web.counter import now
from web.forms import Field, filled

REFUSAL = (Field("reason", "退回修改的理由", longest=500),)
SENT = "答复已发出，将按微信允许的渠道送达。"


@pages.post("/<number>/reply")
@allow("feedback.reply")
def reply(number: str) -> ResponseReturnValue:
    """Lay a reply before who releases it; or send it at once, by somebody who may."""
    form = filled(FORMS["reply"])
    send = form.values.get("step") == "send"

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        text, interim, public = form["text"], form["interim"], form["public"]
        kind = form["answer_type"]
        if send and public:
            raise Refusal("公开的答复须由另一人审核发出，请点“送审”。")
        if send:
            replies.answer(db, ticket, text, by, now(), interim=interim, answer_type=kind)
        else:
            replies.draft(
                db, ticket, text, by, now(), interim=interim, public=public, answer_type=kind
            )

    return carry_out(number, "reply", form, deed, SENT if send else "答复已送审。")


@pages.post("/<number>/replies/<int:reply_id>/release")
@allow("feedback.release")
def release(number: str, reply_id: int) -> ResponseReturnValue:
    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        replies.release(db, _of(db, ticket, reply_id), by, now())

    return carry_out(number, "release", filled(()), deed, SENT)


@pages.post("/<number>/replies/<int:reply_id>/refuse")
@allow("feedback.release")
def refuse(number: str, reply_id: int) -> ResponseReturnValue:
    form = filled(REFUSAL)

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        replies.refuse(db, _of(db, ticket, reply_id), by, now(), form["reason"])

    return carry_out(number, "refuse", form, deed, "已退回修改。")


@pages.post("/<number>/notes")
@allow("feedback.read")
def note(number: str) -> ResponseReturnValue:
    form = filled(FORMS["note"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        handling.note(db, ticket, form["text"], by, now())

    return carry_out(number, "note", form, deed, "备注已记下，群众看不到。")


@pages.post("/<number>/close")
@allow("feedback.close")
def close(number: str) -> ResponseReturnValue:
    form = filled(FORMS["close"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        closing.close(db, ticket, form["outcome"], by, now(), form["reason"])

    return carry_out(number, "close", form, deed, "已办结。")


@pages.post("/<number>/progress")
@allow("feedback.close")
def progress(number: str) -> ResponseReturnValue:
    form = filled(FORMS["progress"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        closing.progress(db, ticket, form["text"], by, now())

    return carry_out(number, "progress", form, deed, "进展已登记并告知来信人。")


def _of(db: Session, ticket: Ticket, reply_id: int) -> TicketReply:
    """The reply, if it belongs to this ticket. Raises NotFound."""
    found = replies.one(db, reply_id)
    if found.ticket_id != ticket.id:
        raise NotFound("没有这份答复。")
    return found
