"""Letters that hold some words, found by pairs of characters whatever the number of letters.

The database itself keeps the pairs of each letter's text (migration 0010): they come, change and
go with it, in the same transaction.
"""

import string

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    TextualSelect,
    bindparam,
    column,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from bureau.feedback.models import Ticket

MOST = 20_000  # letters; words that more of them hold are met soon by reading along the list
PLACE = 1 << 21  # beyond every character's number
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
ON_SQLITE = text("SELECT rowid AS id FROM ticket_words WHERE ticket_words MATCH :asked")
ON_POSTGRESQL = text("SELECT id FROM tickets WHERE ticket_pairs(text) @> :asked").bindparams(
    bindparam("asked", type_=ARRAY(BigInteger))
)
ROOM = text("SET LOCAL work_mem = '64MB'")  # a map of letters with holes would be read again


def holds(db: Session, words: str) -> ColumnElement[bool]:
    """Whether a letter's text has these words, whatever the case of Latin ones.

    PostgreSQL's LIKE takes four times as long as strpos (6 µs a letter, not 1.4).
    """
    latin = words.lower() != words.upper()  # only such words pay for lower()
    if db.get_bind().dialect.name == "sqlite":
        if latin:  # SQLite's LIKE knows no case of its own accord
            return Ticket.text.contains(words, autoescape=True)
        return func.instr(Ticket.text, words) > 0
    text_of = func.lower(Ticket.text) if latin else Ticket.text
    return func.strpos(text_of, words.lower() if latin else words) > 0


def perhaps_in(db: Session, words: str, most: int = MOST) -> TextualSelect | None:
    """The ids of letters that have all pairs of these words; None when there are too many."""
    if db.get_bind().dialect.name == "sqlite":
        asked = ON_SQLITE.bindparams(asked=_tokens(words))
    else:
        db.execute(ROOM)
        asked = ON_POSTGRESQL.bindparams(asked=_keys(words.lower()))
    ids = asked.columns(column("id", BigInteger))
    some = select(ids.subquery("some").c.id).limit(most + 1).subquery()
    return ids if (db.scalar(select(func.count()).select_from(some)) or 0) <= most else None


def pairs(words: str) -> list[str]:
    """Neighbouring characters; of a single character itself."""
    return sorted({words[i : i + 2] for i in range(len(words) - 1)}) or [words]


def _tokens(words: str) -> str:
    """The pairs as the full-text table has them; a single character begins any pair of its own."""
    found = [pair.encode().hex() for pair in pairs(words.translate(LOWER))]
    return " ".join(found) if len(words) > 1 else f"{found[0]}*"


def _keys(words: str) -> list[int]:
    """The pairs as numbers, as ticket_pairs gives them."""
    return [
        (ord(pair[0]) + 1) * PLACE + ord(pair[1]) if len(pair) > 1 else ord(pair)
        for pair in pairs(words)
    ]
