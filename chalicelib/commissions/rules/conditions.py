"""Conditions of a plan (`all` / `any` of thresholds) and the figures of a leader that they are put to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Literal

from msgspec import Meta, Struct

AtLeast = Annotated[int, Meta(ge=1, le=10**9)]
AtLeastMinor = Annotated[int, Meta(ge=1, le=10**15, description="in minor units of the brand's currency")]
SinceJoining = Annotated[int, Meta(ge=1, le=3650, description="for `joining`: exact multiples of 24 hours")]
RankId = Annotated[str, Meta(min_length=1, max_length=64)]


class _Part(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """A condition is recognised by its `kind`."""


class OwnSales(_Part, frozen=True, tag="own_sales"):
    """What the leader itself sold, refunds off. `probation` counts the current window's orders alone.

    `joining` counts the orders of the first `days` days after the leader joined; so for the others below.
    """

    at_least_minor: AtLeastMinor
    over: Literal["all_time", "month", "quarter", "probation", "joining"] = "all_time"
    days: SinceJoining | None = None


class OwnOrders(_Part, frozen=True, tag="own_orders"):
    """How many orders of the current probation window, or since joining, are still paid, in whole or in part."""

    at_least: AtLeast
    over: Literal["probation", "joining"] = "probation"
    days: SinceJoining | None = None


class TeamSales(_Part, frozen=True, tag="team_sales"):
    """What the leader and its whole downline sold, refunds off."""

    at_least_minor: AtLeastMinor
    over: Literal["all_time", "month", "quarter", "joining"] = "all_time"
    days: SinceJoining | None = None


class OwnAndDirectSales(_Part, frozen=True, tag="own_and_direct_sales"):
    """What the leader and its direct confirmed leaders sold, of all time, refunds off."""

    at_least_minor: AtLeastMinor


class DirectConfirmed(_Part, frozen=True, tag="direct_confirmed"):
    """How many confirmed leaders it invited itself; over `joining`: how many were confirmed in those days."""

    at_least: AtLeast
    over: Literal["all_time", "joining"] = "all_time"
    days: SinceJoining | None = None


class DirectOfRank(_Part, frozen=True, tag="direct_of_rank"):
    """How many confirmed leaders of this rank or a higher one it invited itself."""

    at_least: AtLeast
    rank: RankId


class Groups(_Part, frozen=True, tag="groups"):
    """Approved chat groups: its own and its direct confirmed leaders' together."""

    at_least: AtLeast


class AllOf(_Part, frozen=True, tag="all"):
    """Every one of these holds."""

    of: Annotated[tuple["Condition", ...], Meta(min_length=1, max_length=20)]


class AnyOf(_Part, frozen=True, tag="any"):
    """At least one of these holds."""

    of: Annotated[tuple["Condition", ...], Meta(min_length=1, max_length=20)]


Threshold = OwnSales | OwnOrders | TeamSales | OwnAndDirectSales | DirectConfirmed | DirectOfRank | Groups
Condition = Threshold | AllOf | AnyOf

Window = tuple[str, int]
"""A figure over days since joining: the threshold's kind, and the days."""


@dataclass(slots=True, eq=False)
class Figures:
    """What is known of a leader when conditions are put to it: money in minor units, refunds taken off.

    `direct_from_rank[i]` is the number of its direct confirmed leaders whose rank is the plan's i-th or higher;
    so `[0]` counts all direct confirmed ones. `month_…` are those of the brand's current calendar month,
    `quarter_…_before` those of the months before it in the same quarter. `since_joining` is there where a plan asks.
    `fell_from` is the place of the highest rank that was not kept up and is not regained, 0 for none.
    """

    direct_from_rank: list[int]
    own_sales: int = 0
    team_sales: int = 0
    own_and_direct_sales: int = 0
    month_own_sales: int = 0
    month_team_sales: int = 0
    probation_sales: int = 0
    probation_orders: int = 0
    groups: int = 1
    quarter_own_before: int = 0
    quarter_team_before: int = 0
    since_joining: dict[Window, int] | None = None
    fell_from: int = 0


Reader = Callable[[Figures], int]
Check = Callable[[Figures], bool]

_SALES: dict[tuple[type, str], Reader] = {
    (OwnSales, "all_time"): lambda figures: figures.own_sales,
    (OwnSales, "month"): lambda figures: figures.month_own_sales,
    (OwnSales, "probation"): lambda figures: figures.probation_sales,
    (TeamSales, "all_time"): lambda figures: figures.team_sales,
    (TeamSales, "month"): lambda figures: figures.month_team_sales,
    (OwnSales, "quarter"): lambda figures: figures.quarter_own_before + figures.month_own_sales,
    (TeamSales, "quarter"): lambda figures: figures.quarter_team_before + figures.month_team_sales,
}


def reader_of(threshold: Threshold, rank_no: Mapping[str, int]) -> Reader:
    """Give the function that reads the figure a threshold is about; `rank_no` is the plan's order of ranks."""
    if (window := window_of(threshold)) is not None:
        return lambda figures: figures.since_joining.get(window, 0) if figures.since_joining else 0
    match threshold:
        case OwnSales(over=over) | TeamSales(over=over):
            return _SALES[type(threshold), over]
        case OwnOrders():
            return lambda figures: figures.probation_orders
        case OwnAndDirectSales():
            return lambda figures: figures.own_and_direct_sales
        case DirectConfirmed():
            return lambda figures: figures.direct_from_rank[0]
        case DirectOfRank(rank=rank):
            place = rank_no[rank]
            return lambda figures: figures.direct_from_rank[place]
        case Groups():
            return lambda figures: figures.groups


def window_of(threshold: Threshold) -> Window | None:
    """Give the figure over days since joining that a threshold asks for; None where it asks for another one."""
    if isinstance(threshold, OwnSales | OwnOrders | TeamSales | DirectConfirmed) and threshold.over == "joining":
        return str(threshold.__struct_config__.tag), threshold.days or 0
    return None


def needed_of(threshold: Threshold) -> int:
    """Give the number that the threshold's figure must reach (minor units where the figure is money)."""
    if isinstance(threshold, OwnSales | TeamSales | OwnAndDirectSales):
        return threshold.at_least_minor
    return threshold.at_least


def check_of(condition: Condition, rank_no: Mapping[str, int], *, given: tuple[type, ...] = ()) -> Check:
    """Turn a condition into a function of figures, once for a plan, so that asking it is cheap.

    Thresholds of the kinds `given` are taken as met.
    """
    if isinstance(condition, AllOf | AnyOf):
        join = _both if isinstance(condition, AllOf) else _either
        return reduce(join, (check_of(part, rank_no, given=given) for part in condition.of))
    if isinstance(condition, given):
        return lambda figures: True
    read, needed = reader_of(condition, rank_no), needed_of(condition)
    return lambda figures: read(figures) >= needed


def _both(first: Check, second: Check) -> Check:
    return lambda figures: first(figures) and second(figures)


def _either(first: Check, second: Check) -> Check:
    return lambda figures: first(figures) or second(figures)


def thresholds_of(condition: Condition) -> list[Threshold]:
    """List every threshold in a condition, however deep."""
    if isinstance(condition, AllOf | AnyOf):
        return [threshold for part in condition.of for threshold in thresholds_of(part)]
    return [condition]


def depth_of(condition: Condition) -> int:
    """Say how deep `all` and `any` are nested; 0 for a lone threshold."""
    return 1 + max(map(depth_of, condition.of)) if isinstance(condition, AllOf | AnyOf) else 0
