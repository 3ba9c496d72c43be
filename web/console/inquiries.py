"""咨询记录: what citizens asked, and first of all what nobody could answer."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from bureau.catalogues import find, learning
from bureau.inquiries import answering, clusters, records
from bureau.inquiries.models import Inquiry
from web.access import allow
from web.counter import db, now, writing
from web.forms import Field, filled
from web.htmx import go_to
from web.paging import Pages, asked_page

pages = Blueprint("inquiries", __name__, url_prefix="/inquiries")
WORDING = (Field("wording", "问题", longest=200),)


@pages.get("/")
@allow("inquiries.read")
def shelf() -> ResponseReturnValue:
    return render_template(
        "console/inquiries/misses.html",
        misses=clusters.misses(db()),
        promised=answering.promised(db()),
        words=learning.words_waiting(db()),
    )


@pages.get("/all")
@allow("inquiries.read")
def everything() -> ResponseReturnValue:
    number = asked_page()
    rows, total = records.recent(db(), number)
    pages_of = Pages(number, total, records.PAGE)
    used = {row.id: row.picked or _first(row) for row in rows}
    titles = find.titles(db(), set(used.values()))
    return render_template(
        "console/inquiries/all.html", rows=rows, pages=pages_of, used=used, titles=titles
    )


@pages.post("/settle")
@allow("catalogues.draft")
def settle() -> ResponseReturnValue:
    """These like questions have an answer now."""
    form = filled(WORDING)
    if form.good:
        with writing() as session:
            count = clusters.settle(session, clusters.like(session, form["wording"]), now())
        flash(f"已标记 {count} 条为已补充答案。", "success")
    return go_to("console.inquiries.shelf")


def _first(row: Inquiry) -> str:
    """The entry an answer came from; empty when nothing was found."""
    return str(row.hits[0]["id"]) if row.hits and row.outcome != "unknown" else ""
