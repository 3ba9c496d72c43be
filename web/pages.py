"""The Flask application behind the edge, put together once a process."""

from typing import Any

from flask import Flask, redirect
from flask.typing import ResponseReturnValue

from bureau.office import Office
from core.errors import NotFound
from core.runfile import read_run
from core.settings import Settings
from knowledge.library import Library
from web import health
from web.access import can, current_clerk
from web.addresses import guard_addresses
from web.api import api
from web.console import console
from web.counter import now, office, open_counter
from web.h5 import citizens
from web.problems import handle_problems
from web.security import secure
from web.sessions import PrivateSessions
from web.static_files import add_static_files
from web.wording import add_wording


def create_pages(office: Office, library: Library) -> Flask:
    """The pages as one Flask application; bootstrap.py puts the WeChat edge in front of it."""
    app = Flask("web", template_folder="templates", static_folder="static")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    guard_addresses(app)
    secure(app, office.settings)
    app.session_interface = PrivateSessions()
    open_counter(app, office, library)
    handle_problems(app)
    add_wording(app)
    add_static_files(app)
    app.context_processor(_what_every_page_shows)
    for room in (health.pages, citizens, console, api):
        app.register_blueprint(room)
    app.add_url_rule("/sandbox/", "sandbox", _to_sandbox)
    return app


def sandbox_address(settings: Settings) -> str:
    """Where the WeChat stand-in shows its phone; empty when it is off or not running."""
    if not settings.sandbox:
        return ""
    running = read_run(settings.data_dir)
    port = settings.sandbox_port or (running.sandbox_port if running else 0)
    if settings.wechat_api_url and not port:
        return f"{settings.wechat_api_url.rstrip('/')}/sandbox/"
    return f"http://{settings.bind}:{port}/sandbox/" if port else ""


def _to_sandbox() -> ResponseReturnValue:
    address = sandbox_address(office().settings)
    if not address:
        raise NotFound("这里没有启用微信沙盒。")
    return redirect(address)


def _what_every_page_shows() -> dict[str, Any]:
    settings = office().settings
    return {
        "bureau_name": settings.bureau_name,
        "demo": settings.sandbox,
        "clerk": current_clerk(),
        "can": can,
        "now": now(),
    }
