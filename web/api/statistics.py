"""Statistics of the office's work: computed at the moment they are asked, never typed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.followers import topics
from bureau.catalogues import find as catalogues
from bureau.disclosures import find as disclosures
from bureau.feedback import search
from bureau.feedback.states import OPEN, State
from web.api.shapes import Prop

Figures = dict[str, Any]


def _from(name: str) -> Callable[[Any], Any]:
    return lambda figures: figures[name]


STATISTICS = (
    Prop("as_of", "string", "统计时点", _from("as_of"), "date-time"),
    Prop("disclosures", "integer", "已发布的公开信息", _from("disclosures")),
    Prop("tickets_received", "integer", "收到的来信", _from("tickets_received")),
    Prop("tickets_answered", "integer", "已答复的来信", _from("tickets_answered")),
    Prop("tickets_open", "integer", "正在办理的来信", _from("tickets_open")),
    Prop("tickets_overdue", "integer", "正在办理且已逾期的来信", _from("tickets_overdue")),
    Prop("followings", "integer", "主题订阅人次", _from("followings")),
    Prop("fees", "integer", "现行收费项目", _from("fee")),
    Prop("funds", "integer", "现行基金项目", _from("fund")),
    Prop("guides", "integer", "办事指南", _from("guide")),
    Prop("faq", "integer", "常见问题", _from("faq")),
)


def figures(db: Session, now: datetime) -> Figures:
    """The figures by their names; a handful of grouped counts."""
    states = search.counts(db, None, now.date())
    answered = states[State.ANSWERED] + states[State.CLOSED] + states[State.REDO]
    return {
        "as_of": now,
        "disclosures": disclosures.count(db),
        "tickets_received": sum(states[state.value] for state in State),
        "tickets_answered": answered,
        "tickets_open": sum(states[state.value] for state in OPEN),
        "tickets_overdue": states["overdue"],
        "followings": sum(topics.counts(db).values()),
        **catalogues.counts(db),
    }
