"""Handing in: a letter becomes a ticket with a number, a secret code and a due date."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bureau.feedback import attachments, chain, deadlines, forwarding
from bureau.feedback.attachments import Holder
from bureau.feedback.kinds import KINDS
from bureau.feedback.models import Draft, SerialCounter, Ticket
from core.clock import day_of
from core.errors import IllegalMove, Refusal
from core.numbering import ALPHABET, make_number
from core.privacy import Box
from core.unseen import without_unseen

LONGEST = 3_000  # characters of a letter
CODE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person hands in. `openid` is None for a form filled in outside WeChat."""

    kind: str
    text: str
    openid: str | None = None
    origin: str = "chat"
    place: str = ""
    name: str = ""
    phone: str = ""
    anonymous: bool = False
    may_publish: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """The receipt. `repeated` when the same message was handled before: the same receipt."""

    ticket: Ticket
    secret_code: str
    repeated: bool = False


def submit(db: Session, letter: Letter, now: datetime, *, message_key: str, box: Box) -> Submitted:
    """Make the ticket; commit before telling anybody that it was received.

    The same `message_key` again gives the same ticket and code: the code is derived from the
    key with DATA_KEY, and only a salted digest of it is kept. A form's key must be a secret of
    its session. Raises Refusal for an empty or too long text or an unknown kind.
    """
    text = clean(letter.text)
    if letter.kind not in KINDS:
        raise Refusal("请选择来信类型。")
    before = receipt(db, message_key, letter.openid, box)
    if before is not None:
        return before
    counter = lock_counter(db, KINDS[letter.kind].prefix, now.year)
    before = receipt(db, message_key, letter.openid, box)  # written while we waited
    if before is not None:
        return before
    counter.value += 1
    code = derive_code(box, message_key)
    ticket = _row(letter, text, counter, now, box)
    ticket.message_key = message_key
    ticket.code_salt = secrets.token_hex(16)
    ticket.code_digest = code_digest(ticket.code_salt, code)
    db.add(ticket)
    db.flush()
    deadlines.start(db, ticket, "reply", KINDS[letter.kind].reply, now)
    chain.append(
        db,
        ticket,
        "received",
        now,
        who=chain.CITIZEN,
        text=text,
        origin=letter.origin,
        due=ticket.due_on,
        provisional=ticket.provisional,
    )
    label = KINDS[letter.kind].label
    forwarding.tell_dispatchers(db, ticket, f"新{label}", "new", now)
    return Submitted(ticket, code)


def submit_draft(
    db: Session, draft: Draft, now: datetime, *, message_key: str, box: Box
) -> Submitted:
    """Hand in an open draft with its pictures. Raises Refusal when it holds no words.

    Raises IllegalMove when another message handed it in meanwhile.
    """
    before = receipt(db, message_key, draft.openid, box)
    if before is not None:
        return before
    db.refresh(draft, with_for_update=True)
    if draft.state != "open":
        raise IllegalMove("这份来信已经提交过了，发送“进度”可以查看。")
    letter = _letter_of(draft, box)
    done = submit(db, letter, now, message_key=message_key, box=box)
    if not done.repeated:
        draft.state, draft.updated_at = "submitted", now
        attachments.hand_over(db, Holder(draft_id=draft.id), done.ticket, now)
    return done


def receipt(db: Session, message_key: str, openid: str | None, box: Box) -> Submitted | None:
    """The receipt of a message handled before; None when it is new.

    Raises Refusal when the key belongs to somebody else.
    """
    ticket = db.scalar(select(Ticket).where(Ticket.message_key == message_key))
    if ticket is None:
        return None
    if ticket.openid != openid:
        raise Refusal("这份来信已经提交过了。")
    return Submitted(ticket, derive_code(box, message_key), repeated=True)


def clean(text: str) -> str:
    """The text without blanks around it. Raises Refusal when empty or too long."""
    text = without_unseen(text).strip()
    if not text:
        raise Refusal("请写下具体内容再提交。")
    if len(text) > LONGEST:
        raise Refusal(f"内容共{len(text)}字，超过了{LONGEST}字，请精简后再提交，或分成几件。")
    return text


def derive_code(box: Box, message_key: str) -> str:
    """The secret code that belongs to a message: the same each time, known only with DATA_KEY."""
    value = int(box.digest(f"ticket-code\n{message_key}"), 16)
    letters = []
    for _ in range(CODE_LENGTH):
        value, rest = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def code_digest(salt: str, code: str) -> str:
    return hmac.new(salt.encode(), code.encode(), hashlib.sha256).hexdigest()


def lock_counter(db: Session, prefix: str, year: int) -> SerialCounter:
    """The counter, held until the transaction ends: a rolled back number is given again."""
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(SerialCounter).values(prefix=prefix, year=year, value=0)
    db.execute(first.on_conflict_do_nothing())
    query = select(SerialCounter).where(SerialCounter.prefix == prefix, SerialCounter.year == year)
    return db.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one()


def _letter_of(draft: Draft, box: Box) -> Letter:
    return Letter(
        kind=draft.kind,
        text=draft.text,
        openid=draft.openid,
        place=draft.place,
        name=box.open(draft.name_sealed),
        phone=box.open(draft.phone_sealed),
        anonymous=draft.anonymous,
        may_publish=draft.may_publish,
    )


def _row(letter: Letter, text: str, counter: SerialCounter, now: datetime, box: Box) -> Ticket:
    return Ticket(
        number=make_number(counter.prefix, counter.year, counter.value),
        kind=letter.kind,
        year=counter.year,
        serial=counter.value,
        origin=letter.origin,
        openid=letter.openid,
        text=text,
        place=letter.place.strip()[:120],
        name_sealed=box.seal(letter.name.strip()[:60]),
        phone_sealed=box.seal(letter.phone.strip()[:30]),
        anonymous=letter.anonymous,
        may_publish=letter.may_publish,
        due_on=day_of(now),
        received_at=now,
        last_wrote_at=now,
    )
