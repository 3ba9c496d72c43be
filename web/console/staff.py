"""人员: who works at the console, in which role."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from bureau.staff import accounts, offices
from bureau.staff.roles import ROLES
from core.errors import NotFound, Refusal
from web.access import allow, the_clerk
from web.counter import db, now, writing
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

pages = Blueprint("staff", __name__, url_prefix="/staff")


@pages.get("/")
@allow("staff.read")
def shelf() -> ResponseReturnValue:
    return _show(blank(_fields()))


@pages.post("/")
@allow("staff.manage")
def add() -> ResponseReturnValue:
    """Add somebody; the one-time password is shown on this answer and nowhere else."""
    form = filled(_fields())
    if not form.good:
        return _show(form)
    try:
        with writing() as session:
            once = accounts.add(
                session,
                form["name"],
                form["role"],
                now(),
                display_name=form["display_name"],
                office=form["office"] or None,
                by=the_clerk(),
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(form)
    return _show(blank(_fields()), once=once, name=form["name"])


@pages.post("/<int:clerk_id>/reset")
@allow("staff.manage")
def reset(clerk_id: int) -> ResponseReturnValue:
    with writing() as session:
        clerk = accounts.own(session, clerk_id)
        once = accounts.reset_password(session, clerk, now(), by=the_clerk())
    return _show(blank(_fields()), once=once, name=clerk.name)


@pages.post("/<int:clerk_id>/<any(on, off):switch>")
@allow("staff.manage")
def set_active(clerk_id: int, switch: str) -> ResponseReturnValue:
    try:
        with writing() as session:
            clerk = accounts.own(session, clerk_id)
            accounts.set_active(session, clerk, switch == "on", now(), by=the_clerk())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(refusal.say, "danger")
    else:
        flash(f"{clerk.name}已{'启用' if switch == 'on' else '停用'}。", "success")
    return go_to("console.staff.shelf")


def _fields() -> tuple[Field, ...]:
    rooms = {room.slug: room.name for room in offices.everyone(db())}
    return (
        Field("name", "用户名", longest=60, hint="登录时用。"),
        Field("display_name", "姓名", required=False, longest=60),
        Field("role", "角色", Shape.CHOICE, choices={k: role.label for k, role in ROLES.items()}),
        Field("office", "科室", Shape.CHOICE, required=False, choices=rooms),
    )


def _show(form: Form, once: str = "", name: str = "") -> ResponseReturnValue:
    everyone = accounts.everyone(db())
    page = render_template(
        "console/staff.html", form=form, clerks=everyone, once=once, once_name=name
    )
    return page, form.status
