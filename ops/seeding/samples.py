"""Sample content like a bureau in its third month, made by the product's own verbs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.catalogues import reference as catalogues
from bureau.office import Office
from bureau.staff import audit, demo, offices
from bureau.staff.models import Audit
from ops.seeding import answers, audience, disclosures, past, questions, tickets
from ops.seeding.clearing import remove_samples

SUBJECT = "samples"
BEGUN, LOADED, CLEARED = "samples.begin", "samples.load", "samples.clear"


def load_samples(office: Office, now: datetime, *, again: bool = False) -> str:
    """Load the samples once, dated back from `now`; a line of what was made, "" for nothing.

    What an interrupted loading left is removed first. again: also after they were cleared.
    """
    with office.database.read() as db:
        state = last_step(db)
    if state == LOADED or (state == CLEARED and not again):
        return ""
    if state == BEGUN:
        clear_samples(office, now)
    with office.database.write() as db:
        audit.note(db, None, BEGUN, SUBJECT, now)
        catalogues.load_samples(db, now)
        offices.load_samples(db)
        demo.ensure_demo(db, now)
    made = make(office, now)
    with office.database.write() as db:
        audit.note(db, None, LOADED, SUBJECT, now)
    return made


def make(office: Office, now: datetime) -> str:
    """Live through the three months; a line that counts what came of them."""
    before = past.begin(office, now)
    told, written = disclosures.publications(before), tickets.letters(before)
    past.live_through(
        before, [*audience.arrivals(before), *told, *(one for life in written for one in life)]
    )
    audience.leave(before, now)
    asked = questions.ask_all(before)
    answers.load(before)
    return f"样例：公开信息 {len(told)} 条并已推送，来信 {len(written)} 件，咨询 {asked} 条"


def clear_samples(office: Office, now: datetime) -> int:
    """Remove the samples and nothing else; how many rows."""
    removed = remove_samples(office.database, now)
    with office.database.write() as db:
        audit.note(db, None, CLEARED, SUBJECT, now)
    return removed


def last_step(db: Session) -> str | None:
    """What was last done with the samples: begun, loaded or cleared."""
    steps = (BEGUN, LOADED, CLEARED)
    query = select(Audit.action).where(Audit.action.in_(steps)).order_by(Audit.id.desc())
    return db.scalar(query.limit(1))
