"""分办词和常用语: what the general office teaches the house for handling letters."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.feedback import canned, corrections, routing
from bureau.staff import accounts, offices
from web.access import allow, the_clerk
from web.counter import db, now
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

pages = Blueprint("rules", __name__, url_prefix="/rules")
SENTENCE = (Field("text", "常用语", Shape.TEXT, longest=canned.LONGEST),)


@pages.get("/")
@allow("feedback.assign")
def page() -> ResponseReturnValue:
    return _show(blank(_word()), blank(SENTENCE))


@pages.post("/words")
@allow("feedback.assign")
def teach() -> ResponseReturnValue:
    form = filled(_word())

    def deed(session: Session) -> None:
        office = accounts.office_by_slug(session, form["office"])
        routing.teach(session, office, form["word"], the_clerk(), now())

    told = "已记下，以后来信里有这个词时会提示分办到该科室。"
    return _done(form, deed, told) or _show(form, blank(SENTENCE))


@pages.post("/words/<slug>/forget")
@allow("feedback.assign")
def forget(slug: str) -> ResponseReturnValue:
    form = filled((Field("word", "关键词", longest=routing.LONGEST_WORD),))

    def deed(session: Session) -> None:
        office = accounts.office_by_slug(session, slug)
        routing.forget(session, office, form["word"], the_clerk(), now())

    return _done(form, deed, "已去掉。") or _show(blank(_word()), blank(SENTENCE))


@pages.post("/sentences")
@allow("feedback.assign")
def add_sentence() -> ResponseReturnValue:
    form = filled(SENTENCE)

    def deed(session: Session) -> None:
        canned.add(session, form["text"], the_clerk(), now())

    return _done(form, deed, "常用语已加上。") or _show(blank(_word()), form)


@pages.post("/sentences/<int:number>/remove")
@allow("feedback.assign")
def remove_sentence(number: int) -> ResponseReturnValue:
    def deed(session: Session) -> None:
        canned.remove(session, number, the_clerk(), now())

    return _done(filled(()), deed, "已删去。") or go_to("console.rules.page")


def _word() -> tuple[Field, ...]:
    rooms = {room.slug: room.name for room in offices.everyone(db())}
    return (
        Field("word", "关键词", longest=routing.LONGEST_WORD, hint="2到20个字，例如：代理记账。"),
        Field("office", "分办到", Shape.CHOICE, choices=rooms),
    )


def _done(form: Form, deed: Callable[[Session], Any], told: str) -> ResponseReturnValue | None:
    """Do it in one transaction and go back to the page; None when the form comes back."""
    if not attempt(form, deed):
        return None
    flash(told, "success")
    return go_to("console.rules.page")


def _show(word: Form, sentence: Form) -> ResponseReturnValue:
    page = render_template(
        "console/rules.html",
        word=word,
        sentence=sentence,
        offices=offices.everyone(db()),
        lessons=corrections.lessons(db(), now()),
        sentences=canned.everything(db()),
    )
    return page, max(word.status, sentence.status)
