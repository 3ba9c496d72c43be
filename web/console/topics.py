"""订阅主题: what may be followed, and by how many."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bot.followers import topics
from web.access import allow
from web.counter import db

pages = Blueprint("topics", __name__, url_prefix="/topics")


@pages.get("/")
@allow("push.read")
def shelf() -> ResponseReturnValue:
    return render_template(
        "console/topics.html", topics=topics.all(db()), followers=topics.counts(db())
    )
