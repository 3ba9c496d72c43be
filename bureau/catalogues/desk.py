"""The review of an import at the console: step by step, by at least two people, then live."""

from datetime import datetime

from sqlalchemy.orm import Session

from bureau.catalogues import rehearsal
from bureau.catalogues.review import INSIDE, make_live, subject_of
from bureau.release import gate
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import Forbidden, IllegalMove, Refusal
from knowledge.models import Batch, BatchState


def approve(
    db: Session, batch: Batch, by: Clerk, now: datetime, *, accepts_loss: bool = False
) -> bool:
    """Take the next step for this import; True when that made it live.

    accepts_loss: the right answers that the bank would lose are given up knowingly. Raises
    IllegalMove when it was decided before, Forbidden when one person would take the last step
    after all the others, Refusal while the bank was not asked or its losses are not accepted.
    """
    roles.require(by.role, "catalogues.review")
    missing = _missing(db, batch)
    done = gate.valid(db, subject_of(batch), batch.content_hash)
    people = {review.reviewer for review in done.values()}
    if len(missing) == 1 and people <= {by.display_name}:
        raise Forbidden("最后一步须由另一人审核，一个人不能走完全部审核。")
    lost = rehearsal.require_seen(db, batch, accepts_loss)
    gate.sign(
        db, subject_of(batch), missing[0], batch.content_hash, by.display_name, now,
        clerk_id=by.id, note=f"确认放弃题库里 {lost} 个原来的答案" if lost else "",
    )  # fmt: skip
    audit.note(db, by, f"import.{missing[0]}", subject_of(batch), now)
    if len(missing) > 1:
        return False
    reviewers = [gate.valid(db, subject_of(batch), batch.content_hash)[s] for s in gate.NEEDED]
    names = list(dict.fromkeys(review.reviewer for review in reviewers))
    make_live(db, batch, names, INSIDE, now)
    return True


def reject(db: Session, batch: Batch, by: Clerk, now: datetime, reason: str) -> None:
    """This import never goes live. Raises Refusal without a reason."""
    roles.require(by.role, "catalogues.review")
    if not reason.strip():
        raise Refusal("请写明不通过的理由。")
    step = _missing(db, batch)[0]
    gate.sign(
        db, subject_of(batch), step, batch.content_hash, by.display_name, now,
        clerk_id=by.id, passed=False, note=reason.strip(),
    )  # fmt: skip
    batch.state, batch.decided_at = BatchState.REJECTED, now
    audit.note(db, by, "import.rejected", subject_of(batch), now, reason=reason.strip())


def _missing(db: Session, batch: Batch) -> list[str]:
    if batch.state != BatchState.WAITING:
        raise IllegalMove("这次导入已经处理过了。")
    return gate.missing_steps(db, subject_of(batch), batch.content_hash)
