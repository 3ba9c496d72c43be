"""Refusals and failures as pages: a sentence for the person, a number for the log, no trace."""

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from core.errors import Refusal, incident_number
from core.logs import get_log
from web.htmx import wants_piece

SENTENCES = {
    400: ("请求有误", "页面没有看懂这次提交，请返回检查后再试。"),
    401: ("请先登录", "请登录后再继续。"),
    403: ("没有权限", "您没有查看或办理这一项的权限。"),
    404: ("没有找到", "没有这个页面，或者它已经移走。"),
    405: ("不能这样访问", "这个地址不支持这种访问方式，请从页面上的按钮进入。"),
    413: ("内容太大", "提交的内容超过了上限，请缩短文字或减少附件后再试。"),
    429: ("操作太频繁", "请稍等片刻再试。"),
    500: ("出了点问题", "页面暂时打不开，问题已经记录，请稍后再试。"),
    503: ("暂时不可用", "系统正在恢复，请稍后再试。"),
}
BARE = Markup(
    "<!doctype html><html lang=zh-CN><meta charset=utf-8><h1>{title}</h1><p>{say} {incident}"
)
EXPIRED = "页面停留过久或已在别处退出，为保证安全请刷新后重新提交。"


def handle_problems(app: Flask) -> None:
    """Register one answer for each way a request can fail."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, lambda _error: _answer(400, EXPIRED))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _refused(error: Refusal) -> ResponseReturnValue:
    return _answer(error.status, error.say)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    answer = _answer(error.code, SENTENCES.get(error.code, SENTENCES[400])[1])
    if error.code == 405 and isinstance(answer, Response):
        answer.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    return answer


def _broken(error: Exception) -> ResponseReturnValue:
    number = incident_number()
    get_log("web").error("page failed", incident=number, path=request.path[:200], exc_info=error)
    return _answer(500, SENTENCES[500][1], number)


def _page(template: str, **words: str) -> str:
    """The page of a problem; bare when its frame cannot be made: no database, no readable host."""
    try:
        return render_template(template, **words)
    except Exception:  # what went wrong first is in the log already
        return BARE.format(**words)


def _answer(status: int, say: str, incident: str = "") -> ResponseReturnValue:
    title = SENTENCES.get(status, SENTENCES[400])[0]
    if request.path.startswith("/api/"):
        answer = jsonify(
            {"error": {"status": status, "message": say, "incident": incident or None}}
        )
    else:
        room = "console" if request.path.startswith("/console") else "h5"
        template = "piece_problem.html" if wants_piece() else f"{room}/problem.html"
        page = _page(template, title=title, say=say, incident=incident)
        answer = Response(page, mimetype="text/html")
    answer.status_code = status
    return answer
