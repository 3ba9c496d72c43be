"""A real Chromium before real pages, served on a free port of this machine."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from bureau.office import Office
from bureau.staff import demo
from knowledge.library import Library
from tests.conftest import PATIENCE_MS
from tests.journeys.conftest import house
from tests.web.conftest import library, load_shelves, settings, stocked
from web import create_pages

__all__ = ["house", "library", "settings", "stocked"]
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}


@dataclass
class Site:
    """Pages at work, and what the browser complained of."""

    url: str
    office: Office
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def site(stocked: Office, library: Library) -> Iterator[Site]:
    """The pages over reference data, demo people and the sample catalogues."""
    with stocked.database.write() as db:
        demo.ensure_demo(db, stocked.clock.now())
        load_shelves(db)
    local = replace(stocked, settings=replace(stocked.settings, public_url="http://127.0.0.1"))
    app: Flask = create_pages(local, library)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.port}", local)
    server.shutdown()
    thread.join(60)
    server.server_close()


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Page]:
    """A small telephone: 320 points wide, touched, not clicked."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    yield listened(context, site)
    context.close()
    assert site.complaints == []


@pytest.fixture
def desk(chromium: Browser, site: Site) -> Iterator[Page]:
    """A clerk's screen."""
    context = chromium.new_context(viewport=DESK, locale="zh-CN")
    yield listened(context, site)
    context.close()
    assert site.complaints == []


def listened(context: BrowserContext, site: Site) -> Page:
    """A page whose errors (scripts, styles refused by the policy) are kept."""
    page = context.new_page()
    page.on("pageerror", lambda error: site.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: site.complaints.append(said.text) if said.type == "error" else None,
    )
    page.set_default_timeout(PATIENCE_MS)
    return page
