"""Stripe's wire format: form fields with nested brackets in, JSON out."""

import re
from collections.abc import Iterable

from infra.local.stripe_sandbox.refusals import BadParameter

Nested = dict[str, "str | Nested"]

_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")


def parse_form(pairs: Iterable[tuple[str, str]]) -> Nested:
    """Nest `a[b][0]=c` pairs. Lists stay dicts keyed by position: only the parameter's type tells them apart."""
    form: Nested = {}
    for name, text in pairs:
        _put(form, _steps(name), text, name)
    return form


def _steps(name: str) -> list[str]:
    match = _NAME.match(name)
    if match is None:
        raise BadParameter(f"Invalid parameter name: {name}", param=name)
    return [match[1], *_BRACKET.findall(match[2])]


def _put(form: Nested, steps: list[str], text: str, name: str) -> None:
    here = form
    for step in steps[:-1]:
        inner = here.setdefault(step or str(len(here)), {})
        if isinstance(inner, str):
            raise BadParameter(f"Invalid object: {name} is given both as a value and with fields", param=name)
        here = inner
    here[steps[-1] or str(len(here))] = text
