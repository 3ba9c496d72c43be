"""What a clerk does beside the ordinary way: masking, clearing, emergencies, taking back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound.models import Push
from bureau.disclosures import correcting, drafting, files, find, publish
from bureau.disclosures.content import content_of
from bureau.disclosures.models import Disclosure
from bureau.disclosures.publish import subject_of
from bureau.disclosures.states import State, move
from bureau.release import clearing, gate, scan
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import IllegalMove, Refusal

SHORTEST_REASON = 10


def mask_numbers(db: Session, disclosure: Disclosure, by: Clerk, now: datetime) -> None:
    """Mask the personal numbers in the texts of a draft, as a new version of it."""
    known = content_of(disclosure).to_json()
    texts = {key: scan.masked(known[key]) for key in ("title", "summary", "body_html")}
    own = {key: _masked(value) for key, value in known["fields"].items()}
    drafting.edit(db, disclosure, {**known, **texts, "fields": own}, by, now)


def clear(
    db: Session,
    disclosure: Disclosure,
    place: int,
    seen: str,
    reason: str,
    by: Clerk,
    now: datetime,
) -> None:
    """A reviewer lets finding number `place` of exactly this content pass, with a reason."""
    roles.require(by.role, "disclosures.first_review")
    found = drafting.findings(db, disclosure)
    changed = disclosure.state != State.DRAFT or seen != disclosure.content_hash
    if changed or not 0 <= place < len(found):
        raise Refusal("内容在您查看之后有修改，请重新审阅。")
    if by.display_name == disclosure.drafted_by:
        raise Refusal("核销须由拟稿人以外的人作出。")
    subject = subject_of(disclosure)
    name = by.display_name
    clearing.clear(db, subject, disclosure.content_hash, found[place], reason, name, now)
    audit.note(db, by, "disclosure.clear", subject, now, reason=reason, kind=found[place].kind)


def publish_at_once(
    db: Session, disclosure: Disclosure, reason: str, by: Clerk, now: datetime
) -> Push:
    """The emergency way without the three steps: one role, a reason, a mark that stays.

    Findings stop it all the same. Raises Refusal without a reason.
    """
    roles.require(by.role, "disclosures.override")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(f"紧急发布须写明理由，至少{SHORTEST_REASON}个字。")
    if disclosure.state != State.DRAFT:
        raise IllegalMove("这条信息已不在拟稿和审核中。")
    subject = subject_of(disclosure)
    gate.sign(
        db, subject, gate.OVERRIDE, disclosure.content_hash, by.display_name, now,
        clerk_id=by.id, note=reason.strip(),
    )  # fmt: skip
    audit.note(db, by, "disclosure.override", subject, now, reason=reason.strip())
    return drafting.let_out(db, disclosure, by, now)


def override_of(db: Session, disclosure: Disclosure) -> str:
    """Why it went out by the emergency way; empty when it did not. It stays for ever."""
    rows = gate.reviews_of(db, subject_of(disclosure))
    return next((row.note for row in rows if row.step == gate.OVERRIDE), "")


def take_back(db: Session, disclosure: Disclosure, reason: str, by: Clerk, now: datetime) -> None:
    """Withdraw what is public; its text stays with the explanation."""
    roles.require(by.role, "disclosures.publish")
    if disclosure.state != State.PUBLISHED:
        raise IllegalMove("只有已发布的信息可以撤回。")
    correcting.withdraw(db, disclosure, reason, now)
    audit.note(db, by, "disclosure.withdraw", subject_of(disclosure), now, reason=reason.strip())


def unschedule(db: Session, disclosure: Disclosure, by: Clerk, now: datetime) -> None:
    """Back to the draft it was before its moment was set; its reviews still hold."""
    roles.require(by.role, "disclosures.publish")
    if disclosure.state != State.SCHEDULED:
        raise IllegalMove("这条信息没有定时发布。")
    correcting.stop_telling(db, disclosure, now)
    move(disclosure, State.DRAFT)
    disclosure.publish_at, disclosure.push_id = None, None
    audit.note(db, by, "disclosure.unschedule", subject_of(disclosure), now)


def begin_correction(
    db: Session, original: Disclosure, note: str, by: Clerk, now: datetime
) -> Disclosure:
    """A draft with the text of what is public, to be corrected and reviewed like any other.

    note: what was wrong and why, shown to the public with the new version.
    """
    roles.require(by.role, "disclosures.draft")
    if original.state != State.PUBLISHED:
        raise IllegalMove("只有已发布的信息可以更正。")
    if not note.strip():
        raise Refusal("请写明更正的内容和原因。")
    if (open_one := correction_of(db, original)) is not None:
        raise Refusal(f"已有一份更正稿在办理（{open_one.index_number}）。")
    made = publish.keep(db, content_of(original), now, drafted_by=by.display_name)
    made.corrects_id = original.id
    find.versions(db, made.id)[0].note = note.strip()
    files.hand_over(db, original, made)
    audit.note(db, by, "disclosure.correct", subject_of(original), now, note=note.strip())
    return made


def correction_of(db: Session, original: Disclosure) -> Disclosure | None:
    """The correction being drafted or reviewed; None when there is none."""
    mine = (Disclosure.corrects_id == original.id) & (Disclosure.state == State.DRAFT)
    return db.scalar(select(Disclosure).where(mine))


def documents_to_explain(db: Session) -> Mapping[str, str]:
    """number → title of what an interpretation may explain, newest first."""
    kinds = ("normative_document", "decision_draft")
    alive = (State.DRAFT, State.SCHEDULED, State.PUBLISHED)
    query = select(Disclosure.id, Disclosure.title).where(
        Disclosure.kind.in_(kinds), Disclosure.state.in_(alive)
    )
    rows = db.execute(query.order_by(Disclosure.id.desc()).limit(200)).all()
    return {str(number): title for number, title in rows}


def _masked(value: Any) -> Any:
    return scan.masked(value) if isinstance(value, str) else value
