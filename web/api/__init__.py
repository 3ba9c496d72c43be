"""Open data: what is public as JSON, described by an OpenAPI document."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from web.api.document import document
from web.api.resources import RESOURCES
from web.api.shapes import Asked, Resource, plain
from web.api.statistics import STATISTICS, figures
from web.counter import db, now, office
from web.paging import PAGE_SIZE, asked_page

api = Blueprint("api", __name__, url_prefix="/api/v1")
LARGEST = 100


def _add(resource: Resource) -> None:
    """The list of a resource, and one row of it, as routes."""

    def rows() -> ResponseReturnValue:
        page, size = asked_page(), _asked_size()
        known = {one.name for one in resource.filters}
        filters = {k: v[:60] for k, v in request.args.items() if k in known and v}
        found, total = resource.rows(db(), Asked(filters, (page - 1) * size, size))
        items = [resource.as_json(row) for row in found]
        return jsonify({"items": items, "page": page, "size": size, "total": total})

    def one(key: str) -> ResponseReturnValue:
        find: Any = resource.one
        return jsonify(resource.as_json(find(db(), key)))

    api.add_url_rule(f"/{resource.name}", f"{resource.name}_list", rows)
    if resource.one is not None:
        api.add_url_rule(f"/{resource.name}/<path:key>", f"{resource.name}_one", one)


@api.get("/statistics")
def statistics() -> ResponseReturnValue:
    found = figures(db(), now())
    return jsonify({prop.name: plain(prop.read(found)) for prop in STATISTICS})


@api.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    settings = office().settings
    return jsonify(document(settings.bureau_name, settings.base_url))


@api.after_request
def _open_to_all(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    if response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _asked_size() -> int:
    text = request.args.get("size", "")
    is_number = text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0
    return min(int(text), LARGEST) if is_number else PAGE_SIZE


for _resource in RESOURCES:
    _add(_resource)
