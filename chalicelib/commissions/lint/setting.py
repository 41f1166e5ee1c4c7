"""What the linter must know besides the plan: where the brand works, and a few figures of its own."""

from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar, get_args

from msgspec import Meta, Struct

from chalicelib.commissions.lint.findings import Applies
from chalicelib.errors import Invalid
from chalicelib.money import BASIS_POINTS, MINOR_DIGITS

Jurisdiction = Literal["CN", "US", "EU"]
Channel = Literal["wechat"]
JURISDICTIONS: tuple[Jurisdiction, ...] = get_args(Jurisdiction)
CHANNELS: tuple[Channel, ...] = get_args(Channel)

LARGEST_NETWORK = 10**9

Name = TypeVar("Name", bound=str)


class SettingInvalid(Invalid):
    """A jurisdiction, channel or currency that the linter does not know, or a figure that makes no sense."""

    code = "lint_setting_invalid"


class Setting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the brand works; a rule of a jurisdiction or channel is asked only there."""

    jurisdictions: tuple[Jurisdiction, ...]
    channels: tuple[Channel, ...]
    currency: str
    margin_bp: (
        Annotated[
            int, Meta(ge=0, le=10_000, description="what the brand keeps of the price before rewards, worst product")
        ]
        | None
    ) = None
    people: Annotated[int, Meta(ge=0, description="leaders in the network today")] | None = None
    levels: Annotated[int, Meta(ge=0, description="levels of the network today, the first one included")] | None = None

    def concerns(self, applies: Applies) -> bool:
        """Say whether rules of this jurisdiction or channel are to be asked."""
        return applies == "everywhere" or applies in self.jurisdictions or applies in self.channels


def setting_of(jurisdictions: Iterable[str], channels: Iterable[str], currency: str, **figures: int | None) -> Setting:
    """Make a setting of what a person typed; `figures` are `margin_bp`, `people`, `levels`. Raises `SettingInvalid`."""
    for param, figure in figures.items():
        highest = BASIS_POINTS if param == "margin_bp" else LARGEST_NETWORK
        if figure is not None and not 0 <= figure <= highest:
            raise SettingInvalid(f"{param} is from 0 to {highest}, not {figure}.", param=param)
    return Setting(
        jurisdictions=tuple(_known(name, JURISDICTIONS, "jurisdictions") for name in jurisdictions),
        channels=tuple(_known(name, CHANNELS, "channels") for name in channels),
        currency=_known(currency, tuple(MINOR_DIGITS), "currency"),
        **figures,
    )


def _known(name: str, known: tuple[Name, ...], param: str) -> Name:
    for one in known:
        if one == name:
            return one
    raise SettingInvalid(f"The linter knows no {name!r}; choose among {', '.join(known)}.", param=param)
