"""A file on its way to become an attachment: checked, read through, known by its hash."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bureau.disclosures.models import Attachment
from bureau.release import file_texts, files
from core.errors import Refusal

MOST = 20
TOO_MANY = f"一条信息最多{MOST}个附件。"
TWICE = "这个文件已经上传过了。"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """texts: place → text, for the scan."""

    name: str
    content_type: str
    content: bytes
    sha256: str
    texts: Mapping[str, str]


def examine(name: str, data: bytes) -> Enclosure:
    """Raises Refusal for a file that may not be published: type, size, content."""
    name = files.clean_name(name)
    found = files.check(name, data)
    digest = hashlib.sha256(data).hexdigest()
    return Enclosure(name, found.content_type, data, digest, file_texts.texts_of(name, data))


def examine_all(given: Iterable[tuple[str, bytes]]) -> tuple[list[Enclosure], list[str]]:
    """Files that come together: those in order, and what is wrong with the others."""
    good: list[Enclosure] = []
    wrong: list[str] = []
    for name, data in given:
        try:
            made = examine(name, data)
            if made.sha256 in {one.sha256 for one in good}:
                raise Refusal(TWICE)
        except Refusal as refusal:
            wrong.append(f"附件“{name}”：{refusal.say}")
        else:
            good.append(made)
    return good, wrong + ([f"附件：{TOO_MANY}"] if len(good) > MOST else [])


def keep(db: Session, disclosure_id: int, one: Enclosure, now: datetime) -> Attachment:
    """Write the file beside its disclosure; the version that names its hash has it."""
    row = Attachment(
        disclosure_id=disclosure_id,
        name=one.name,
        content_type=one.content_type,
        size=len(one.content),
        sha256=one.sha256,
        content=one.content,
        texts=dict(one.texts),
        at=now,
    )
    db.add(row)
    return row


def texts_of(given: Iterable[Enclosure]) -> dict[str, str]:
    """Every text of the files by the name a person knows its place by."""
    return {f"附件“{one.name}”{place}": text for one in given for place, text in one.texts.items()}
