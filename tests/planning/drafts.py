"""Documents of plans that are being written."""

import json

from chalicelib.commissions import presets
from chalicelib.commissions.rules.plan import decode_plan


def document_of(preset):
    """A preset's document, to be changed."""
    return json.loads(presets.read(preset))


def plan_of(document):
    """The plan that a document is. Raises `PlanRefused`."""
    return decode_plan(json.dumps(document).encode())


def ranks_of(document):
    """Its ranks' ids, the lowest first."""
    return [rank["id"] for rank in document["ranks"]]
