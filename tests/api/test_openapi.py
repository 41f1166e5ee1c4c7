"""The document says what the API does: valid OpenAPI 3.1, every route in it, and answers that keep to it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import app as deployed
from chalicelib.api.blueprint import name_of
from chalicelib.api.routes import ROUTES
from tests.api.story import Story
from tests.api.world import APPLES, Answer, World


@pytest.fixture
def document(world: World) -> dict[str, Any]:
    return world.ask("GET", "/v1/openapi.json").body


def test_every_route_of_the_app_is_in_the_document_and_no_other(document: dict[str, Any]) -> None:
    served = {
        (path, method.lower())
        for path, methods in deployed.app.routes.items()
        for method in methods
        if path.startswith("/v1/")
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert served == described


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert set(document["info"]) >= {"title", "version"}
    assert document["servers"] == [{"url": "https://shop.example"}]
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for operation in operations:
        assert set(operation) <= {
            "operationId", "summary", "tags", "parameters", "responses", "requestBody", "security",
        }  # fmt: skip
        assert all(re.fullmatch("[1-5][0-9]{2}", status) for status in operation["responses"])
        assert all(response["description"] for response in operation["responses"].values())


def test_every_name_in_a_path_is_a_required_parameter(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            named = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert all(one["required"] for one in operation["parameters"] if one["in"] == "path")


def test_one_place_in_a_path_has_one_name() -> None:
    names: dict[str, str] = {}
    for route in ROUTES:
        parts = route.path.split("/")
        for number, part in enumerate(parts):
            if part.startswith("{"):
                assert names.setdefault("/".join(parts[:number]), part) == part, route.path


def references(node: Any) -> Iterator[str]:
    """Find every `$ref` in a document."""
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_every_reference_leads_somewhere_and_every_schema_is_json_schema(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for reference in references(document):
        prefix, _, name = reference.rpartition("/")
        assert prefix == "#/components/schemas"
        assert name in schemas
        assert re.fullmatch(r"[a-zA-Z0-9._-]+", name)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_every_schema_says_what_it_is(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name


def test_every_post_takes_an_idempotency_key_and_a_body_without_other_fields(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        if "post" in methods:
            named = {(one["in"], one["name"]) for one in methods["post"]["parameters"]}
            assert ("header", "Idempotency-Key") in named, path
            reference = methods["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            schema = document["components"]["schemas"][reference.rpartition("/")[2]]
            assert schema["additionalProperties"] is False, path


def test_every_answer_keeps_to_the_document(document: dict[str, Any], story: Story) -> None:
    def check(path: str, method: str, answer: Answer) -> None:
        described = document["paths"][path][method]["responses"][str(answer.status)]
        schema = described["content"]["application/json"]["schema"] | {"components": document["components"]}
        Draft202012Validator(schema).validate(answer.body)

    for route in ROUTES:
        path = route.path.format(**story.ids)
        if route.method == "GET":
            check(route.path, "get", story.theirs.get(path))
        if "{" in route.path:
            check(route.path, route.method.lower(), story.ask(story.ours, route, path))
    made = story.theirs.post("/v1/products", **APPLES)
    check("/v1/products", "post", made)
    check("/v1/payout_batches", "post", story.theirs.post("/v1/payout_batches"))


def test_only_the_document_itself_is_for_everybody(world: World) -> None:
    assert [route.path for route in ROUTES if route.public] == ["/v1/openapi.json"]
    for route in ROUTES:
        if not route.public:
            path = re.sub(r"{\w+}", "x", route.path)
            assert world.ask(route.method, path).status == 401, name_of(route)
