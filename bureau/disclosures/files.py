"""Attachments of a disclosure: checked, read through, and part of what the reviews bind."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.disclosures import enclosures, publish
from bureau.disclosures.content import Content, content_of
from bureau.disclosures.models import Attachment, Disclosure
from bureau.disclosures.states import State
from bureau.release.image_texts import PLACE
from bureau.release.scan import LOOK, Finding
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import IllegalMove, NotFound, Refusal


def attach(
    db: Session, disclosure: Disclosure, name: str, data: bytes, by: Clerk, now: datetime
) -> Attachment:
    """Add a file to a draft; reviews of the version without it no longer count.

    Raises Refusal for a file that may not be published or that is there already.
    """
    _require_draft(disclosure, by)
    given = enclosures.examine(name, data)
    if given.sha256 in disclosure.files:
        raise Refusal(enclosures.TWICE)
    if len(disclosure.files) >= enclosures.MOST:
        raise Refusal(enclosures.TOO_MANY)
    row = enclosures.keep(db, disclosure.id, given, now)
    _rewrite(db, disclosure, (*disclosure.files, given.sha256), now)
    subject = publish.subject_of(disclosure)
    audit.note(db, by, "disclosure.attach", subject, now, name=given.name, sha256=given.sha256)
    return row


def detach(
    db: Session, disclosure: Disclosure, attachment_id: int, by: Clerk, now: datetime
) -> None:
    """Take a file off a draft; the file stays with the versions that had it."""
    _require_draft(disclosure, by)
    row = one(db, disclosure, attachment_id)
    _rewrite(db, disclosure, tuple(f for f in disclosure.files if f != row.sha256), now)
    audit.note(
        db, by, "disclosure.detach", publish.subject_of(disclosure), now, name=row.name
    )  # fmt: skip


def of(db: Session, disclosure: Disclosure) -> Sequence[Attachment]:
    """The files of the version that stands now, in the order they were added."""
    mine = (Attachment.disclosure_id == disclosure.id) & Attachment.sha256.in_(disclosure.files)
    return db.scalars(select(Attachment).where(mine).order_by(Attachment.id)).all()


def one(db: Session, disclosure: Disclosure, attachment_id: int) -> Attachment:
    """A file of the version that stands now. Raises NotFound."""
    row = db.get(Attachment, attachment_id)
    if row is None or row.disclosure_id != disclosure.id or row.sha256 not in disclosure.files:
        raise NotFound("没有这个附件。")
    return row


def by_hash(db: Session, disclosure: Disclosure, digest: str) -> Attachment:
    """A file of the version that stands now, by its SHA-256. Raises NotFound."""
    for row in of(db, disclosure):
        if row.sha256 == digest:
            return row
    raise NotFound("没有这个附件。")


def hand_over(db: Session, source: Disclosure, to: Disclosure) -> None:
    """Copy the files of one disclosure that another does not have yet."""
    there = {row.sha256 for row in db.scalars(_all_of(to))}
    for row in of(db, source):
        if row.sha256 not in there:
            names = ("name", "content_type", "size", "sha256", "content", "texts", "at")
            db.add(Attachment(disclosure_id=to.id, **{key: getattr(row, key) for key in names}))
    db.flush()


def texts_of(db: Session, disclosure: Disclosure) -> dict[str, str]:
    """place → text of all files, for the scan."""
    return {
        f"附件“{row.name}”{place}": text
        for row in of(db, disclosure)
        for place, text in row.texts.items()
    }


def to_look_at(db: Session, disclosure: Disclosure) -> list[Finding]:
    """What a person has to look at because no program can."""
    found = []
    for row in of(db, disclosure):
        if row.content_type == "application/pdf":
            label = "PDF 里的扫描件和图片系统读不出"
            found.append(Finding("unread", label, f"附件“{row.name}”", 0, "请逐页看一遍", LOOK))
        for place, text in row.texts.items():
            if PLACE in text.splitlines():
                field = f"附件“{row.name}”{place}"
                found.append(Finding("place", "图片里的拍摄位置", field, 0, PLACE, LOOK))
    return found


def _rewrite(db: Session, disclosure: Disclosure, digests: tuple[str, ...], now: datetime) -> None:
    known = content_of(disclosure).to_json()
    made = {**known, "produced_on": disclosure.produced_on, "files": digests}
    publish.write(db, disclosure, Content(**made), now)


def _all_of(disclosure: Disclosure):  # type: ignore[no-untyped-def]
    return select(Attachment).where(Attachment.disclosure_id == disclosure.id)


def _require_draft(disclosure: Disclosure, by: Clerk) -> None:
    roles.require(by.role, "disclosures.draft")
    if disclosure.state != State.DRAFT:
        raise IllegalMove("这条信息已不在拟稿和审核中。")
