"""What a page of orders is asked for in its address: read, said again as chips that can be taken off, carried along."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.campaigns import store as campaigns
from chalicelib.leaders import store as leaders
from chalicelib.leaders.rules import is_leader_id
from chalicelib.leaders.store import Leader
from chalicelib.orders.filters import EVERYTHING, STANDINGS, OrderFilter, check_standing, check_text, days_between
from chalicelib.web import chips, words
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.chips import Chip
from chalicelib.web.forms import FormInvalid

FIELDS = ("text", "standing", "campaign", "leader", "since", "until")
MOST_CAMPAIGNS = 30
"""Campaigns to choose from, those that close last; an older one's page leads to its orders."""
_MOST_NAMED = 10


@dataclass(slots=True)
class OrderSearch:
    """What is asked for. asked: the fields of the address, a leader by its id. campaigns: to choose one from, by id.

    choices: leaders whose names begin like what was typed, where it could be several.
    """

    asked: dict[str, str]
    wanted: OrderFilter = EVERYTHING
    leader: Leader | None = None
    campaigns: dict[str, str] = field(default_factory=dict)
    choices: list[Leader] = field(default_factory=list)

    def chips(self, ask: Ask, *way: str) -> list[Chip]:
        """Say each field that is asked for, with the address of the page at `way` without it."""
        asked = self.asked
        says = {
            "text": f"“{self.wanted.text}”",
            "standing": ask.say(words.ORDER_STANDINGS[self.wanted.standing]) if self.wanted.standing else "",
            "campaign": self.campaigns.get(asked.get("campaign", ""), ""),
            "leader": ask.say("Leader: {name}", name=self.leader.name) if self.leader else "",
            "since": ask.say("from {day}", day=asked.get("since", "")),
            "until": ask.say("to {day}", day=asked.get("until", "")),
        }
        return chips.chips(ask, way, asked, {name: says[name] for name in asked})


def asked(ask: Ask) -> dict[str, str]:
    """Give what the address says of the fields, as it was typed."""
    return chips.asked(ask, FIELDS)


def asking_for(wanted: OrderFilter) -> dict[str, str]:
    """Give the fields of an address that asks for this, but for the days."""
    fields = {"text": wanted.text, "standing": wanted.standing or ""}
    fields |= {"campaign": wanted.campaign_id, "leader": wanted.leader_id}
    return {name: value for name, value in fields.items() if value}


def read(ask: Ask, desk: Desk) -> OrderSearch:
    """Read what is asked for; where something of it cannot be, it is the page's problem and nothing is wanted."""
    if not ask.posted:
        ask.show_again(asked(ask))
    search = OrderSearch(asked(ask), campaigns=_to_choose_from(desk.tenant_id))
    with ask.keeping_problem():
        typed = search.asked
        text, standing = check_text(typed.get("text", "")), check_standing(typed.get("standing", ""))
        since, until = days_between(typed.get("since", ""), typed.get("until", ""), desk.brand.timezone)
        if campaign_id := typed.get("campaign", ""):
            search.campaigns |= {campaign_id: _campaign(desk.tenant_id, campaign_id, search.campaigns)}
        if "leader" in typed:
            search.leader = _leader(desk.tenant_id, search)
            typed["leader"] = search.leader.leader_id
        search.wanted = OrderFilter(text, standing, campaign_id, typed.get("leader", ""), since, until)
    return search


def standings(ask: Ask) -> list[tuple[str, str]]:
    """Give how orders may stand, to choose from."""
    return [("", ask.say("However they stand")), *((one, ask.say(words.ORDER_STANDINGS[one])) for one in STANDINGS)]


def _to_choose_from(tenant_id: str) -> dict[str, str]:
    found = campaigns.closing_latest_first(tenant_id, limit=MOST_CAMPAIGNS)
    return {one.campaign_id: one.title for one in found}


def _campaign(tenant_id: str, campaign_id: str, known: Mapping[str, str]) -> str:
    """Give a campaign's title. Raises `FormInvalid`."""
    if campaign_id in known:
        return known[campaign_id]
    campaign = campaigns.find(tenant_id, campaign_id)
    if campaign is None:
        raise FormInvalid("There is no such campaign.", param="campaign")
    return campaign.title


def _leader(tenant_id: str, search: OrderSearch) -> Leader:
    """Give the leader of an id, or the one whose name is or begins like this. Raises `FormInvalid`."""
    typed = search.asked["leader"]
    if is_leader_id(typed):
        leader = leaders.get(tenant_id, typed)
        if leader is None:
            raise FormInvalid("There is no such leader.", param="leader")
        return leader
    found, has_more = leaders.named(tenant_id, typed, limit=_MOST_NAMED)
    called = [leader for leader in found if leaders.folded(leader.name) == leaders.folded(typed)]
    if len(called) == 1:
        return called[0]
    if len(found) == 1 and not has_more:
        return found[0]
    if not found:
        raise FormInvalid("No leader's name begins like this.", param="leader")
    search.choices = found
    raise FormInvalid("Several leaders' names begin like this. Choose one, or type more of the name.", param="leader")
