"""Figures over the first days after a leader joined, kept up where a plan's conditions ask for them.

A figure over `days` counts what happens at or after joining and before joining + `days`; a refund comes off the figures
that its order counted for, whenever it is made.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.commissions.rules.conditions import thresholds_of, window_of
from chalicelib.commissions.rules.language import Plan

if TYPE_CHECKING:
    from chalicelib.commissions.rules.network import Leader


class SinceJoining:
    """When leaders joined, and which figures over the days since then the plan asks for."""

    def __init__(self, plan: Plan) -> None:
        windows = {window_of(threshold) for condition in plan.conditions for threshold in thresholds_of(condition)}
        self._windows = sorted(window for window in windows if window is not None)
        self._joined_at: dict[Leader, datetime] = {}
        self.asked = bool(self._windows)  # whether the plan asks for any such figure

    def joined(self, leader: "Leader", at: datetime) -> None:
        """Begin the days of a newcomer."""
        if self._windows:
            self._joined_at[leader] = at

    def confirmed(self, leader: "Leader", at: datetime) -> None:
        """Count a leader confirmed at `at` for its inviter."""
        if self._windows and leader.inviter is not None:
            self._add(leader.inviter, {"direct_confirmed": 1}, at)

    def sold(self, leader: "Leader", amount_minor: int, orders: int, at: datetime) -> None:
        """Add an order that counts from `at` on (below 0: a refund of it) for the seller and those above it."""
        self._add(leader, {"own_sales": amount_minor, "own_orders": orders, "team_sales": amount_minor}, at)
        upline = leader.inviter
        while upline is not None:
            self._add(upline, {"team_sales": amount_minor}, at)
            upline = upline.inviter

    def _add(self, leader: "Leader", amounts: dict[str, int], at: datetime) -> None:
        figures = leader.since_joining = leader.since_joining or {}
        for window in self._windows:
            kind, days = window
            if kind in amounts and at < self._joined_at[leader] + timedelta(days=days):
                figures[window] = figures.get(window, 0) + amounts[kind]
