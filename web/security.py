"""What every answer carries and every form must bring: headers, CSRF, cookies, trusted proxies."""

import secrets
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask, Response, g, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bureau.release.files import LARGEST
from core.errors import Unready
from core.settings import Settings
from web.bodies import TYPED_BYTES, FormRequest, make_room
from web.counter import office

FORM_PARTS = 200
SESSION_HOURS = 8
FOR_CLERKS = ("console.disclosures.attach",)
FOR_EVERYBODY = ("h5.suggest.send", "h5.lookup.supplement")
STATIC_AGE_S = 7 * 24 * 3600
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def secure(app: Flask, settings: Settings) -> None:
    """Set cookies, limits and headers on `app`; every POST needs a CSRF token. Raises Unready."""
    if not settings.secret_key:
        raise Unready("SECRET_KEY: needed before pages are served")
    https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=TYPED_BYTES,
        MAX_FORM_PARTS=FORM_PARTS,
        MAX_FORM_MEMORY_SIZE=TYPED_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_AGE_S,
        SESSION_COOKIE_NAME="yg_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=SESSION_HOURS * 3600,
        WTF_CSRF_TIME_LIMIT=SESSION_HOURS * 3600,
        WTF_CSRF_SSL_STRICT=False,  # behind a proxy the page may speak http; the token decides
    )
    app.request_class = FormRequest
    app.before_request(_make_room)
    CSRFProtect(app)
    app.before_request(_make_nonce)
    app.after_request(_dress)
    app.context_processor(lambda: {"csp_nonce": csp_nonce()})
    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]


def _make_room() -> None:
    """Files are kept only at the addresses that take them; elsewhere they are read past."""
    settings, largest = office().settings, 0
    if request.endpoint in FOR_CLERKS and "clerk" in session:
        largest = LARGEST
    elif request.endpoint in FOR_EVERYBODY:
        largest = settings.letter_file_mb * 1024 * 1024
    make_room(request, largest, settings.data_dir)


def csp_nonce() -> str:
    """The nonce that this answer's own scripts and styles carry."""
    return str(g.get("nonce", ""))


def _make_nonce() -> None:
    g.nonce = secrets.token_urlsafe(16)


def _dress(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy())
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _policy() -> str:
    nonce = f"'nonce-{csp_nonce()}'"
    return (
        f"default-src 'self'; script-src 'self' {nonce}; style-src 'self' {nonce}; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def one_of(proxies: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether an address belongs to one of these addresses and networks."""
    networks = [ip_network(proxy, strict=False) for proxy in proxies]

    def trusts(address: str) -> bool:
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in networks)

    return trusts


class TrustedProxies:
    """Believes X-Forwarded-* only when the connection comes from a proxy we name."""

    def __init__(self, app: Any, proxies: tuple[str, ...]) -> None:
        self._plain = app
        self._behind_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._trusts = one_of(proxies)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        trusted = self._trusts(environ.get("REMOTE_ADDR", ""))
        return (self._behind_proxy if trusted else self._plain)(environ, start_response)
