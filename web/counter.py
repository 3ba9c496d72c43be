"""What a page works with while it answers one request: office, library, clock, database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from bureau.office import Office
from knowledge.library import Library

KEY = "yangguang"
PATIENCE_MS = 20_000  # a person rather waits for a busy database than reads that it failed


@dataclass(frozen=True, slots=True)
class Counter:
    """The two values every page is built from."""

    office: Office
    library: Library


def open_counter(app: Flask, office: Office, library: Library) -> None:
    """Give `app` its office and library, and close what a request opened when it ends."""
    app.extensions[KEY] = Counter(office, library)
    app.teardown_request(lambda _error: close_reading())


def office() -> Office:
    return _counter().office


def library() -> Library:
    return _counter().library


def now() -> datetime:
    """The moment this request came in: one request sees one moment."""
    if "now" not in g:
        g.now = office().clock.now()
    moment: datetime = g.now
    return moment


def db() -> Session:
    """The request's reading session, opened when first asked for."""
    if "reading" not in g:
        g.reading_stack = ExitStack()
        g.reading = g.reading_stack.enter_context(office().database.read())
    session: Session = g.reading
    return session


@contextmanager
def writing() -> Iterator[Session]:
    """The request's one writing transaction; what was read before it is read afresh after it."""
    close_reading()
    with office().database.write(PATIENCE_MS) as session:
        yield session


def close_reading() -> None:
    stack = g.pop("reading_stack", None)
    g.pop("reading", None)
    if stack is not None:
        stack.close()


def _counter() -> Counter:
    counter: Counter = current_app.extensions[KEY]
    return counter
