"""Open data: every address of the document answers, and every answer fits the document."""

from typing import Any

import pytest

from bureau.office import Office
from tests.web.conftest import Browser, load_shelves, make_disclosure, make_ticket

JSON_TYPES = {
    "string": str,
    "integer": int,
    "number": float,
    "object": dict,
    "array": list,
    "boolean": bool,
    "null": type(None),
}


def fits(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> bool:
    """Whether a value is what a schema of the document says, and nothing more."""
    if "$ref" in schema:
        return fits(
            value, document["components"]["schemas"][schema["$ref"].split("/")[-1]], document
        )
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(type(value) is JSON_TYPES[kind] for kind in kinds):
        return False
    if isinstance(value, list):
        return all(fits(one, schema["items"], document) for one in value)
    properties = schema.get("properties")
    if not isinstance(value, dict) or properties is None:
        return True
    assert set(schema["required"]) <= set(value) <= set(properties)
    return all(fits(value[name], properties[name], document) for name in value)


@pytest.fixture
def document(stocked: Office, browser: Browser) -> dict[str, Any]:
    with stocked.database.write() as db:
        load_shelves(db)
    make_disclosure(stocked)
    make_ticket(stocked)
    found: dict[str, Any] = browser.get("/api/v1/openapi.json").json  # type: ignore[assignment]
    return found


def test_every_address_answers_as_the_document_says(
    document: dict[str, Any], browser: Browser
) -> None:
    ids: dict[str, Any] = {}
    assert len(document["paths"]) >= 12
    for path, methods in document["paths"].items():
        name = path.split("/")[1]
        if path.endswith("{id}") and name not in ids:
            continue  # nothing on this shelf
        answer = browser.get("/api/v1" + path.replace("{id}", str(ids.get(name))))
        assert answer.status_code == 200, path
        schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert fits(answer.json, schema, document), path
        if answer.json and answer.json.get("items"):
            ids[name] = answer.json["items"][0].get("id")
    assert {"disclosures", "fees", "funds", "guides"} <= set(ids)


def test_every_route_of_the_api_is_in_the_document(
    document: dict[str, Any], browser: Browser
) -> None:
    rules = {
        rule.rule.removeprefix("/api/v1").replace("<path:key>", "{id}")
        for rule in browser.client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert rules - {"/openapi.json"} == set(document["paths"])


def test_lists_come_in_pages(document: dict[str, Any], browser: Browser) -> None:
    first = browser.get("/api/v1/fees?size=40").json
    last = browser.get("/api/v1/fees?size=40&page=3").json
    assert first
    assert last
    assert (first["total"], len(first["items"]), len(last["items"])) == (103, 40, 23)
    ids = {one["id"] for page in (first, last) for one in page["items"]}
    assert len(ids) == 63


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "１"])
def test_a_strange_page_number_is_the_first_or_an_empty_one(
    document: dict[str, Any], browser: Browser, page: str
) -> None:
    answer = browser.client.get("/api/v1/fees", query_string={"page": page, "size": page})
    assert answer.status_code == 200


def test_the_api_may_be_read_from_any_page(document: dict[str, Any], browser: Browser) -> None:
    headers = browser.get("/api/v1/topics").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in headers


def test_statistics_are_counted(document: dict[str, Any], browser: Browser) -> None:
    figures = browser.get("/api/v1/statistics").json
    assert figures
    assert (figures["disclosures"], figures["tickets_received"], figures["fees"]) == (1, 1, 103)
