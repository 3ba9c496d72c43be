"""推送: what went out to whom, one named outcome a person."""

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.outbound import progress, proof, pushes
from bot.outbound.models import Push
from bot.outbound.notice import DISCLOSURE
from bot.outbound.states import DELIVERY_LABELS, PUSH_LABELS, REASONS, PushState
from core.errors import NotFound, Refusal
from web.access import allow
from web.counter import db, now, writing
from web.htmx import go_to, wants_piece
from web.paging import PAGE_SIZE, Pages, asked_page

pages = Blueprint("pushes", __name__, url_prefix="/pushes")
MOVING = {PushState.PLANNED, PushState.SENDING}
DEEDS = {"pause": pushes.pause, "resume": pushes.resume, "cancel": pushes.cancel}
TOLD = {"pause": "已暂停。", "resume": "已继续。", "cancel": "已取消，没有收到的人不会再收到。"}


@pages.get("/")
@allow("push.read")
def shelf() -> ResponseReturnValue:
    number = asked_page()
    rows, total = progress.recent(db(), DISCLOSURE, offset=(number - 1) * PAGE_SIZE, size=PAGE_SIZE)
    return render_template(
        "console/pushes/shelf.html", rows=rows, pages=Pages(number, total), labels=PUSH_LABELS
    )


@pages.get("/<int:push_id>")
@allow("push.read")
def page(push_id: int) -> ResponseReturnValue:
    """The proof of a push; asked by htmx, only the figures that move."""
    push = of_disclosure(db(), push_id)
    template = "console/pushes/figures.html" if wants_piece() else "console/pushes/page.html"
    return render_template(
        template,
        push=push,
        status=progress.of(db(), push_id),
        reasons=REASONS,
        labels=PUSH_LABELS,
        outcomes=DELIVERY_LABELS,
        moving=push.state in MOVING,
        wants_piece=wants_piece(),
        live=1 if request.args.get("live") else None,
        mass_calls=proof.mass_calls(db(), push_id),
    )


@pages.post("/<int:push_id>/<any(pause, resume, cancel):deed>")
@allow("push.manage")
def change(push_id: int, deed: str) -> ResponseReturnValue:
    try:
        with writing() as session:
            DEEDS[deed](session, of_disclosure(session, push_id).id, now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(refusal.say, "danger")
    else:
        flash(TOLD[deed], "success")
    return go_to("console.pushes.page", push_id=push_id)


def of_disclosure(session: Session, push_id: int) -> Push:
    """A push of a disclosure. Raises NotFound, for the notice of a letter too: it is private."""
    push = pushes.get(session, push_id)
    if push.purpose != DISCLOSURE:
        raise NotFound(f"没有编号为 {push_id} 的推送")
    return push
