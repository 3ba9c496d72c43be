"""我的订阅: opened by the signed link that the chat gives; follow and unfollow by a tap."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from bot.followers import own_page, topics
from core.errors import Refusal
from web.counter import db, now, office, writing

pages = Blueprint("me", __name__, url_prefix="/me")
WHO = "own_page"
GONE = "链接已失效。请在公众号对话框里发“订阅”，点新的链接进来。"


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


@pages.post("/<slug>/<any(follow, unfollow):what>")
def change(slug: str, what: str) -> ResponseReturnValue:
    person = _person()
    with writing() as session_db:
        name = topics.get(session_db, slug).name
        if what == "follow":
            topics.follow(session_db, person, slug, now(), source="h5")
        else:
            topics.unfollow(session_db, person, slug, now(), reason="h5")
    flash(f"已订阅“{name}”。" if what == "follow" else f"已退订“{name}”。", "success")
    return redirect(url_for("h5.me.page"), 303)


def _person() -> str:
    """Whose page this browser opened. Raises NotOpen."""
    token = session.get(WHO, "")
    person = own_page.person_of(token, office().settings.secret_key, now())
    if person is None:
        raise NotOpen(GONE)
    return person
