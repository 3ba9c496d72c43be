"""查进度: number and secret code open one ticket in this browser for half an hour."""

from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.followers import own_page
from bureau.feedback import (
    attachments,
    closing,
    deadlines,
    ratings,
    replies,
    requests,
    rights,
    search,
    splitting,
    tracking,
)
from bureau.feedback.attachments import Holder
from bureau.feedback.kinds import GRADES, REASON_FROM
from bureau.feedback.models import Ticket
from bureau.feedback.states import NEXT, OPEN, State
from core.errors import Refusal
from web.counter import db, now, office, writing
from web.forms import Field, Form, Shape, blank, filled
from web.h5 import enclosures

pages = Blueprint("lookup", __name__)
OPENED = "opened_tickets"
OPEN_FOR = timedelta(minutes=30)
KEPT = 5
NOT_FOUND = "编号与查询码不相符，请核对后再试。一小时内最多试5次。"
FIELDS = (
    Field("number", "编号", longest=30, hint="例如 JY26-0007-K"),
    Field("code", "查询码", longest=30, hint="提交时一并给出的10位字符，不分大小写。"),
)
REDO = "很抱歉没有让您满意。这件来信已退回重新办理，5个工作日内再答复您。"
RATING = (
    Field("grade", "您对答复满意吗", Shape.CHOICE, choices={str(n): g for n, g in GRADES.items()}),
    Field("reason", "哪里不满意", Shape.TEXT, required=False, longest=500),
)
SUPPLEMENT = (Field("text", "补正内容", Shape.TEXT, longest=3000), enclosures.FILES)


@pages.get("/tickets")
def page() -> ResponseReturnValue:
    return _ask(blank(FIELDS, number=request.args.get("number", "")[:30]))


@pages.get("/tickets/<number>")
def ticket(number: str) -> ResponseReturnValue:
    """The ticket, if this browser opened it with its code; else the question for the code."""
    if not is_open(number):
        return ask_code(number)
    return _show(number, blank(SUPPLEMENT))


@pages.get("/tickets/<number>/<token>")
def come_in(number: str, token: str) -> ResponseReturnValue:
    """By the link of a notice: the sender's own letter opens without its code."""
    key = office().settings.secret_key
    person = own_page.person_of(token, key, now(), f"{own_page.LETTERS}{number}")
    found = tracking.own(db(), person, number) if person else None
    if found is not None:
        _keep_open(found)
    return redirect(url_for("h5.lookup.ticket", number=number), 303)


@pages.post("/tickets/<number>/supplement")
def supplement(number: str) -> ResponseReturnValue:
    """What we asked for to complete a request, from whoever opened it with its code."""
    if not is_open(number):
        return ask_code(number)
    form, holder = filled(SUPPLEMENT), _supplement_of(search.one(db(), number))
    if not form.say and search.one(db(), number).state == State.SUPPLEMENT:
        enclosures.take_in(form, holder)
    if form.good:
        try:
            with writing() as session_db:
                found = search.one(session_db, number)
                requests.supplement(session_db, found, form["text"], now())
                attachments.hand_over(session_db, holder, found, now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("补正已收到，答复期限从今天重新计算。", "success")
            return redirect(url_for("h5.lookup.ticket", number=number), 303)
    return _show(number, form)


@pages.post("/tickets/<number>/rating")
def rate(number: str) -> ResponseReturnValue:
    """The grade of the answer, from whoever opened the letter with its code."""
    if not is_open(number):
        return ask_code(number)
    form = filled(RATING)
    if form.good and int(form["grade"]) >= REASON_FROM and not form["reason"]:
        form.errors["reason"] = "请写一下哪里不满意，我们好改进。"
    if form.good:
        try:
            with writing() as session_db:
                found = search.one(session_db, number)
                rated = ratings.rate(
                    session_db, found, found.openid, int(form["grade"]), now(), form["reason"]
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(REDO if rated.redo else "谢谢您的评价。", "success")
            return redirect(url_for("h5.lookup.ticket", number=number), 303)
    return _show(number, blank(SUPPLEMENT), form)


@pages.post("/tickets")
def open_it() -> ResponseReturnValue:
    form = filled(FIELDS)
    if not form.good:
        return _ask(form)
    source = f"web:{request.remote_addr or ''}"
    try:
        with writing() as session_db:
            found = tracking.by_code(session_db, form["number"], form["code"], source, now())
    except Refusal as refusal:
        form.refuse(refusal)
        return _ask(form)
    if found is None:
        form.say = NOT_FOUND
        return _ask(form)
    _keep_open(found)
    return redirect(url_for("h5.lookup.ticket", number=found.number), 303)


def _show(number: str, form: Form, rating: Form | None = None) -> ResponseReturnValue:
    found = search.one(db(), number)
    is_open_still = State(found.state) in OPEN
    page = render_template(
        "h5/ticket.html",
        ticket=found,
        reply=replies.latest_sent(db(), found),
        interim=replies.interim_sent(db(), found),
        wanted=requests.wanted(db(), found),
        is_open=is_open_still,
        may_redo=ratings.may_redo(found),
        steps=closing.steps(db(), found),
        may_withdraw=State.WITHDRAWN in NEXT[State(found.state)],
        may_erase=State(found.state) in (*rights.ENDED, State.ANSWERED),
        arithmetic=deadlines.explain(db(), found) if is_open_still else [],
        relatives=splitting.relatives(db(), found),
        form=form,
        kept=enclosures.kept(_supplement_of(found)),
        files_hint=enclosures.hint(),
        enclosed=attachments.of_ticket(db(), found.id),
        rating=rating or blank(RATING),
        rated=ratings.of_round(db(), found),
        grades=GRADES,
    )
    return page, max(form.status, rating.status if rating else 200)


def _supplement_of(found: Ticket) -> Holder:
    """Where the files of a supplement lie: whoever opened the letter may add some."""
    return Holder(form=f"supplement:{found.number}:{found.code_salt}")


def is_open(number: str) -> bool:
    """Whether this browser opened the letter with its code within the last half hour."""
    until = session.get(OPENED, {}).get(number)
    return isinstance(until, str) and datetime.fromisoformat(until) > now()


def _keep_open(found: Ticket) -> None:
    opened = dict(list(session.get(OPENED, {}).items())[-KEPT + 1 :])
    opened[found.number] = (now() + OPEN_FOR).isoformat()
    session[OPENED] = opened


def ask_code(number: str) -> ResponseReturnValue:
    """The question for the code, the number filled in."""
    return _ask(blank(FIELDS, number=number[:30]))


def _ask(form: Form) -> ResponseReturnValue:
    return render_template("h5/lookup.html", form=form), form.status
