"""依据: documents that have ended, and the answers that wait for people because of them."""

from collections.abc import Callable

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.catalogues import bases, rebasing
from knowledge.bases import TERM
from knowledge.kinds import PLURAL_OF
from knowledge.models import Batch, Kind
from web.access import allow, the_clerk
from web.counter import db, now
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

pages = Blueprint("bases", __name__, url_prefix="/bases")
DOCUMENT = (
    Field("number", "文号", longest=80, hint="例如：财税〔2018〕37号。"),
    Field("how", "怎样失效", Shape.CHOICE, choices=bases.HOW),
    Field("on", "自哪天起失效", Shape.DAY),
    Field("note", "依据或说明", required=False, longest=500),
)
HOLDS = (Field("note", "仍然有效的理由", longest=500),)
EXTEND = (Field("until", "新的终止日期", Shape.DAY),)
REBASE = (
    Field("basis", "新的依据", longest=1000),
    Field("answer", "新的答案", Shape.TEXT, required=False, longest=2000),
)


@pages.get("/")
@allow("catalogues.read")
def page() -> ResponseReturnValue:
    return _show(blank(DOCUMENT))


@pages.post("/")
@allow("catalogues.draft")
def mark() -> ResponseReturnValue:
    form = filled(DOCUMENT)

    def deed(session: Session) -> None:
        said = form["number"], form["how"], form["on"], form["note"]
        bases.mark(session, *said, the_clerk(), now())

    return _done(form, deed, "已标记，引用它的答复到期即停用，等待复核。") or _show(form)


@pages.post("/<int:number>/unmark")
@allow("catalogues.review")
def unmark(number: int) -> ResponseReturnValue:
    def deed(session: Session) -> None:
        bases.unmark(session, number, the_clerk(), now())

    return _plainly(deed, "标记已撤销，答复恢复使用。")


@pages.post("/reviews/<int:number>/holds")
@allow("catalogues.draft")
def holds(number: int) -> ResponseReturnValue:
    form = filled(HOLDS)

    def deed(session: Session) -> None:
        bases.propose(session, number, form["note"], the_clerk(), now())

    return _plainly(deed, "已提出，另一人复核后恢复答复。", form)


@pages.post("/reviews/<int:number>/<any(agree, refuse):what>")
@allow("catalogues.review")
def decide(number: int, what: str) -> ResponseReturnValue:
    def deed(session: Session) -> None:
        bases.decide(session, number, what == "agree", the_clerk(), now())

    told = "已确认，答复恢复使用。" if what == "agree" else "未同意，答复继续停用。"
    return _plainly(deed, told)


@pages.post("/reviews/<int:number>/rebase")
@allow("catalogues.draft")
def rebase(number: int) -> ResponseReturnValue:
    """The row with another basis: a review item of one."""
    form = filled(REBASE)

    def propose(session: Session) -> Batch:
        words = form["basis"], the_clerk(), now(), form["answer"]
        return rebasing.replace_basis(session, number, *words)

    return _proposed(form, propose)


@pages.post("/reviews/<int:number>/extend")
@allow("catalogues.draft")
def extend(number: int) -> ResponseReturnValue:
    """The row with a later last day: a review item of one."""
    form = filled(EXTEND)
    return _proposed(
        form, lambda db: rebasing.extend(db, number, form["until"], the_clerk(), now())
    )


def _proposed(form: Form, propose: Callable[[Session], Batch]) -> ResponseReturnValue:
    """Propose in one transaction and show what now waits for its reviews."""
    made = list[Batch]()
    if not attempt(form, lambda session: made.append(propose(session))):
        flash(form.say or "；".join(form.errors.values()), "warning")
        return go_to("console.bases.page")
    flash("已送审，两位同事审核后恢复答复。", "success")
    return go_to("console.catalogues.batch", batch_id=made[0].id)


def _done(form: Form, deed: Callable[[Session], None], told: str) -> ResponseReturnValue | None:
    """Do it in one transaction and go back to the page; None when the form comes back."""
    if not attempt(form, deed):
        return None
    flash(told, "success")
    return go_to("console.bases.page")


def _plainly(
    deed: Callable[[Session], None], told: str, form: Form | None = None
) -> ResponseReturnValue:
    """The same for a row of the page: what was refused is said above it."""
    form = form or filled(())
    done = _done(form, deed, told)
    if done is None:
        flash(form.say or "；".join(form.errors.values()), "warning")
    return done or go_to("console.bases.page")


def _show(form: Form) -> ResponseReturnValue:
    page = render_template(
        "console/catalogues/bases.html",
        form=form,
        documents=bases.documents(db()),
        reviews=bases.to_review(db()),
        how=bases.HOW,
        term=TERM,
        folders=PLURAL_OF,
        faq=Kind.FAQ,
        today=now().date(),
    )
    return page, form.status
