"""From a cluster of misses to its answer: who asked is told once, when the answer is live."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.followers.models import Follower
from bot.outbound import outbox
from bot.outbound.models import Push
from bot.outbound.notice import TICKET, Notice, Person, shorten
from bureau.inquiries import clusters
from bureau.inquiries.models import ClusterAnswer, Inquiry
from core.clock import SHANGHAI
from core.wording import cut, day_words, plain, tap
from knowledge.text import normalise

TOLD_WITHIN = timedelta(days=90)  # who asked longer ago has found another way
ANSWER_BYTES = 900
QUESTION_LENGTH = 60
LONGEST_LINK = 400  # bytes; an id made of a long title is not worth the room
LABEL = "咨询答复"


@dataclass(frozen=True, slots=True)
class Words:
    """What answers a cluster now; `answer` and `path` are empty when it is to be asked again."""

    answer: str = ""
    path: str = ""


def promise(db: Session, subject: str, asked: str, by: str, now: datetime) -> ClusterAnswer | None:
    """Staff answer these like questions with `subject` (import:12, lexicon:5), once it is live.

    asked: the question they started from; None when nobody waits for it.
    """
    wording = (normalise(asked) or asked)[:200]
    if not clusters.like(db, wording):
        return None
    mine = (ClusterAnswer.subject == subject) & (ClusterAnswer.wording == wording)
    there = db.scalar(select(ClusterAnswer).where(mine))
    if there is None:
        there = ClusterAnswer(subject=subject, wording=wording, sample=asked, by=by, at=now)
        db.add(there)
        db.flush()
    return there


def promised(db: Session, limit: int = 20) -> list[ClusterAnswer]:
    """Clusters being answered and those answered lately, newest first."""
    return list(db.scalars(select(ClusterAnswer).order_by(ClusterAnswer.id.desc()).limit(limit)))


def waits_for(db: Session, subject: str) -> bool:
    """Whether a cluster waits for this subject to go live."""
    mine = (ClusterAnswer.subject == subject) & ClusterAnswer.live_at.is_(None)
    return db.scalar(select(ClusterAnswer.id).where(mine).limit(1)) is not None


def went_live(db: Session, subject: str, words: Words, now: datetime) -> int:
    """The subject answers now: settle its clusters and tell who asked; how many were told.

    One message a person and question, for ever: by a window that is open or a notice agreed to,
    else it waits for the person's next message. Who left is not told.
    """
    told = 0
    mine = (ClusterAnswer.subject == subject) & ClusterAnswer.live_at.is_(None)
    for cluster in db.scalars(select(ClusterAnswer).where(mine)).all():
        wordings = clusters.like(db, cluster.wording)
        people = _people(db, wordings, now)
        clusters.settle(db, wordings, now)
        cluster.live_at = now
        cluster.told = sum(_tell(db, cluster, row, words, now) for row in people)
        told += cluster.told
    db.flush()
    return told


def _people(db: Session, wordings: Sequence[str], now: datetime) -> list[Inquiry]:
    """The last such question of each person who follows and asked not too long ago."""
    mine = (
        Inquiry.wording.in_(wordings),
        clusters.unanswered(),
        Inquiry.openid.is_not(None),
        Inquiry.asked_at >= now - TOLD_WITHIN,
    )
    last = select(func.max(Inquiry.id)).where(*mine).group_by(Inquiry.openid)
    rows = select(Inquiry).join(Follower, Follower.openid == Inquiry.openid)
    query = rows.where(Inquiry.id.in_(last), Follower.following).order_by(Inquiry.id)
    return list(db.scalars(query))


def _tell(db: Session, cluster: ClusterAnswer, row: Inquiry, words: Words, now: datetime) -> int:
    """Queue the message; 0 when this person was told of this question before."""
    if row.openid is None:
        return 0
    gist = clusters.gist_of(cluster.wording)
    sign = hashlib.sha256(f"{gist.slot}:{gist.text}".encode()).hexdigest()[:16]
    key = f"answered:{sign}:{row.openid}"
    if db.scalar(select(Push.id).where(Push.origin_key == key)) is not None:
        return 0
    outbox.put(db, _notice(row, words, now), Person(row.openid), now, origin_key=key)
    return 1


def _notice(row: Inquiry, words: Words, now: datetime) -> Notice:
    question = shorten(row.text, QUESTION_LENGTH)
    day = day_words(row.asked_at.astimezone(SHANGHAI).date())
    again = tap(question, "再问一次")
    if words.answer:
        answer = plain(cut(words.answer, ANSWER_BYTES))
        path = quote(words.path)
        page = f'<a href="{path}">详情</a>　' if path and len(path) <= LONGEST_LINK else ""
        text = f"您{day}问的“{plain(question)}”，现在有了答案：\n\n{answer}\n\n{page}{again}"
    else:
        text = f"您{day}问的“{plain(question)}”，现在能回答了：{again}"
    return Notice(
        title=f"您问的“{question}”有了答案",
        label=LABEL,
        day=f"{now.astimezone(SHANGHAI):%Y-%m-%d}",
        text=text,
        url=quote(words.path),
        purpose=TICKET,
    )
