"""其他部门: where a matter that is not ours is pointed to, changed by one person and one more."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.catalogues.models import DoorChange
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import Forbidden, IllegalMove, NotFound, Refusal
from core.unseen import without_unseen
from knowledge.importing import touch
from knowledge.models import Door

LONGEST_NAME, LONGEST_PHONE, LONGEST_WORD, MOST_WORDS = 40, 40, 12, 300
APART = re.compile(r"[\s、，,；;]+")


def everyone(db: Session) -> list[Door]:
    """Every department, those in use first."""
    return list(db.scalars(select(Door).order_by(Door.active.desc(), Door.id)))


def one(db: Session, number: int) -> Door:
    """Raises NotFound."""
    door = db.get(Door, number)
    if door is None:
        raise NotFound("没有这个部门。")
    return door


def waiting(db: Session) -> list[tuple[DoorChange, str]]:
    """What another person has to agree to, with the name of who proposed it."""
    query = select(DoorChange, Clerk.display_name).join(
        Clerk, Clerk.id == DoorChange.proposed_by_id
    )
    rows = db.execute(query.where(DoorChange.agreed.is_(None)).order_by(DoorChange.id))
    return [(row[0], row[1]) for row in rows]


def propose(
    db: Session,
    door: Door | None,
    name: str,
    phone: str,
    words: str,
    by: Clerk,
    now: datetime,
    *,
    active: bool = True,
) -> DoorChange:
    """A new department, or another name, telephone or words of one; citizens hear nothing yet.

    words: apart by blanks or commas. Raises Refusal for what is empty, too long or taken.
    """
    roles.require(by.role, "catalogues.draft")
    name, phone = (" ".join(without_unseen(text).split()) for text in (name, phone))
    found = tidy(words)
    if not name or len(name) > LONGEST_NAME or len(phone) > LONGEST_PHONE:
        raise Refusal(f"请写明部门名称；名称和电话各不超过{LONGEST_NAME}个字。")
    if active and not found:
        raise Refusal("请至少写一个词，来信或提问里有这个词时才会指到这个部门。")
    _check_words(db, door, name, found)
    change = DoorChange(
        door_id=door.id if door else None,
        name=name,
        phone=phone,
        words=found,
        active=active,
        proposed_by_id=by.id,
        proposed_at=now,
    )
    db.add(change)
    db.flush()
    return change


def decide(db: Session, number: int, agreed: bool, by: Clerk, now: datetime) -> None:
    """Another person agrees, and the bot says it within seconds; or it is dropped.

    Raises Forbidden for the one who proposed it, IllegalMove when it is decided.
    """
    roles.require(by.role, "catalogues.review")
    change = db.get(DoorChange, number, with_for_update=True)
    if change is None:
        raise NotFound("没有这项修改。")
    if change.agreed is not None:
        raise IllegalMove("这项修改已经处理过了。")
    if agreed and change.proposed_by_id == by.id:
        raise Forbidden("须由另一人复核。")
    change.agreed, change.decided_by_id, change.decided_at = agreed, by.id, now
    if not agreed:
        return
    door = one(db, change.door_id) if change.door_id else Door()
    _check_words(db, door if change.door_id else None, change.name, change.words)
    door.name, door.phone, door.words = change.name, change.phone, change.words
    door.active = change.active
    db.add(door)
    db.flush()
    audit.note(db, by, "doors.agree", f"door:{door.id}", now, name=door.name, phone=door.phone)
    touch(db, now)


def tidy(words: str) -> list[str]:
    """The words as a list, each once."""
    return list(dict.fromkeys(word for word in APART.split(without_unseen(words)) if word))


def _check_words(db: Session, door: Door | None, name: str, words: Iterable[str]) -> None:
    words = list(words)
    if len(words) > MOST_WORDS:
        raise Refusal(f"一个部门最多{MOST_WORDS}个词。")
    bad = [word for word in words if not 2 <= len(word) <= LONGEST_WORD]
    if bad:
        raise Refusal(f"每个词须为2到{LONGEST_WORD}个字：{bad[0]}。")
    for other in everyone(db):
        if door is not None and other.id == door.id:
            continue
        if other.name == name:
            raise Refusal(f"已经有“{name}”了。")
        taken = [word for word in words if other.active and word in other.words]
        if taken:
            raise Refusal(f"“{taken[0]}”已经指向{other.name}。")
