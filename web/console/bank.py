"""题库: questions that must not lose their answer, kept by staff."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.catalogues import bank
from bureau.inquiries import records
from web.access import allow, the_clerk
from web.console.inquiries import pages
from web.counter import db, library, now
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to
from web.paging import PAGE_SIZE, Pages, asked_page

QUESTION = (
    Field("text", "问题", longest=bank.LONGEST),
    Field("keys", "由哪些条目回答", longest=600, hint="条目的编号，几个之间空一格。"),
    Field("origin", "来自", Shape.CHOICE, required=False, choices=bank.ORIGINS),
)
STANDS = {bank.DIRECT: "答对", bank.OFFERED: "在选项里", bank.MISSED: "没有答对"}


@pages.get("/bank")
@allow("inquiries.read")
def the_bank() -> ResponseReturnValue:
    return _show(blank(QUESTION))


@pages.post("/bank")
@allow("catalogues.draft")
def bank_add() -> ResponseReturnValue:
    form = filled(QUESTION)

    def deed(session: Session) -> None:
        origin = bank.INQUIRY if form["origin"] == bank.INQUIRY else bank.STAFF
        bank.add(session, form["text"], form["keys"].split(), the_clerk(), now(), origin)

    if not attempt(form, deed):
        return _show(form)
    flash("已收进题库，以后每次清单生效前都会再问一遍。", "success")
    return go_to("console.inquiries.the_bank")


@pages.post("/bank/<int:number>/remove")
@allow("catalogues.draft")
def bank_remove(number: int) -> ResponseReturnValue:
    if attempt(filled(()), lambda session: bank.remove(session, number, the_clerk(), now())):
        flash("已从题库去掉。", "success")
    return go_to("console.inquiries.the_bank")


def _show(form: Form) -> ResponseReturnValue:
    """A page of the bank, how each question stands now, and good answers that are not in it yet."""
    number, today = asked_page(), now().date()
    rows, total = bank.page(db(), offset=(number - 1) * PAGE_SIZE, size=PAGE_SIZE)
    stands = [
        (one, STANDS[bank.standing(library().ask(one.text, today=today), one.targets)])
        for one in rows
    ]
    good = records.judged_useful(db())
    fresh = bank.unknown_to(db(), [one.text for one in good])
    page = render_template(
        "console/inquiries/bank.html",
        rows=stands,
        pages=Pages(number, total),
        origins=bank.ORIGINS,
        inquiry=bank.INQUIRY,
        good=[one for one in good if one.text in fresh],
        form=form,
    )
    return page, form.status
