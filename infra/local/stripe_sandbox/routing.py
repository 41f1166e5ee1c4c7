"""Addresses: which handler and which parameter type belong to a method and path."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.refusals import BadParameter, Json


@dataclass
class Call:
    """One request as a handler sees it: checked parameters and the ids of its path."""

    books: Books
    params: Json
    path: str
    ids: tuple[str, ...]

    @property
    def id(self) -> str:
        """The first id of the path."""
        return self.ids[0]

    def refuse_unsupported(self, *names: str) -> None:
        """Refuse parameters that move money in ways the sandbox does not; ignoring them would falsify a story."""
        for name in names:
            if self.params.get(name):
                message = f"The local sandbox does not act on {name}, though Stripe does."
                raise BadParameter(message, param=name, code="sandbox_unsupported")


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Route:
    """`Route("POST", "/v1/transfers/{id}", "TransferUpdateParams", update)`."""

    method: str
    pattern: str
    params_type: str
    handler: Handler

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile("^" + re.sub(r"\{[a-z_]+\}", "([^/]+)", self.pattern) + "$")

    def match(self, method: str, path: str) -> tuple[str, ...] | None:
        """The ids of the path when this route is meant."""
        found = self._regex.match(path) if method == self.method else None
        return found.groups() if found else None
