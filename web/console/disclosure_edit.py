"""Writing a disclosure: the common fields, and those its kind asks for."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from bot.followers import topics
from bureau.disclosures import aftercare, drafting, publish
from bureau.disclosures.kinds import ATTRIBUTES, KINDS, Kind
from bureau.disclosures.models import Disclosure
from bureau.disclosures.publish import Rejected
from bureau.staff import offices
from core.errors import NotFound, Refusal
from web.access import allow, the_clerk
from web.console.disclosure_desk import pages
from web.counter import db, now, writing
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

PREFIX = "field_"
EXPLAINS = "field_explains"
LONGEST_BODY = 100_000


@pages.get("/new")
@allow("disclosures.draft")
def new() -> ResponseReturnValue:
    kind = KINDS.get(request.args.get("kind", "notice"), KINDS["notice"])
    clerk = the_clerk()
    office = clerk.office.name if clerk.office else "办公室"
    today = now().date().isoformat()
    return _show(
        kind,
        blank(
            _fields(kind),
            office=office,
            produced_on=today,
            attribute="proactive",
            field_explains=request.args.get("explains", "")[:18],
        ),
    )


@pages.post("/new")
@allow("disclosures.draft")
def create() -> ResponseReturnValue:
    kind = KINDS.get(request.form.get("kind", "notice"), KINDS["notice"])
    form = filled(_fields(kind))
    if not form.good:
        return _show(kind, form)
    try:
        with writing() as session:
            made = drafting.draft(session, _data(kind, form), the_clerk(), now())
    except Refusal as refusal:
        return _show(kind, _refused(form, refusal))
    flash("草稿已保存，可以开始审核。", "success")
    return go_to("console.disclosures.page", number=made.id)


@pages.get("/<int:number>/edit")
@allow("disclosures.draft")
def edit(number: int) -> ResponseReturnValue:
    found = publish.one(db(), number)
    kind = KINDS[found.kind]
    return _show(kind, blank(_fields(kind), **_raw(found)), number)


@pages.post("/<int:number>/edit")
@allow("disclosures.draft")
def save(number: int) -> ResponseReturnValue:
    kind = KINDS[publish.one(db(), number).kind]
    form = filled(_fields(kind))
    if not form.good:
        return _show(kind, form, number)
    try:
        with writing() as session:
            found = publish.one(session, number)
            drafting.edit(session, found, _data(kind, form), the_clerk(), now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(kind, _refused(form, refusal), number)
    flash("已保存。内容有改动的，原来的审核作废，须重新审核。", "success")
    return go_to("console.disclosures.page", number=number)


def _fields(kind: Kind) -> tuple[Field, ...]:
    """The form of a kind: its own fields after the common ones."""
    names = {one.slug: one.name for one in topics.all(db())}
    rooms = {one.name: one.name for one in offices.everyone(db())} or {"办公室": "办公室"}
    return (
        Field("title", "标题", longest=200),
        Field(
            "topic", "主题", Shape.CHOICE, choices=names, hint="订阅了这个主题的群众会收到通知。"
        ),
        Field("office", "发布科室", Shape.CHOICE, choices=rooms),
        Field("produced_on", "形成日期", Shape.DAY, hint="自形成或变更之日起20个工作日内公开。"),
        Field(
            "summary", "摘要", Shape.TEXT, required=False, longest=2000, hint="通知里显示的文字。"
        ),
        Field("body_html", "正文", Shape.HTML, required=False, longest=LONGEST_BODY),
        *(
            Field(
                PREFIX + one.key,
                one.label,
                Shape.DAY if one.shape == "day" else Shape.TEXT,
                longest=4000,
                required=one.required,
            )
            for one in kind.fields
        ),
        *_explains(kind),
        Field("attribute", "公开属性", Shape.CHOICE, choices=dict(ATTRIBUTES)),
        Field("attribute_reason", "依申请公开或不予公开的理由", required=False, longest=500),
        Field("source_url", "来源网址", required=False, longest=500),
        Field("urgent", "紧急：夜间也通知", Shape.TICK, required=False),
    )


def _explains(kind: Kind) -> tuple[Field, ...]:
    """Which document an interpretation explains: the link goes both ways."""
    if kind.key != "interpretation":
        return ()
    documents = aftercare.documents_to_explain(db())
    hint = "选好后两个页面互相链接；文件发布后解读才能发布。"
    return (
        Field(
            EXPLAINS, "解读哪一份文件", Shape.CHOICE, required=False, choices=documents, hint=hint
        ),
    )


def _data(kind: Kind, form: Form) -> dict[str, Any]:
    """The form as `bureau.disclosures` takes it."""
    own = {one.key: _text(form[PREFIX + one.key]) for one in kind.fields if form[PREFIX + one.key]}
    if form.values.get(EXPLAINS):
        own["explains"] = form[EXPLAINS]
    names = ("title", "topic", "office", "summary", "body_html", "attribute", "attribute_reason")
    return {
        **{name: form[name] for name in names},
        "kind": kind.key,
        "produced_on": form["produced_on"],
        "source_url": form["source_url"],
        "urgent": form["urgent"],
        "fields": own,
    }


def _raw(found: Disclosure) -> dict[str, str]:
    names = ("title", "topic", "office", "summary", "body_html", "attribute", "attribute_reason")
    own = {PREFIX + key: _text(value) for key, value in found.fields.items()}
    return {
        **{name: getattr(found, name) for name in names},
        "produced_on": found.produced_on.isoformat(),
        "source_url": found.source_url,
        "urgent": "1" if found.urgent else "",
        **own,
    }


def _refused(form: Form, refusal: Refusal) -> Form:
    """The office's reasons beside the fields they name, the others above the form."""
    lines = refusal.lines if isinstance(refusal, Rejected) else [refusal.say]
    known = {one.name for one in form.fields}
    rest = []
    for line in lines:
        key, sign, words = line.partition("：")
        name = PREFIX + key.removeprefix("fields.") if key.startswith("fields.") else key
        if sign and name in known:
            form.errors.setdefault(name, words)
        else:
            rest.append(line)
    form.say = "；".join(rest)
    return form


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _show(kind: Kind, form: Form, number: int | None = None) -> ResponseReturnValue:
    page = render_template(
        "console/disclosures/edit.html",
        form=form,
        kind=kind,
        kinds=KINDS,
        number=number,
        own=[PREFIX + one.key for one in kind.fields],
        explains=bool(_explains(kind)),
    )
    return page, form.status
