"""统计: what came in, what was answered, how soon and how well; computed when it is asked."""

import json
from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bureau.feedback import statistics
from bureau.inquiries import figures as inquiries
from bureau.inquiries.figures import Day
from web.access import allow
from web.counter import db, now

pages = Blueprint("statistics", __name__, url_prefix="/statistics")
SPANS = {"30": "近30天", "90": "近90天", "365": "近一年"}


@pages.get("/")
@allow("reports.read")
def page() -> ResponseReturnValue:
    span = request.args.get("days", "30")
    span = span if span in SPANS else "30"
    today = now().date()
    whole, rooms = statistics.figures(db(), today - timedelta(days=int(span) - 1), today)
    days = inquiries.by_day(db(), today)
    return render_template(
        "console/statistics.html",
        span=span,
        spans=SPANS,
        whole=whole,
        rooms=rooms,
        days=days,
        asked=sum(one.answered + one.asked_back + one.unknown for one in days),
        chart=json.dumps(_chart(days), ensure_ascii=False),
    )


def _chart(days: list[Day]) -> dict[str, list[int] | list[str]]:
    """What charts.js draws: the names are the legend."""
    return {
        "days": [f"{one.day.month}月{one.day.day}日" for one in days],
        "已回答": [one.answered for one in days],
        "给出选项": [one.asked_back for one in days],
        "未能回答": [one.unknown for one in days],
    }
