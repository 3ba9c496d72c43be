"""问一问: the same library that answers in chat, on a page."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.inbound.journal import Journal, put_entries
from core.privacy import mask
from core.redis_store import RedisAway
from core.wording import hours_words
from knowledge.answered import Answered, Kept
from web.counter import library, now, office

pages = Blueprint("ask", __name__)
LONGEST = 200


@pages.get("/ask")
def page() -> ResponseReturnValue:
    question = request.args.get("q", "").strip()[:LONGEST]
    if not question:
        return render_template("h5/ask.html", question="", answered=None)
    answered = library().ask(question, today=now().date(), keep=Kept())
    _tell(question, answered)
    settings = office().settings
    return render_template(
        "h5/ask.html",
        question=question,
        answered=answered,
        bureau=settings,
        hours=hours_words(settings.office_hours),
    )


def _tell(question: str, answered: Answered) -> None:
    """Tell the journal; with Redis away the question is answered all the same."""
    if answered.small_talk:
        return
    journal = Journal()
    journal.note(
        "inquiry",
        {
            "openid": None,
            "channel": "h5",
            "text": mask(question),
            "outcome": answered.outcome,
            "hits": [{"id": hit.id, "score": hit.score} for hit in answered.hits[:3]],
            "slot": answered.slot,
            "at": int(now().timestamp()),
        },
    )
    entry = journal.entry(f"h5:{secrets.token_hex(12)}")
    try:
        office().redis.trip(lambda pipe: put_entries(pipe, [entry] if entry else []))
    except RedisAway:
        return
