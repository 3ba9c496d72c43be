"""办事指南 in the console: written with all eight fields, and the list of what others lack."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.catalogues import find, guides
from bureau.staff import offices
from knowledge.models import Batch, Kind
from web.access import allow, the_clerk
from web.console.catalogues import pages
from web.counter import db, now
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to
from web.paging import PAGE_SIZE, Pages, asked_page

MOST_FEES = 2_000


@pages.get("/gaps")
@allow("catalogues.read")
def gaps() -> ResponseReturnValue:
    """Which guides answer 未载明, and to what."""
    found, total = guides.gaps(db())
    number = asked_page()
    start = (number - 1) * PAGE_SIZE
    return render_template(
        "console/catalogues/gaps.html",
        rows=found[start : start + PAGE_SIZE],
        pages=Pages(number, len(found)),
        complete=total - len(found),
        total=total,
    )


@pages.get("/guides/write")
@allow("catalogues.draft")
def guide_form() -> ResponseReturnValue:
    key = request.args.get("key", "")[:200]
    known = guides.cells_of(find.one(db(), Kind.GUIDE, key)) if key else {}
    return _show(blank(_fields(), **known))


@pages.post("/guides/write")
@allow("catalogues.draft")
def guide_write() -> ResponseReturnValue:
    form, made = filled(_fields()), list[Batch]()

    def deed(session: Session) -> None:
        made.append(guides.write(session, form.values, the_clerk(), now()))

    if not attempt(form, deed):
        return _show(form)
    flash("已送审，两位同事审核后生效。", "success")
    return go_to("console.catalogues.batch", batch_id=made[0].id)


def _fields() -> tuple[Field, ...]:
    rows, _ = find.page(db(), Kind.FEE, size=MOST_FEES)
    fees = {guides.FREE: guides.FREE, **{one.key: f"按“{one.title}”" for one in rows}}
    rooms = "、".join(room.name for room in offices.everyone(db()))
    return (
        Field("id", "编号", longest=191, required=False),
        Field("name", "事项名称", longest=500),
        Field("legal_basis", "办事依据", Shape.TEXT, longest=2000, hint="写明文号。"),
        Field("responsible_office", "受理单位", longest=200, hint=f"本局科室：{rooms}。"),
        Field(
            "conditions", "受理条件", Shape.TEXT, required=False, longest=4000, hint="一行一条。"
        ),
        Field("materials", "申请材料", Shape.TEXT, longest=4000, hint="一行一份。"),
        Field("process", "基本流程", Shape.TEXT, longest=4000, hint="一行一步。"),
        Field("promised_limit", "办理时限", longest=200, hint="写明工作日还是自然日。"),
        Field("fee", "收费标准", Shape.CHOICE, choices=fees, hint="收费的从收费清单里选。"),
        Field("consult_phone", "咨询电话", longest=100),
    )


def _show(form: Form) -> ResponseReturnValue:
    return render_template("console/catalogues/guide.html", form=form), form.status
