"""Drafts: what a person is writing stays in SQL from the first message on."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import attachments
from bureau.feedback.attachments import Holder
from bureau.feedback.models import Draft, DraftPart
from bureau.feedback.tickets import LONGEST
from core.errors import Refusal
from core.privacy import Box
from core.unseen import without_unseen

LONGEST_DETAIL = {"place": 120, "name": 60, "phone": 30}
PHONE = re.compile(r"[+\d][\d\-() 转]{4,29}")


def open_draft(db: Session, openid: str) -> Draft | None:
    """The draft this person is writing, or None."""
    return db.scalar(select(Draft).where(Draft.openid == openid, Draft.state == "open"))


def begin(
    db: Session, openid: str, kind: str, text: str, now: datetime, *, message_key: str
) -> Draft:
    """A new open draft with these words; an unsubmitted one before it is set aside.

    The same message again gives the draft it began. Raises Refusal when the text is too long.
    """
    before = _draft_of(db, message_key)
    if before is not None:
        return before
    _check_length(text, 0)
    discard(db, openid, now)
    draft = Draft(openid=openid, kind=kind, created_at=now, updated_at=now)
    draft.step = "confirm" if text.strip() else "text"
    draft.parts = [DraftPart(text=text.strip(), message_key=message_key, at=now)]
    db.add(draft)
    db.flush()
    return draft


def append(db: Session, draft: Draft, text: str, now: datetime, *, message_key: str) -> Draft:
    """Add a message to the draft, once. Raises Refusal when the whole gets too long."""
    if _draft_of(db, message_key) is not None:
        return draft
    _check_length(text, len(draft.text) + 1 if draft.text else 0)  # a new line joins them
    draft.parts.append(DraftPart(text=text.strip(), message_key=message_key, at=now))
    draft.step, draft.updated_at = "confirm", now
    db.flush()
    return draft


def add_picture(
    db: Session, draft: Draft, media_id: str, now: datetime, *, message_key: str
) -> int:
    """Note a picture to be fetched from WeChat; gives how many the draft has now.

    Raises Refusal beyond 9.
    """
    holder = Holder(draft_id=draft.id)
    there = attachments.add(db, holder, now, message_key=message_key, media_id=media_id)
    draft.updated_at = now
    return there


def pictures(db: Session, draft: Draft) -> int:
    """How many pictures the draft has."""
    return attachments.count(db, Holder(draft_id=draft.id))


def set_step(draft: Draft, step: str, now: datetime) -> None:
    """Remember what is asked for next (`text`, `confirm`, `place` …), should Redis forget."""
    draft.step, draft.updated_at = step, now


def fill(draft: Draft, name: str, value: str, now: datetime, box: Box) -> None:
    """Place, name or phone of the sender; name and phone are sealed at once.

    Raises Refusal for what is too long or no telephone number.
    """
    value = " ".join(without_unseen(value).split())
    if len(value) > LONGEST_DETAIL[name]:
        raise Refusal(f"最多{LONGEST_DETAIL[name]}个字，请缩短后再发，已写的内容都还在。")
    if name == "phone" and not PHONE.fullmatch(value):
        raise Refusal("没有看出电话号码，请只发号码，例如 0539-1234567。已写的内容都还在。")
    if name == "place":
        draft.place = value
    elif name == "name":
        draft.name_sealed = box.seal(value)
    else:
        draft.phone_sealed = box.seal(value)
    draft.updated_at = now


def wish(draft: Draft, name: str, wanted: bool, now: datetime) -> None:
    """`may_publish`: the letter may be made public, masked; `anonymous`: hide who wrote it."""
    if name == "may_publish":
        draft.may_publish = wanted
    else:
        draft.anonymous = wanted
    draft.updated_at = now


def being_written(db: Session, openid: str, since: datetime) -> bool:
    """Whether this person has an open draft touched since then."""
    query = select(Draft.id).where(Draft.openid == openid, Draft.state == "open")
    return db.scalar(query.where(Draft.updated_at >= since)) is not None


def any_being_written(db: Session, since: datetime) -> bool:
    """Whether anybody has an open draft touched since then."""
    query = select(Draft.id).where(Draft.state == "open", Draft.updated_at >= since)
    return db.scalar(query.limit(1)) is not None


def discard(db: Session, openid: str, now: datetime) -> bool:
    """Set the open draft aside; False when there was none with words or pictures in it."""
    draft = open_draft(db, openid)
    if draft is None:
        return False
    draft.state, draft.updated_at = "discarded", now
    db.flush()
    return bool(draft.text) or pictures(db, draft) > 0


def _draft_of(db: Session, message_key: str) -> Draft | None:
    query = select(Draft).join(DraftPart).where(DraftPart.message_key == message_key)
    return db.scalar(query)


def _check_length(text: str, before: int) -> None:
    if before + len(text.strip()) > LONGEST:
        left = max(LONGEST - before, 0)
        raise Refusal(
            f"这条消息有{len(text.strip())}字，一件来信最多{LONGEST}字，还可以写{left}字。"
            "请缩短后再发，已写的内容都还在。"
        )
