"""Bodies of the right types with the strangest values, through every POST: a 2xx or a 4xx, never a 5xx."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.openapi import document
from chalicelib.api.routes import ROUTES
from chalicelib.commissions import presets
from tests.api.story import Story

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
