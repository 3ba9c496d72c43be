"""wechatpy's client, kept to our address, our time-outs, our token and no retries of its own."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from wechatpy.client import WeChatClient
from wechatpy.client.api import WeChatMedia, WeChatQRCode
from wechatpy.exceptions import WeChatClientException

from bot.outbound.errors import BY_CODE, NotReached, OutcomeUnknown, WechatError, split_rid
from bot.outbound.token import TokenStore

OFFICIAL = ("https://api.weixin.qq.com", "https://mp.weixin.qq.com")
CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 10.0
POOL = 32
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Media(WeChatMedia):  # type: ignore[misc]
    def get_url(self, media_id: str) -> str:
        """Where a temporary medium is downloaded, at the account's own address."""
        base = self._client.base_url
        return f"{base}/cgi-bin/media/get?access_token={self.access_token}&media_id={media_id}"


class QRCode(WeChatQRCode):  # type: ignore[misc]
    def show(self, ticket: Any) -> Any:
        """The picture, fetched through the account's own address and time-outs."""
        text = ticket["ticket"] if isinstance(ticket, dict) else ticket
        return self._client.fetch("/cgi-bin/showqrcode", {"ticket": text})


class Account(WeChatClient):  # type: ignore[misc]
    """The API groups of wechatpy 1.8.18 over our transport.

    Closed here: its retries without end, its token fetch without a time-out and with an expiry
    of its own in every process, and the hosts written into single groups.
    """

    media = Media()
    qrcode = QRCode()

    def __init__(self, app_id: str, base_url: str, tokens: TokenStore) -> None:
        super().__init__(app_id, "", timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S), auto_retry=False)
        self.base_url = base_url.rstrip("/")
        self.API_BASE_URL = f"{self.base_url}/cgi-bin/"
        self._tokens = tokens
        self._http = session_for(self.base_url)

    @property
    def access_token(self) -> str:
        return self._tokens.current()

    def fetch_access_token(self) -> Mapping[str, Any]:
        """wechatpy's name for a renewal; ours is shared and single-flight."""
        return {"access_token": self._tokens.renew(self._tokens.current())}

    def fetch(self, path: str, query: Mapping[str, str]) -> requests.Response:
        """A plain GET at the account's address, without a token."""
        return self._http.get(self.base_url + path, params=query, timeout=self.timeout)

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        base = kwargs.get("api_base_url")
        if base:
            kwargs["api_base_url"] = self._at_home(base)
        try:
            return super()._request(method, self._at_home(url_or_endpoint), **kwargs)
        except (WeChatClientException, requests.RequestException) as error:
            raise typed(error, url_or_endpoint) from error

    def _at_home(self, url: str) -> str:
        for host in OFFICIAL:
            if url.startswith(host):
                return self.base_url + url.removeprefix(host)
        return url


def session_for(base_url: str) -> requests.Session:
    """A session with a pool wide enough for our threads; loopback never goes through a proxy."""
    session = requests.Session()
    session.trust_env = urlsplit(base_url).hostname not in LOOPBACK
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=POOL, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def typed(error: Exception, call: str) -> WechatError:
    """The error of wechatpy or requests as one of ours."""
    if isinstance(error, WeChatClientException) and error.errcode is not None:
        message, rid = split_rid(str(error.errmsg))
        made = BY_CODE.get(int(error.errcode), WechatError)(int(error.errcode), message, rid, call)
        made.msg_id = _msg_id(error)
        return made
    if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
        return NotReached(0, "no connection", call=call)
    status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(status, int) and 400 <= status < 500:
        return WechatError(status, f"HTTP {status}", call=call)
    return OutcomeUnknown(status or 0, type(error).__name__, call=call)


def _never_connected(error: Exception) -> bool:
    """True when not a byte was sent: the name did not resolve or nobody listened."""
    return isinstance(error, requests.ConnectionError) and any(
        mark in str(error) for mark in ("NewConnectionError", "NameResolutionError")
    )


def _msg_id(error: WeChatClientException) -> int | None:
    """45065 brings the msg_id of the first call in its body."""
    try:
        found = error.response.json().get("msg_id")
    except (AttributeError, ValueError):
        return None
    return int(found) if found else None
