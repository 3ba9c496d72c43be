"""The door: name and password; in the demo one click takes any role."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.staff import accounts, audit, demo
from bureau.staff.models import Clerk
from bureau.staff.roles import ROLES
from core.errors import NotFound
from web.access import OPEN, allow, begin_session
from web.addresses import is_local
from web.counter import close_reading, db, now, office, writing
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import leave_for
from web.throttle import Throttle

pages = Blueprint("sign_in", __name__)
FAILURES = Throttle("sign-in", tries=20, span_s=15 * 60)  # beside the lock of each account
LONGEST_NEXT = 500  # characters; a longer address is not gone back to
FIELDS = (
    Field("name", "用户名", longest=60),
    Field("password", "密码", Shape.SECRET, longest=200),
    Field("next", "", required=False, longest=LONGEST_NEXT),
)


@pages.get("/sign-in")
@allow(OPEN)
def page() -> ResponseReturnValue:
    wanted = safe_path(request.args.get("next", ""))
    return _show(blank(FIELDS, next=wanted if len(wanted) <= LONGEST_NEXT else ""))


@pages.post("/sign-in")
@allow(OPEN)
def enter() -> ResponseReturnValue:
    form = filled(FIELDS)
    if not form.good:
        return _show(form)
    source = request.remote_addr or ""
    if FAILURES.closed(office().redis, source):
        form.say = "登录尝试过于频繁，请15分钟后再试。"
        return _show(form)
    known = accounts.hash_of(db(), form["name"])
    close_reading()
    proof = accounts.prove(known, form["password"])
    with writing() as session:
        outcome = accounts.sign_in(session, form["name"], proof, now())
    if outcome.clerk is None:
        FAILURES.count(office().redis, source)
        form.say = outcome.say
        return _show(form)
    begin_session(outcome.clerk)
    return leave_for(safe_path(form["next"]))


@pages.post("/sign-in/demo/<name>")
@allow(OPEN)
def switch(name: str) -> ResponseReturnValue:
    """Take a demo role; only with the sandbox on, and only accounts made for it."""
    if not office().settings.sandbox or office().settings.production:
        raise NotFound("没有这个页面。")
    with writing() as session:
        clerk = next((one for one in demo_clerks(session) if one.name == name), None)
        if clerk is None:
            raise NotFound("没有这个演示角色。")
        audit.note(session, clerk, "staff.demo_sign_in", f"clerk:{clerk.name}", now())
    begin_session(clerk)
    return leave_for(safe_path(""))


def safe_path(wanted: str) -> str:
    """A path of the console to go on to; the desk for anything that leads elsewhere."""
    return wanted if is_local(wanted) and wanted.startswith("/console/") else "/console/"


def demo_clerks(session: Session) -> list[Clerk]:
    """One demo account a role, in the order of the table of roles."""
    by_role: dict[str, Clerk] = {}
    for clerk in (one for one in demo.demo_clerks(session) if one.active):
        by_role.setdefault(clerk.role, clerk)
    return [by_role[role] for role in ROLES if role in by_role]


def _show(form: Form) -> ResponseReturnValue:
    settings = office().settings
    shown = settings.sandbox and not settings.production
    clerks = demo_clerks(db()) if shown else []
    return render_template("console/sign_in.html", form=form, demo_clerks=clerks), form.status
