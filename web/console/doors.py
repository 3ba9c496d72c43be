"""其他部门: the matters that are not ours, and where the bot points people to."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.catalogues import doors
from knowledge.models import Door
from web.access import allow, the_clerk
from web.counter import db, now
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

pages = Blueprint("doors", __name__, url_prefix="/doors")
FORM = (
    Field("name", "部门", longest=doors.LONGEST_NAME),
    Field("phone", "电话", required=False, longest=doors.LONGEST_PHONE),
    Field("words", "哪些词指到这里", Shape.TEXT, longest=4_000, hint="用顿号或空格隔开。"),
    Field("stop", "不再指到这个部门", Shape.TICK, required=False),
)


@pages.get("/")
@allow("catalogues.read")
def page() -> ResponseReturnValue:
    return _show(blank(FORM))


@pages.get("/<int:number>")
@allow("catalogues.draft")
def edit(number: int) -> ResponseReturnValue:
    door = doors.one(db(), number)
    known = blank(FORM, name=door.name, phone=door.phone, words="、".join(door.words))
    return _show(known, door)


@pages.post("/")
@allow("catalogues.draft")
def add() -> ResponseReturnValue:
    return _propose(None)


@pages.post("/<int:number>")
@allow("catalogues.draft")
def change(number: int) -> ResponseReturnValue:
    return _propose(doors.one(db(), number))


@pages.post("/changes/<int:number>/<any(agree, drop):what>")
@allow("catalogues.review")
def decide(number: int, what: str) -> ResponseReturnValue:
    form = filled(())

    def deed(session: Session) -> None:
        doors.decide(session, number, what == "agree", the_clerk(), now())

    if attempt(form, deed):
        flash("已生效，几秒钟后按新的回答。" if what == "agree" else "没有采用。", "success")
    else:
        flash(form.say, "warning")
    return go_to("console.doors.page")


def _propose(door: Door | None) -> ResponseReturnValue:
    form = filled(FORM)

    def deed(session: Session) -> None:
        fields = (form["name"], form["phone"], form["words"])
        doors.propose(session, door, *fields, the_clerk(), now(), active=not form["stop"])

    if not attempt(form, deed):
        return _show(form, door)
    flash("已提交，另一位同事同意后生效。", "success")
    return go_to("console.doors.page")


def _show(form: Form, door: Door | None = None) -> ResponseReturnValue:
    page = render_template(
        "console/doors.html",
        form=form,
        door=door,
        rows=doors.everyone(db()),
        waiting=doors.waiting(db()),
    )
    return page, form.status
