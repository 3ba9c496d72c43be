"""What the worker does for the answers by the clock: ended documents, releases, yearly reviews."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bureau.catalogues import bases, review, yearly
from bureau.disclosures import validity
from bureau.facts import told
from bureau.facts.models import Fact
from bureau.inquiries import answering
from bureau.office import Office
from knowledge.bases import number_of
from knowledge.kinds import path_of
from ops import change_cards

BY_DISCLOSURE = "公开信息"


def end_documents(office: Office) -> int:
    """Documents repealed or run out stop the answers that rest on them; how many facts it took."""
    now = office.clock.now()
    with office.database.read() as db:
        told_of = told.any_untaken(db, told.DOCUMENT_ENDED)
        if not (told_of or validity.any_run_out(db, now) or bases.any_due(db, now)):
            return 0
    with office.database.write() as db:
        validity.run_out(db, now)
        facts = told.take(db, told.DOCUMENT_ENDED, now)
        for fact in facts:
            _end(db, office, fact)
        if bases.any_due(db, now):
            bases.settle(db, now)
    return len(facts)


def after_release(office: Office) -> int:
    """What was released answers now: who asked for it is told; how many people."""
    now = office.clock.now()
    with office.database.read() as db:
        if not told.any_untaken(db, told.KNOWLEDGE_LIVE):
            return 0
    with office.database.write() as db:
        return sum(_released(db, fact, now) for fact in told.take(db, told.KNOWLEDGE_LIVE, now))


def _released(db: Session, fact: Fact, now: datetime) -> int:
    """Draft the card of what a list changed; tell who waited for this answer."""
    kind, _, number = fact.subject.partition(":")
    if kind == "import" and review.exists(db, int(number)):
        change_cards.draft(db, int(number), now)
    if not answering.waits_for(db, fact.subject):
        return 0
    words = _words_of(db, int(number)) if kind == "import" else answering.Words()
    return answering.went_live(db, fact.subject, words, now)


def _words_of(db: Session, batch_id: int) -> answering.Words:
    """What the first entry of an import answers."""
    entry = review.entries_of(db, review.one(db, batch_id), limit=1)[0]
    return answering.Words(str(entry.fields.get("answer") or ""), path_of(entry.kind, entry.key))


def open_yearly(office: Office) -> int:
    """The yearly look through each catalogue becomes a task; how many were opened."""
    now = office.clock.now()
    with office.database.read() as db:
        if not yearly.any_to_open(db, now):
            return 0
    with office.database.write() as db:
        return yearly.open_tasks(db, now)


def _end(db: Session, office: Office, fact: Fact) -> None:
    """A document's number may be written so that no row can cite it: then nothing rests on it."""
    number = number_of(str(fact.data.get("number") or ""))
    if number:
        on, how = date.fromisoformat(fact.data["on"]), str(fact.data["how"])
        reason, now = str(fact.data.get("reason") or ""), office.clock.now()
        bases.end(db, number, how, on, reason, fact.subject, BY_DISCLOSURE, now)
