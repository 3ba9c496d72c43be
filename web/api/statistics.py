"""Statistics of the office's work: computed at the moment they are asked, never typed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.followers import topics
from bureau.catalogues import find as catalogues
from bureau.disclosures import find as disclosures
from bureau.feedback import search
from bureau.feedback import statistics as feedback
from bureau.feedback.states import OPEN, State
from core.clock import day_of
from web.api.shapes import Prop

Figures = dict[str, Any]


def _from(name: str) -> Callable[[Any], Any]:
    return lambda figures: figures[name]


STATISTICS = (
    Prop("as_of", "string", "统计时点", _from("as_of"), "date-time"),
    Prop("disclosures", "integer", "已发布的公开信息", _from("disclosures")),
    Prop("tickets_received", "integer", "收到的来信", _from("tickets_received")),
    Prop("tickets_answered", "integer", "已答复的来信", _from("tickets_answered")),
    Prop("tickets_on_time", "integer", "近一年来信中按期答复的", _from("tickets_on_time")),
    Prop(
        "tickets_median_days", "number", "近一年来信答复用时的中位数（天）",
        _from("tickets_median_days"), nullable=True,
    ),
    Prop("tickets_rated", "integer", "近一年来信中参评的", _from("tickets_rated")),
    Prop("tickets_satisfied", "integer", "其中评为满意的", _from("tickets_satisfied")),
    Prop("tickets_open", "integer", "正在办理的来信", _from("tickets_open")),
    Prop("tickets_overdue", "integer", "正在办理且已逾期的来信", _from("tickets_overdue")),
    Prop("followings", "integer", "主题订阅人次", _from("followings")),
    Prop("fees", "integer", "现行收费项目", _from("fee")),
    Prop("funds", "integer", "现行基金项目", _from("fund")),
    Prop("guides", "integer", "办事指南", _from("guide")),
    Prop("faq", "integer", "常见问题", _from("faq")),
)  # fmt: skip
YEAR_DAYS = 365


def figures(db: Session, now: datetime) -> Figures:
    """The figures by their names; a handful of grouped counts."""
    today = day_of(now)
    year, _rooms = feedback.figures(db, today - timedelta(days=YEAR_DAYS - 1), today)
    states = search.counts(db, None, today)
    answered = states[State.ANSWERED] + states[State.CLOSED] + states[State.REDO]
    return {
        "as_of": now,
        "disclosures": disclosures.count(db),
        "tickets_received": sum(states[state.value] for state in State),
        "tickets_answered": answered,
        "tickets_on_time": year.on_time,
        "tickets_median_days": year.median_days,
        "tickets_rated": year.rated,
        "tickets_satisfied": year.satisfied,
        "tickets_open": sum(states[state.value] for state in OPEN),
        "tickets_overdue": states["overdue"],
        "followings": sum(topics.counts(db).values()),
        **catalogues.counts(db),
    }
