"""公开信息: the shelf of all disclosures, and one of them with its reviews."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.disclosures import drafting, publish
from bureau.disclosures.models import Disclosure
from bureau.staff.models import Clerk
from core.errors import NotFound, Refusal
from web.access import allow, the_clerk
from web.console.disclosure_desk import REVIEW, Deed, pages, show
from web.counter import db, now, writing
from web.forms import Form, filled
from web.htmx import go_to
from web.paging import PAGE_SIZE, Pages, asked_page

STATES = {
    "": "全部",
    "draft": "拟稿和审核",
    "scheduled": "定时",
    "published": "已发布",
    "withdrawn": "已撤回",
}


@pages.get("/")
@allow("disclosures.read")
def shelf() -> ResponseReturnValue:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    number = asked_page()
    rows, total = drafting.shelf(db(), state, offset=(number - 1) * PAGE_SIZE, size=PAGE_SIZE)
    return render_template(
        "console/disclosures/shelf.html",
        rows=rows,
        state=state,
        states=STATES,
        counts=drafting.counts(db()),
        pages=Pages(number, total),
    )


@pages.get("/<int:number>")
@allow("disclosures.read")
def page(number: int) -> ResponseReturnValue:
    return show(number)


@pages.post("/<int:number>/first-review")
@allow("disclosures.first_review")
def first_review(number: int) -> ResponseReturnValue:
    return _sign(number, "first_review")


@pages.post("/<int:number>/second-review")
@allow("disclosures.secrecy")
def second_review(number: int) -> ResponseReturnValue:
    return _sign(number, "second_review")


@pages.post("/<int:number>/approval")
@allow("disclosures.approve")
def approval(number: int) -> ResponseReturnValue:
    return _sign(number, "approval")


@pages.post("/<int:number>/publish")
@allow("disclosures.publish")
def let_out(number: int) -> ResponseReturnValue:
    """Public now, and its push on the way, in one transaction."""

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        drafting.let_out(session, found, by, now())

    return _carry_out(number, filled(()), deed, "已发布，推送已开始。")


def _sign(number: int, step: str) -> ResponseReturnValue:
    form = filled(REVIEW)
    passed = form.values.get("passed") == "yes"

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        drafting.sign(
            session,
            found,
            step,
            by,
            now(),
            seen=form["seen"],
            passed=passed,
            note=form["note"],
        )

    return _carry_out(number, form, deed, "审核通过。" if passed else "已退回拟稿人。")


def _carry_out(number: int, form: Form, deed: Deed, told: str) -> ResponseReturnValue:
    if form.good:
        try:
            with writing() as session:
                deed(session, publish.one(session, number), the_clerk())
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(told, "success")
            return go_to("console.disclosures.page", number=number)
    return show(number, form)
