"""The wiring of the house, once, typed. Everything else is handed what it needs."""

from functools import partial

from flask import Flask

from bot.inbound import dialog
from bot.inbound.answering import Answering, Visit
from bot.inbound.edge import Edge
from bureau.feedback import drafts
from bureau.office import Office
from core.settings import Settings
from handlers import ROUTER, WORDS, suggestion
from handlers.context import Context
from handlers.late import tell_late
from knowledge.library import Library
from ops.opening import open_office
from web.pages import create_pages


def create_app(settings: Settings) -> Flask:
    """The whole web process: the pages with the WeChat edge in front of them, index built."""
    office = open_office(settings)
    look_for_lost_dialogs(office)
    library = Library.open(office.database, office.settings)
    library.follow()
    app = create_pages(office, library)
    app.wsgi_app = create_edge(office, library, app)  # type: ignore[method-assign]
    return app


def look_for_lost_dialogs(office: Office) -> None:
    """An empty Redis has lost nothing while nobody is writing a letter: no question asks SQL."""
    with office.database.read() as db:
        lost = drafts.any_being_written(db, office.clock.now() - suggestion.LIST_LIFE)
    if not lost:
        dialog.vouch(office.redis)


def create_edge(office: Office, library: Library, pages: Flask) -> Edge[Context]:
    """The callback's edge; whatever is not `/wechat` goes on to the pages."""

    def open_context(visit: Visit) -> Context:
        return Context(office, library, visit)

    return Edge(
        pages.wsgi_app,
        office.settings,
        office.redis,
        office.clock,
        Answering(ROUTER, open_context, WORDS),
        partial(tell_late, office.wechat),
    )
