"""公开来信: letters and answers that were made public, and how the office answers on the whole."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bureau.feedback import publication, statistics
from web.counter import db, now
from web.paging import PAGE_SIZE

pages = Blueprint("letters", __name__)
YEAR_DAYS = 365
FEW = 3  # ratings of an office; of fewer the share would tell who gave which


@pages.get("/letters/<int:row_id>")
def one(row_id: int) -> ResponseReturnValue:
    """One public letter with its answer: where 是不是这件事 leads."""
    row = publication.public_one(db(), row_id)
    return render_template("h5/letters.html", rows=[row], older=None, first=False, alone=True)


@pages.get("/letters/")
def shelf() -> ResponseReturnValue:
    after = request.args.get("after", "")
    known = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else None
    found = publication.public(db(), after=known, size=PAGE_SIZE + 1)
    today = now().date()
    whole, rooms = statistics.figures(db(), today - timedelta(days=YEAR_DAYS - 1), today)
    return render_template(
        "h5/letters.html",
        rows=found[:PAGE_SIZE],
        older=found[PAGE_SIZE - 1][0].id if len(found) > PAGE_SIZE else None,
        first=known is None,
        figures=whole,
        rooms=rooms,
        few=FEW,
    )
