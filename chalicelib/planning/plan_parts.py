"""Whole parts of a plan's document, put in with usual values and taken out: rewards, rules of ranks, joining. Pure."""

import copy

from chalicelib.planning.plan_conditions import usual_threshold
from chalicelib.planning.plan_fields import Document

_LISTS = ("rewards", "promotions", "upkeep")
_SINGLE = ("probation", "admission")


def addable(document: Document) -> list[str]:
    """Name the parts that this plan could have besides: `rewards.dividend`, `promotions.gold`, `probation`."""
    kinds = {reward["kind"] for reward in document["rewards"]}
    needs = {
        "incubation": "direct_referral" in kinds,
        "team_override": "retail" in kinds and "head_rank" in document,
        "breakaway_referral": "retail" in kinds and "head_rank" in document,
        "invite_bonus": "head_rank" in document,
    }
    ranks = [rank["id"] for rank in document["ranks"]][1:]
    risen = {promotion["to"] for promotion in document.get("promotions", ())}
    kept = {upkeep["rank"] for upkeep in document.get("upkeep", ())}
    return [
        *(f"rewards.{kind}" for kind in _REWARDS if kind not in kinds and needs.get(kind, True)),
        *(f"promotions.{rank}" for rank in ranks if rank not in risen),
        *(f"upkeep.{rank}" for rank in ranks if rank not in kept),
        *(part for part in _SINGLE if part not in document),
    ]


def with_part(document: Document, part: str) -> Document:
    """Give the document with a part of `addable`, with usual values; as it is for anything else."""
    if part not in addable(document):
        return document
    made, (kind, _, name) = copy.deepcopy(document), part.partition(".")
    match kind:
        case "rewards":
            ranks = [rank["id"] for rank in made["ranks"]]
            made["rewards"].append({"kind": name, **_usual(name, ranks, made.get("head_rank"))})
        case "promotions":
            _add_rule(made, kind, {"to": name, "when": {}})
        case "upkeep":
            _add_rule(made, kind, {"rank": name, "every": "month", "when": {}, "notice_days": 7})
        case "probation":
            when = usual_threshold(made, ("probation", "confirmed_when"), "own_orders")
            made["probation"] = {"days": 7, "confirmed_when": when}
        case "admission":
            made["admission"] = {"min_group_size": 50}
    return made


def _add_rule(made: Document, kind: str, rule: Document) -> None:
    """Put a rule at the end of its list, with the usual threshold of a rule of its kind."""
    rules = made.setdefault(kind, [])
    rules.append(rule)
    rule["when"] = usual_threshold(made, (kind, len(rules) - 1, "when"), "team_sales")


def place_of_part(document: Document, part: str) -> str:
    """Give where a part stands that was just put in: at the end of its list, `promotions[2]`."""
    kind = part.partition(".")[0]
    return f"{kind}[{len(document[kind]) - 1}]" if kind in _LISTS else kind


def places_of_parts(document: Document) -> list[str]:
    """List the places of all parts that can be taken out."""
    listed = [f"{name}[{number}]" for name in _LISTS for number in range(len(document.get(name, ())))]
    return [*listed, *(name for name in _SINGLE if name in document)]


def without_parts(document: Document, places: set[str]) -> Document:
    """Give the document without some of its parts; a list of rules that is empty then goes as well."""
    made = copy.deepcopy(document)
    for name in _LISTS:
        left = [one for number, one in enumerate(made.get(name, ())) if f"{name}[{number}]" not in places]
        if left or name == "rewards":
            made[name] = left
        else:
            made.pop(name, None)
    for name in _SINGLE:
        if name in places:
            made.pop(name, None)
    return made


_REWARDS = (
    "retail", "direct_referral", "incubation", "tier_rebate", "same_rank_referral", "team_override",
    "breakaway_referral", "invite_bonus", "invite_coupon", "acquisition", "dividend",
)  # fmt: skip


def _usual(kind: str, ranks: list[str], head_rank: str | None) -> Document:
    """Give a reward as brands begin with it."""
    usual: dict[str, Document] = {
        "retail": {"margin": {"by": "rate", "rate_bp": 1_000}},
        "direct_referral": {"rate_bp": 300, "sellers": "all"},
        "incubation": {"rate_bp": 500, "from_rank": ranks[-1]},
        "tier_rebate": {"rebate_bp": {rank: 100 * number for number, rank in enumerate(ranks)}},
        "same_rank_referral": {"rate_bp": 100},
        "team_override": {"rate_bp": 2_000},
        "breakaway_referral": {"rate_bp": 2_000},
        "invite_bonus": {"amount_minor": {head_rank or ranks[-1]: 1_000}},
        "invite_coupon": {"amount_minor": 1_000, "inviter_ranks": [ranks[0]]},
        "acquisition": {"amount_minor": 500, "after_days": 7, "min_paid_minor": 2_000},
        "dividend": {"rate_bp": 100, "from_rank": ranks[-1]},
    }
    return usual[kind]
