"""补一条: from a question nobody could answer to a FAQ, another wording, or an everyday word."""

from collections.abc import Callable

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.catalogues import find, learning, review
from bureau.inquiries import answering
from bureau.staff import offices
from core.errors import NotFound, Refusal
from knowledge.answered import Kept
from knowledge.models import Batch, Kind
from web.access import allow, the_clerk
from web.console.inquiries import pages
from web.counter import db, library, now, writing
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

SIMILAR = (
    Field("key", "哪一条常见问题", longest=200),
    Field("wording", "这样问也是它", longest=200),
)
WORD = (
    Field("everyday", "大家的叫法", longest=200, hint="例如：代账。几个叫法之间空一格。"),
    Field("official", "文件里的叫法", longest=200, hint="例如：代理记账。"),
)
NEAR = 5


@pages.get("/learn")
@allow("catalogues.draft")
def learn() -> ResponseReturnValue:
    asked = request.args.get("q", "").strip()[:200]
    return _show(asked, {})


@pages.post("/learn/faq")
@allow("catalogues.draft")
def new_faq() -> ResponseReturnValue:
    form = filled(_faq())

    def deed(session: Session) -> Batch:
        words = (form["question"], form["answer"], form["source"], form["office"])
        return learning.new_faq(session, *words, the_clerk(), now())

    return _to_review(form, deed) or _show(_asked() or form.raw["question"], {"faq": form})


@pages.post("/learn/similar")
@allow("catalogues.draft")
def similar() -> ResponseReturnValue:
    form = filled(SIMILAR)

    def deed(session: Session) -> Batch:
        return learning.add_similar(session, form["key"], form["wording"], the_clerk(), now())

    return _to_review(form, deed) or _show(_asked() or form.raw["wording"], {"similar": form})


@pages.post("/learn/word")
@allow("catalogues.draft")
def word() -> ResponseReturnValue:
    form = filled(WORD)
    if form.good:
        try:
            with writing() as session:
                words = form["everyday"], form["official"]
                row = learning.propose_word(session, *words, the_clerk(), now())
                _promise(session, f"lexicon:{row.id}")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("已提出，另一人复核后生效。", "success")
            return go_to("console.inquiries.shelf")
    return _show(_asked() or form.raw["everyday"], {"word": form})


@pages.post("/words/<int:number>/<any(agree, drop):what>")
@allow("catalogues.review")
def decide_word(number: int, what: str) -> ResponseReturnValue:
    try:
        with writing() as session:
            learning.decide_word(session, number, what == "agree", the_clerk(), now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(refusal.say, "warning")
    else:
        flash("已生效，几秒钟后就能用。" if what == "agree" else "已去掉。", "success")
    return go_to("console.inquiries.shelf")


def _faq() -> tuple[Field, ...]:
    rooms = {room.name: room.name for room in offices.everyone(db())}
    return (
        Field("question", "问题", longest=200),
        Field("answer", "答案", Shape.TEXT, longest=2000, hint="金额写单位，写明依据的文号。"),
        Field("source", "依据和来源", longest=500),
        Field("office", "责任科室", Shape.CHOICE, required=False, choices=rooms),
    )


def _to_review(form: Form, deed: Callable[[Session], Batch]) -> ResponseReturnValue | None:
    """The page of the review item that came of it; None when the form comes back."""
    if not form.good:
        return None
    try:
        with writing() as session:
            batch = deed(session)
            _promise(session, review.subject_of(batch))
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    flash("已送审，两位同事审核后生效；问过的人能通知到的，会告知一次。", "success")
    return go_to("console.catalogues.batch", batch_id=batch.id)


def _promise(session: Session, subject: str) -> None:
    """Those who asked the question the page was opened for are told when this is live."""
    if asked := _asked():
        answering.promise(session, subject, asked, the_clerk().display_name, now())


def _asked() -> str:
    return " ".join(request.form.get("asked", "").split())[:200]


def _show(asked: str, sent: dict[str, Form]) -> ResponseReturnValue:
    near = library().ask(asked, today=now().date(), keep=Kept()).hits[:NEAR] if asked else ()
    rows, _total = find.page(db(), Kind.FAQ, size=200)
    choices = {one.key: one.title for one in rows}
    first = next((hit.id for hit in near if hit.id in choices), "")
    similar_fields = (
        Field("key", "哪一条常见问题", Shape.CHOICE, choices=choices),
        SIMILAR[1],
    )
    forms = {
        "faq": blank(_faq(), question=asked),
        "similar": blank(similar_fields, key=first, wording=asked),
        "word": blank(WORD),
        **sent,
    }
    if "similar" in sent:
        forms["similar"].fields = similar_fields
    page = render_template("console/inquiries/learn.html", asked=asked, near=near, forms=forms)
    return page, max(form.status for form in forms.values())
