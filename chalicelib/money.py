"""Money is an integer in a currency's minor unit. It refuses to mix currencies and never loses a cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.errors import Invalid

BASIS_POINTS = 10_000

# ISO 4217 minor units of the currencies a brand can choose (Stripe's zero-decimal list has JPY, KRW and VND).
MINOR_DIGITS = {
    "CNY": 2, "HKD": 2, "TWD": 2, "SGD": 2, "MYR": 2, "USD": 2, "EUR": 2, "GBP": 2, "AUD": 2, "CAD": 2, "NZD": 2,
    "JPY": 0, "KRW": 0, "VND": 0,
}  # fmt: skip


_SIGNS = {
    "CNY": "¥", "HKD": "HK$", "TWD": "NT$", "SGD": "S$", "MYR": "RM", "USD": "$", "EUR": "€", "GBP": "£",
    "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "JPY": "¥", "KRW": "₩", "VND": "₫",
}  # fmt: skip


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met. This is a defect of the caller, never a user's mistake."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units with its ISO 4217 currency, e.g. `Money(1999, "CNY")` is 19.99 yuan."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"money is an integer in minor units, not {self.amount_minor!r}")
        if self.currency not in MINOR_DIGITS:
            raise ValueError(f"{self.currency!r} is not a currency we know")

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_minor, self.currency)

    def __str__(self) -> str:
        return f"{decimal_text(self.amount_minor, self.currency)} {self.currency}"

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")


def decimal_text(amount_minor: int, currency: str) -> str:
    """Give `1999, "CNY"` as `19.99`, `-5, "USD"` as `-0.05`, `500, "JPY"` as `500`."""
    digits = MINOR_DIGITS[currency]
    sign, units = ("-" if amount_minor < 0 else ""), abs(amount_minor)
    if digits == 0:
        return f"{sign}{units}"
    return f"{sign}{units // 10**digits}.{units % 10**digits:0{digits}d}"


def signed_text(amount_minor: int, currency: str) -> str:
    """Write `123456, "CNY"` as `¥1,234.56`, `-5` as `−¥0.05`; Chinese and English readers write amounts alike."""
    whole, point, fraction = decimal_text(abs(int(amount_minor)), currency).partition(".")
    text = f"{_SIGNS[currency]}{int(whole):,}{point}{fraction}"
    return f"−{text}" if amount_minor < 0 else text


def percent_text(rate_bp: int) -> str:
    """Write basis points as a percentage: 2500 as `25%`, 333 as `3.33%`."""
    whole, rest = divmod(int(rate_bp), 100)
    return (f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)) + "%"


def parse_decimal(text: str, currency: str, *, param: str) -> int:
    """Read what a person typed (`19.9`, `1,999`) as minor units; raises `Invalid` that names the field."""
    digits = MINOR_DIGITS[currency]
    whole, _, fraction = text.strip().replace(",", "").partition(".")
    # isascii: int() would also read full-width and Arabic digits, which nobody can check by eye.
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 10):
        raise Invalid(f"“{text}” is not an amount. Write it like 19.90.", param=param)
    if fraction and not (fraction.isascii() and fraction.isdigit() and len(fraction) <= digits):
        raise Invalid(f"{currency} has {digits} digits after the point; “{text}” has others.", param=param)
    return int(whole + fraction.ljust(digits, "0"))


def rate_of(amount_minor: int, rate_bp: int) -> int:
    """Give `floor(amount × rate_bp / 10 000)` (OPERATING_MODELS.md, Arithmetic)."""
    return amount_minor * rate_bp // BASIS_POINTS


def split_by_weight(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Share an amount by weight without losing a unit: floors, then one more unit each to the largest remainders.

    Ties go to the earlier share. Weights are integers ≥ 0 with a sum above zero; the amount may be of either sign
    (a negative amount is shared like its absolute value). `sum(split_by_weight(a, w)) == a`
    (OPERATING_MODELS.md, Arithmetic).
    """
    total = sum(weights)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be non-negative and add up to more than zero")
    if len(weights) == 1:
        return [amount_minor]
    if amount_minor < 0:
        return [-share for share in split_by_weight(-amount_minor, weights)]
    shares = [amount_minor * weight // total for weight in weights]
    remainders = [amount_minor * weight % total for weight in weights]
    largest_first = sorted(range(len(weights)), key=lambda index: -remainders[index])  # sort is stable
    for index in largest_first[: amount_minor - sum(shares)]:
        shares[index] += 1
    return shares


def total_of(amounts: Iterable[int]) -> int:
    """Add integers, refusing anything else (a float here would be a lost cent later)."""
    total = 0
    for amount in amounts:
        if type(amount) is not int:
            raise TypeError(f"money is an integer in minor units, not {amount!r}")
        total += amount
    return total
