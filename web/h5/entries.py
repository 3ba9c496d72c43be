"""Fees, funds, guides and FAQ: the lists, and a page for each entry that chat links to."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bureau.catalogues import find
from core.errors import NotFound
from knowledge.kinds import COLUMNS, PLURAL_OF, PLURALS, Cell
from knowledge.models import Entry, Kind
from knowledge.places import place_name
from web.counter import db, library, now, office
from web.paging import PAGE_SIZE, Pages, asked_page

pages = Blueprint("entries", __name__)
NOT_SHOWN = {
    "id", "name", "scope", "status", "valid_from", "valid_to", "confidence", "source", "similar",
    "basis_confidence", "field_note", "jurisdiction", "rate_text", "amount", "answer", "level",
    "note", "themes", "faq", "fee_item",
}  # fmt: skip
EXPECTED = {
    Kind.FEE: ("payer", "collecting_unit", "legal_basis"),
    Kind.FUND: ("payer", "collector", "legal_basis"),
    Kind.GUIDE: ("conditions", "materials", "process", "promised_limit", "fee", "consult_phone"),
    Kind.FAQ: (),
}


@pages.get("/<any(fees, funds, guides, faq):folder>/")
def shelf(folder: str) -> ResponseReturnValue:
    words, number = request.args.get("q", "").strip()[:60], asked_page()
    kind = PLURALS[folder]
    rows, total = find.page(db(), kind, words, offset=(number - 1) * PAGE_SIZE, size=PAGE_SIZE)
    return render_template(
        "h5/shelf.html", folder=folder, rows=rows, words=words, pages=Pages(number, total)
    )


@pages.get("/<any(fees, funds, guides, faq):folder>/<path:key>")
def page(folder: str, key: str) -> ResponseReturnValue:
    entry = find.one(db(), PLURALS[folder], key)
    card = library().card(key, today=now().date())
    return render_template(
        "h5/entry.html",
        entry=entry,
        folder=folder,
        facts=facts_of(entry),
        stopped=card.lines if card and entry.stopped_by else [],
        place="" if _is_ours(entry) else place_name(entry.scope),
        warnings=[line for line in card.lines if line.startswith("注意")] if card else [],
        note=card.note if card else "",
    )


@pages.get("/k/<kind>/<path:key>")
def short(kind: str, key: str) -> ResponseReturnValue:
    """The short address of an entry."""
    if kind not in PLURAL_OF:
        raise NotFound("没有这个页面。")
    return redirect(url_for("h5.entries.page", folder=PLURAL_OF[kind], key=key), 301)


def facts_of(entry: Entry) -> list[tuple[str, Any]]:
    """Label and value of each field, lists as lists; an expected one that is empty: None."""
    expected = EXPECTED[Kind(entry.kind)]
    rows: list[tuple[str, Any]] = []
    for column in COLUMNS[entry.kind]:
        value = entry.fields.get(column.key)
        if column.key in NOT_SHOWN or (value in (None, "", [], "—") and column.key not in expected):
            continue
        if column.cell is Cell.YES_NO and isinstance(value, bool):
            value = "是" if value else "否"
        rows.append((column.headings[0], value or None))
    return rows


def _is_ours(entry: Entry) -> bool:
    return not entry.scope or entry.scope in office().settings.bureau_scopes
