"""操作记录: who did what to which thing when, newest first; nothing here can be changed."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bureau.staff import audit
from bureau.staff.roles import ROLES
from web.access import allow
from web.counter import db
from web.paging import Pages, asked_page

pages = Blueprint("audit_log", __name__, url_prefix="/audit")
PAGE = 50


@pages.get("/")
@allow("audit.read")
def page() -> ResponseReturnValue:
    words, number = request.args.get("q", "").strip()[:60], asked_page()
    rows, total = audit.page(db(), words, offset=(number - 1) * PAGE, size=PAGE)
    return render_template(
        "console/audit.html",
        rows=rows,
        words=words,
        pages=Pages(number, total, PAGE),
        roles={key: role.label for key, role in ROLES.items()},
    )
