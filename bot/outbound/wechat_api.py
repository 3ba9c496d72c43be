"""The real WeChat behind the port: single calls through wechatpy's session, one token for all."""

from collections.abc import Mapping
from typing import Any

import requests

from bot.outbound import calls
from bot.outbound.calls import Request
from bot.outbound.client import Media
from bot.outbound.errors import (
    TOKEN_CODES,
    AccountStopped,
    NotReached,
    OutcomeUnknown,
    WechatError,
    error_of,
)
from bot.outbound.token import TokenStore
from bot.outbound.verbs import Verbs, openid_in
from bot.outbound.wechatpy_client import Account, session_for
from core.clock import Clock
from core.metrics import API_CALLS
from core.redis_store import RedisStore
from core.settings import Settings

OFFICIAL = "https://api.weixin.qq.com"
TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105  an address, not a secret
TOKEN_TIMEOUT_S = (3.0, 6.0)


class WechatApi(Verbs):
    """Speaks to `base_url`; `tokens` is shared with the bulk sender."""

    def __init__(self, app_id: str, secret: str, base_url: str, redis: RedisStore) -> None:
        self.app_id = app_id
        self._secret = secret
        self.base_url = base_url.rstrip("/")
        self._token_http = session_for(self.base_url)
        self.tokens = TokenStore(redis, app_id, self.fetch_token)
        self.account = Account(app_id, self.base_url, self.tokens)

    def perform(self, request: Request) -> Mapping[str, Any]:
        """One call with the current token, once more with a renewed one if WeChat refused it."""
        token = self.tokens.current()
        try:
            return self._once(request, token)
        except WechatError as error:
            if error.code not in TOKEN_CODES:
                raise
            return self._once(request, self.tokens.renew(token))

    def download(self, media_id: str) -> Media:
        """Temporary media; a video comes as an address and is fetched from there."""
        answer = self._raw("media", calls.MEDIA.path, {"media_id": media_id})
        return Media(
            answer.content,
            answer.headers.get("Content-Type", "application/octet-stream").split(";")[0],
            _filename(answer.headers.get("Content-Disposition", "")),
        )

    def openid_of(self, code: str) -> str:
        query = {
            "appid": self.app_id,
            "secret": self._secret,
            "code": code,
            "grant_type": "authorization_code",
            "access_token": "",
        }
        return openid_in(self._once(Request(calls.OAUTH, query=query), ""))

    def fetch_token(self) -> tuple[str, int]:
        """A token from stable_token and the seconds it lives.

        Raises NotReached (nothing was sent, so no outcome is unknown) or AccountStopped.
        """
        body: dict[str, str | bool] = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self._secret,
            "force_refresh": False,
        }
        try:
            response = self._token_http.post(
                self.base_url + TOKEN_PATH, json=body, timeout=TOKEN_TIMEOUT_S
            )
            response.raise_for_status()
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            raise NotReached(0, type(error).__name__, call="stable_token") from error
        API_CALLS.labels("stable_token", str(answer.get("errcode", 0))).inc()
        refused = error_of(answer, "stable_token")
        if isinstance(refused, OutcomeUnknown):
            raise NotReached(refused.code, refused.message, refused.rid, refused.call)
        if refused:  # 40001 here means a wrong secret
            raise AccountStopped(refused.code, refused.message, refused.rid, refused.call)
        return str(answer["access_token"]), int(answer.get("expires_in", 7200))

    def _once(self, request: Request, token: str) -> Mapping[str, Any]:
        call = request.call
        query = {"access_token": token, **request.query}
        sending = {"data": dict(request.body)} if call.method == "POST" else {}
        url = self.base_url + call.path
        try:
            answer = self.account._request(call.method.lower(), url, params=query, **sending)
        except WechatError as error:
            error.call = call.name
            API_CALLS.labels(call.name, str(error.code)).inc()
            raise
        if not isinstance(answer, dict):
            raise OutcomeUnknown(0, "the answer is not JSON", call=call.name)
        API_CALLS.labels(call.name, "0").inc()
        return answer

    def _raw(self, name: str, path: str, query: Mapping[str, str]) -> requests.Response:
        """A call whose answer is a file: JSON in its place is an error or an address."""
        token = self.tokens.current()
        for _ in range(2):
            response = self.account.fetch(path, {"access_token": token, **query})
            if "json" not in response.headers.get("Content-Type", ""):
                return response
            answer = response.json()
            if "video_url" in answer:
                return self._token_http.get(answer["video_url"], timeout=TOKEN_TIMEOUT_S)
            error = error_of(answer, name) or OutcomeUnknown(0, "no file", call=name)
            if error.code not in TOKEN_CODES:
                raise error
            token = self.tokens.renew(token)
        raise error


def connect_wechat(settings: Settings, redis: RedisStore, _clock: Clock) -> WechatApi:
    """The account of the settings; nothing is asked of WeChat yet."""
    base_url = settings.wechat_api_url or OFFICIAL
    return WechatApi(settings.wechat_app_id, settings.wechat_app_secret, base_url, redis)


def _filename(disposition: str) -> str:
    _, _, name = disposition.partition("filename=")
    return name.strip('" ')
