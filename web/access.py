"""Who is at the console and what that person may see: the permission stands on each page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request, session, url_for
from flask.typing import ResponseReturnValue

from bureau.staff import accounts
from bureau.staff.models import Clerk
from bureau.staff.roles import may, require
from core.errors import Forbidden
from web.counter import db
from web.htmx import leave_for

View = TypeVar("View", bound=Callable[..., Any])
OPEN = "open"  # the door itself: signing in
SIGNED_IN = "signed_in"  # every clerk, whatever the role


def allow(permission: str) -> Callable[[View], View]:
    """Let a view in only for clerks with `permission`; others are sent to sign in or refused."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            turned_away = _turn_away(permission)
            return view(*args, **values) if turned_away is None else turned_away

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast(View, guarded)

    return wrap


def _turn_away(permission: str) -> ResponseReturnValue | None:
    """Where to send this visitor instead; None when the page may be shown. Raises Forbidden."""
    if permission == OPEN:
        return None
    clerk = current_clerk()
    if clerk is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return leave_for(url_for("console.sign_in.page", next=wanted))
    if clerk.must_change and (request.blueprint or "") != "console.account":
        return leave_for(url_for("console.account.password"))
    if permission != SIGNED_IN:
        require(clerk.role, permission)
    return None


def current_clerk() -> Clerk | None:
    """The clerk of this session, read once a request; None when signed out or switched off."""
    if "clerk" not in g:
        g.clerk = _clerk_of_session()
    clerk: Clerk | None = g.clerk
    return clerk


def the_clerk() -> Clerk:
    """The clerk of this session. Raises Forbidden when there is none."""
    clerk = current_clerk()
    if clerk is None:
        raise Forbidden("请先登录。")
    return clerk


def can(permission: str) -> bool:
    """For templates: show a button only to those who may press it."""
    clerk = current_clerk()
    return clerk is not None and may(clerk.role, permission)


def begin_session(clerk: Clerk) -> None:
    """Start a session for `clerk`; whatever the browser carried before is dropped."""
    session.clear()
    session.permanent = True
    session["clerk"] = clerk.id
    session["version"] = clerk.session_version
    g.pop("clerk", None)


def end_session() -> None:
    session.clear()
    g.pop("clerk", None)


def _clerk_of_session() -> Clerk | None:
    number = session.get("clerk")
    if not isinstance(number, int):
        return None
    clerk = accounts.by_id(db(), number)
    if clerk is None or clerk.session_version != session.get("version"):
        return None
    db().expunge(clerk)
    return clerk
