"""The page of one disclosure for staff: its text, findings, reviews, and whom a push reaches."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.followers import audience, topics
from bot.outbound import confirmations
from bot.outbound.forecast import forecast
from bot.outbound.outlook import outlook
from bot.outbound.rules import ROUTE_LABELS, Rules
from bureau.disclosures import aftercare, drafting, files, find, interpretations, publish, validity
from bureau.disclosures import content as contents
from bureau.disclosures.kinds import ATTRIBUTES, KINDS
from bureau.disclosures.models import Disclosure
from bureau.disclosures.states import State
from bureau.release import clearing, gate, scan
from bureau.release.scan import Finding
from bureau.staff.models import Clerk
from web.access import the_clerk
from web.counter import db, now, office
from web.deeds import attempt
from web.forms import Field, Form, Shape, blank
from web.htmx import go_to

pages = Blueprint("disclosures", __name__, url_prefix="/disclosures")
CONTEXT = 16  # characters shown before a finding
Deed = Callable[[Session, Disclosure, Clerk], Any]
REVIEW = (
    Field("seen", "内容版本", longest=64),
    Field("passed", "结论", Shape.CHOICE, choices={"yes": "通过", "no": "不通过"}),
    Field("note", "意见", Shape.TEXT, required=False, longest=1000),
)
RELEASE = (Field("at", "发布时间", Shape.MOMENT, required=False, hint="不填就立即发布。"),)
REASON = (Field("reason", "理由", Shape.TEXT, longest=1000),)
CLEARING = (
    Field("place", "哪一处", longest=6),
    Field("seen", "内容版本", longest=64),
    Field("why", "核销理由", longest=300),
)
FIELD_NAMES = {"title": "标题", "summary": "摘要", "body_html": "正文", "office": "发布科室"}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding where it stands: the words before it, and whether it was cleared and why."""

    finding: Finding
    place: str
    before: str
    clearable: bool
    cleared_by: str
    reason: str


def carry_out(number: int, form: Form, deed: Deed, told: str) -> ResponseReturnValue:
    """Do `deed` in one transaction; refused, the page comes back with everything typed."""
    clerk = the_clerk()
    if not attempt(form, lambda session: deed(session, publish.one(session, number), clerk)):
        return show(number, form)
    flash(told, "success")
    return go_to("console.disclosures.page", number=number)


def _findings(session: Session, found: Disclosure) -> list[Found]:
    """What the scan found in a draft, each in its place."""
    texts = contents.texts_of(contents.content_of(found).to_json())
    texts |= files.texts_of(session, found)
    subject = publish.subject_of(found)
    cleared = clearing.cleared(session, subject, found.content_hash)
    shown = []
    for one in drafting.findings(session, found):
        before = texts.get(one.field, "")[: one.start].rpartition("\n")[2]
        past = next((row for row in cleared if row.finding == one.to_json()), None)
        key = one.field.removeprefix("fields.")
        labels = {field.key: field.label for field in KINDS[found.kind].fields}
        shown.append(
            Found(
                one,
                FIELD_NAMES.get(key) or labels.get(key, key),
                scan.masked(before)[-CONTEXT:],
                one.kind not in clearing.NEVER,
                past.cleared_by if past else "",
                past.reason if past else "",
            )
        )
    return shown


def show(number: int, sent: Form | None = None) -> ResponseReturnValue:
    """The page; with the form that came back, when one did."""
    session = db()
    found = publish.one(session, number)
    subject = publish.subject_of(found)
    kind = KINDS[found.kind]
    is_draft = found.state == State.DRAFT
    rules = Rules.of(office().settings)
    reach = forecast(session, found.topic, rules, now()) if is_draft else {}
    page = render_template(
        "console/disclosures/page.html",
        disclosure=found,
        topic=topics.get(session, found.topic),
        kind=kind,
        attribute=ATTRIBUTES[found.attribute],
        facts=[(one.label, found.fields.get(one.key)) for one in kind.fields],
        findings=_findings(session, found) if is_draft else [],
        files=files.of(session, found),
        override=aftercare.override_of(session, found),
        correction=aftercare.correction_of(session, found),
        ending=validity.ending(session, found),
        timer=interpretations.timer(session, found, now().date()),
        explained=publish.one(session, found.explains_id) if found.explains_id else None,
        explanations=find.explanations(session, number),
        release=sent if sent and sent.fields is RELEASE else blank(RELEASE),
        is_draft=is_draft,
        needed=gate.NEEDED,
        labels=gate.STEP_LABELS,
        done=gate.valid(session, subject, found.content_hash),
        missing=gate.missing_steps(session, subject, found.content_hash),
        reviews=gate.reviews_of(session, subject),
        permission_of=drafting.PERMISSION_OF,
        versions=find.versions(session, number),
        reach=[(ROUTE_LABELS[route], people) for route, people in reach.items()],
        closed=list(confirmations.closed(session, rules).values()),
        outlook=outlook(session, found.topic, rules, now()) if is_draft else [],
        audience=sum(reach.values()),
        in_digests=audience.in_digests(session, found.topic) if is_draft else 0,
        form=sent if sent and sent.fields is REVIEW else blank(REVIEW),
        sent=sent,
    )
    return page, sent.status if sent else 200
