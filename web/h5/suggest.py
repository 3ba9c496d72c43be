"""建言献策 without WeChat: a form in, a number and a secret code out."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bureau.feedback import attachments, likeness, tickets
from bureau.feedback.attachments import Holder
from bureau.feedback.kinds import KINDS
from bureau.feedback.likeness import Alike
from bureau.feedback.tickets import Letter, Submitted
from core.errors import Refusal
from web.counter import db, library, now, office, writing
from web.forms import Field, Form, Shape, blank, filled
from web.h5 import enclosures
from web.throttle import Throttle

pages = Blueprint("suggest", __name__)
LETTERS = Throttle("letters", tries=30, span_s=3600)
BROWSER = "letter_key"  # a secret of this browser; with the form's own mark it is its key
NEWEST = "letter_mark"
MARK = re.compile(r"[A-Za-z0-9_-]{16,40}")
RECEIPT = "receipt"
KIND_LABELS = {key: kind.label for key, kind in KINDS.items()}
LONGEST_QUESTION = 200  # characters of the letter that the library is asked with
SURE = 0.8  # an answer at least so likely is offered before handing in
FIELDS = (
    Field("kind", "类型", Shape.CHOICE, choices=KIND_LABELS),
    Field("text", "内容", Shape.TEXT, longest=tickets.LONGEST),
    enclosures.FILES,
    Field("place", "地点", required=False, longest=120, hint="如与某个地方有关，请写明。"),
    Field("name", "姓名", required=False, longest=60),
    Field("phone", "联系电话", required=False, longest=30, hint="加密保存，只用于联系您。"),
    Field("anonymous", "不向承办科室透露我的身份", Shape.TICK, required=False),
    Field("may_publish", "同意隐去个人信息后公开来信和答复", Shape.TICK, required=False),
)


@dataclass(frozen=True, slots=True)
class Hints:
    """Shown once before a letter is handed in; it may be handed in all the same."""

    like: list[Alike]
    ready: str
    door: str

    @property
    def any(self) -> bool:
        return bool(self.like or self.ready or self.door)


@pages.get("/suggest")
def page() -> ResponseReturnValue:
    kind = request.args.get("kind", "suggestion")
    return _show(blank(FIELDS, kind=kind if kind in KINDS else "suggestion"), _new_mark())


@pages.post("/suggest")
def send() -> ResponseReturnValue:
    """Commit first, then say 已收到; the same form again gives the same receipt."""
    form, mark = filled(FIELDS), _mark()
    _check_request(form)
    if request.form.get("website"):  # a field people do not see
        form.say = "提交没有成功，请刷新页面后重试。"
    if not form.say:
        enclosures.take_in(form, _holder(mark))
    if form.good and LETTERS.closed(office().redis, request.remote_addr or ""):
        form.say = "同一网络一小时内提交较多，内容已保留在页面上，请稍后再提交。"
    if not form.good:
        return _show(form, mark)
    if not request.form.get("looked"):
        hints = _hints(form["text"])
        if hints.any:
            return _show(form, mark, hints)
    try:
        done = _submit(form, mark)
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(form, mark)
    LETTERS.count(office().redis, request.remote_addr or "")
    session[RECEIPT] = {"number": done.ticket.number, "code": done.secret_code}
    return redirect(url_for("h5.suggest.receipt"), 303)


@pages.get("/suggest/receipt")
def receipt() -> ResponseReturnValue:
    """The number and the code, to this browser only."""
    kept = session.get(RECEIPT)
    if not kept:
        return redirect(url_for("h5.suggest.page"))
    return render_template("h5/receipt.html", number=kept["number"], code=kept["code"])


def _mark() -> str:
    """The mark of the open form, so that two forms open at once do not become one letter.

    A form sent without it is the one that was opened last.
    """
    mark = request.form.get("mark", "")
    return mark if MARK.fullmatch(mark) else str(session.get(NEWEST) or _new_mark())


def _new_mark() -> str:
    session[NEWEST] = secrets.token_urlsafe(16)
    return str(session[NEWEST])


def _holder(mark: str) -> Holder:
    """Where the files of this form lie: nobody else's browser can name it."""
    return Holder(form=f"h5:{session.setdefault(BROWSER, secrets.token_urlsafe(24))}:{mark}")


def _submit(form: Form, mark: str) -> Submitted:
    """The same letter of the same form again is one ticket; changed words are another letter."""
    holder = _holder(mark)
    words = hashlib.sha256(f"{form['kind']}\n{form['text']}".encode()).hexdigest()[:16]
    letter = Letter(
        kind=form["kind"],
        text=form["text"],
        origin="h5",
        place=form["place"],
        name=form["name"],
        phone=form["phone"],
        anonymous=form["anonymous"],
        may_publish=form["may_publish"],
    )
    with writing() as session_db:
        key = f"{holder.form}:{words}"
        done = tickets.submit(session_db, letter, now(), message_key=key, box=office().box)
        attachments.hand_over(session_db, holder, done.ticket, now())
        return done


def _check_request(form: Form) -> None:
    """A request for information names who asks (条例 第二十九条)."""
    if form.values.get("kind") != "request":
        return
    for name in ("name", "phone"):
        if not form.values.get(name) and name not in form.errors:
            form.errors[name] = "依申请公开须写明姓名和联系方式（《政府信息公开条例》第二十九条）。"


def _hints(text: str) -> Hints:
    """What may spare the letter: a public one like it, a ready answer, another's door."""
    found = library().ask(text[:LONGEST_QUESTION], today=now().date())
    sure = found.outcome == "answer" and found.confidence >= SURE and found.hits
    door = found.redirect if found.redirect and not found.redirect.to_us else None
    return Hints(
        likeness.public_like(db(), text, now()),
        found.hits[0].title if sure else "",
        f"{door.to} {door.phone}".strip() if door else "",
    )


def _show(form: Form, mark: str, hints: Hints | None = None) -> ResponseReturnValue:
    page = render_template(
        "h5/suggest.html",
        form=form,
        longest=tickets.LONGEST,
        hints=hints,
        mark=mark,
        kept=enclosures.kept(_holder(mark)),
        files_hint=enclosures.hint(),
    )
    return page, form.status
