"""What a buyer has to tell, and what cannot be right. Pure.

Messages never repeat what was typed: they end up in logs, names and phones must not (infra/failures.md, 39).
"""

import re
import unicodedata

from chalicelib.errors import Invalid
from chalicelib.orders.lines import Customer
from chalicelib.people.rules import clean_email, clean_name, clean_phone

NAME_LENGTH = 60
NOTE_LENGTH = 200
_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")


def check_customer(customer: Customer) -> Customer:
    """Give the buyer's fields, tidied. Raises `Invalid` that names the field."""
    name = clean_name(customer.name, param="customer.name")
    if len(name) > NAME_LENGTH:
        raise Invalid(f"A name has 1 to {NAME_LENGTH} characters.", param="customer.name")
    phone = clean_phone(customer.phone, param="customer.phone")
    email = clean_email(customer.email, param="customer.email") if customer.email else None
    pickup, address = _note(customer.pickup, "customer.pickup"), _note(customer.address, "customer.address")
    if customer.point_id is not None:
        pickup = None  # the point's own text is written there once it was found (`delivery.ways`)
    if (pickup is None and customer.point_id is None) == (address is None):
        raise Invalid("Choose either pick-up (with a note) or an address.", param="customer.address")
    return Customer(
        name=name,
        phone=phone,
        email=email,
        wechat_openid=_openid(customer.wechat_openid),
        pickup=pickup,
        address=address,
        point_id=customer.point_id,
    )


def _openid(text: str | None) -> str | None:
    if text and not _OPENID.fullmatch(text):
        raise Invalid("This is not an openid of WeChat's.", param="customer.wechat_openid")
    return text or None


def _note(text: str | None, param: str) -> str | None:
    """Make one line of it: these are printed on lists."""
    note = " ".join((text or "").split())
    if len(note) > NOTE_LENGTH:
        raise Invalid(f"Write at most {NOTE_LENGTH} characters.", param=param)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in note):
        raise Invalid("There is a character in it that cannot be printed.", param=param)
    return note or None
