"""A draft tried on history, for the console: figures side by side and pictures, in the reader's language."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commissions import version_history
from chalicelib.commissions import versions as plans
from chalicelib.leaders import store as leaders
from chalicelib.web.rendering import money, percent

if TYPE_CHECKING:
    from chalicelib.commissions.compare.side_by_side import Change, Comparison
    from chalicelib.commissions.rules.language import Plan
    from chalicelib.commissions.version_history import Version
    from chalicelib.planning.trying import Tried
    from chalicelib.web.ask import Ask, Desk

HISTORIES = ("own", "made_up", "attacked")
CHEATS_BP = 500
READS_FOR = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Figure:
    """A row: what it is, under the plan in force, under the draft."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What one leader gains or loses by the draft, written out."""

    name: str
    first: str
    second: str
    difference: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What the page shows. `pictures` are SVG made by us, every text in them escaped."""

    tried: "Tried"
    figures: list[Figure]
    gains: list[Moved]
    losses: list[Moved]
    pictures: list[str]


def months(now_plan: "Version | None", draft: "Plan | None") -> dict[str, Any]:
    """Give the sample month under the plan in force and under the draft, each None where there is no such plan."""
    from chalicelib.planning import sample

    return {
        "month_now": sample.month(now_plan.plan) if now_plan else None,
        "month_then": sample.month(draft) if draft else None,
        "orders_each": sample.ORDERS,
        "order_minor": sample.LIST_PRICE_MINOR,
    }


def tried(ask: "Ask", desk: "Desk") -> Trial:
    """Try the typed draft against the plan in force. Raises `NoPastYet`."""
    from chalicelib.commissions.compare.synthetic import Shape
    from chalicelib.planning import trying

    draft = plans.read_document(ask.form["document"].encode())
    now_plan = version_history.in_force(desk.tenant_id, now=ask.now)
    both = (
        (ask.say("In force"), now_plan.plan if now_plan else draft),
        (ask.say("Draft"), draft),
    )
    if ask.form["do"] == "own":
        until = ask.now + READS_FOR
        found = trying.on_own_past(desk.brand, both, keep_going=lambda: ask.tools.now() < until)
    else:
        shape = Shape(size=200, depth=6, attackers_bp=CHEATS_BP if ask.form["do"] == "attacked" else 0)
        found = trying.on_made_up(desk.brand, both, shape)
    names = _names(desk, found.comparison)
    return Trial(
        found,
        _figures(ask, desk, found.comparison),
        [_moved(one, desk.brand.currency, names) for one in found.comparison.gains],
        [_moved(one, desk.brand.currency, names) for one in found.comparison.losses],
        _pictures(ask, desk, found.comparison),
    )


def _figures(ask: "Ask", desk: "Desk", comparison: "Comparison") -> list[Figure]:
    currency, sides = desk.brand.currency, (comparison.first, comparison.second)
    rows = [
        (ask.say("Confirmed leaders at the end"), [str(one.confirmed) for one in sides]),
        (ask.say("Orders counted"), [str(one.orders) for one in sides]),
        (ask.say("Sales"), [money(one.sales_minor, currency) for one in sides]),
        (ask.say("Commissions"), [money(one.commission_minor, currency) for one in sides]),
        (ask.say("Coupons given"), [money(one.coupons_minor, currency) for one in sides]),
        (ask.say("Commissions ÷ sales"), [percent(one.payout_bp) for one in sides]),
        (ask.say("The brand keeps"), [money(one.kept_minor, currency) for one in sides]),
        (ask.say("The fifth who earn most get"), [percent(one.top_fifth_bp) for one in sides]),
        (ask.say("Promotions"), [str(sum(one.promotions.values())) for one in sides]),
        (ask.say("Orders that the plan would not allow"), [str(one.refused_orders) for one in sides]),
    ]
    return [Figure(name, first, second) for name, (first, second) in [*rows, *_attack_rows(ask, desk, comparison)]]


def _attack_rows(ask: "Ask", desk: "Desk", comparison: "Comparison") -> list[tuple[str, list[str]]]:
    """Say what the cheats of a made-up network cost, the dearest kind of reward first."""
    from chalicelib.commissions.lint.words import REWARD_NAMES

    currency, sides = desk.brand.currency, [one.attackers for one in (comparison.first, comparison.second)]
    costs = [one for one in sides if one is not None]
    kinds = {kind: sum(one.cost_by_kind.get(kind, 0) for one in costs) for one in costs for kind in one.cost_by_kind}
    rows = [
        (ask.say("Cheats"), [str(one.attackers) for one in costs]),
        (ask.say("Accounts that they make up"), [str(one.fakes) for one in costs]),
        (ask.say("Cheats are paid"), [money(one.paid_minor, currency) for one in costs]),
        (ask.say("Of it, what their real sales earn"), [money(one.real_minor, currency) for one in costs]),
        (ask.say("Cheats cost the brand"), [money(one.cost_minor, currency) for one in costs]),
        *(
            (
                "· " + REWARD_NAMES[kind].of(ask.language),
                [money(one.cost_by_kind.get(kind, 0), currency) for one in costs],
            )
            for kind in sorted(kinds, key=lambda kind: -kinds[kind])
        ),
        (ask.say("As a share of honest sales"), [percent(one.cost_bp) for one in costs]),
        (ask.say("Other leaders earn more by it"), [money(one.others_minor, currency) for one in costs]),
    ]
    return rows if costs else []


def _pictures(ask: "Ask", desk: "Desk", comparison: "Comparison") -> list[str]:
    from chalicelib.commissions.compare.pictures import bars, curves

    first, second = comparison.first, comparison.second
    currency = desk.brand.currency

    def row(name: str, figure: str) -> tuple[tuple[str, int, int], tuple[str, str]]:
        one, other = getattr(first, figure), getattr(second, figure)
        write = percent if figure.endswith("_bp") else lambda amount: money(amount, currency)
        return (name, one, other), (write(one), write(other))

    rows = [
        row(ask.say("Sales"), "sales_minor"),
        row(ask.say("Commissions"), "commission_minor"),
        row(ask.say("The brand keeps"), "kept_minor"),
        row(ask.say("Commissions ÷ sales"), "payout_bp"),
    ]
    if first.attackers is not None and second.attackers is not None:
        costs = first.attackers.cost_minor, second.attackers.cost_minor
        written = money(costs[0], currency), money(costs[1], currency)
        rows.append(((ask.say("Cheats cost the brand"), *costs), written))
    title = ask.say("What they cost: in force above, draft below")
    fifth = ask.say("The fifth who earn most get")
    return [
        bars(title, [figures for figures, _ in rows], [texts for _, texts in rows]),
        curves(
            ask.say("Who earns the commissions"),
            (first, second),
            axes=ask.say("leaders, those who earn least first →   commissions ↑"),
            fifth=fifth,
            told=fifth,
        ),
    ]


def _names(desk: "Desk", comparison: "Comparison") -> dict[str, str]:
    ids = tuple({one.leader for one in (*comparison.gains, *comparison.losses)})
    known = leaders.get_many(desk.tenant_id, ids)
    return {leader_id: leader.name for leader_id, leader in known.items()}


def _moved(one: "Change", currency: str, names: dict[str, str]) -> Moved:
    sign = "+" if one.difference_minor > 0 else ""
    return Moved(
        names.get(one.leader, one.leader),
        money(one.first_minor, currency),
        money(one.second_minor, currency),
        sign + money(one.difference_minor, currency),
    )
