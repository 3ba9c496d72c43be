"""A clerk's own account: leaving, changing the password, and the first administrator's door."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from bureau.staff import accounts, binding, links
from core.errors import NotFound, Refusal
from web.access import OPEN, SIGNED_IN, allow, begin_session, end_session, the_clerk
from web.counter import db, now, writing
from web.forms import Field, Form, Shape, blank, filled
from web.htmx import go_to

pages = Blueprint("account", __name__)
PASSWORD = (
    Field("old", "原密码", Shape.SECRET, longest=200),
    Field("new", "新密码", Shape.SECRET, longest=200, hint="至少10个字符。"),
    Field("again", "再输一次新密码", Shape.SECRET, longest=200),
)
FIRST = (
    Field("name", "用户名", longest=60, hint="登录时用，例如您的姓名。"),
    Field("new", "密码", Shape.SECRET, longest=200, hint="至少10个字符。"),
    Field("again", "再输一次密码", Shape.SECRET, longest=200),
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


@pages.get("/wechat")
@allow(SIGNED_IN)
def wechat() -> ResponseReturnValue:
    return _show_wechat()


@pages.post("/wechat/code")
@allow(SIGNED_IN)
def offer_code() -> ResponseReturnValue:
    """A fresh code on this answer and nowhere else; earlier ones stop working."""
    with writing() as session:
        code = binding.offer(session, accounts.require(session, the_clerk().name), now())
    return _show_wechat(code)


@pages.post("/wechat/release")
@allow(SIGNED_IN)
def unbind() -> ResponseReturnValue:
    with writing() as session:
        binding.release(session, accounts.require(session, the_clerk().name), now())
    flash("已解除绑定。", "success")
    return go_to("console.account.wechat")


def _show_wechat(code: str = "") -> ResponseReturnValue:
    bound = bool(accounts.require(db(), the_clerk().name).openid)
    return render_template("console/wechat.html", code=code, bound=bound)


@pages.get("/first/<token>")
@allow(OPEN)
def first(token: str) -> ResponseReturnValue:
    """The one-time link of the first start. Raises NotFound when it is used or too old."""
    if not links.is_open(db(), token, now()):
        raise NotFound(links.GONE)
    return _show_first(token, blank(FIRST))


@pages.post("/first/<token>")
@allow(OPEN)
def become_first(token: str) -> ResponseReturnValue:
    form = filled(FIRST)
    if form.good and form["new"] != form["again"]:
        form.errors["again"] = "两次输入的密码不一致。"
    if not form.good:
        return _show_first(token, form)
    try:
        with writing() as session:
            clerk = links.accept(session, token, form["name"], form["new"], now())
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _show_first(token, form)
    begin_session(clerk)
    flash("管理员账号已建立。下一步：添加各科室人员。", "success")
    return go_to("console.desk.page")


@pages.post("/leave")
@allow(SIGNED_IN)
def leave() -> ResponseReturnValue:
    """Here and everywhere: a cookie alone would go on for its eight hours."""
    with writing() as session:
        accounts.sign_out(session, accounts.require(session, the_clerk().name), now())
    end_session()
    return go_to("console.sign_in.page")


def _show_first(token: str, form: Form) -> ResponseReturnValue:
    return render_template("console/first.html", form=form, token=token), form.status
