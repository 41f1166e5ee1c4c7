"""What is kept of a brand's subscription: what Stripe said last, and since when the brand is above its tier.

One item, `{tenant}#billing` / `state`, written on the condition that nobody wrote it since it was read: what was
fetched from Stripe before somebody else's write never comes after it.
"""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.store import Record


class Billing(Record, discriminator="billing"):
    """A brand's subscription as it was last seen at Stripe, and what was found when its usage was last looked at.

    tier, status, period_ends_at, ends_at, trial_ends_at: of the subscription; `status` is Stripe's word, `ends_at` when
    it ends for good, `past_due_since` when we first saw that a payment failed. had_one: whether there ever was one.
    above: what the brand uses more of than its tier includes, as `orders_a_month,staff`; `above_since` from when on.
    near: likewise what it has nearly used up, or more.
    """

    version = NumberAttribute(default=0)
    customer_id = UnicodeAttribute(null=True)
    session_id = UnicodeAttribute(null=True)
    subscription_id = UnicodeAttribute(null=True)
    tier = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)
    period_ends_at = UTCDateTimeAttribute(null=True)
    ends_at = UTCDateTimeAttribute(null=True)
    trial_ends_at = UTCDateTimeAttribute(null=True)
    past_due_since = UTCDateTimeAttribute(null=True)
    had_one = BooleanAttribute(null=True)
    above = UnicodeAttribute(null=True)
    above_since = UTCDateTimeAttribute(null=True)
    near = UnicodeAttribute(null=True)
    near_since = UTCDateTimeAttribute(null=True)
    leaders = NumberAttribute(default=0)
    looked_at = UTCDateTimeAttribute(null=True)


def billing_key(tenant_id: str) -> tuple[str, str]:
    """Where a brand's subscription is kept."""
    return f"{tenant_id}#billing", "state"


def get(tenant_id: str) -> Billing:
    """Read what is known of a brand's subscription; a new item (version 0) where nothing is."""
    return store.get(Billing, *billing_key(tenant_id)) or Billing(*billing_key(tenant_id))


def save(billing: Billing) -> bool:
    """Write it as the next version; False when somebody else did since it was read."""
    before = int(billing.version)
    billing.version = before + 1
    condition = Billing.version == before if before else Billing.pk.does_not_exist()
    return store.written(lambda: store.put(billing, condition))
