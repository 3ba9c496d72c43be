"""首页: the question box, the doors, what is new."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bot.followers import topics
from bureau.disclosures import find
from web.counter import db

pages = Blueprint("home", __name__)
LATEST = 6


@pages.get("/")
def page() -> ResponseReturnValue:
    all_topics = topics.all(db())
    return render_template(
        "h5/home.html",
        topics=all_topics,
        names={one.slug: one.name for one in all_topics},
        latest=find.latest(db(), limit=LATEST),
    )
