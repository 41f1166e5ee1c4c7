"""Bodies of the right types with the strangest values, through every POST: a 2xx or a 4xx, never a 5xx."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.openapi import document
from chalicelib.api.routes import ROUTES
from chalicelib.commissions import presets
from tests.api.story import BODIES, Story

DOCUMENT = json.loads(document("https://shop.example"))
SCHEMAS = DOCUMENT["components"]["schemas"]
TIMES = ["2026-03-02T08:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-03T08:00:00"]
TEXTS = [
    "",
    " ",
    "\0",
    "<script>",
    "=1+1",
    "a" * 5_000,
    "团圆",
    "\u202e",
    "x@y.zz",
    "13800138000",
    "Asia",
    "../etc/passwd",
]
DOCUMENTS = st.sampled_from([json.loads(presets.read(name)) for name in presets.NAMES]) | st.dictionaries(
    st.sampled_from(["format", "ranks", "rewards", "\0", ""]), st.sampled_from([*TEXTS, None, 1, [], {}]), max_size=3
)
NUMBERS = st.sampled_from([0, 1, -1, 100, 2**31, 2**63, -(2**64), 10**38, 10**39]) | st.integers()


def values(schema: dict[str, Any], ids: list[str]) -> st.SearchStrategy[Any]:
    """Make values that a schema admits, near its edges."""
    if "$ref" in schema:
        return values(SCHEMAS[schema["$ref"].rpartition("/")[2]], ids)
    if "anyOf" in schema:
        return st.one_of(*(values(one, ids) for one in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("format") == "date-time":
        return st.sampled_from(TIMES)
    if schema["type"] == "object" and "properties" not in schema:
        return DOCUMENTS
    if schema["type"] == "object":
        fields = {name: values(inner, ids) for name, inner in schema["properties"].items()}
        needed = {name: fields.pop(name) for name in schema["required"]}
        return st.fixed_dictionaries(needed, optional=fields)
    if schema["type"] == "array":
        return st.lists(values(schema["items"], ids), max_size=3)
    simple: dict[str, st.SearchStrategy[Any]] = {
        "string": st.sampled_from(ids + TEXTS) | st.text(max_size=20),
        "integer": NUMBERS,
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return simple[schema["type"]]


POSTS = [route.path for route in ROUTES if route.method == "POST"]


@settings(max_examples=150)
@given(data=st.data())
def test_no_body_of_the_right_types_breaks_anything(story: Story, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(POSTS))
    content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]
    body = data.draw(values(content["application/json"]["schema"], list(story.ids.values())))
    answer = story.theirs.post(path.format(**story.ids), **body)
    assert answer.status in (200, 400, 404, 409), (path, body, answer.text)


# ------------------------------------------------------------------------------------------------ one field at a time

LONGER_THAN_A_KEY = "a" * 2_100
STRANGE = {
    "string": ["", "\0", "x#y", LONGER_THAN_A_KEY],
    "integer": [-1, 0, 2**63 - 1, 10**39],
    "boolean": [],
    "null": [],
}
ENDING = ("/cancel", "/close", "/payout_runs")
"""After these, others would be refused for what was done and not for what is asked."""


def usual(schema: dict[str, Any], name: str, ids: dict[str, str]) -> Any:
    """Make a value of a schema such as anybody might send: what is required, with ids that there are."""
    schema = _plain(schema)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "date-time":
        return "2026-03-12T08:00:00Z"
    if schema["type"] == "object":
        fields = schema.get("properties", {})
        return {field: usual(fields[field], field, ids) for field in schema.get("required", ())}
    if schema["type"] == "array":
        return [usual(schema["items"], name.removesuffix("s"), ids)]
    words = {"inviter_id": ids["leader_id"], "phone": "13800138000"} | ids
    return {"string": words.get(name, "A few words"), "integer": 1, "boolean": True}[schema["type"]]


def with_one_field_strange(schema: dict[str, Any], value: Any, name: str, ids: dict[str, str]) -> Iterator[Any]:
    """Give a value again and again, each time with another of its fields strange, as deep as it goes."""
    schema = _plain(schema)
    if "enum" in schema or schema.get("format") == "date-time":
        yield from schema.get("enum", TIMES)
    elif schema["type"] == "array":
        yield []
        first = value[0] if value else usual(schema["items"], name.removesuffix("s"), ids)
        for one in with_one_field_strange(schema["items"], first, name, ids):
            yield [one, one]
    elif schema["type"] == "object":
        for field, inner in schema.get("properties", {}).items():
            now = (value or {}).get(field, usual(inner, field, ids))
            for one in with_one_field_strange(inner, now, field, ids):
                yield (value or {}) | {field: one}
    else:
        yield from STRANGE[schema["type"]]


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference; of what may also be null, take what it is otherwise."""
    if "$ref" in schema:
        return _plain(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    return _plain(schema["anyOf"][0]) if "anyOf" in schema else schema


def test_no_field_of_any_request_breaks_anything_by_its_value(story: Story) -> None:
    open_campaign = {"campaign_id": story.theirs.campaign(story.product["id"])["id"]}
    taken = 0
    for path in sorted(POSTS, key=lambda path: path.endswith(ENDING)):
        ids = story.ids | ({} if "{campaign_id}" in path else open_campaign)
        schema = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = usual(schema, "", ids) | {
            field: ids.get(field, value) for field, value in BODIES.get(path, {}).items() if "_url" not in field
        }
        for strange in [body, *with_one_field_strange(schema, body, "", ids)]:
            answer = story.theirs.post(path.format(**ids), **strange)
            assert answer.status in (200, 400, 404, 409), (path, strange, answer.text)
            taken += answer.status == 200
    assert taken > 100  # else the requests are refused for something else, and nothing is tried here
