"""A brand signs up, changes its settings, is suspended and let in again."""

from datetime import datetime
from typing import Literal

from msgspec import UNSET
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib import ids, store
from chalicelib.commissions import presets, versions
from chalicelib.commissions.lint.setting import Setting
from chalicelib.commissions.live import LIVE_PRESETS
from chalicelib.coupons.rules import PRESET_NEWCOMER_MINOR, check_newcomer_setting
from chalicelib.errors import Conflict, NotFound
from chalicelib.ids import RandomBits
from chalicelib.people import memberships, persons
from chalicelib.people import store as people
from chalicelib.people.rules import clean_email, clean_name
from chalicelib.people.store import EmailTaken, Person
from chalicelib.tenancy import acting_for
from chalicelib.tenants import rules
from chalicelib.tenants import store as tenants
from chalicelib.tenants.commands import SignUp, UpdateSettings
from chalicelib.tenants.store import SlugTaken, Tenant

_ATTEMPTS = 3


class AddressTaken(Conflict):
    """Another brand has this address."""

    code = "slug_taken"


class PresetNotLive(Conflict):
    """The preset has parts that the running system does not do yet."""

    code = "preset_not_live"


class TenantUnknown(NotFound):
    """There is no such brand."""

    code = "brand_unknown"


def get(tenant_id: str) -> Tenant:
    """Read a brand. Raises `TenantUnknown`."""
    tenant = tenants.get(tenant_id)
    if tenant is None:
        raise TenantUnknown("There is no such brand.")
    return tenant


def setting_of(tenant: Tenant) -> Setting:
    """Give where a brand works, as the checks of its plan take it."""
    return rules.works_in(tenant.currency, tenant.jurisdictions, tenant.channels)


def sign_up(command: SignUp, *, now: datetime, randbits: RandomBits) -> Tenant:
    """Make a brand with its address, its first plan and its owner, all or nothing.

    The caller has seen `command.email` confirmed with a code. Signing up the same address again with the same e-mail
    and currency gives the brand of the first time. Raises `SlugInvalid`, `AddressTaken`, `PresetUnknown`, `Invalid`.
    """
    command = _checked(command)
    for _ in range(_ATTEMPTS):
        taken_by, owner = tenants.by_slug(command.slug), persons.by_email(command.email)
        if taken_by is not None:
            return _signed_up_before(taken_by, owner, command)

        tenant = _new_tenant(command, now, randbits)
        person = owner or persons.new_person(
            command.email, now=now, randbits=randbits, name=command.owner_name, language="zh"
        )

        if _write(tenant, person, is_new=owner is None):
            return tenant
    raise AddressTaken("Several people were signing up at this moment. Please try again.", param="slug")


def update_settings(tenant_id: str, command: UpdateSettings, *, now: datetime) -> Tenant:
    """Change what is given of a brand's settings; orders already placed keep theirs. Raises `Invalid`, `TenantUnknown`.

    A new return window holds for deliveries from `now` on, a new time zone for days and months not yet closed.
    """
    actions: list[Action] = [Tenant.updated_at.set(now)]
    if command.name is not UNSET:
        actions.append(Tenant.name.set(clean_name(command.name)))
    if command.contact_email is not UNSET:
        actions.append(Tenant.contact_email.set(clean_email(command.contact_email, param="contact_email")))
    if command.timezone is not UNSET:
        actions.append(Tenant.timezone.set(rules.check_timezone(command.timezone)))
    if command.return_window_days is not UNSET:
        actions.append(Tenant.return_window_days.set(rules.check_return_window(command.return_window_days)))

    if command.auto_deliver_days is not UNSET:
        actions.append(Tenant.auto_deliver_days.set(rules.check_auto_deliver(command.auto_deliver_days)))

    actions += _where_it_works(command)
    actions += _newcomer_coupon(tenant_id, command)
    if command.auto_refund_minor is not UNSET:
        actions.append(Tenant.auto_refund_minor.set(rules.check_auto_refund(command.auto_refund_minor)))
    if command.leader_campaigns is not UNSET:
        actions.append(Tenant.leader_campaigns.set(command.leader_campaigns))
    if command.accent is not UNSET:
        own = command.accent.strip()
        actions.append(Tenant.accent.set(rules.check_accent(own)) if own else Tenant.accent.remove())

    return _change(tenant_id, actions)


def set_logo(tenant_id: str, name: str | None, *, now: datetime) -> Tenant:
    """Put a public photo, named as it is kept, on a brand's pages; None takes it off. Raises `TenantUnknown`."""
    logo = Tenant.logo.remove() if name is None else Tenant.logo.set(name)
    return _change(tenant_id, [Tenant.updated_at.set(now), logo])


def _where_it_works(command: UpdateSettings) -> list[Action]:
    where, through = command.jurisdictions, command.channels
    return [
        *([] if where is UNSET else [Tenant.jurisdictions.set(",".join(dict.fromkeys(where)))]),
        *([] if through is UNSET else [Tenant.channels.set(",".join(dict.fromkeys(through)))]),
    ]


def _newcomer_coupon(tenant_id: str, command: UpdateSettings) -> list[Action]:
    amount, minimum = command.newcomer_coupon_minor, command.newcomer_minimum_minor
    if amount is UNSET and minimum is UNSET:
        return []
    tenant = get(tenant_id)
    amount = int(tenant.newcomer_coupon_minor or 0) if amount is UNSET else amount
    minimum = int(tenant.newcomer_minimum_minor or 0) if minimum is UNSET else minimum
    check_newcomer_setting(amount, minimum)
    return [Tenant.newcomer_coupon_minor.set(amount), Tenant.newcomer_minimum_minor.set(minimum)]


def suspend(tenant_id: str) -> Tenant:
    """Close a brand: nothing more can be bought, nobody can join; what is under way goes on. Platform only."""
    return _set_status(tenant_id, "suspended")


def resume(tenant_id: str) -> Tenant:
    """Open a suspended brand again. Platform only."""
    return _set_status(tenant_id, "active")


def _checked(command: SignUp) -> SignUp:
    return SignUp(
        name=clean_name(command.name),
        slug=rules.check_slug(command.slug),
        email=clean_email(command.email),
        currency=rules.check_currency(command.currency),
        timezone=rules.check_timezone(command.timezone),
        plan_preset=command.plan_preset,
        owner_name=clean_name(command.owner_name, param="owner_name") if command.owner_name.strip() else "",
    )


def _signed_up_before(tenant_id: str, owner: Person | None, command: SignUp) -> Tenant:
    """Answer a repeated sign-up (a second press, a lost answer) with the brand of the first; refuse anybody else."""
    with acting_for(tenant_id):
        tenant = get(tenant_id)
        roles = {membership.role for membership in people.memberships(owner.person_id, tenant_id)} if owner else set()
    asked = (command.name, command.currency, command.timezone, command.plan_preset)
    if "owner" in roles and asked == (tenant.name, tenant.currency, tenant.timezone, tenant.plan_preset):
        return tenant
    raise AddressTaken(f"“{command.slug}” is another brand's address. Choose another one.", param="slug")


def _new_tenant(command: SignUp, now: datetime, randbits: RandomBits) -> Tenant:
    plan = presets.load(command.plan_preset)
    if command.plan_preset not in LIVE_PRESETS:
        raise PresetNotLive(
            f"“{command.plan_preset}” can only be simulated for now. Choose {' or '.join(LIVE_PRESETS)}.",
            param="plan_preset",
        )
    tenant = tenants.new_tenant(
        ids.new_tenant_id(randbits),
        name=command.name,
        slug=command.slug,
        currency=command.currency,
        timezone=command.timezone,
        plan_preset=command.plan_preset,
        return_window_days=plan.return_window_days,
        contact_email=command.email,
        created_at=now,
    )
    if command.plan_preset in PRESET_NEWCOMER_MINOR:
        tenant.newcomer_coupon_minor, tenant.newcomer_minimum_minor = PRESET_NEWCOMER_MINOR[command.plan_preset]
    return tenant


def _write(tenant: Tenant, owner: Person, *, is_new: bool) -> bool:
    """Write the brand and its owner; False when somebody took the address, or became this person, since we read."""

    plan = versions.first(tenant.tenant_id, tenant.plan_preset, setting=setting_of(tenant), now=tenant.created_at)

    def write_all() -> None:
        with store.transaction() as write:
            write.save(tenants.claim_of(tenant), condition=SlugTaken.pk.does_not_exist())
            write.save(tenant, condition=Tenant.pk.does_not_exist())
            write.save(tenants.listing_of(tenant))
            write.save(plan)
            memberships.grant(write, tenant.tenant_id, owner.person_id, "owner", tenant.created_at)
            if is_new:
                write.save(persons.claim_of(owner), condition=EmailTaken.pk.does_not_exist())
                write.save(owner, condition=Person.pk.does_not_exist())

    with acting_for(tenant.tenant_id):
        return store.written(write_all)


def _set_status(tenant_id: str, status: Literal["active", "suspended"]) -> Tenant:
    return _change(tenant_id, [Tenant.status.set(status)])


def _change(tenant_id: str, actions: list[Action]) -> Tenant:
    """Change single settings, so that two people at once do not undo each other's."""
    tenant = Tenant(*tenants.tenant_key(tenant_id))
    try:
        store.again_when_crossed(lambda: tenant.update(actions=actions, condition=Tenant.pk.exists()))
    except UpdateError as error:
        if store.condition_failed(error):
            raise TenantUnknown("There is no such brand.") from error
        raise
    return tenant
