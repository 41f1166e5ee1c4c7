"""The demo's statement, as it is printed."""

import json
import urllib.request
from typing import Any

from infra.local.demo.browser import Program

ACCOUNTS = ("held", "available", "reserved", "paid", "coupons")


def money(amount_minor: int) -> str:
    """Write minor units of CNY, e.g. 1234.50."""
    sign, units = ("-" if amount_minor < 0 else ""), abs(amount_minor)
    return f"{sign}{units // 100}.{units % 100:02d}"


def statement(api: Program, leaders: dict[str, str], transfers: list[dict[str, Any]], language: str) -> str:
    """Give the whole statement: each leader's lines with their reasons, payouts, and the trial balance.

    leaders: names by id, in the order to print them; transfers: what the Stripe sandbox holds for this brand.
    """
    parts = [_leader(api, leader_id, name, language) for leader_id, name in leaders.items()]
    return "\n".join([*parts, _payouts(api, leaders, transfers), _trial_balance(api)])


def _leader(api: Program, leader_id: str, name: str, language: str) -> str:
    found = api.get(f"/v1/leaders/{leader_id}/statement?limit=100&language={language}")
    balance = api.get(f"/v1/leaders/{leader_id}/balance")
    rank = api.get(f"/v1/leaders/{leader_id}")["rank"].replace("_", " ")
    holds = "  ".join(f"{account} {money(balance[f'{account}_minor'])}" for account in ACCOUNTS)
    lines = [f"\n{name}, {rank}", f"   {holds}"]
    for line in reversed(found["lines"]["data"]):
        moved = ", ".join(
            f"{account} {'+' if line[f'{account}_minor'] > 0 else ''}{money(line[f'{account}_minor'])}"
            for account in ACCOUNTS
            if line[f"{account}_minor"]
        )
        lines.append(f"   {moved:<38} {line['reason']}")
    return "\n".join(lines)


def _payouts(api: Program, leaders: dict[str, str], transfers: list[dict[str, Any]]) -> str:
    lines = ["\nPayouts"]
    for payout in sorted(api.all("/v1/payouts"), key=lambda payout: leaders[payout["leader_id"]]):
        lines.append(
            f"   {leaders[payout['leader_id']]:<10} {money(payout['amount_minor']):>9}  "
            f"by {payout['rail']:<7} {payout['state']}"
        )
    sent = sum(transfer["amount"] for transfer in transfers)
    lines.append(f"   the Stripe sandbox holds {len(transfers)} transfers of {money(sent)} in all")
    return "\n".join(lines)


def _trial_balance(api: Program) -> str:
    (totals,) = api.get("/v1/trial_balance")["currencies"]
    lines = [f"\nTrial balance, {totals['currency']}"]
    accounts = sorted(totals["accounts"], key=lambda account: account["account"])
    lines += [f"   {account['account']:<18} {money(account['amount_minor']):>10}" for account in accounts]
    lines.append(f"   {'sum':<18} {money(totals['total_minor']):>10}")
    return "\n".join(lines)


def transfers_of(stripe_url: str, prefix: str) -> list[dict[str, Any]]:
    """List the sandbox's transfers whose group begins with a brand's id."""
    with urllib.request.urlopen(f"{stripe_url}/_sandbox/transfers", timeout=30) as answer:
        found: list[dict[str, Any]] = json.load(answer)["transfers"]
    return [transfer for transfer in found if str(transfer["transfer_group"]).startswith(prefix)]
