"""Pictures sent in the chat: claimed, fetched from WeChat with no transaction open, then kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound.client import Media
from bot.outbound.errors import WechatError
from bureau.feedback import chain, files
from bureau.feedback.files import Stored
from bureau.feedback.models import Attachment, Ticket
from core.clock import Clock
from core.db import Database
from core.errors import Refusal

LIFE = timedelta(days=3)  # of temporary media at WeChat
CLAIM = timedelta(minutes=2)  # nobody else fetches a claimed picture within it
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
LARGEST_BYTES = 10 * 1024 * 1024
BATCH = 20


class Source(Protocol):
    """Where media come from."""

    def download(self, media_id: str) -> Media:
        """The media's bytes. Raises WechatError."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one picture: where it is kept, or why it is not."""

    attachment_id: int
    stored: Stored | None = None
    refused: bool = False
    gone: bool = False  # WeChat does not have it (any more)


def fetch_due(
    database: Database, source: Source, clock: Clock, folder: Path, largest: int = LARGEST_BYTES
) -> int:
    """Fetch what is waiting, up to 20 at a time; gives how many were kept."""
    with database.write() as db:
        claims = claim(db, clock.now())
    outcomes = [_fetch(source, one, folder, largest) for one in claims]
    with database.write() as db:
        return sum(record(db, one, clock.now()) for one in outcomes)


def claim(db: Session, now: datetime) -> list[tuple[int, str]]:
    """(id, media id) of pictures that are due, held for two minutes."""
    query = (
        select(Attachment)
        .where(Attachment.state == "waiting", Attachment.next_try_at <= now)
        .order_by(Attachment.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = list(db.scalars(query))
    for row in rows:
        row.next_try_at = now + CLAIM
    return [(row.id, row.media_id) for row in rows]


def record(db: Session, fetched: Fetched, now: datetime) -> bool:
    """Write down what became of a claimed picture; True when it is kept."""
    row = db.get(Attachment, fetched.attachment_id, with_for_update=True)
    if row is None or row.state != "waiting":
        return False
    row.tries += 1
    if fetched.refused:
        row.state = "refused"
    elif fetched.stored is not None:
        row.state, row.content_type = "kept", fetched.stored.content_type
        row.path, row.size_bytes = fetched.stored.path, fetched.stored.size_bytes
        _tell_chain(db, row, now)
        return True
    elif fetched.gone or now - row.created_at > LIFE:
        row.state = "lost"
    else:
        row.next_try_at = now + WAITS[min(row.tries, len(WAITS)) - 1]
    return False


def _tell_chain(db: Session, row: Attachment, now: datetime) -> None:
    """A letter handed in before its picture came learns the digest now."""
    ticket = db.get(Ticket, row.ticket_id) if row.ticket_id else None
    if ticket is not None:
        chain.lock(db, ticket)
        chain.append(db, ticket, "media_kept", now, sha256=row.sha256, bytes=row.size_bytes)


def _fetch(source: Source, claimed: tuple[int, str], folder: Path, largest: int) -> Fetched:
    number, media_id = claimed
    try:
        content = source.download(media_id).content
        if len(content) > largest:
            return Fetched(number, refused=True)
        return Fetched(number, files.keep(folder, BytesIO(content)))
    except WechatError as error:
        return Fetched(number, gone=not error.retryable)
    except Refusal:
        return Fetched(number, refused=True)
    except OSError:
        return Fetched(number)
