"""The wiring of the house, once, typed. Everything else is handed what it needs."""

from functools import lru_cache, partial
from pathlib import Path

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
from knowledge.tokenizer import Tokenizer
from ops.opening import open_office
from web.pages import create_pages
from web.patience import Patience
from web.security import one_of


def create_app(settings: Settings) -> Flask:
    """The whole web process: the pages with the WeChat edge in front of them, index built."""
    office = open_office(settings)
    look_for_lost_dialogs(office)
    library = Library(office.database, office.settings, read_dictionary(settings.data_dir))
    library.follow()
    app = create_pages(office, library)
    edge = create_edge(office, library, app)
    app.wsgi_app = Patience(edge, one_of(settings.trusted_proxies))  # type: ignore[method-assign]
    return app


@lru_cache(1)
def read_dictionary(data_dir: Path) -> Tokenizer:
    """The words, read once; a process forked from one that has read them has them already."""
    return Tokenizer(data_dir / "jieba")


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
