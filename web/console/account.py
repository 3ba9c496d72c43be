"""A clerk's own account: leaving, changing the password, and the first administrator's door."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from bureau.staff import accounts
from core.errors import Refusal
from web.access import SIGNED_IN, allow, begin_session, end_session, the_clerk
from web.counter import now, writing
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

pages = Blueprint("account", __name__)
PASSWORD = (
    Field("old", "原密码", Shape.SECRET, longest=200),
    Field("new", "新密码", Shape.SECRET, longest=200, hint="至少10个字符。"),
    Field("again", "再输一次新密码", Shape.SECRET, longest=200),
)


@pages.get("/password")
@allow(SIGNED_IN)
def password() -> ResponseReturnValue:
    return _show(blank(PASSWORD))


@pages.post("/password")
@allow(SIGNED_IN)
def change() -> ResponseReturnValue:
    form = filled(PASSWORD)
    if form.good and form["new"] != form["again"]:
        form.errors["again"] = "两次输入的新密码不一致。"
    if not form.good:
        return _show(form)
    try:
        with writing() as session:
            clerk = accounts.require(session, the_clerk().name)
            accounts.change_password(session, clerk, form["old"], form["new"], now())
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(form)
    begin_session(clerk)
    flash("密码已修改，其他地方的登录已退出。", "success")
    return go_to("console.desk.page")


def _show(form: Form) -> ResponseReturnValue:
    page = render_template("console/password.html", form=form, first=the_clerk().must_change)
    return page, form.status


@pages.post("/leave")
@allow(SIGNED_IN)
def leave() -> ResponseReturnValue:
    end_session()
    return go_to("console.sign_in.page")
