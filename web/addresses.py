"""What an address may look like: numbers SQL can hold, no NUL, and redirects that stay here."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.routing import IntegerConverter

SAME_PAGE = 308  # werkzeug's redirect to the address with its slash


class RowNumber(IntegerConverter):
    """`<int:…>` of up to 18 ASCII digits: the ids of both databases end below 2**63."""

    regex = r"[0-9]{1,18}"


def guard_addresses(app: Flask) -> None:
    """Set `app` up before its routes are registered."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)
    app.after_request(_stay_here)


def is_local(address: str) -> bool:
    """True for a path of ours: nothing a browser could read as another site's address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    odd = "\\" in address or any(letter < " " for letter in address)
    return address[:1] == "/" and address[:2] != "//" and not (parts.scheme or parts.netloc or odd)


def _refuse_nul() -> None:
    """PostgreSQL takes no NUL in a text; nobody types one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(400)


def _stay_here(response: Response) -> Response:
    """The redirect to the same page names no host: the browser's Host header may be anybody's."""
    if response.status_code == SAME_PAGE and "://" in (response.location or ""):
        path = str(response.location).split("://", 1)[1].partition("/")[2]
        response.location = "/" + path.lstrip("/")
        response.set_data(b"")
    return response
