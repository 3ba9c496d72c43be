"""Takes the samples out again: what is marked as a sample, and what only exists because of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import DeclarativeBase, Session

from bot.outbound.models import Push
from bureau.catalogues import bank, review
from bureau.catalogues.models import BankQuestion, BasisReview, CatalogueReview, EndedDocument
from bureau.disclosures.models import Disclosure
from bureau.facts.models import Fact
from bureau.feedback.models import Ticket
from bureau.inquiries.models import ClusterAnswer, Inquiry
from bureau.release.models import Review
from bureau.staff.models import StaffAlert
from core.db import Base, Database
from knowledge import importing
from knowledge.models import Batch
from ops.seeding.answers import NAME as LOOKED_AFTER
from ops.seeding.answers import ORIGIN as SAMPLE
from ops.seeding.past import PREFIX
from ops.seeding.questions import ORIGIN as ASKED
from ops.seeding.tickets import ORIGIN as WRITTEN

CHUNK = 500  # keys in one statement


def remove_samples(database: Database, now: datetime) -> int:
    """Delete them in one transaction; how many rows. Their serial numbers are not given again."""
    with database.write() as db:
        count = sum(remove(db, model, keys) for model, keys in marked(db))
        count += remove_people(db)
        importing.touch(db, now)
    return count


def marked(db: Session) -> list[tuple[type[DeclarativeBase], list[Any]]]:
    """The rows that say of themselves that they are samples, and what names these by a key."""
    tickets = keys_where(db, Ticket, Ticket.origin == WRITTEN)
    named = Batch.file_name.startswith(LOOKED_AFTER) | (Batch.review_kind == review.SAMPLES)
    batches = keys_where(db, Batch, named)
    imports = [f"import:{key}" for key in batches]
    cards = Disclosure.origin_key.in_(imports)
    disclosures = keys_where(db, Disclosure, Disclosure.sample.is_(True) | cards)
    origins = [f"ticket:{key}:" for key in tickets] + [f"disclosure:{key}:" for key in disclosures]
    subjects = [f"disclosure:{key}" for key in disclosures] + imports
    numbers = db.scalars(select(Ticket.number).where(Ticket.origin == WRITTEN))
    ended = list(db.scalars(select(EndedDocument.number).where(EndedDocument.origin == SAMPLE)))
    alerts = [StaffAlert.key.contains(number) for number in (*numbers, *ended)]
    alerts += [StaffAlert.key == f"change_card:{key}" for key in batches]
    return [
        (StaffAlert, keys_of_any(db, StaffAlert, alerts)),
        (Push, keys_of_any(db, Push, [Push.origin_key.startswith(one) for one in origins])),
        (Ticket, tickets),
        (Disclosure, disclosures),
        (Review, keys_where(db, Review, Review.subject.in_(subjects))),
        (Batch, batches),
        (Fact, keys_where(db, Fact, Fact.subject.in_(subjects))),
        (ClusterAnswer, keys_where(db, ClusterAnswer, ClusterAnswer.subject.in_(subjects))),
        (BasisReview, keys_where(db, BasisReview, BasisReview.number.in_(ended))),
        (EndedDocument, keys_where(db, EndedDocument, EndedDocument.origin == SAMPLE)),
        (BankQuestion, keys_where(db, BankQuestion, BankQuestion.origin == bank.SAMPLE)),
        (CatalogueReview, keys_where(db, CatalogueReview, CatalogueReview.done_at.is_(None))),
        (Inquiry, keys_where(db, Inquiry, Inquiry.origin.startswith(ASKED))),
    ]


def remove(db: Session, model: type[DeclarativeBase], keys: Sequence[Any]) -> int:
    return delete_rows(db, Base.metadata.tables[model.__tablename__], keys)


def delete_rows(db: Session, table: Table, keys: Sequence[Any]) -> int:
    """Delete rows by their key, and before them the rows that cannot be without them."""
    key = primary(table)
    count = 0
    for chunk in chunks(keys):
        for column in pointing_at(table):
            count += release(db, column, chunk)
        count += rows_of(db, delete(table).where(key.in_(chunk)))
    return count


def release(db: Session, column: Column[Any], keys: Sequence[Any]) -> int:
    """Rows that point at these keys let go where they may, and go too where they may not."""
    child = column.table
    if column.nullable:
        db.execute(update(child).where(column.in_(keys)).values({column.name: None}))
        return 0
    if len(child.primary_key) > 1:
        return rows_of(db, delete(child).where(column.in_(keys)))
    return delete_rows(db, child, list(db.scalars(select(primary(child)).where(column.in_(keys)))))


def remove_people(db: Session) -> int:
    """Everything else that is kept of the people of the samples."""
    count = 0
    for table in reversed(Base.metadata.sorted_tables):
        if "openid" in table.c:
            mine = table.c.openid.startswith(PREFIX, autoescape=True)
            count += rows_of(db, delete(table).where(mine))
    return count


def keys_where(db: Session, model: type[DeclarativeBase], which: ColumnElement[bool]) -> list[Any]:
    table = Base.metadata.tables[model.__tablename__]
    return list(db.scalars(select(primary(table)).where(which)))


def keys_of_any(
    db: Session, model: type[DeclarativeBase], which: Sequence[ColumnElement[bool]]
) -> list[Any]:
    """Keys of the rows that meet one of many conditions."""
    return [key for chunk in chunks(which) for key in keys_where(db, model, or_(*chunk))]


def pointing_at(table: Table) -> list[Column[Any]]:
    """The columns of all tables that hold a foreign key to this one."""
    return [
        link.parent
        for other in Base.metadata.sorted_tables
        for link in other.foreign_keys
        if link.column.table is table
    ]


def primary(table: Table) -> Column[Any]:
    """The first column of the key: of marked tables it is the only one."""
    return next(iter(table.primary_key))


def rows_of(db: Session, statement: Any) -> int:
    return int(db.execute(statement).rowcount)  # type: ignore[attr-defined]


def chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
