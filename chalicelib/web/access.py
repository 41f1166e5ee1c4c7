"""Who of a brand's people may open what. Views say what owners and staff may; here is what the narrow roles may.

An accountant sees the money and no customer: no order, no name, no phone. A packer sees what is to be packed and handed
out, with the names that are on the parcels, and no money. A role that is not in the table opens nothing more.
"""

from collections.abc import Mapping

from chalicelib.errors import Refusal
from chalicelib.people.rules import Role

_CONSOLE = "/console/{store}"
_CAMPAIGN = f"{_CONSOLE}/campaigns/{{campaign_id}}"

ALSO: Mapping[Role, frozenset[tuple[str, str]]] = {
    "accountant": frozenset({
        ("GET", f"{_CONSOLE}/payouts"),
        ("GET", f"{_CONSOLE}/settlement"),
        ("GET", f"{_CONSOLE}/ledger"),
        ("GET", f"{_CONSOLE}/ledger/{{entry_id}}"),
        ("GET", f"{_CONSOLE}/balance"),
        ("GET", f"{_CONSOLE}/leaders/{{leader_id}}/statement"),
        ("GET", f"{_CONSOLE}/leaders/{{leader_id}}/statement/{{line_id}}"),
        ("GET", f"{_CONSOLE}/exports"),
        ("POST", f"{_CONSOLE}/exports"),
        ("GET", f"{_CONSOLE}/exports/{{export_id}}"),
        ("GET", f"{_CONSOLE}/exports/{{export_id}}/file"),
    }),
    "packer": frozenset({
        ("GET", f"{_CONSOLE}/deliveries"),
        ("GET", f"{_CAMPAIGN}/delivery"),
        ("GET", f"{_CAMPAIGN}/packing"),
        ("GET", f"{_CAMPAIGN}/labels"),
        ("GET", f"{_CAMPAIGN}/handout"),
        ("POST", f"{_CAMPAIGN}/handout"),
        ("POST", f"{_CAMPAIGN}/arrived"),
        ("GET", f"{_CAMPAIGN}/delivery_file"),
        ("GET", f"{_CONSOLE}/tracking"),
        ("POST", f"{_CONSOLE}/tracking"),
        ("GET", f"{_CONSOLE}/tracking_template"),
        ("GET", f"{_CONSOLE}/tracking/{{import_id}}"),
        ("POST", f"{_CONSOLE}/tracking/{{import_id}}"),
    }),
}  # fmt: skip
"""The pages and forms that a narrow role opens, beside those whose views name it."""

HOMES: Mapping[str, str] = {"accountant": "payouts", "packer": "deliveries"}
"""Where a narrow role begins: the console's first page tells of orders and of money."""


class BeginsElsewhere(Refusal):
    """The console's first page is not for this role; it begins at `place`."""

    def __init__(self, store: str, place: str) -> None:
        super().__init__("This page is not for you.")
        self.store, self.place = store, place


OWNERS_ONLY = frozenset({"settings", "team", "keys", "look", "billing", "audit"})
"""Places of the console that staff are shown no way to; what opens for whom is for their views to say."""


def also(method: str, path: str) -> tuple[Role, ...]:
    """Give the narrow roles that a way in is open to."""
    return tuple(role for role, ways in ALSO.items() if (method, path) in ways)


def leads_to(role: str, way: str) -> bool:
    """Tell whether somebody of a role is shown the way to a page, named by its address below the console's."""
    ways = {"accountant": ALSO["accountant"], "packer": ALSO["packer"]}.get(role)
    if ways is None:
        return role == "owner" or way not in OWNERS_ONLY
    return ("GET", f"{_CONSOLE}/{way}") in ways
