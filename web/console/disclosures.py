"""公开信息: the shelf of all disclosures, and one of them with its reviews."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.disclosures import drafting
from bureau.disclosures.models import Disclosure
from bureau.disclosures.states import LABELS
from bureau.staff.models import Clerk
from core.errors import Refusal
from web.access import allow
from web.console.disclosure_desk import RELEASE, REVIEW, carry_out, pages, show
from web.counter import db, now
from web.forms import filled
from web.paging import PAGE_SIZE, Pages, asked_page
from web.wording import moment

STATES = {"": "全部", **{state.value: label for state, label in LABELS.items()}}


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
    """Public now or at a moment, and its push on the way, in one transaction."""
    form = filled(RELEASE)
    later = form.values.get("at")

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        if later is not None and later <= now():
            raise Refusal("定时发布的时间已经过了，请重新选择，或不填以立即发布。")
        drafting.let_out(session, found, by, now(), at=later)

    told = f"已定时，{moment(later)} 发布并通知。" if later else "已发布，推送已开始。"
    return carry_out(number, form, deed, told)


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

    return carry_out(number, form, deed, "审核通过。" if passed else "已退回拟稿人。")
