"""The page of one disclosure for staff: its text, findings, reviews, and whom a push reaches."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.followers import topics
from bot.outbound import confirmations
from bot.outbound.forecast import forecast
from bot.outbound.rules import ROUTE_LABELS, Rules
from bureau.disclosures import drafting, find, publish
from bureau.disclosures.kinds import ATTRIBUTES, KINDS
from bureau.disclosures.models import Disclosure
from bureau.release import gate
from bureau.staff.models import Clerk
from web.counter import db, now, office
from web.forms import Field, Form, Shape, blank

pages = Blueprint("disclosures", __name__, url_prefix="/disclosures")
Deed = Callable[[Session, Disclosure, Clerk], Any]
REVIEW = (
    Field("seen", "内容版本", longest=64),
    Field("passed", "结论", Shape.CHOICE, choices={"yes": "通过", "no": "不通过"}),
    Field("note", "意见", Shape.TEXT, required=False, longest=1000),
)


def show(number: int, sent: Form | None = None) -> ResponseReturnValue:
    """The page; with the form that came back, when one did."""
    session = db()
    found = publish.one(session, number)
    subject = publish.subject_of(found)
    kind = KINDS[found.kind]
    is_draft = found.state == publish.DRAFT
    rules = Rules.of(office().settings)
    reach = forecast(session, found.topic, rules, now()) if is_draft else {}
    page = render_template(
        "console/disclosures/page.html",
        disclosure=found,
        topic=topics.get(session, found.topic),
        kind=kind,
        attribute=ATTRIBUTES[found.attribute],
        facts=[(one.label, found.fields.get(one.key)) for one in kind.fields],
        findings=drafting.findings(session, found) if is_draft else [],
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
        audience=sum(reach.values()),
        form=sent or blank(REVIEW),
    )
    return page, sent.status if sent else 200
