"""What people may type, and how often they may ask for a code. Pure.

Refusals name the field and never repeat what was typed: they end up in logs, and names and numbers do not belong there.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.errors import Invalid

Role = Literal["owner", "staff", "accountant", "packer", "leader"]
StaffRole = Literal["staff", "accountant", "packer"]
"""What an owner may make somebody: staff do the daily work, the others a part of it (`web.access`)."""

NAME_LENGTH = 80
EMAIL_LENGTH = 254  # RFC 5321

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
CODE_PAUSE = timedelta(seconds=30)
CODES_A_DAY = 10
"""5 tries × 10 codes a day on a million possibilities: guessing one address takes decades. Signing in starts afresh."""

SESSION_LASTS = timedelta(days=30)

# ASCII only: SES takes no other address, and look-alike letters would be somebody else's mailbox.
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")
_PHONE = re.compile(r"\+?[0-9]{5,20}")
_UNPRINTABLE = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
# Marks that turn text round or hide in it: with them a name can pose as another.
_DECEPTIVE = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def clean_name(text: str, *, param: str = "name") -> str:
    """Give a name as it is kept: outer blanks off, inner ones single. Raises `Invalid` when nothing can be read."""
    if any(unicodedata.category(letter) in _UNPRINTABLE or letter in _DECEPTIVE for letter in text):
        raise Invalid("This name has characters that cannot be shown. Type it anew.", param=param)
    name = " ".join(text.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise Invalid(f"A name has 1 to {NAME_LENGTH} characters.", param=param)
    return name


def clean_email(text: str, *, param: str = "email") -> str:
    """Give an e-mail address in lower case, the way it is compared. Raises `Invalid`."""
    email = text.strip().lower()
    if len(email) > EMAIL_LENGTH or not _EMAIL.fullmatch(email):
        raise Invalid("This is not an e-mail address. Write it like name@example.com.", param=param)
    return email


def clean_phone(text: str, *, param: str = "phone") -> str:
    """Give a phone number as digits, `+` in front if it was there. Raises `Invalid`."""
    phone = re.sub(r"[\s().-]", "", unicodedata.normalize("NFKC", text))
    if not _PHONE.fullmatch(phone):
        raise Invalid("This is not a phone number. Write 5 to 20 digits, abroad with + and country code.", param=param)
    return phone


def typed_code(text: str) -> str | None:
    """Read a code as people type it (blanks, full-width digits of a Chinese keyboard); None when it cannot be one."""
    code = "".join(unicodedata.normalize("NFKC", text[:40]).split())
    return code if len(code) == CODE_DIGITS and code.isascii() and code.isdigit() else None


def wait_for_next_code(sent_at: datetime, day_began_at: datetime, sent_that_day: int, now: datetime) -> timedelta:
    """Say how long until another code may be sent to an address; zero or less when it may be now.

    The day is the 24 hours since the first code that nobody has used yet.
    """
    if sent_that_day >= CODES_A_DAY and now < day_began_at + timedelta(days=1):
        return day_began_at + timedelta(days=1) - now
    return sent_at + CODE_PAUSE - now
