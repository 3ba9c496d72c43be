"""订阅主题: what may be followed, by how many, and how its tag in WeChat stands."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bot.followers import tags, topics
from bot.outbound import tagging
from web.access import allow
from web.counter import db

pages = Blueprint("topics", __name__, url_prefix="/topics")


@pages.get("/")
@allow("push.read")
def shelf() -> ResponseReturnValue:
    known = topics.all(db())
    return render_template(
        "console/topics.html",
        topics=known,
        followers=topics.counts(db()),
        tags={one.slug: tagging.say(tags.mirror(db(), one.slug)) for one in known},
    )
