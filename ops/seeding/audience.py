"""The people of the samples: they came over three months, followed topics, and are gone again.

They leave at the end, so that a push of today reaches real followers alone.
"""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot.followers import registry, topics
from bot.outbound import ledger, outbox
from ops.seeding.past import PEOPLE, Happening, Past, openid_of

TOPICS_EACH = 4
BUSIEST = ("budget", "fees", "subsidy", "accounting", "notice", "policy", "execution",
           "procurement", "interpretation", "enforcement", "consultation")  # fmt: skip


def arrivals(past: Past) -> list[Happening]:
    """Each person subscribes on a day of their own and follows a few topics."""
    return [
        Happening(
            past.at(89 - person * 70 / PEOPLE, 8 + person % 10), partial(arrive, past, person)
        )
        for person in range(PEOPLE)
    ]


def arrive(past: Past, person: int, now: datetime) -> None:
    openid = openid_of(person)
    with past.office.database.write() as db:
        registry.subscribed(db, openid, now)
        for slug in topics_of(person):
            topics.follow(db, openid, slug, now)


def topics_of(person: int) -> set[str]:
    """Between one and four topics, the busy ones more often."""
    count = 1 + person % TOPICS_EACH
    return {BUSIEST[(person * (step + 1) + step) % (len(BUSIEST) - step)] for step in range(count)}


def make_reachable(db: Session, past: Past, topic: str, now: datetime, turn: int) -> None:
    """Before a push: some have just written, many have accepted one notice, the others wait."""
    for person in (one for one in range(PEOPLE) if topic in topics_of(one)):
        openid = openid_of(person)
        if (person + turn) % 7 == 0:
            at = int((now - timedelta(hours=3)).timestamp())
            ledger.note_seen(db, [{"openid": openid, "trigger": "message", "at": at}], now)
        elif (person + turn) % 7 != 1:
            ledger.consent(db, openid, past.engine.rules.notice_ids[0], True, now)


def leave(past: Past, now: datetime) -> None:
    """Everybody stops following; what still waited for them is dropped."""
    with past.office.database.write() as db:
        for person in range(PEOPLE):
            registry.unsubscribed(db, openid_of(person), now)
            outbox.drop_person(db, openid_of(person))
