"""What the public may find: published disclosures, and withdrawn ones with their explanation."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bureau.disclosures.models import Attachment, Disclosure, Version
from core.errors import NotFound

OPEN = ("published", "withdrawn")


def latest(
    db: Session, topic: str | None = None, limit: int = 20, offset: int = 0
) -> Sequence[Disclosure]:
    """The newest published ones, of one topic (slug) or of all."""
    statement = select(Disclosure).where(Disclosure.state == "published")
    if topic:
        statement = statement.where(Disclosure.topic == topic)
    newest = statement.order_by(Disclosure.published_at.desc(), Disclosure.id.desc())
    return db.scalars(newest.limit(limit).offset(offset)).all()


def count(db: Session, topic: str | None = None) -> int:
    statement = select(func.count()).where(Disclosure.state == "published")
    if topic:
        statement = statement.where(Disclosure.topic == topic)
    return db.scalar(statement) or 0


def one(db: Session, disclosure_id: int) -> Disclosure:
    """Published or withdrawn (the page then shows why). Raises NotFound for anything else."""
    disclosure = db.get(Disclosure, disclosure_id)
    if disclosure is None or disclosure.state not in OPEN:
        raise NotFound("没有这条公开信息")
    return disclosure


def matching(db: Session, words: Sequence[str], limit: int = 20) -> Sequence[Disclosure]:
    """Published ones whose title or summary holds all the words."""
    statement = select(Disclosure).where(Disclosure.state == "published")
    for word in words:
        pattern = f"%{word.replace('%', '').replace('_', '')}%"
        statement = statement.where(
            or_(Disclosure.title.like(pattern), Disclosure.summary.like(pattern))
        )
    return db.scalars(statement.order_by(Disclosure.published_at.desc()).limit(limit)).all()


def versions(db: Session, disclosure_id: int) -> Sequence[Version]:
    """All versions, oldest first."""
    mine = select(Version).where(Version.disclosure_id == disclosure_id)
    return db.scalars(mine.order_by(Version.number)).all()


def attachments(db: Session, disclosure_id: int) -> Sequence[Attachment]:
    """Those of the version that stands now."""
    files = db.scalar(select(Disclosure.files).where(Disclosure.id == disclosure_id)) or []
    mine = (Attachment.disclosure_id == disclosure_id) & Attachment.sha256.in_(files)
    return db.scalars(select(Attachment).where(mine).order_by(Attachment.id)).all()


def explanations(db: Session, disclosure_id: int) -> Sequence[Disclosure]:
    """Published interpretations of a document: the link goes both ways."""
    mine = (Disclosure.explains_id == disclosure_id) & (Disclosure.state == "published")
    return db.scalars(select(Disclosure).where(mine).order_by(Disclosure.published_at)).all()
