"""Publication: the disclosure, its version, its review and its push are rows of one transaction."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.followers import topics
from bot.outbound import outbox
from bot.outbound.models import Push
from bot.outbound.notice import Topic
from bot.outbound.states import PushState
from bureau import notices
from bureau.disclosures import content as contents
from bureau.disclosures.content import Content
from bureau.disclosures.models import Disclosure, Version
from bureau.disclosures.states import State, move
from bureau.release import gate, scan
from bureau.release.scan import Finding
from core.errors import NotFound, Refusal


class Rejected(Refusal):
    """What came from outside cannot go out; `lines` names every reason."""

    def __init__(self, lines: list[str], findings: list[Finding] | None = None) -> None:
        super().__init__("不能发布：\n" + "\n".join(f"  - {line}" for line in lines))
        self.lines = lines
        self.findings = findings or []


def findings_in(db: Session, data: Mapping[str, Any]) -> list[Finding]:
    """What the scan finds in all texts of a content."""
    fields = data.get("fields")
    known = {**data, "fields": fields if isinstance(fields, Mapping) else {}}
    return scan.scan(contents.texts_of(known), contents.CONTACTS, gate.words_of(db))


def subject_of(disclosure: Disclosure) -> str:
    """The name reviews know a disclosure by."""
    return f"disclosure:{disclosure.id}"


def keep(
    db: Session, content: Content, now: datetime, *, drafted_by: str, key: str | None = None
) -> Disclosure:
    """Write a new draft and its first version."""
    disclosure = Disclosure(
        index_number=secrets.token_hex(12),
        created_at=now,
        drafted_by=drafted_by,
        origin_key=key,
        state=State.DRAFT,
        version=0,
    )
    write(db, disclosure, content, now)
    disclosure.index_number = f"CZ-{now.year}-{disclosure.id:06d}"
    return disclosure


def write(
    db: Session, disclosure: Disclosure, content: Content, now: datetime, note: str = ""
) -> None:
    """Put a content into a disclosure as its next version; earlier ones stay."""
    for name, value in content.to_json().items():
        setattr(disclosure, name, value)
    disclosure.produced_on, disclosure.files = content.produced_on, list(content.files)
    disclosure.explains_id = _explained(db, content)
    disclosure.content_hash = content.hash
    disclosure.version += 1
    db.add(disclosure)
    db.flush()
    db.add(
        Version(
            disclosure_id=disclosure.id,
            number=disclosure.version,
            content=content.to_json(),
            content_hash=content.hash,
            note=note,
            at=now,
        )
    )
    db.flush()


def _explained(db: Session, content: Content) -> int | None:
    """The document that an interpretation explains. Raises Refusal when there is none such."""
    given = str(content.fields.get("explains") or "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit()) or db.get(Disclosure, int(given)) is None:
        raise Refusal("没有找到要解读的文件。")
    return int(given)


def require_document_out(db: Session, disclosure: Disclosure) -> None:
    """An interpretation follows its document. Raises Refusal before that is public."""
    if disclosure.explains_id is None:
        return
    if one(db, disclosure.explains_id).state != State.PUBLISHED:
        raise Refusal("解读应在文件发布之后发布，请先发布所解读的文件。")


def go_out(
    db: Session,
    disclosure: Disclosure,
    now: datetime,
    *,
    at: datetime | None = None,
    heading: str = "",
    corrects: int | None = None,
) -> Push:
    """Make a released disclosure public now, or at a moment, with its push.

    Raises Refusal when a review of exactly this content is missing.
    """
    missing = gate.missing_steps(db, subject_of(disclosure), disclosure.content_hash)
    if missing:
        names = "、".join(gate.STEP_LABELS[step] for step in missing)
        raise Refusal(f"这一版本还缺少审核：{names}")
    later = at is not None and at > now
    move(disclosure, State.SCHEDULED if later else State.PUBLISHED)
    disclosure.publish_at = at if later else None
    if not later and disclosure.published_at is None:
        disclosure.published_at = now
    push = outbox.put(
        db,
        notices.disclosure_published(
            number=disclosure.id,
            title=disclosure.title,
            topic_name=topics.get(db, disclosure.topic).name,
            office=disclosure.office,
            summary=brief_of(disclosure),
            urgent=disclosure.urgent,
            now=at if at and later else now,
            heading=heading,
        ),
        Topic(disclosure.topic),
        now,
        origin_key=_origin_key(db, disclosure),
        at=at,
        corrects=corrects,
    )
    disclosure.push_id = push.id
    db.flush()
    return push


def _origin_key(db: Session, disclosure: Disclosure) -> str:
    """One push a version; after a cancelled one the version may be told once more."""
    key = f"disclosure:{disclosure.id}:v{disclosure.version}"
    cancelled = (Push.origin_key.startswith(key, autoescape=True)) & (
        Push.state == PushState.CANCELLED
    )
    count = db.scalar(select(func.count()).select_from(Push).where(cancelled)) or 0
    return f"{key}:{count}" if count else key


def publish_due(db: Session, now: datetime) -> int:
    """Scheduled disclosures whose moment has come are public; gives how many."""
    due = (Disclosure.state == State.SCHEDULED) & (Disclosure.publish_at <= now)
    result = db.scalars(
        update(Disclosure)
        .where(due)
        .values(state=State.PUBLISHED, published_at=now)
        .returning(Disclosure.id)
    )
    return len(list(result))


def any_due(db: Session, now: datetime) -> bool:
    due = (Disclosure.state == State.SCHEDULED) & (Disclosure.publish_at <= now)
    return db.scalar(select(Disclosure.id).where(due).limit(1)) is not None


def brief_of(disclosure: Disclosure) -> str:
    return disclosure.summary or contents.plain(disclosure.body_html)


def one(db: Session, disclosure_id: int) -> Disclosure:
    """In any state, for staff. Raises NotFound."""
    disclosure = db.get(Disclosure, disclosure_id)
    if disclosure is None:
        raise NotFound("没有这条公开信息")
    return disclosure
