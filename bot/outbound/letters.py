"""A notice as the call that carries it on each route."""

from collections.abc import Container
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


def resting(rules: Rules, braked: Container[str]) -> frozenset[Route]:
    """The routes whose API rests. A subscription account's mass send is sendall."""
    return frozenset(route for route in CALL_OF if _call_of(route, rules).name in braked)


def _call_of(route: Route, rules: Rules) -> Call:
    return calls.MASS_ALL if route is Route.MASS and rules.subscription else CALL_OF[route]


def fields_of(notice: Notice) -> dict[str, str]:
    """The fields of notices and templates: `thing` holds 20 characters, `time` a day."""
    return {
        "thing1": shorten(notice.title),
        "thing2": shorten(notice.label),
        "time3": notice.day,
    }


class Writer:
    """Writes one notice to many people: what is the same for all of them is made once."""

    def __init__(self, notice: Notice, rules: Rules, now: datetime) -> None:
        self._notice, self._rules, self._now = notice, rules, now
        self._text = text_of(notice, rules)
        self._fields = fields_of(notice)
        self._own = notice.url.startswith(own_page.LETTERS) and bool(rules.secret_key)
        self._url = absolute(notice.url, rules)

    def write(self, route: Route, openid: str, key: str) -> Request:
        """The call for one person. `key`: WeChat's client_msg_id where the route knows one."""
        if route is Route.KEFU:
            return calls.text(openid, self._text)
        purpose, url = self._notice.purpose, self._url_for(openid)
        if route is Route.TEMPLATE:
            template_id = self._rules.template_id(purpose)
            return calls.template(openid, template_id, self._fields, url, key)
        return calls.subscription(openid, self._rules.notice_id(purpose), self._fields, url)

    def _url_for(self, openid: str) -> str:
        """The page behind the notice; a letter's own page opens for its sender alone."""
        if not self._own:
            return self._url
        page = own_page.letter_for(openid, self._notice.url, self._rules.secret_key, self._now)
        return absolute(page, self._rules)


def text_of(notice: Notice, rules: Rules) -> str:
    """The chat text with links that open from a phone."""
    return notice.text.replace('href="/', f'href="{rules.base_url}/')


def absolute(url: str, rules: Rules) -> str:
    """A page of ours by its whole address."""
    return rules.base_url + url if url.startswith("/") else url


def key_of(push_id: int, delivery_id: int) -> str:
    """client_msg_id: the same for every attempt of one delivery, at most 32 characters."""
    return f"yg{push_id}-{delivery_id}"
