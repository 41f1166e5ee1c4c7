"""The table of an order's states that people read says what the code does."""

import re

from chalicelib.orders.rules import STEPS, Step
from infra.local.settings import project_root

ROW = re.compile(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \| (yes)? *\| (yes)? *\|", re.MULTILINE)


def test_the_table_of_an_orders_states_is_that_of_the_code():
    text = (project_root() / "infra" / "states.md").read_text("utf-8")
    written = {
        (state, news): Step(to, releases=bool(releases), refunds=bool(refunds))  # type: ignore[arg-type]
        for state, news, to, releases, refunds in ROW.findall(text)
    }
    assert written == STEPS
