"""The brand's console: its settings, people and keys."""

from chalicelib.campaigns import own
from chalicelib.commissions import store as plans
from chalicelib.commissions.lint.setting import CHANNELS, JURISDICTIONS
from chalicelib.money import decimal_text
from chalicelib.people import api_keys, memberships, staff
from chalicelib.people import store as people
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.commands import UpdateSettings
from chalicelib.tenants.rules import AUTO_DELIVER_DAYS, auto_deliver_days_of
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.frame import action, form


@form("/console/{store}/settings")
def settings(ask: Ask, store: str) -> Answer:
    """Change what a brand can change about itself. Owners only."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            command = UpdateSettings(
                name=ask.form["name"],
                contact_email=ask.form["contact_email"],
                timezone=ask.form["timezone"],
                return_window_days=ask.form.integer("return_window_days"),
                auto_deliver_days=ask.form.integer("auto_deliver_days", empty=AUTO_DELIVER_DAYS),
                jurisdictions=[one for one in JURISDICTIONS if ask.form[f"jurisdiction.{one}"]],
                channels=[one for one in CHANNELS if ask.form[f"channel.{one}"]],
                newcomer_coupon_minor=ask.form.money("newcomer_coupon_minor", desk.brand.currency),
                newcomer_minimum_minor=ask.form.money("newcomer_minimum_minor", desk.brand.currency),
                auto_refund_minor=ask.form.money("auto_refund_minor", desk.brand.currency),
                leader_campaigns=ask.form["leader_campaigns"] == "1",
            )
            tenants.update_settings(desk.tenant_id, command, now=ask.now)
            return ask.go("console", store, "settings", done="1")
    zones = dict.fromkeys((desk.brand.timezone, *words.TIME_ZONES))
    plan = plans.in_force(desk.tenant_id, on=ask.now).plan
    setting = tenants.setting_of(desk.brand)
    return ask.show(
        "console/settings.html",
        own=own,
        zones=tuple(zones),
        plan=plan,
        places=[("jurisdiction", one, one in setting.jurisdictions) for one in JURISDICTIONS]
        + [("channel", one, one in setting.channels) for one in CHANNELS],
        place_names=words.PLACES,
        auto_deliver_days=auto_deliver_days_of(desk.brand.auto_deliver_days),
        auto_refund=decimal_text(int(desk.brand.auto_refund_minor or 0), desk.brand.currency),
        newcomer=[
            decimal_text(int(amount or 0), desk.brand.currency)
            for amount in (desk.brand.newcomer_coupon_minor, desk.brand.newcomer_minimum_minor)
        ],
    )


@form("/console/{store}/team")
def team(ask: Ask, store: str) -> Answer:
    """Invite staff by their e-mail; send them away. Owners only."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            _change_team(ask, desk)
            return ask.go("console", store, "team", done="1")
    return ask.show(
        "console/team.html",
        team=list(memberships.team(desk.tenant_id)),
        roles=words.ROLES,
        given=[(role, ask.say(words.ROLES[role]), ask.say(words.ROLE_MEANS[role])) for role in staff.STAFF_ROLES],
    )


def _change_team(ask: Ask, desk: Desk) -> None:
    if ask.form["remove"]:
        person_id, _, role = ask.form["remove"].partition(".")
        staff.remove_staff(desk.tenant_id, person_id, by_person_id=desk.person.person_id, role=role)
        gone = people.person(person_id)
        ask.noted = {"email": (gone.email if gone else person_id, None), "role": (role, None)}
        return
    invited = staff.invite_staff(
        desk.tenant_id,
        ask.form["email"],
        by_person_id=desk.person.person_id,
        brand_name=desk.brand.name,
        sign_in_url=ask.links.full("signin"),
        now=ask.now,
        randbits=ask.tools.randbits,
        mailer=ask.tools.mailer,
        language=ask.language,
        role=ask.form["role"],
    )
    ask.noted = {"email": (None, invited.email), "role": (None, ask.form["role"])}


@form("/console/{store}/keys")
def keys(ask: Ask, store: str) -> Answer:
    """Make an API key, shown this once; revoke one. Owners only."""
    desk = ask.desk(store, "owner")
    secret = ""
    if ask.posted:
        with ask.keeping_problem():
            # Not redirected: the secret is on the answer to this very form, and nowhere else.
            _, secret = api_keys.create_api_key(
                desk.tenant_id, ask.form["name"], now=ask.now, randbits=ask.tools.randbits
            )
            ask.noted = {"key": (None, f"{ask.form['name'][:80]} …{secret[-4:]}")}
    return ask.show("console/keys.html", keys=api_keys.list_api_keys(desk.tenant_id), secret=secret)


@action("/console/{store}/keys/{key_id}/revoke")
def revoke_key(ask: Ask, store: str, key_id: str) -> Answer:
    """End a key."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        api_keys.revoke_api_key(desk.tenant_id, key_id, now=ask.now)
    return ask.go("console", store, "keys", done="1" if ask.posted else None)
