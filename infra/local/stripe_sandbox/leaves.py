"""Single values of a form: the text of an integer, a boolean, a number, one of a few words, or any string."""

from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from infra.local.stripe_sandbox.refusals import BadParameter

# Bounds that the generated types cannot say. Nested amounts may be zero: free shipping, a free line.
_LEAST = {"amount": 1, "limit": 1}
_MOST = {"limit": 100}
_LARGEST_AMOUNT_MINOR = 99_999_999
_LONGEST_STRING = 5_000


def read_leaf(kind: Any, text: str, path: str) -> Any:
    """Read `text` as `kind`, or refuse with `BadParameter` for the parameter at `path`."""
    if kind is int:
        return _read_integer(text, path)
    if kind is bool:
        return _read_boolean(text, path)
    if kind in (float, Decimal):
        return _read_decimal(text, path)
    if kind is str:
        return _read_string(text, path)
    return _read_word(get_args(kind), text, path)


def _read_integer(text: str, path: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        raise BadParameter(f"Invalid integer: {text}", param=path, code="parameter_invalid_integer")
    number = int(text)
    least, most = _LEAST.get(path, 0), _MOST.get(path)
    if number < least:
        message = f"This value must be greater than or equal to {least}."
        raise BadParameter(message, param=path, code="parameter_invalid_integer")
    if most is not None and number > most:
        message = f"This value must be less than or equal to {most}."
        raise BadParameter(message, param=path, code="parameter_invalid_integer")
    if path == "amount" and number > _LARGEST_AMOUNT_MINOR:
        raise BadParameter("Amount must be no more than 999,999.99", param=path, code="amount_too_large")
    return number


def _read_boolean(text: str, path: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise BadParameter(f"Invalid boolean: {text}", param=path)
    return text.lower() == "true"


def _read_decimal(text: str, path: str) -> str:
    try:
        Decimal(text)
    except InvalidOperation as wrong:
        raise BadParameter(f"Invalid decimal: {text}", param=path) from wrong
    return text


def _read_string(text: str, path: str) -> str:
    if len(text) > _LONGEST_STRING:
        message = f"Invalid string: must be at most {_LONGEST_STRING} characters"
        raise BadParameter(message, param=path, code="parameter_invalid_string_too_long")
    return text


def _read_word(words: tuple[str, ...], text: str, path: str) -> str:
    if text not in words:
        known = [word for word in words if word]
        message = f"Invalid {path}: must be one of {', '.join(known[:-1])}, or {known[-1]}"
        raise BadParameter(message if len(known) > 1 else f"Invalid {path}: must be {known[0]}", param=path)
    return text
