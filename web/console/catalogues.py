"""清单与指南: what is answered from, and imports that wait for their review."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.catalogues import bank, desk, find, rehearsal, review, yearly
from bureau.release import gate
from knowledge.bases import bases_of
from knowledge.kinds import COLUMNS, PLURALS, Cell, Column
from knowledge.loading import version_of
from web.access import allow, the_clerk
from web.counter import close_reading, db, library, now, office, writing
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to
from web.paging import PAGE_SIZE, Pages, asked_page
from web.wording import trusted

pages = Blueprint("catalogues", __name__, url_prefix="/catalogues")
ACCEPTED = (Field("accepted", "逐个看过，仍然生效", Shape.TICK, required=False),)
LOOKED_THROUGH = (Field("note", "核对情况", longest=500),)
REJECTION = (Field("reason", "不通过的理由", longest=500),)


@pages.get("/")
@allow("catalogues.read")
def shelf() -> ResponseReturnValue:
    folder = request.args.get("kind", "fees")
    folder = folder if folder in PLURALS else "fees"
    words, number = request.args.get("q", "").strip()[:60], asked_page()
    rows, total = find.page(
        db(), PLURALS[folder], words, offset=(number - 1) * PAGE_SIZE, size=PAGE_SIZE
    )
    return render_template(
        "console/catalogues/shelf.html",
        folder=folder,
        rows=rows,
        words=words,
        pages=Pages(number, total),
        counts=find.counts(db()),
        folders={name: kind.value for name, kind in PLURALS.items()},
        waiting=review.waiting(db()),
        yearly=yearly.waiting(db()),
        looked_through=yearly.done(db()),
        today=now().date(),
    )


@pages.get("/<any(fees, funds, guides, faq):folder>/<path:key>")
@allow("catalogues.read")
def entry(folder: str, key: str) -> ResponseReturnValue:
    found = find.one(db(), PLURALS[folder], key)
    facts = [
        (column.headings[0], shown(column, found.fields[column.key]))
        for column in COLUMNS[found.kind]
        if found.fields.get(column.key) not in (None, "", [])
    ]
    return render_template(
        "console/catalogues/entry.html",
        entry=found,
        folder=folder,
        facts=facts,
        bases=bases_of(found.kind, found.source, found.fields),
    )


def shown(column: Column, value: Any) -> Any:
    """A field as a clerk reads it: 是, 否, 已核实 for what sheets write otherwise."""
    if column.cell is Cell.YES_NO and isinstance(value, bool):
        return "是" if value else "否"
    return trusted(value) if column.key.endswith("confidence") else value


@pages.get("/imports/<int:batch_id>")
@allow("catalogues.read")
def batch(batch_id: int) -> ResponseReturnValue:
    return _show(batch_id, blank(REJECTION))


@pages.post("/imports/<int:batch_id>/approve")
@allow("catalogues.review")
def approve(batch_id: int) -> ResponseReturnValue:
    """The next step of the review; the last one makes the whole import live."""
    form, live = filled(ACCEPTED), list[bool]()
    _rehearse(batch_id)

    def deed(session: Session) -> None:
        found, accepts = review.one(session, batch_id), form["accepted"]
        live.append(desk.approve(session, found, the_clerk(), now(), accepts_loss=accepts))

    if not attempt(form, deed):
        return _show(batch_id, form)
    flash("审核通过，已经生效。" if any(live) else "这一步审核通过，等待下一步。", "success")
    return go_to("console.catalogues.batch", batch_id=batch_id)


@pages.post("/yearly/<int:number>/finish")
@allow("catalogues.review")
def finish_yearly(number: int) -> ResponseReturnValue:
    """A catalogue was looked through."""
    form = filled(LOOKED_THROUGH)

    def deed(session: Session) -> None:
        yearly.finish(session, number, form["note"], the_clerk(), now())

    if attempt(form, deed):
        flash("年度核对已登记。", "success")
    else:
        flash(form.say or "；".join(form.errors.values()), "warning")
    return go_to("console.catalogues.shelf")


@pages.post("/imports/<int:batch_id>/rehearse")
@allow("catalogues.review")
def rehearse(batch_id: int) -> ResponseReturnValue:
    """Ask the bank with this import applied, before anybody decides."""
    _rehearse(batch_id)
    return go_to("console.catalogues.batch", batch_id=batch_id)


@pages.post("/imports/<int:batch_id>/reject")
@allow("catalogues.review")
def reject(batch_id: int) -> ResponseReturnValue:
    form = filled(REJECTION)

    def deed(session: Session) -> None:
        found = review.one(session, batch_id)
        desk.reject(session, found, the_clerk(), now(), form["reason"])

    if not attempt(form, deed):
        return _show(batch_id, form)
    flash("已退回，这次导入不会生效。", "success")
    return go_to("console.catalogues.shelf")


def _rehearse(batch_id: int) -> None:
    """The bank asked of the knowledge as it stands; no transaction is open meanwhile."""
    if not rehearsal.is_stale(db(), review.one(db(), batch_id)):
        return
    version = version_of(db())
    close_reading()
    library().refresh()
    change = rehearsal.releasing(batch_id)
    found = rehearsal.rehearse(library(), office().database, now().date(), change)
    with writing() as session:
        rehearsal.keep(session, review.one(session, batch_id), found, version)


def _show(batch_id: int, form: Form) -> ResponseReturnValue:
    found = review.one(db(), batch_id)
    subject = review.subject_of(found)
    page = render_template(
        "console/catalogues/batch.html",
        batch=found,
        rows=review.entries_of(db(), found),
        needed=gate.NEEDED,
        labels=gate.STEP_LABELS,
        done=gate.valid(db(), subject, found.content_hash),
        reviews=gate.reviews_of(db(), subject),
        form=form,
        replay=found.replay,
        stale=rehearsal.is_stale(db(), found),
        origins=bank.ORIGINS,
    )
    return page, form.status
