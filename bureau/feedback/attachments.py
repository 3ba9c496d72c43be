"""Attachments of a letter, whichever way they come: noted, counted, handed over with it.

The chat names a media of WeChat's, which a job fetches; a page brings the file itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bureau.feedback import chain
from bureau.feedback.files import Stored
from bureau.feedback.models import Attachment, Ticket
from core.errors import Refusal

MOST = 9  # of one letter, and of one supplement
FORM_LIFE = timedelta(days=2)  # of files on a page that was never handed in


@dataclass(frozen=True, slots=True)
class Holder:
    """Where attachments lie until the letter is handed in: with a draft, or an open form."""

    draft_id: int | None = None
    form: str = ""

    def holds(
        self,
    ) -> tuple[InstrumentedAttribute[str] | InstrumentedAttribute[int | None], object]:
        """The column and value by which its attachments are found."""
        if self.draft_id is not None:
            return Attachment.draft_id, self.draft_id
        return Attachment.form, self.form


def add(
    db: Session,
    holder: Holder,
    now: datetime,
    *,
    message_key: str,
    media_id: str = "",
    stored: Stored | None = None,
) -> int:
    """Note an attachment, once a message key; gives how many its holder has now.

    media_id: still to be fetched from WeChat; stored: on disk already. Raises Refusal beyond 9.
    """
    there = of_holder(db, holder)
    if any(one.message_key == message_key for one in there):
        return len(there)
    if len(there) >= MOST:
        raise Refusal(f"一件来信最多附{MOST}个附件。")
    row = Attachment(
        draft_id=holder.draft_id,
        form=holder.form,
        message_key=message_key,
        media_id=media_id,
        next_try_at=now,
        created_at=now,
    )
    if stored is not None:
        row.state, row.path, row.name = "kept", stored.path, stored.name
        row.content_type, row.size_bytes = stored.content_type, stored.size_bytes
    db.add(row)
    db.flush()
    return len(there) + 1


def of_holder(db: Session, holder: Holder) -> list[Attachment]:
    """What lies with a draft or a form, in the order it came."""
    column, value = holder.holds()
    return list(db.scalars(select(Attachment).where(column == value).order_by(Attachment.id)))


def count(db: Session, holder: Holder) -> int:
    """How many lie with a draft or a form."""
    column, value = holder.holds()
    return db.scalar(select(func.count()).select_from(Attachment).where(column == value)) or 0


def of_ticket(db: Session, ticket_id: int) -> list[Attachment]:
    """A ticket's attachments in the order they came."""
    query = select(Attachment).where(Attachment.ticket_id == ticket_id)
    return list(db.scalars(query.order_by(Attachment.id)))


def leave_out(db: Session, holder: Holder, ids: Sequence[int]) -> list[str]:
    """Take these out again before the letter is handed in; the files to be deleted with them."""
    gone = [one for one in of_holder(db, holder) if one.id in ids and one.ticket_id is None]
    return drop(db, gone)


def hand_over(db: Session, holder: Holder, ticket: Ticket, now: datetime) -> int:
    """Give a ticket what its draft or form holds; how many are new to it.

    Files that are on disk already enter the ticket's chain with their digests.
    """
    loose = [one for one in of_holder(db, holder) if one.ticket_id is None]
    ids = [one.id for one in loose]
    db.execute(update(Attachment).where(Attachment.id.in_(ids)).values(ticket_id=ticket.id))
    kept = [one for one in loose if one.state == "kept"]
    if kept:
        chain.lock(db, ticket)
        told = [{"sha256": one.sha256, "bytes": one.size_bytes} for one in kept]
        chain.append(db, ticket, "enclosed", now, who=chain.CITIZEN, files=told)
    return len(loose)


def drop(db: Session, rows: Sequence[Attachment]) -> list[str]:
    """Delete rows; the files that no other letter has: the same one is kept once, whoever sent it.

    Delete those from disk after the commit.
    """
    paths = {row.path for row in rows if row.path}
    for row in rows:
        db.delete(row)
    db.flush()
    query = select(Attachment.path).where(Attachment.path.in_(paths))
    return sorted(paths - set(db.scalars(query)))


def forget_forms(db: Session, now: datetime, limit: int = 100) -> list[str]:
    """Drop what lies with forms that were not handed in; the files to be deleted with it."""
    query = select(Attachment).where(
        Attachment.form != "",
        Attachment.ticket_id.is_(None),
        Attachment.created_at < now - FORM_LIFE,
    )
    return drop(db, db.scalars(query.limit(limit)).all())
