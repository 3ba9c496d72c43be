"""工作台: what waits today, most urgent first."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bureau.catalogues import bases
from bureau.feedback import deadlines, search
from bureau.feedback.states import OPEN
from bureau.inquiries import clusters
from bureau.workdays import table
from web.access import SIGNED_IN, allow, can, the_clerk
from web.counter import db, now

pages = Blueprint("desk", __name__)
URGENT = 8
MISSES = 6
MOST_MISSES = 100  # beyond it the tile says 100+


@pages.get("/")
@allow(SIGNED_IN)
def page() -> ResponseReturnValue:
    session, clerk, today = db(), the_clerk(), now().date()
    counts = search.counts(session, clerk, today)
    calendar = table.load(session, today - timedelta(days=1))
    urgent = search.most_urgent(session, clerk, URGENT)
    misses = clusters.misses(session, MOST_MISSES) if can("inquiries.read") else []
    return render_template(
        "console/desk.html",
        counts=counts,
        open_count=sum(counts[state.value] for state in OPEN),
        urgent=[(one, deadlines.card(calendar, one, today)) for one in urgent],
        misses=misses[:MISSES],
        miss_count=f"{len(misses)}+" if len(misses) == MOST_MISSES else str(len(misses)),
        basis_count=bases.count_open(session) if can("catalogues.read") else 0,
        year_missing=calendar.missing_year(today),
    )
