"""What the sender may do with a letter opened by its code: take it back, copy it, delete it."""

import json

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bureau.feedback import rights, search
from core.errors import Refusal
from web.counter import db, now, office, writing
from web.h5.lookup import ask_code, is_open

pages = Blueprint("own_letter", __name__, url_prefix="/tickets")
NOT_SURE = "请先勾选“我确定”。"


@pages.post("/<number>/withdraw")
def withdraw(number: str) -> ResponseReturnValue:
    """Before the answer, the sender takes it back; nobody else's letter goes with it."""
    if not is_open(number):
        return ask_code(number)
    told = "已撤回，不再办理。"
    try:
        if "sure" not in request.form:
            raise Refusal(NOT_SURE)
        with writing() as session:
            found = search.one(session, number)
            rights.withdraw(session, found, found.openid, now())
    except Refusal as refusal:
        return _back(number, refusal.say, "warning")
    return _back(number, told, "success")


@pages.get("/<number>/copy")
def copy(number: str) -> ResponseReturnValue:
    """All that is kept of this letter, as a file (个人信息保护法 第四十五条)."""
    if not is_open(number):
        return ask_code(number)
    kept = rights.copy_of_one(db(), search.one(db(), number), office().box)
    answer = Response(json.dumps(kept, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{kept['number']}.json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/<number>/erase")
def erase(number: str) -> ResponseReturnValue:
    """Delete the words, names and files of an ended letter (第四十七条)."""
    if not is_open(number):
        return ask_code(number)
    try:
        if "sure" not in request.form:
            raise Refusal(NOT_SURE)
        with writing() as session:
            paths = rights.erase_one(session, search.one(session, number), now())
    except Refusal as refusal:
        return _back(number, refusal.say, "warning")
    for path in paths:
        (office().settings.data_dir / "uploads" / path).unlink(missing_ok=True)
    return _back(number, "已删除这件来信的内容、姓名、电话和附件。", "success")


def _back(number: str, told: str, how: str) -> ResponseReturnValue:
    flash(told, how)
    return redirect(url_for("h5.lookup.ticket", number=number), 303)
