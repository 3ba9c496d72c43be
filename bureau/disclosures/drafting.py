"""Staff's side of a disclosure: drafted, edited, reviewed step by step, and let out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.followers import topics
from bot.outbound.models import Push
from bureau.disclosures import content as contents
from bureau.disclosures import correcting, files, publish
from bureau.disclosures.content import Content, content_of
from bureau.disclosures.models import Disclosure
from bureau.disclosures.publish import Rejected, subject_of
from bureau.disclosures.states import State
from bureau.release import clearing, gate, scan
from bureau.release.models import Review
from bureau.release.scan import Finding
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import Forbidden, IllegalMove, Refusal

PERMISSION_OF = {
    gate.FIRST: "disclosures.first_review",
    gate.SECOND: "disclosures.secrecy",
    gate.APPROVAL: "disclosures.approve",
}


def shelf(
    db: Session, state: str = "", *, offset: int = 0, size: int = 20
) -> tuple[list[Disclosure], int]:
    """A page of all disclosures, or of those in a state, newest first, and how many there are."""
    query, total = select(Disclosure), select(func.count(Disclosure.id))
    if state:
        query = query.where(Disclosure.state == state)
        total = total.where(Disclosure.state == state)
    rows = db.scalars(query.order_by(Disclosure.id.desc()).offset(offset).limit(size))
    return list(rows), db.scalar(total) or 0


def counts(db: Session) -> dict[str, int]:
    """How many disclosures stand in each state."""
    query = select(Disclosure.state, func.count(Disclosure.id)).group_by(Disclosure.state)
    return {row[0]: row[1] for row in db.execute(query)}


def draft(db: Session, data: Mapping[str, Any], by: Clerk, now: datetime) -> Disclosure:
    """A new draft. Raises Rejected naming every problem at once."""
    roles.require(by.role, "disclosures.draft")
    made = publish.keep(db, read(db, data), now, drafted_by=by.display_name)
    audit.note(db, by, "disclosure.draft", subject_of(made), now)
    return made


def edit(
    db: Session, disclosure: Disclosure, data: Mapping[str, Any], by: Clerk, now: datetime
) -> None:
    """A new version of a draft: reviews of the former one no longer count (their hash differs).

    Raises IllegalMove for what is public already: that is corrected, not edited.
    """
    roles.require(by.role, "disclosures.draft")
    _require_draft(disclosure)
    content = read(db, {**data, "files": disclosure.files})
    if content.hash == disclosure.content_hash:
        return
    publish.write(db, disclosure, content, now)
    audit.note(db, by, "disclosure.edit", subject_of(disclosure), now, version=disclosure.version)


def sign(
    db: Session,
    disclosure: Disclosure,
    step: str,
    by: Clerk,
    now: datetime,
    *,
    seen: str,
    passed: bool,
    note: str = "",
) -> Review:
    """One decision on exactly the content the reviewer saw (`seen`: its hash).

    Steps follow one another: 初审 → 保密复审 → 批准. Raises Refusal when the text has changed
    meanwhile, when a refusal has no reason, or when one person would take every step.
    """
    if step not in PERMISSION_OF:
        raise Refusal("没有这一审核步骤。")
    roles.require(by.role, PERMISSION_OF[step])
    _require_draft(disclosure)
    if seen != disclosure.content_hash:
        raise Refusal("内容在您查看之后有修改，请重新审阅。")
    if not passed and not note.strip():
        raise Refusal("不通过须写明理由。")
    subject = subject_of(disclosure)
    _require_turn(db, subject, disclosure, step)
    if passed:
        _require_another(db, subject, disclosure, step, by)
        require_clean(db, disclosure)
    review = gate.sign(
        db, subject, step, disclosure.content_hash, by.display_name, now,
        clerk_id=by.id, passed=passed, note=note.strip(),
    )  # fmt: skip
    audit.note(db, by, f"disclosure.{step}", subject, now, passed=passed, note=note.strip())
    return review


def let_out(
    db: Session, disclosure: Disclosure, by: Clerk, now: datetime, *, at: datetime | None = None
) -> Push:
    """Publish a released draft now or at a moment. Raises Refusal while a step is missing."""
    roles.require(by.role, "disclosures.publish")
    _require_draft(disclosure)
    if disclosure.attribute != "proactive":
        raise Refusal("依申请公开、不予公开的信息不能发布。")
    require_clean(db, disclosure)
    if disclosure.corrects_id is not None:
        push = correcting.correct_drafted(db, disclosure, now)
    else:
        publish.require_document_out(db, disclosure)
        push = publish.go_out(db, disclosure, now, at=at)
    audit.note(db, by, "disclosure.publish", subject_of(disclosure), now, push=push.id)
    return push


def require_clean(db: Session, disclosure: Disclosure) -> None:
    """Raises Rejected while a finding stops it."""
    if found := stops(db, disclosure):
        raise Rejected([f"检查发现 {one}" for one in found], found)


def read(db: Session, data: Mapping[str, Any]) -> Content:
    """Data of the form as content. Raises Rejected naming every problem at once."""
    wrong = contents.problems(data, outside=False)
    topic = topics.find(db, str(data.get("topic") or ""))
    if topic is None:
        wrong.append("topic：请选择主题")
    if wrong or topic is None:
        raise Rejected(wrong)
    return contents.read({**data, "topic": topic.slug})


def findings(db: Session, disclosure: Disclosure) -> list[Finding]:
    """What the scan finds in the version that stands now, and in its files."""
    found = publish.findings_in(db, content_of(disclosure).to_json())
    inside = scan.scan(files.texts_of(db, disclosure), (), gate.words_of(db))
    return found + inside + files.to_look_at(db, disclosure)


def stops(db: Session, disclosure: Disclosure) -> list[Finding]:
    """Findings that still stop it: not cleared by a reviewer."""
    subject, found = subject_of(disclosure), findings(db, disclosure)
    return clearing.open_stops(db, subject, disclosure.content_hash, found)


def _require_draft(disclosure: Disclosure) -> None:
    if disclosure.state != State.DRAFT:
        raise IllegalMove("这条信息已不在拟稿和审核中。")


def _require_turn(db: Session, subject: str, disclosure: Disclosure, step: str) -> None:
    done = gate.valid(db, subject, disclosure.content_hash)
    before = gate.NEEDED[: gate.NEEDED.index(step)]
    missing = [gate.STEP_LABELS[one] for one in before if one not in done]
    if missing:
        raise IllegalMove(f"请先完成{'、'.join(missing)}。")
    if step in done:
        raise IllegalMove(f"{gate.STEP_LABELS[step]}已经完成。")


def _require_another(
    db: Session, subject: str, disclosure: Disclosure, step: str, by: Clerk
) -> None:
    """At least two different people: who took both earlier steps cannot approve too."""
    done = gate.valid(db, subject, disclosure.content_hash)
    others = {done[one].reviewer for one in gate.NEEDED if one in done and one != step}
    if step == gate.APPROVAL and others <= {by.display_name}:
        raise Forbidden("批准须由另一人作出，一个人不能走完全部审核。")
