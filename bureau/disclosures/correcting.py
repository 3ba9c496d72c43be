"""After publication: a correction is a new version, a withdrawal keeps the text and says why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.outbound import pushes
from bot.outbound.models import Push
from bot.outbound.states import PushState
from bureau.disclosures import files, find, outside, publish
from bureau.disclosures.content import content_of
from bureau.disclosures.models import Disclosure
from bureau.disclosures.publish import subject_of
from bureau.disclosures.states import State, move
from bureau.release import gate
from core.errors import IllegalMove, Refusal

CORRECTION = "更正："


def correct_reviewed(
    db: Session, disclosure: Disclosure, data: Mapping[str, Any], note: str, now: datetime
) -> Push:
    """Replace what is public by a version reviewed outside; only those who had the wrong one
    are told, and who has not had it yet is not told it any more.

    note: what was wrong, shown with the versions. Raises Rejected, IllegalMove or Refusal.
    """
    if disclosure.state != State.PUBLISHED:
        raise IllegalMove("只有已发布的信息可以更正")
    if not note.strip():
        raise Refusal("请写明更正的内容和原因")
    content = outside.check(db, data)
    if content.hash == disclosure.content_hash:
        raise Refusal("内容没有变化，不需要更正")
    review = data["review"]
    wrong = stop_telling(db, disclosure, now)
    publish.write(db, disclosure, content, now, note=note.strip())
    people = {
        gate.FIRST: str(review["drafted_by"]),
        gate.SECOND: str(review["reviewed_by"]),
        gate.APPROVAL: str(review["approved_by"]),
    }
    gate.record_outside(db, subject_of(disclosure), disclosure.content_hash, people, now)
    return publish.go_out(db, disclosure, now, heading=CORRECTION, corrects=wrong)


def correct_drafted(db: Session, draft: Disclosure, now: datetime) -> Push:
    """Put a reviewed correction in the place of what is public, as its next version.

    Its reviews become the original's; only those who had the wrong version are told. Raises
    Refusal while a review is missing or nothing differs, IllegalMove when it was withdrawn.
    """
    original = publish.one(db, draft.corrects_id or 0)
    if original.state != State.PUBLISHED:
        raise IllegalMove("只有已发布的信息可以更正")
    content = content_of(draft)
    if content.hash == original.content_hash:
        raise Refusal("内容没有变化，不需要更正")
    note = find.versions(db, draft.id)[0].note
    wrong = stop_telling(db, original, now)
    files.hand_over(db, draft, original)
    publish.write(db, original, content, now, note=note)
    gate.carry(db, subject_of(draft), subject_of(original), content.hash)
    push = publish.go_out(db, original, now, heading=CORRECTION, corrects=wrong)
    move(draft, State.MERGED)
    draft.push_id = push.id
    return push


def withdraw(db: Session, disclosure: Disclosure, reason: str, now: datetime) -> None:
    """Take it back: the text stays readable with the explanation, nobody more is told of it.

    Raises Refusal without a reason, IllegalMove for what is not public.
    """
    if disclosure.state not in (State.PUBLISHED, State.SCHEDULED):
        raise IllegalMove("只有已发布或定时发布的信息可以撤回")
    if not reason.strip():
        raise Refusal("撤回须写明理由")
    stop_telling(db, disclosure, now)
    move(disclosure, State.WITHDRAWN)
    disclosure.withdrawn_at, disclosure.withdrawn_reason = now, reason.strip()


def stop_telling(db: Session, disclosure: Disclosure, now: datetime) -> int | None:
    """Cancel what is left of its push; gives the push, whose delivered part stays on record."""
    if disclosure.push_id is None:
        return None
    push = pushes.get(db, disclosure.push_id)
    if push.state != PushState.CANCELLED:
        pushes.cancel(db, push.id, now)
    return push.id
