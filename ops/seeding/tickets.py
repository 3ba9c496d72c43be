"""Forty tickets in every state, written and handled by the verbs that citizens and clerks use."""

import json
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound import ledger
from bot.outbound.models import Push
from bot.outbound.states import PushState
from bureau.feedback import tickets
from bureau.feedback.models import Ticket
from bureau.feedback.tickets import Letter
from ops.seeding.past import PREFIX, Happening, Past, filled, openid_of, sample_file
from ops.seeding.pushing import deliver
from ops.seeding.ticket_steps import STEPS, Scene, Story, kind_of, tell_nobody

ORIGIN = "sample"
BETWEEN_STEPS = 0.05  # days: a second `assign` comes after what was between


def letters(past: Past) -> list[list[Happening]]:
    """Every letter with the steps of its way."""
    rows = json.loads(sample_file("tickets.json").read_text("utf8"))
    stories = [Story(row, openid_of(place)) for place, row in enumerate(rows)]
    for story, following in pairwise(stories):
        story.into = following
    return [life_of(past, story, place) for place, story in enumerate(stories)]


def life_of(past: Past, story: Story, place: int) -> list[Happening]:
    """The letter and its steps, each at least a little after the one before."""
    days, hour = story.row["days_ago"], 8.2 + place % 8
    key = f"{ORIGIN}:{place}"
    life = [Happening(past.at(days, hour), partial(write, past, story, key))]
    later = 0.0
    extra = [word for word in ("again", "progress") if word in story.row]
    for word in [*story.row["path"].split(), *extra]:
        later = max(later + BETWEEN_STEPS, STEPS[kind_of(word)][0])
        moment = past.at(days, hour + 24 * later)
        life.append(Happening(moment, partial(take, past, story, word)))
    return life


def write(past: Past, story: Story, key: str, now: datetime) -> None:
    """The letter comes in by chat, which opens its writer's window."""
    row = story.row
    letter = Letter(
        kind=row["kind"],
        text=filled(row["text"], now),
        openid=story.openid,
        origin=ORIGIN,
        place=row.get("place", ""),
    )
    with past.office.database.write() as db:
        speak(db, story.openid, now)
        made = tickets.submit(db, letter, now, message_key=key, box=past.office.box)
        story.number = made.ticket.number
        tell_nobody(db, now)


def take(past: Past, story: Story, word: str, now: datetime) -> None:
    """One step, and the sending of whatever it has to tell the writer.

    Two writers of three have asked how it stands shortly before, so that the answer reaches them.
    """
    with past.office.database.write() as db:
        if int(story.openid.removeprefix(PREFIX)) % 3:
            speak(db, story.openid, now - timedelta(hours=2))
        ticket = db.scalars(select(Ticket).where(Ticket.number == story.number)).one()
        STEPS[kind_of(word)][1](Scene(db, ticket, story, word, now))
        tell_nobody(db, now)
        query = select(Push.id).where(Push.state == PushState.PLANNED)
        planned = list(db.scalars(query))
    for push_id in planned:
        deliver(past, push_id, now)


def speak(db: Session, openid: str, at: datetime) -> None:
    """A person writes: for two days the bureau may answer by chat."""
    ledger.note_seen(db, [{"openid": openid, "trigger": "message", "at": int(at.timestamp())}], at)
