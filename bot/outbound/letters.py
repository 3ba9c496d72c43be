"""A notice as the call that carries it on each route."""

from datetime import datetime

from bot.followers import own_page
from bot.outbound import calls
from bot.outbound.calls import Call, Request
from bot.outbound.notice import Notice, shorten
from bot.outbound.rules import Route, Rules

CALL_OF: dict[Route, Call] = {
    Route.KEFU: calls.CUSTOM,
    Route.NOTICE_LONG: calls.BIZSEND,
    Route.NOTICE_ONCE: calls.BIZSEND,
    Route.TEMPLATE: calls.TEMPLATE,
    Route.MASS: calls.MASS,
}


def fields_of(notice: Notice) -> dict[str, str]:
    """The fields of notices and templates: `thing` holds 20 characters, `time` a day."""
    return {
        "thing1": shorten(notice.title),
        "thing2": shorten(notice.label),
        "time3": notice.day,
    }


def write(
    route: Route, openid: str, notice: Notice, rules: Rules, key: str, now: datetime
) -> Request:
    """The call for one person. `key` is WeChat's client_msg_id where the route knows one."""
    if route is Route.KEFU:
        return calls.text(openid, text_of(notice, rules))
    fields = fields_of(notice)
    page = notice.url
    if page.startswith(own_page.LETTERS) and rules.secret_key:
        page = own_page.letter_for(openid, page, rules.secret_key, now)
    url = absolute(page, rules)
    if route is Route.TEMPLATE:
        template_id = rules.template_id(notice.purpose)
        return calls.template(openid, template_id, fields, url, key)
    return calls.subscription(openid, rules.notice_id(notice.purpose), fields, url)


def text_of(notice: Notice, rules: Rules) -> str:
    """The chat text with links that open from a phone."""
    return notice.text.replace('href="/', f'href="{rules.base_url}/')


def absolute(url: str, rules: Rules) -> str:
    """A page of ours by its whole address."""
    return rules.base_url + url if url.startswith("/") else url


def key_of(push_id: int, delivery_id: int) -> str:
    """client_msg_id: the same for every attempt of one delivery, at most 32 characters."""
    return f"yg{push_id}-{delivery_id}"
