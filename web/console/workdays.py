"""放假安排: which years are announced, and the words of a new notice read into the table."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.feedback import dates
from bureau.workdays import table, wording
from bureau.workdays.calendar import DayKind, Exceptional
from bureau.workdays.table import YearNotice
from core.errors import Refusal
from web.access import allow, the_clerk
from web.counter import db, now
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

pages = Blueprint("workdays", __name__, url_prefix="/workdays")
FORM = (
    Field(
        "text",
        "通知全文",
        Shape.TEXT,
        longest=wording.LONGEST,
        hint="从国务院办公厅的通知里复制标题和各条（一、元旦：……）。",
    ),
    Field("source", "文号", required=False, hint="例如 国办发明电〔2026〕7号；正文里有就不用填。"),
    Field("step", "", required=False, longest=10),
)
Line = tuple[str, date, date, bool]


@pages.get("/")
@allow("reports.read")
def page() -> ResponseReturnValue:
    return _show(blank(FORM))


@pages.post("/")
@allow("workdays.manage")
def load() -> ResponseReturnValue:
    """First what was read from the words, then, seen once more, into the table."""
    form = filled(FORM)
    read = _read(form)
    if read is None or form["step"] != "load":
        return _show(form, read)
    moved: list[int] = []

    def deed(session: Session) -> None:
        moved.append(dates.load_notice(session, read, the_clerk(), now()))

    if not attempt(form, deed):
        return _show(form, read)
    flash(
        f"{read.year}年放假安排已载入，{moved[0]}件来信的期限有变动，已写明理由并告知。", "success"
    )
    return go_to("console.workdays.page")


def spans(days: Iterable[tuple[date, Exceptional]]) -> list[Line]:
    """(name, first, last, worked) of days in a row that are alike."""
    rows = sorted(days)
    whole = groupby(
        enumerate(rows),
        key=lambda one: (one[1][1], one[1][0].toordinal() - one[0]),
    )
    found: list[Line] = []
    for (special, _), group in whole:
        alike = [day for _, (day, _) in group]
        found.append((special.name, alike[0], alike[-1], special.kind is DayKind.MAKEUP))
    return found


def _read(form: Form) -> YearNotice | None:
    if not form.good:
        return None
    versions = {row.year: row.version for row in table.years(db())}
    try:
        read = wording.read_words(form["text"], form["source"], 1)
    except Refusal as refusal:
        form.errors["text"] = refusal.say
        return None
    version = versions.get(read.year, 0) + 1
    return YearNotice(read.year, version, read.source, read.days)


def _show(form: Form, read: YearNotice | None = None) -> ResponseReturnValue:
    calendar = table.load(db())
    years = [
        (row, spans((day, x) for day, x in calendar.exceptions.items() if day.year == row.year))
        for row in table.years(db())
    ]
    page = render_template(
        "console/workdays.html",
        form=form,
        years=years,
        read=read,
        lines=spans(read.days.items()) if read else [],
        year_missing=calendar.missing_year(now().date()),
    )
    return page, form.status
