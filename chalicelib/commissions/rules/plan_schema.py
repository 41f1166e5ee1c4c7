"""The JSON Schema of the plan language, made of its types: for editors, and for who writes plans with other tools."""

from typing import Any

import msgspec

from chalicelib.commissions.rules.language import Plan


def plan_schema() -> dict[str, Any]:
    """Give the schema (draft 2020-12) of a plan document.

    It knows the form alone. That ranks exist and parts fit together is found by `plan.decode_plan`.
    """
    schema: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(Plan)))  # no tuples left
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Tuanyuan plan, format 1", **schema}
