"""The OpenAPI document, written from the same tables that answer: it cannot say otherwise."""

from typing import Any

from web.api.resources import RESOURCES
from web.api.shapes import Resource
from web.api.statistics import STATISTICS

PAGE = {
    "name": "page",
    "in": "query",
    "description": "页码，从1开始",
    "schema": {"type": "integer", "minimum": 1, "default": 1},
}
SIZE = {
    "name": "size",
    "in": "query",
    "description": "每页条数",
    "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
}
DESCRIPTION = "公开信息、收费与基金清单、办事指南。只读，无需密钥；注明来源即可使用。"
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "message", "incident"],
            "properties": {
                "status": {"type": "integer"},
                "message": {"type": "string"},
                "incident": {"type": ["string", "null"]},
            },
        }
    },
}


def document(title: str, base_url: str) -> dict[str, Any]:
    """OpenAPI 3.1 of /api/v1."""
    paths: dict[str, Any] = {}
    for resource in RESOURCES:
        paths[f"/{resource.name}"] = {"get": _list_of(resource)}
        if resource.one is not None:
            paths[f"/{resource.name}/{{id}}"] = {"get": _one_of(resource)}
    paths["/statistics"] = {"get": _answers("统计数字", "随查随算", _ref("statistics"))}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}开放数据", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {one.name: one.schema() for one in RESOURCES}
    found["statistics"] = {
        "type": "object",
        "required": [prop.name for prop in STATISTICS],
        "properties": {prop.name: prop.schema() for prop in STATISTICS},
        "additionalProperties": False,
    }
    found["error"] = ERROR
    return found


def _list_of(resource: Resource) -> dict[str, Any]:
    page = {
        "type": "object",
        "required": ["items", "page", "size", "total"],
        "properties": {
            "items": {"type": "array", "items": _ref(resource.name)},
            "page": {"type": "integer"},
            "size": {"type": "integer"},
            "total": {"type": "integer"},
        },
        "additionalProperties": False,
    }
    filters = [
        {"name": one.name, "in": "query", "description": one.about, "schema": {"type": "string"}}
        for one in resource.filters
    ]
    said = _answers(resource.title, resource.about, page)
    return {**said, "operationId": f"list_{resource.name}", "parameters": [*filters, PAGE, SIZE]}


def _one_of(resource: Resource) -> dict[str, Any]:
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    said = _answers(resource.title, resource.about, _ref(resource.name))
    said["responses"]["404"] = _response("没有这一条", _ref("error"))
    return {**said, "operationId": f"get_{resource.name}", "parameters": [number]}


def _answers(summary: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": summary,
        "description": about,
        "responses": {"200": _response("成功", schema)},
    }


def _response(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
