"""Pictures of a letter: claimed, fetched from WeChat with no transaction open, kept on disk."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound.client import Media
from bot.outbound.errors import WechatError
from bureau.feedback.models import Attachment
from core.clock import Clock
from core.db import Database

LIFE = timedelta(days=3)  # of temporary media at WeChat
CLAIM = timedelta(minutes=2)  # nobody else fetches a claimed picture within it
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
LARGEST_BYTES = 10 * 1024 * 1024
BATCH = 20
# The first bytes decide what a file is; what the sender calls it does not.
STARTS = {
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
    b"GIF87a": ("image/gif", ".gif"),
    b"GIF89a": ("image/gif", ".gif"),
    b"%PDF-": ("application/pdf", ".pdf"),
}


class Source(Protocol):
    """Where media come from."""

    def download(self, media_id: str) -> Media:
        """The media's bytes. Raises WechatError."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one picture: its bytes, or why there are none."""

    attachment_id: int
    content: bytes = b""
    gone: bool = False  # WeChat does not have it (any more)


def fetch_due(database: Database, source: Source, clock: Clock, folder: Path) -> int:
    """Fetch what is waiting, up to 20 at a time; gives how many were kept."""
    with database.write() as db:
        claims = claim(db, clock.now())
    outcomes = [_fetch(source, number, media_id) for number, media_id in claims]
    for one in outcomes:
        if one.content and kind_of(one.content) and len(one.content) <= LARGEST_BYTES:
            store(folder, one.content)
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
    kind = kind_of(fetched.content)
    if fetched.content and (kind is None or len(fetched.content) > LARGEST_BYTES):
        row.state = "refused"
    elif fetched.content and kind is not None:
        row.state, row.content_type = "kept", kind[0]
        row.path, row.size_bytes = name_of(fetched.content), len(fetched.content)
        return True
    elif fetched.gone or now - row.created_at > LIFE:
        row.state = "lost"
    else:
        row.next_try_at = now + WAITS[min(row.tries, len(WAITS)) - 1]
    return False


def of_ticket(db: Session, ticket_id: int) -> list[Attachment]:
    """A ticket's pictures in the order they came."""
    query = select(Attachment).where(Attachment.ticket_id == ticket_id)
    return list(db.scalars(query.order_by(Attachment.id)))


def store(folder: Path, content: bytes) -> Path:
    """Write the bytes under the name of their digest, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name_of(content)
    if target.exists():
        return target
    half = target.with_suffix(f".{os.getpid()}.part")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(target)
    return target


def name_of(content: bytes) -> str:
    """A file name nobody can choose: the digest, and the ending that belongs to the kind."""
    kind = kind_of(content)
    return hashlib.sha256(content).hexdigest() + (kind[1] if kind else "")


def kind_of(content: bytes) -> tuple[str, str] | None:
    """(content type, ending) by the first bytes; None for what we do not keep."""
    for start, kind in STARTS.items():
        if content.startswith(start):
            return kind
    return None


def _fetch(source: Source, number: int, media_id: str) -> Fetched:
    try:
        return Fetched(number, source.download(media_id).content)
    except WechatError as error:
        return Fetched(number, gone=not error.retryable)
    except OSError:
        return Fetched(number)
