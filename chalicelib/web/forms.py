"""Reading what a form sent: bytes to text, text to numbers, money and moments; every refusal names the field."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from chalicelib.errors import Invalid, Refusal
from chalicelib.money import parse_decimal

LARGEST_BODY = 128_000
LARGEST_FIELD = 5_000
LARGEST_OF = {"document": 32_768, "pasted": 12_000}
"""Fields that may be longer: a plan, a chat."""
MOST_FIELDS = 600
"""A new campaign: fifty products, ten fields each."""


class FormTooLarge(Refusal):
    """More was sent than any of our forms holds."""

    status = 413
    code = "form_too_large"


class FormUnreadable(Invalid):
    """What was sent is no form in UTF-8."""

    code = "form_unreadable"


class FormInvalid(Invalid):
    """A field of a page's form that cannot be used; the sentence is for whoever typed it."""

    code = "form_invalid"


class Form(Mapping[str, str]):
    """The fields of a form. Missing ones read as empty: browsers leave out what is not ticked."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = dict(fields)

    def __getitem__(self, name: str) -> str:
        return self._fields.get(name, "")

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def below(self, name: str) -> dict[str, str]:
        """Give the fields `name.…` by what stands behind the dot (a product's id), in the order of the page."""
        return {field.removeprefix(f"{name}."): text for field, text in self.items() if field.startswith(f"{name}.")}

    def text(self, name: str, *, longest: int = 200) -> str:
        """Give a field without outer blanks. Raises `FormInvalid` when it is too long."""
        value = self[name].strip()
        if len(value) > longest:
            raise FormInvalid(f"Write at most {longest} characters here.", param=name)
        return value

    def integer(self, name: str, *, empty: int | None = None) -> int:
        """Read a whole number, such as `12` or `-3`. Raises `FormInvalid`."""
        value = self[name].strip()
        if not value and empty is not None:
            return empty
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            raise FormInvalid("Write a whole number here.", param=name)
        return int(value)

    def money(self, name: str, currency: str) -> int:
        """Read an amount such as `19.90` as minor units. Raises `FormInvalid`."""
        try:
            return parse_decimal(self[name][:30], currency, param=name)
        except Invalid:  # its sentence repeats what was typed; ours is the page's own, in the reader's language
            raise FormInvalid("Write an amount here, like 19.90.", param=name) from None

    def percent_bp(self, name: str) -> int | None:
        """Read `12.5` (percent) as 1250 basis points; None when empty. Raises `FormInvalid`."""
        value = self[name].strip().removesuffix("%").strip()
        if not value:
            return None
        whole, _, fraction = value.partition(".")
        if not (value.isascii() and whole.isdigit() and len(whole) <= 3 and len(fraction) <= 2):
            raise FormInvalid("Write a percentage here, like 12.5.", param=name)
        if fraction and not fraction.isdigit():
            raise FormInvalid("Write a percentage here, like 12.5.", param=name)
        return int(whole) * 100 + int(fraction.ljust(2, "0"))

    def moment(self, name: str, timezone: str) -> datetime:
        """Read `2026-03-02T08:00` on the brand's clock as a moment in UTC. Raises `FormInvalid`."""
        from zoneinfo import ZoneInfo

        try:
            local = datetime.fromisoformat(self[name].strip())
        except ValueError:
            raise FormInvalid("Choose a day and a time here.", param=name) from None
        if not 2000 <= local.year <= 2200:
            raise FormInvalid("Choose a day and a time here.", param=name)
        aware = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(timezone))
        return aware.astimezone(UTC)


def read(body: bytes | str) -> Form:
    """Read an `application/x-www-form-urlencoded` body. Raises `FormTooLarge`, `FormUnreadable` (naming the field)."""
    raw = body.encode() if isinstance(body, str) else body
    if len(raw) > LARGEST_BODY:
        raise FormTooLarge("This is more than the form can hold. Write less.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="latin-1")
    except ValueError as error:  # not ASCII, or more fields than any form of ours has
        raise FormUnreadable("This form cannot be read. Load the page again.") from error
    return Form(dict(_decoded(name, value) for name, value in pairs))


def _decoded(name: str, value: str) -> tuple[str, str]:
    if not (name.isascii() and name.isprintable() and len(name) <= 80):
        raise FormUnreadable("This form has a field that no page of ours has. Load the page again.")
    try:
        text = value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise FormUnreadable("There are characters here that cannot be read. Type them anew.", param=name) from None
    if "\x00" in text:
        raise FormUnreadable("There are characters here that cannot be read. Type them anew.", param=name)
    largest = LARGEST_OF.get(name, LARGEST_FIELD)
    if len(text) > largest:
        raise FormInvalid(f"Write at most {largest} characters here.", param=name)
    return name, text.replace("\r\n", "\n")
