"""What may happen to a sample ticket, by the word that tickets.json uses for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bureau.feedback import (
    closing,
    escalation,
    handling,
    ratings,
    replies,
    requests,
    rights,
    splitting,
)
from bureau.feedback.history import TicketReply
from bureau.feedback.kinds import OUTCOMES
from bureau.feedback.models import Ticket
from bureau.staff.models import Clerk, StaffAlert, StaffOffice
from ops.seeding.past import filled


@dataclass(slots=True)
class Story:
    """One ticket of the file on its way. `into`: the one it may be merged into."""

    row: dict[str, Any]
    openid: str
    number: str = ""
    into: "Story | None" = None


@dataclass(slots=True)
class Scene:
    """What a step needs."""

    db: Session
    ticket: Ticket
    story: Story
    word: str
    now: datetime

    def clerk(self, role: str) -> Clerk:
        """The demo account of a role."""
        query = select(Clerk).where(Clerk.demo.is_(True), Clerk.role == role)
        return self.db.scalars(query).one()

    def text(self, key: str) -> str:
        return filled(str(self.story.row[key]), self.now)


def kind_of(word: str) -> str:
    """`rate4` is a rating, `adopted` an outcome; every other word is its own kind."""
    if word.startswith("rate"):
        return "rate"
    return "outcome" if word in OUTCOMES else word


def assign(scene: Scene) -> None:
    slug = scene.story.row["office"]
    office = scene.db.scalars(select(StaffOffice).where(StaffOffice.slug == slug)).one()
    handling.assign(scene.db, scene.ticket, office, scene.clerk("general_office"), scene.now)


def return_back(scene: Scene) -> None:
    reason = "事项主要涉及其他科室职责，请重新分办"
    handling.give_back(scene.db, scene.ticket, scene.clerk("handler"), scene.now, reason)


def note(scene: Scene) -> None:
    text = "已电话联系窗口核实，等待书面说明。"
    handling.note(scene.db, scene.ticket, text, scene.clerk("handler"), scene.now)


def merge(scene: Scene) -> None:
    other = scene.story.into
    number = other.number if other else ""
    into = scene.db.scalars(select(Ticket).where(Ticket.number == number)).one()
    clerk = scene.clerk("general_office")
    handling.merge(scene.db, scene.ticket, into, clerk, scene.now, "反映同一事项")


def split(scene: Scene) -> None:
    clerk, matter = scene.clerk("general_office"), scene.text("matter")
    splitting.split(scene.db, scene.ticket, [matter], clerk, scene.now)


def escalate(scene: Scene) -> None:
    why = "涉及两个科室职责，窗口服务方式需要局领导统筹"
    escalation.escalate(scene.db, scene.ticket, scene.clerk("head"), scene.now, why)


def tell_nobody(db: Session, now: datetime) -> None:
    """What happened to a sample at this moment is no news to the staff."""
    db.execute(delete(StaffAlert).where(StaffAlert.created_at == now))


def withdraw(scene: Scene) -> None:
    rights.withdraw(scene.db, scene.ticket, scene.story.openid, scene.now)


def supplement(scene: Scene) -> None:
    what, clerk = scene.text("supplement"), scene.clerk("handler")
    requests.ask_supplement(scene.db, scene.ticket, what, 10, clerk, scene.now)


def interim(scene: Scene) -> None:
    text = "您反映的事项正在与相关单位核对，预计按期答复，请稍候。"
    drafter, head = scene.clerk("drafter"), scene.clerk("head")
    reply = replies.draft(scene.db, scene.ticket, text, drafter, scene.now, interim=True)
    replies.release(scene.db, reply, head, scene.now)


def extension(scene: Scene) -> None:
    why = "涉及多个部门，需要现场核实"
    ask = handling.ask_extension(scene.db, scene.ticket, 5, why, scene.clerk("handler"), scene.now)
    handling.decide(scene.db, ask, True, scene.clerk("leader"), scene.now)


def in_review(scene: Scene) -> None:
    _draft(scene, "reply")


def answer(scene: Scene) -> None:
    replies.release(scene.db, _draft(scene, "reply"), scene.clerk("head"), scene.now)


def again(scene: Scene) -> None:
    replies.release(scene.db, _draft(scene, "again"), scene.clerk("head"), scene.now)


def rate(scene: Scene) -> None:
    grade = int(scene.word.removeprefix("rate"))
    ratings.rate(scene.db, scene.ticket, scene.story.openid, grade, scene.now)


def outcome(scene: Scene) -> None:
    reason = scene.story.row.get("reason", "")
    closing.close(scene.db, scene.ticket, scene.word, scene.clerk("head"), scene.now, reason)


def progress(scene: Scene) -> None:
    closing.progress(scene.db, scene.ticket, scene.text("progress"), scene.clerk("head"), scene.now)


def _draft(scene: Scene, key: str) -> TicketReply:
    kind = scene.story.row.get("answer_type", "")
    drafter = scene.clerk("drafter")
    return replies.draft(
        scene.db, scene.ticket, scene.text(key), drafter, scene.now, answer_type=kind
    )


# Kind of step → days after the letter came, and what happens.
STEPS: dict[str, tuple[float, Callable[[Scene], None]]] = {
    "assign": (0.2, assign),
    "return_back": (1, return_back),
    "note": (1, note),
    "split": (0.1, split),
    "escalate": (1.2, escalate),
    "merge": (1.5, merge),
    "withdraw": (1, withdraw),
    "supplement": (1, supplement),
    "interim": (2, interim),
    "extension": (2, extension),
    "in_review": (2.2, in_review),
    "answer": (3, answer),
    "rate": (4, rate),
    "outcome": (5, outcome),
    "again": (7, again),
    "progress": (12, progress),
}
