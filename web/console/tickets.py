"""来信办理: the inbox, those that fall due first at the top."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bureau.feedback import arrival, deadlines, search
from bureau.feedback.kinds import KINDS
from bureau.feedback.search import Filters
from bureau.feedback.states import OPEN
from bureau.staff import offices
from bureau.staff.models import Clerk
from bureau.workdays import table
from web.access import allow, the_clerk
from web.console.ticket_desk import pages, show
from web.counter import db, now
from web.paging import PAGE_SIZE, Pages, asked_page

TABS = ("open", "overdue", "escalated", "received", "in_review", "answered", "closed", "all")


@pages.get("/")
@allow("feedback.read")
def inbox() -> ResponseReturnValue:
    tab = request.args.get("tab", "open")
    tab = tab if tab in TABS else "open"
    session, clerk, today = db(), the_clerk(), now().date()
    number = asked_page()
    rows, total = search.listed(
        session, _filters(tab, clerk), today, offset=(number - 1) * PAGE_SIZE, size=PAGE_SIZE
    )
    calendar = table.load(session, today)
    counts = search.counts(session, clerk, today)
    counts["open"] = sum(counts[state.value] for state in OPEN)
    return render_template(
        "console/tickets/inbox.html",
        tab=tab,
        rows=[(one, deadlines.card(calendar, one, today)) for one in rows],
        windows=arrival.windows(session, rows),
        before_leader=search.before_leader(session, rows),
        pages=Pages(number, total),
        counts=counts,
        kinds={key: kind.label for key, kind in KINDS.items()},
        offices=offices.everyone(session),
        asked=request.args,
    )


@pages.get("/<number>")
@allow("feedback.read")
def page(number: str) -> ResponseReturnValue:
    return show(number)


def _filters(tab: str, clerk: Clerk) -> Filters:
    office = request.args.get("office", "")
    kind = request.args.get("kind", "")
    return Filters(
        state=tab if tab in ("received", "in_review", "answered", "closed") else "",
        kind=kind if kind in KINDS else "",
        office_id=int(office)
        if office.isascii() and office.isdigit() and len(office) < 9
        else None,
        words=request.args.get("q", "")[:100],
        overdue=tab == "overdue",
        open_only=tab == "open",
        escalated=tab == "escalated",
        clerk=clerk,
    )
