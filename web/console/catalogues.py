"""清单与指南: what is answered from, and imports that wait for their review."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bureau.catalogues import find, review
from knowledge.kinds import COLUMNS
from knowledge.models import Kind
from web.access import allow
from web.counter import db
from web.paging import PAGE_SIZE, Pages, asked_page

pages = Blueprint("catalogues", __name__, url_prefix="/catalogues")
FOLDERS = {"fees": Kind.FEE, "funds": Kind.FUND, "guides": Kind.GUIDE, "faq": Kind.FAQ}


@pages.get("/")
@allow("catalogues.read")
def shelf() -> ResponseReturnValue:
    folder = request.args.get("kind", "fees")
    folder = folder if folder in FOLDERS else "fees"
    words, number = request.args.get("q", "").strip()[:60], asked_page()
    rows, total = find.page(
        db(), FOLDERS[folder], words, offset=(number - 1) * PAGE_SIZE, size=PAGE_SIZE
    )
    return render_template(
        "console/catalogues/shelf.html",
        folder=folder,
        rows=rows,
        words=words,
        pages=Pages(number, total),
        counts=find.counts(db()),
        folders={name: kind.value for name, kind in FOLDERS.items()},
        waiting=review.waiting(db()),
    )


@pages.get("/<any(fees, funds, guides, faq):folder>/<path:key>")
@allow("catalogues.read")
def entry(folder: str, key: str) -> ResponseReturnValue:
    found = find.one(db(), FOLDERS[folder], key)
    facts = [
        (column.headings[0], found.fields[column.key])
        for column in COLUMNS[found.kind]
        if found.fields.get(column.key) not in (None, "", [])
    ]
    return render_template("console/catalogues/entry.html", entry=found, folder=folder, facts=facts)


@pages.get("/imports/<int:batch_id>")
@allow("catalogues.read")
def batch(batch_id: int) -> ResponseReturnValue:
    found = review.one(db(), batch_id)
    return render_template(
        "console/catalogues/batch.html", batch=found, rows=review.entries_of(db(), found)
    )
