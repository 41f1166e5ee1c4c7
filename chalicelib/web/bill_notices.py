"""What an owner is told about the brand's own bill, on the console's first page and on the bill's own."""

from dataclasses import dataclass

from chalicelib.billing import rules
from chalicelib.billing.prices import Included
from chalicelib.billing.store import Billing
from chalicelib.web import words
from chalicelib.web.ask import Ask
from chalicelib.web.rendering import moment


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence; `is_bad`: it has an effect already."""

    text: str
    is_bad: bool


def told(ask: Ask, billing: Billing) -> Told | None:
    """Give what there is to say now; None while all is well."""
    found = rules.notice(billing, ask.now)
    if found is None:
        return None
    zone = ask.brand.timezone if ask.brand else "UTC"
    tier, when = ask.say(found.tier.name), moment(found.until, zone, ask.language)
    what = list_of(ask, found.above)
    text = ask.say(words.BILL_NOTICES[found.kind], tier=tier, what=what, when=when)
    return Told(text, found.kind in ("stopped", "lapsed"))


def list_of(ask: Ask, above: tuple[Included, ...]) -> str:
    """Name what is above a tier; empty where nothing is."""
    return ask.say("; ").join(ask.say(words.INCLUDED_IN_TIER[what]) for what in above)
