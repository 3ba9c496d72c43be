"""我的订阅: opened by the signed link that the chat gives; follow and unfollow by a tap."""

import json
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from bot.followers import own_page, topics
from bot.outbound import outbox
from bureau.feedback import rights
from core.errors import IllegalMove, Refusal
from web.counter import db, now, office, writing

pages = Blueprint("me", __name__, url_prefix="/me")
WHO = "own_page"
FRESH = timedelta(minutes=30)  # a link may be passed on: what is private asks for a new one
GONE = "链接已失效。请在公众号对话框里发“订阅”，点新的链接进来。"


STALE = "为保护您的信息，请在公众号对话框里重新发“订阅”，30分钟内从新的链接进来办理。"


class NotOpen(Refusal):
    """This browser has not come in by a link of the chat."""

    status = 403


@pages.get("/<token>")
def enter(token: str) -> ResponseReturnValue:
    """Take the token out of the address: it goes into this browser's session."""
    if own_page.person_of(token, office().settings.secret_key, now()) is None:
        raise NotOpen(GONE)
    session[WHO] = token
    return redirect(url_for("h5.me.page"), 303)


@pages.get("/")
def page() -> ResponseReturnValue:
    person = _person()
    followed = {topic.slug for topic in topics.of(db(), person)}
    return render_template("h5/me.html", topics=topics.all(db()), followed=followed)


@pages.get("/copy")
def copy() -> ResponseReturnValue:
    """All that is kept of this person's letters, as a file (个人信息保护法 第四十五条)."""
    kept = rights.copy_of(db(), _person(FRESH), office().box)
    answer = Response(json.dumps(kept, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename="我的来信.json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/erase")
def erase() -> ResponseReturnValue:
    """Delete the words and names of this person's ended letters (第四十七条)."""
    person = _person(FRESH)
    if "sure" not in request.form:
        flash("请先勾选“我确定”。", "warning")
        return redirect(url_for("h5.me.page"), 303)
    try:
        with writing() as session_db:
            paths = rights.erase(session_db, person, now())
    except IllegalMove as refusal:
        flash(refusal.say, "warning")
        return redirect(url_for("h5.me.page"), 303)
    for path in paths:
        (office().settings.data_dir / "uploads" / path).unlink(missing_ok=True)
    flash("已删除您来信的内容、姓名和电话。编号和办理日期作为统计保留，不能再查询。", "success")
    return redirect(url_for("h5.me.page"), 303)


@pages.post("/<slug>/<any(follow, unfollow):what>")
def change(slug: str, what: str) -> ResponseReturnValue:
    person = _person()
    with writing() as session_db:
        name = topics.get(session_db, slug).name
        if what == "follow":
            topics.follow(session_db, person, slug, now(), source="h5")
        else:
            topics.unfollow(session_db, person, slug, now(), reason="h5")
            outbox.drop_topics(session_db, person, [slug])
    flash(f"已订阅“{name}”。" if what == "follow" else f"已退订“{name}”。", "success")
    return redirect(url_for("h5.me.page"), 303)


def _person(within: timedelta = own_page.GOOD_FOR) -> str:
    """Whose page this browser opened by a link given `within` that time. Raises NotOpen."""
    token = session.get(WHO, "")
    person = own_page.person_of(token, office().settings.secret_key, now(), within=within)
    if person is None:
        raise NotOpen(GONE if within == own_page.GOOD_FOR else STALE)
    return person
