"""Making a letter and its answer public: prepared by one, approved by another; its pictures."""

from flask import send_from_directory
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.feedback import attachments, files, publication, search
from bureau.feedback.history import TicketPublication
from bureau.feedback.models import Ticket
from bureau.staff.models import Clerk
from core.errors import NotFound
from web.access import allow, the_clerk
from web.console.ticket_desk import FORMS, carry_out, pages
from web.counter import db, now, office
from web.forms import Field, filled

UPLOADS = "uploads"  # where the worker keeps them
REASON = (Field("reason", "理由", longest=500),)


@pages.post("/<number>/publication")
@allow("feedback.publish")
def prepare(number: str) -> ResponseReturnValue:
    form = filled(FORMS["publication"])

    def deed(session: Session, ticket: Ticket, by: Clerk) -> None:
        publication.prepare(session, ticket, form["question"], form["answer"], by, now())

    return carry_out(number, "publication", form, deed, "公开稿已送审，须另一人审核。")


@pages.post("/<number>/publication/<int:row_id>/approve")
@allow("feedback.publish")
def approve(number: str, row_id: int) -> ResponseReturnValue:
    def deed(session: Session, ticket: Ticket, by: Clerk) -> None:
        publication.approve(session, _of(session, ticket, row_id), by, now())

    return carry_out(number, "approve", filled(()), deed, "已公开。")


@pages.post("/<number>/publication/<int:row_id>/<any(refuse, withdraw):what>")
@allow("feedback.publish")
def take_back(number: str, row_id: int, what: str) -> ResponseReturnValue:
    form = filled(REASON)

    def deed(session: Session, ticket: Ticket, by: Clerk) -> None:
        act = publication.refuse if what == "refuse" else publication.withdraw
        act(session, _of(session, ticket, row_id), by, now(), form["reason"])

    told = "公开稿已退回。" if what == "refuse" else "已撤下，群众看不到了。"
    return carry_out(number, "take_back", form, deed, told)


@pages.get("/<number>/pictures/<int:picture_id>")
@allow("feedback.read")
def picture(number: str, picture_id: int) -> ResponseReturnValue:
    """A picture of a letter this clerk may read, or a file to save; never run by the browser."""
    ticket = search.visible(db(), the_clerk(), number)
    kept = {one.id: one for one in attachments.of_ticket(db(), ticket.id) if one.state == "kept"}
    if picture_id not in kept:
        raise NotFound("没有这个附件，或者还没有取到。")
    found = kept[picture_id]
    folder = office().settings.data_dir / UPLOADS
    answer = send_from_directory(
        folder,
        found.path,
        mimetype=found.content_type,
        as_attachment=not found.content_type.startswith(files.IMAGES),
        download_name=found.name or found.path,
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-SHA256"] = found.sha256
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _of(session: Session, ticket: Ticket, row_id: int) -> TicketPublication:
    """The version, if it belongs to this ticket. Raises NotFound."""
    row = publication.one(session, row_id)
    if row.ticket_id != ticket.id:
        raise NotFound("没有这份公开稿。")
    return row
